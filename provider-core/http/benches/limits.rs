//! How much of a quota is used, and what one 429 does to fifty readers; in real time, with the minute
//! scaled down to two seconds. See docs/performance.md.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program that measures")]

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use provider_core::ProviderInfo;
use provider_core::query::Priority;
use provider_http::{Body, CallOptions, HttpClient, RateLimit, RequestSpec, Transport, TransportError};

const CALLS: u32 = 1000;
const WINDOW: Duration = Duration::from_secs(2);
const WINDOWS: u32 = 5;
const READERS: usize = 50;

/// A distributor that allows so many calls in any window and answers 429 beyond.
#[derive(Debug, Default)]
struct Quota {
    recent: Mutex<VecDeque<Instant>>,
    accepted: AtomicU32,
    refused: AtomicU32,
}

#[async_trait]
impl Transport for Quota {
    async fn send(&self, _request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let now = Instant::now();
        let free = {
            let mut recent = self.recent.lock().unwrap();
            while recent.front().is_some_and(|at| *at + WINDOW <= now) {
                recent.pop_front();
            }
            if recent.len() < CALLS as usize {
                recent.push_back(now);
                None
            } else {
                recent.front().map(|at| *at + WINDOW - now)
            }
        };
        let mut response = Response::new(Body::from_bytes("{}"));
        match free {
            None => {
                self.accepted.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Some(free) => {
                self.refused.fetch_add(1, Ordering::SeqCst);
                let seconds = free.as_secs() + 1;
                *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
                response.headers_mut().insert("retry-after", seconds.into());
            }
        }
        Ok(response)
    }
}

/// Fifty readers call as often as they may for this long.
async fn read(quota: &Arc<Quota>, length: Duration) {
    let http =
        HttpClient::builder(&ProviderInfo::new("bench", "main"), "https://api.example.com".parse().unwrap())
            .transport(Arc::<Quota>::clone(quota))
            .rate(RateLimit::new(CALLS, WINDOW))
            .build()
            .unwrap();
    let end = Instant::now() + length;
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move {
                let call = CallOptions::default().priority(Priority::Bulk);
                while Instant::now() < end {
                    http.send(RequestSpec::get("/x"), &call).await.unwrap();
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
}

fn report(what: &str, value: &str, held: bool) -> bool {
    println!("{what:<56} {value:>12}: {}", if held { "held" } else { "MISSED" });
    held
}

async fn measure() -> bool {
    let quota = Arc::new(Quota::default());
    read(&quota, WINDOW * WINDOWS).await;
    let accepted = quota.accepted.load(Ordering::SeqCst);
    let used = f64::from(accepted) / f64::from(CALLS * WINDOWS) * 100.0;
    let refused = quota.refused.load(Ordering::SeqCst);
    let mut held =
        report("quota used by fifty readers, at least 95 %", &format!("{used:.1} %"), used >= 95.0);
    held &= report("429s meanwhile, none", &refused.to_string(), refused == 0);

    // Someone else on the account has used half of the window.
    let quota = Arc::new(Quota::default());
    quota.recent.lock().unwrap().extend(std::iter::repeat_n(Instant::now(), (CALLS / 2) as usize));
    read(&quota, WINDOW * 2).await;
    let refused = quota.refused.load(Ordering::SeqCst);
    held & report("429s after another caller used half, one", &refused.to_string(), refused == 1)
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-http --bench limits`");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(measure()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
