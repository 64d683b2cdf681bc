//! What careful decoding costs: records one by one, exact decimals, paths for errors, any case of names.
//!
//! The yardstick is the plain way: the whole page into typed structs at once, money through floats. See
//! docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use provider_core::ItemError;
use provider_core::model::Raw;
use provider_http::{CallOptions, Envelope, Keys, PageDecoder};
use rust_decimal::Decimal;
use serde::Deserialize;

const RECORDS: usize = 1000;
const ROUNDS: usize = 151;
const LIMIT: f64 = 1.15;

macro_rules! subscription {
    ($name:ident, $money:ty $(, $with:literal)?) => {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[expect(dead_code, reason = "only reading it is measured")]
        struct $name {
            id: String,
            company_id: String,
            product_id: String,
            quantity: u32,
            start_date: String,
            end_date: Option<String>,
            created_date: String,
            billing_start: String,
            status: String,
            $(#[serde(with = $with)])?
            price: $money,
            $(#[serde(with = $with)])?
            partner_cost: $money,
            currency_code: String,
            billing_term: String,
            commitment: Commitment,
            vendor_name: String,
            purchase_orders: Vec<String>,
        }
    };
}

subscription!(Floats, f64);
subscription!(Exact, Decimal, "provider_core::wire::decimal");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only reading it is measured")]
struct Commitment {
    id: String,
    term: String,
    end_date: Option<String>,
}

#[derive(Deserialize)]
struct Content<R> {
    content: Vec<R>,
}

struct PageEnvelope;

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Content<R>;
    type Rest = ();

    fn split<R: Deserialize<'a>>(envelope: Content<R>) -> (Vec<R>, ()) {
        (envelope.content, ())
    }
}

/// A page of 1,000 subscriptions, about half a megabyte.
fn page() -> String {
    let mut page = String::from(r#"{"content":["#);
    for n in 0..RECORDS {
        let comma = if n == 0 { "" } else { "," };
        write!(
            page,
            r#"{comma}{{"id":"5f1d3c52-0a57-4c1e-9d0b-{n:012x}","companyId":"6f1d3c52-0a57-4c1e-9d0b-{n:012x}","productId":"7f1d3c52-0a57-4c1e-9d0b-{n:012x}","quantity":{n},"startDate":"2026-04-01T00:00:00.000Z","endDate":null,"createdDate":"2026-03-28T14:07:31.123Z","billingStart":"2026-04-01T00:00:00.000Z","status":"Active","price":{n}.40,"partnerCost":{n}.125,"currencyCode":"USD","billingTerm":"Monthly","commitment":{{"id":"8f1d3c52-{n:012x}","term":"1-Year","endDate":"2027-03-31"}},"vendorName":"Examplesoft","purchaseOrders":["PO-{n}"]}}"#
        )
        .unwrap();
    }
    page.push_str("]}");
    page
}

fn typed(page: &str) -> usize {
    let page: Content<Floats> = serde_json::from_str(page).unwrap();
    black_box(&page.content).len()
}

fn careful(page: &str, keys: Keys, options: &CallOptions) -> usize {
    let (items, ()) = PageDecoder::new("content")
        .keys(keys)
        .options(options)
        .page::<PageEnvelope, _, _>(page.as_bytes(), |wire: Exact, raw: Option<Raw>| {
            drop(raw);
            Ok::<_, ItemError>(wire)
        })
        .unwrap();
    black_box(&items).len()
}

/// Milliseconds of one run.
fn time(work: &dyn Fn() -> usize) -> f64 {
    let started = Instant::now();
    assert_eq!(work(), RECORDS);
    started.elapsed().as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().expect("there are rounds")
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-http --bench decode`");
        return ExitCode::SUCCESS;
    }
    let page = page();
    let mut bad = page.replacen(r#""quantity":7,"#, r#""quantity":"seven","#, 1);
    bad.shrink_to_fit();
    let plain = CallOptions::default();
    let keeping = CallOptions::default().raw(true);
    type Way<'a> = (&'a str, Box<dyn Fn() -> usize + 'a>, bool);
    let ways: [Way<'_>; 5] = [
        ("typed at once, money as floats", Box::new(|| typed(&page)), false),
        ("each record on its own, exact decimals", Box::new(|| careful(&page, Keys::Exact, &plain)), true),
        ("the same, names in any case", Box::new(|| careful(&page, Keys::AnyCase, &plain)), false),
        ("the same, keeping each record's JSON", Box::new(|| careful(&page, Keys::Exact, &keeping)), false),
        ("the same, one record of the page is bad", Box::new(|| careful(&bad, Keys::Exact, &plain)), false),
    ];
    println!("{} records, {} kB", RECORDS, page.len() / 1000);
    // The ways take turns, and each is compared with the yardstick of its own round: whatever else the
    // machine does meets all of them alike.
    let mut times = vec![Vec::new(); ways.len()];
    let mut ratios = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        let round: Vec<f64> = ways.iter().map(|(_, work, _)| time(work)).collect();
        let yardstick = round.first().copied().expect("there are ways");
        for ((took, times), ratios) in round.iter().zip(&mut times).zip(&mut ratios) {
            times.push(*took);
            ratios.push(took / yardstick);
        }
    }
    let mut held = true;
    for (((what, _, limited), times), ratios) in ways.iter().zip(times).zip(ratios) {
        let ratio = median(ratios);
        let verdict = match (limited, ratio <= LIMIT) {
            (false, _) => String::new(),
            (true, true) => format!(", limit {LIMIT}: held"),
            (true, false) => format!(", limit {LIMIT}: MISSED"),
        };
        held &= !limited || ratio <= LIMIT;
        println!("{what:<40} {:>6.3} ms, {ratio:.3} of the first{verdict}", median(times));
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
