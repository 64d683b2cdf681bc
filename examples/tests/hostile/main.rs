//! Everything that comes from outside, broken in every way at hand: answers, stored texts, settings, headers. Each
//! has to end in a value or in one typed error, on a small stack, within the deadline.
//!
//! Short by default. `HOSTILE_CASES=5000 cargo test -p provider-examples --test hostile` tries more of each,
//! `SOAK_SECONDS=600 …` keeps three connections under faults for that long, `OUTAGE_SECONDS=60 …` makes the real outage
//! as long. With `VENDOR_SPECS` the vendors' own
//! examples are broken too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod almost;
mod corpus;
mod kinds;
mod orders;
mod outage;
mod pages;
mod soak;
mod texts;
mod wire;

use proptest::prelude::ProptestConfig;

/// How often each property is tried.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("HOSTILE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

/// Runs on a thread with the stack that a host may have, and hands its panics on.
pub(crate) fn on_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, work).unwrap();
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Does it on a thread with a small stack, and fails where it does not come to its end: pauses take no time here, so that no
/// deadline would end it either.
pub(crate) fn ends(about: &[u8], work: impl FnOnce() + Send + 'static) {
    let (ended, wait) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        work();
        let _ = ended.send(());
    });
    let waited = wait.recv_timeout(std::time::Duration::from_secs(300));
    if matches!(waited, Err(std::sync::mpsc::RecvTimeoutError::Timeout)) {
        let shown = about.get(..4_000).unwrap_or(about);
        panic!("no end of it, with {} bytes: {}", about.len(), String::from_utf8_lossy(shown));
    }
    thread.unwrap().join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

/// A runtime on this thread whose pauses take no time.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// An error as everybody sees it: none is longer than a page.
pub(crate) fn judge(error: &provider_core::Error) {
    let shown = error.to_string();
    assert!(shown.len() < 12_000, "{} bytes of error", shown.len());
    assert!(!shown.contains(['\n', '\r']), "more than one line: {shown:?}");
}
