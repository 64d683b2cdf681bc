//! What the scanner of raw JSON costs by the megabyte: finding out whether an answer was cut, and blanking secrets.
//!
//! The yardstick is what serde_json takes to pass over the same JSON (`IgnoredAny`), in the same run. See
//! docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use provider_core::model::Raw;
use provider_core::wire::ends_early;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

const ROUNDS: usize = 31;
const SECRETS: &[&str] = &["password", "clientSecret", "token", "signature"];

/// How many times as long as passing over it each may take.
const END: f64 = 0.5;
const BLANK: f64 = 4.0;
const HOSTILE: f64 = 8.0;

/// Subscriptions as distributors send them, some megabytes.
fn ordinary() -> String {
    let mut page = String::from(r#"{"content":["#);
    for n in 0..8_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            page,
            r#"{comma}{{"id":"5f1d3c52-0a57-4c1e-9d0b-{n:012x}","companyId":"6f1d3c52-0a57-4c1e-9d0b-{n:012x}","quantity":{n},"startDate":"2026-04-01T00:00:00.000Z","endDate":null,"status":"Active","price":{n}.40,"commitment":{{"id":"8f1d3c52-{n:012x}","term":"1-Year"}},"note":"said \"yes\" \u00e4","token":"t-{n}","purchaseOrders":["PO-{n}"]}}"#
        )
        .unwrap();
    }
    page.push_str("]}");
    page
}

/// What once was read again at every level.
fn nested() -> String {
    let level = r#"{"name":"token","value":[1,{"x":"#;
    let deep = format!("{}0{}", level.repeat(40), "}]}".repeat(40));
    format!("[{}0]", format!("{deep},").repeat(1_500))
}

/// Documents that stand in others as texts.
fn embedded() -> String {
    let inner = r#"{"user":"a","settings":{"password":"hunter2","n":[1,2,3]}}"#;
    let text = serde_json::to_string(inner).unwrap();
    format!("[{}0]", format!(r#"{{"id":1,"document":{text}}},"#).repeat(20_000))
}

/// Milliseconds of one run, for each megabyte.
fn time(json: &str, work: &dyn Fn() -> usize) -> f64 {
    let started = Instant::now();
    assert!(black_box(work()) > 0);
    started.elapsed().as_secs_f64() * 1e3 / (json.len() as f64 / 1e6)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().expect("there are rounds")
}

fn skip(json: &str) -> usize {
    serde_json::from_str::<IgnoredAny>(json).map(|_| json.len()).unwrap()
}

fn end(json: &str) -> usize {
    assert!(!ends_early(json.as_bytes()));
    json.len()
}

/// Without the check that it is JSON, which whoever took the record out of its page has made.
fn blank(json: &RawValue) -> usize {
    Raw::without_secrets(json, SECRETS, |name| name == "token").get().len()
}

/// Compares both ways over one text with passing over it, round by round.
fn measure(name: &str, json: &str, most: f64) -> bool {
    let raw = RawValue::from_string(json.to_owned()).expect("it is JSON");
    let (mut skipped, mut ways) = (Vec::new(), [Vec::new(), Vec::new()]);
    let mut ratios = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let yardstick = time(json, &|| skip(black_box(json)));
        let round = [time(json, &|| end(black_box(json))), time(json, &|| blank(black_box(&raw)))];
        skipped.push(yardstick);
        for ((took, times), ratios) in round.iter().zip(&mut ways).zip(&mut ratios) {
            times.push(*took);
            ratios.push(took / yardstick);
        }
    }
    println!("{name}, {:.1} MB", json.len() as f64 / 1e6);
    println!("  {:<40} {:>6.3} ms/MB", "serde_json passes over it", median(skipped));
    let mut held = true;
    for (((what, limit), times), ratios) in
        [("where it ends", END), ("secrets blanked, by two rules", most)].into_iter().zip(ways).zip(ratios)
    {
        let ratio = median(ratios);
        let verdict = if ratio <= limit { "held" } else { "MISSED" };
        held &= ratio <= limit;
        println!("  {what:<40} {:>6.3} ms/MB, {ratio:.2} of it, limit {limit}: {verdict}", median(times));
    }
    held
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-http --bench scanner`");
        return ExitCode::SUCCESS;
    }
    let held = [
        measure("subscriptions", &ordinary(), BLANK),
        measure("nested as deep as anybody reads", &nested(), HOSTILE),
        measure("documents that stand in others as texts", &embedded(), HOSTILE),
    ];
    if held.iter().all(|held| *held) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
