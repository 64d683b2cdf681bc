//! How much of the network's time a listing hides: 100 pages at 50 ms.

use std::sync::Arc;
use std::time::{Duration, Instant};

use provider_core::{CustomerQuery, Provider, ProviderExt as _};

use crate::sdk::Sdk;
use crate::server::{DELAY, SLOW_PAGE, SLOW_PAGES, Server};
use crate::verdict;

const PREFETCH: usize = 8;

/// Prints both, and answers whether their limits held.
pub(crate) fn measure(server: &Server) -> bool {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let numbered = Sdk::new(server.base(), "/slow/numbered", "page");
    let tokens = Sdk::new(server.base(), "/slow/tokens", "pageToken");

    // The first page says how many there are; the others come eight at a time.
    let trips = 1 + (SLOW_PAGES - 1).div_ceil(PREFETCH);
    let took = (0..5).map(|_| runtime.block_on(walk(&numbered, Duration::ZERO))).min().unwrap_or_default();
    let mut held = report("numbered pages, prefetch 8", took, trips, 1.3);

    let took = runtime.block_on(walk(&tokens, DELAY));
    held &= report("token pages, 50 ms of work a page", took, SLOW_PAGES, 1.15);
    held
}

/// Walks all pages and works this long on each.
async fn walk(provider: &Arc<impl Provider>, work: Duration) -> Duration {
    let started = Instant::now();
    let mut pages = provider.customers(CustomerQuery::default()).prefetch(PREFETCH).pages();
    let report = pages.report();
    while let Some(page) = pages.next().await {
        page.unwrap();
        if !work.is_zero() {
            tokio::time::sleep(work).await;
        }
    }
    assert!(report.completeness().is_proven());
    assert_eq!(report.records(), (SLOW_PAGES * SLOW_PAGE) as u64);
    started.elapsed()
}

fn report(what: &str, took: Duration, trips: usize, limit: f64) -> bool {
    let ideal = DELAY.as_secs_f64() * trips as f64;
    let ratio = took.as_secs_f64() / ideal;
    println!(
        "{SLOW_PAGES} {what}: {:.0} ms against {trips} round trips of {} ms: ratio {ratio:.3}, limit {limit}: {}",
        took.as_secs_f64() * 1e3,
        DELAY.as_millis(),
        verdict(ratio, limit),
    );
    ratio <= limit
}
