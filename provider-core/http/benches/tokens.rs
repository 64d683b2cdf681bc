//! What serving a valid token costs, at rest and while a renewal is under way.
//!
//! The manager is the one with the most to do, for a refresh token that rotates: while it renews it
//! holds the lease of its store and has a POST on the wire that does not end until it is let go.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program that measures")]

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use provider_core::clock::{BoxFuture, Clock, SystemClock};
use provider_core::token::{MemoryTokenStore, TokenKey};
use provider_http::auth::{RotatingRefresh, TokenManager};
use provider_http::{Authenticator, Body, Credential, Deadline, Transport, TransportError};
use secrecy::SecretString;
use tokio::sync::Notify;

const ROUNDS: usize = 31;
const CALLS: u32 = 20_000;
const LIMIT_NS: f64 = 1000.0;

/// The machine's clock, put forward at will.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        match self.0.load(Ordering::Relaxed) {
            0 => SystemClock.now(),
            seconds => SystemClock.now() + TimeDelta::seconds(seconds),
        }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        SystemClock.sleep(duration)
    }
}

/// A token endpoint whose second answer waits until it is let go.
#[derive(Debug, Default)]
struct Endpoint {
    posts: AtomicU32,
    answers: AtomicU32,
    go: Notify,
}

#[async_trait]
impl Transport for Endpoint {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let number = self.posts.fetch_add(1, Ordering::SeqCst) + 1;
        if number > 1 {
            self.go.notified().await;
        }
        self.answers.fetch_add(1, Ordering::SeqCst);
        // As long as a signed token usually is.
        let token = format!("{number}{}", "x".repeat(900));
        let body = format!(r#"{{"access_token":"{token}","expires_in":7200,"refresh_token":"r{number}"}}"#);
        Ok(http::Response::new(Body::from_bytes(body)))
    }
}

/// Nanoseconds a call in each round, in order.
struct Sample(Vec<f64>);

impl Sample {
    fn new(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self(rounds)
    }

    fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or(f64::INFINITY)
    }

    fn report(&self, what: &str) -> bool {
        let (first, median) = (self.0.first().copied().unwrap_or(f64::INFINITY), self.median());
        let held = median < LIMIT_NS;
        println!(
            "{what:<44} min {first:>6.0} ns, median {median:>6.0} ns, limit {LIMIT_NS:.0} ns: {}",
            if held { "held" } else { "MISSED" }
        );
        held
    }
}

async fn serving(manager: &TokenManager) -> Sample {
    let deadline = Deadline::after(Duration::from_secs(120));
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..CALLS {
            black_box(manager.credential(deadline).await.unwrap());
        }
        rounds.push(started.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
    }
    Sample::new(rounds)
}

fn cloning(credential: &Credential) -> Sample {
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..CALLS {
            black_box(black_box(credential).clone());
        }
        rounds.push(started.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
    }
    Sample::new(rounds)
}

async fn measure() -> bool {
    let clock = Arc::new(Ahead::default());
    let endpoint = Arc::new(Endpoint::default());
    let grant = RotatingRefresh::new(
        "https://ion.example.com/oauth/token".parse().unwrap(),
        Some(SecretString::from("first")),
    );
    let key = TokenKey::new("streamone", "10042");
    let manager = TokenManager::builder(key, grant, Arc::<Endpoint>::clone(&endpoint))
        .store(Arc::new(MemoryTokenStore::new(Arc::<Ahead>::clone(&clock))))
        .clock(Arc::<Ahead>::clone(&clock))
        // The POST stays on the wire for as long as the measurement takes.
        .limit(Duration::from_secs(600))
        .build()
        .unwrap();
    let deadline = Deadline::after(Duration::from_secs(60));
    let credential = manager.credential(deadline).await.unwrap();

    let mut held = cloning(&credential).report("cloning a credential");
    held &= serving(&manager).await.report("serving a valid token");

    // Into the last five minutes of the token: the next call starts a renewal in the background.
    clock.0.store(7200 - 60, Ordering::Relaxed);
    manager.credential(deadline).await.unwrap();
    while endpoint.posts.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    held &= serving(&manager).await.report("the same while it is being renewed");
    let other = manager.clone();
    let (one, two) = tokio::join!(
        tokio::spawn(async move { serving(&other).await }),
        tokio::spawn(async move { serving(&manager).await })
    );
    held &= one.unwrap().report("the same, first of two threads at once");
    held &= two.unwrap().report("the same, second of two threads at once");
    assert_eq!(endpoint.answers.load(Ordering::SeqCst), 1, "the renewal was under way all the time");
    endpoint.go.notify_waiters();
    held
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-http --bench tokens`");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(measure()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
