//! How much of a quota is used, what is left to interactive calls meanwhile, and what one 429 does to fifty
//! readers; in real time, with the minute scaled down to three seconds. See docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures"
)]

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
const WINDOW: Duration = Duration::from_secs(3);
/// Of a call within the quota.
const ANSWER: Duration = Duration::from_millis(5);
/// A second of a person, scaled as the minute is.
const SECOND: Duration = Duration::from_millis(50);
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
                tokio::time::sleep(ANSWER).await;
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

fn client(quota: &Arc<Quota>, rate: RateLimit) -> HttpClient {
    let info = ProviderInfo::new("bench", "main");
    let builder = HttpClient::builder(&info, "https://api.example.com".parse().unwrap());
    builder.transport(Arc::<Quota>::clone(quota)).rate(rate).build().unwrap()
}

fn bulk() -> CallOptions {
    CallOptions::default().priority(Priority::Bulk).deadline(WINDOW * 100)
}

/// Fifty readers call as often as they may for this long.
async fn read(http: &HttpClient, length: Duration) {
    let end = Instant::now() + length;
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move {
                while Instant::now() < end {
                    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Interactive calls, one each interval for this long. Answers how long each took, the quickest first.
async fn ask(http: &HttpClient, interval: Duration, length: Duration) -> Vec<Duration> {
    let end = Instant::now() + length;
    let mut took = Vec::new();
    while Instant::now() < end {
        tokio::time::sleep(interval).await;
        let begun = Instant::now();
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    took
}

/// How long a job of so many calls takes.
async fn job(rate: RateLimit, calls: usize) -> Duration {
    let quota = Arc::new(Quota::default());
    let http = client(&quota, rate);
    let begun = Instant::now();
    let sent = (0..calls).map(|_| {
        let http = http.clone();
        async move { http.send(RequestSpec::get("/x"), &bulk()).await.unwrap() }
    });
    futures_util::future::join_all(sent).await;
    begun.elapsed()
}

/// A row of the table in docs/performance.md.
fn report(what: &str, value: &str, limit: &str, held: bool) -> bool {
    println!("| {what} | {value} | {limit} |{}", if held { "" } else { " MISSED" });
    held
}

async fn measure() -> bool {
    println!("| | Measured | Limit |\n|---|---|---|");
    let quota = Arc::new(Quota::default());
    read(&client(&quota, RateLimit::new(CALLS, WINDOW)), WINDOW * WINDOWS).await;
    let accepted = quota.accepted.load(Ordering::SeqCst);
    let used = f64::from(accepted) / f64::from(CALLS * WINDOWS) * 100.0;
    let refused = quota.refused.load(Ordering::SeqCst);
    let mut held =
        report("quota used by fifty bulk readers", &format!("{used:.1} %"), "at least 98 %", used >= 98.0);
    held &= report("429s meanwhile", &refused.to_string(), "none", refused == 0);

    // What the reserve holds: a call each 3.5 s of the minute.
    let quota = Arc::new(Quota::default());
    let http = client(&quota, RateLimit::new(CALLS, WINDOW));
    let length = WINDOW * WINDOWS;
    let (took, ()) = tokio::join!(ask(&http, SECOND * 7 / 2, length), read(&http, length));
    let slow = took[took.len() * 99 / 100];
    let what = "interactive calls beside them, one each 3.5 s of the minute, 99th percentile";
    held &= report(what, &scaled(slow), "under 1 s, scaled", slow < SECOND);
    let refused = quota.refused.load(Ordering::SeqCst);
    held &= report("429s meanwhile", &refused.to_string(), "none", refused == 0);

    // A job within the quota runs at the speed of the network.
    let within = job(RateLimit::new(CALLS, WINDOW), 100).await;
    let unlimited = job(RateLimit::unlimited(), 100).await;
    let ratio = within.as_secs_f64() / unlimited.as_secs_f64();
    held &= report(
        "a hundred calls, against the same without a limit",
        &format!("{ratio:.2}"),
        "1.2",
        ratio <= 1.2,
    );

    // Someone else on the account has used half of the window.
    let quota = Arc::new(Quota::default());
    quota.recent.lock().unwrap().extend(std::iter::repeat_n(Instant::now(), (CALLS / 2) as usize));
    read(&client(&quota, RateLimit::new(CALLS, WINDOW)), WINDOW * 2).await;
    let refused = quota.refused.load(Ordering::SeqCst);
    held & report(
        "429s after another caller used half of the quota",
        &refused.to_string(),
        "one",
        refused == 1,
    )
}

/// As it would be of a minute.
fn scaled(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64() / SECOND.as_secs_f64())
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
