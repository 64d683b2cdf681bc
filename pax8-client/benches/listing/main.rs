//! Listing through the SDK against a loop written by hand: CPU time, and round trips in real time.
//!
//! The pages come from a child process, so that only the caller's CPU counts. See docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures"
)]

mod by_hand;
mod cpu;
mod round_trips;
mod sdk;
mod server;

use std::process::ExitCode;

use server::Server;

/// What both sides do with each record: enough that nothing can be left unread.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    records: usize,
    text: usize,
    active: usize,
    seconds: i64,
}

impl Digest {
    pub(crate) fn take<'a>(
        &mut self,
        texts: impl IntoIterator<Item = Option<&'a str>>,
        active: bool,
        changed: Option<chrono::DateTime<chrono::Utc>>,
    ) {
        self.records += 1;
        self.text += texts.into_iter().flatten().map(str::len).sum::<usize>();
        self.active += usize::from(active);
        self.seconds += changed.map_or(0, |at| at.timestamp() % 86_400);
    }
}

/// How a ratio stands to its limit.
pub(crate) fn verdict(ratio: f64, limit: f64) -> &'static str {
    if ratio <= limit { "held" } else { "MISSED" }
}

fn main() -> ExitCode {
    if std::env::var_os(server::ROLE).is_some() {
        server::serve();
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p pax8-client --bench listing`");
        return ExitCode::SUCCESS;
    }
    let server = Server::start();
    let mut held = cpu::compare(&server);
    held &= round_trips::measure(&server);
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
