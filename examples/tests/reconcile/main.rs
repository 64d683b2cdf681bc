//! A month of each simulated distributor whose data was changed: every kind of difference that it tells is told apart from
//! every other, and what was not touched stays as it was. What a distributor cannot tell is said to be so, with the
//! reason, and is never a match.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod crayon;
mod kinds;
mod month;
mod pax8;
mod streamone;

use std::collections::BTreeMap;
use std::future::Future;

use provider_sync::reconcile::{Cause, Reason, Row, Verdict};

use kinds::{BILLED, Kind, Told};
use month::{Month, name_of};

/// Rows by what they are known by.
type Rows = BTreeMap<String, Told>;

const NO_INVOICES: Told = (Verdict::NotTold(Reason::InvoicedUnknown), Cause::NotTold);
const NAMELESS: Told = (Verdict::NotTold(Reason::NoSubscription), Cause::NotTold);

/// Products of vendors that no report tells of.
const UNREPORTED: [&str; 3] = ["Example Workspace", "Example Endpoint Protection", "Example Backup"];

fn every_kind(own: &'static [Kind]) -> Vec<&'static Kind> {
    BILLED.iter().chain(own).collect()
}

/// Whether every row on which something was planted is told as its kind, and all others are as before; the first that is
/// not, otherwise.
fn check(told: &Rows, before: &Rows, planted: &BTreeMap<String, &Kind>) -> Result<(), String> {
    for (row, kind) in planted {
        match told.get(row) {
            Some(found) if *found == kind.told => {}
            found => return Err(format!("{}: {row} is {found:?}, not {:?}", kind.name, kind.told)),
        }
    }
    let others = |rows: &Rows| -> Rows {
        rows.iter()
            .filter(|(row, _)| !planted.contains_key(*row))
            .map(|(row, told)| (row.clone(), *told))
            .collect()
    };
    let (now, then) = (others(told), others(before));
    let changed = now.iter().find(|(row, told)| then.get(*row) != Some(told));
    let gone = then.keys().find(|row| !now.contains_key(*row));
    match (changed, gone) {
        (None, None) => Ok(()),
        (changed, gone) => Err(format!("nothing was planted on {changed:?}, {gone:?}")),
    }
}

/// Plants every kind in one month, and each alone in a month of its own; no two of them may look alike.
async fn told_apart<F: Future<Output = Month>>(start: impl Fn() -> F, kinds: &[&'static Kind]) {
    let mut month = start().await;
    let before = month.told().await;
    let mut planted: BTreeMap<String, &Kind> = BTreeMap::new();
    for kind in kinds {
        let seats = month.take(kind.needs);
        let row = (kind.plant)(&mut month, &seats);
        assert_ne!(before.get(&row), Some(&kind.told), "{} is there without being planted", kind.name);
        assert!(planted.insert(row, kind).is_none(), "{} is planted on another", kind.name);
    }
    let compared = month.compare().await;
    let told: Rows = compared.rows().map(|row| (name_of(&row), (row.verdict, row.cause))).collect();
    check(&told, &before, &planted).unwrap();
    assert!(!compared.header().summary.all_matched);
    // Each is counted once, and what cannot be told is no difference.
    let differ =
        kinds.iter().filter(|kind| !matches!(kind.told.0, Verdict::Match | Verdict::NotTold(_))).count();
    assert_eq!(compared.header().summary.rows.differ(), differ as u64);

    // Any two of them swapped are noticed.
    let rows: Vec<&String> = planted.keys().collect();
    for (at, one) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            let mut swapped = planted.clone();
            let (first, second) = (swapped[*one], swapped[*other]);
            swapped.insert((*one).clone(), second);
            swapped.insert((*other).clone(), first);
            let alike = check(&told, &before, &swapped).is_ok();
            assert!(!alike, "{} and {} look alike", first.name, second.name);
        }
    }

    for kind in kinds {
        let mut month = start().await;
        let seats = month.take(kind.needs);
        let row = (kind.plant)(&mut month, &seats);
        check(&month.told().await, &before, &BTreeMap::from([(row, *kind)])).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_in_which_nothing_was_changed_matches_wholly() {
    let month = pax8::start().await;
    let compared = month.compare().await;
    let differing: Vec<Row> = compared.rows().filter(|row| row.verdict != Verdict::Match).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    let header = compared.header();
    assert!(header.summary.all_matched, "{:#?}", header.summary);
    assert!(header.summary.rows.matched > 80, "{:?}", header.summary.rows);
    assert!(header.remarks.is_empty(), "{:?}", header.remarks);
    assert_eq!((header.invoiced.from.as_str(), header.invoiced.complete), ("lines", true));
    // Bands of a price were looked up where they were needed, and only there.
    let looked_up = month.simulator.pax8().count("GET", "/v1/products/*/pricing");
    assert!((1..=4).contains(&looked_up), "{looked_up}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_of_reports_matches_as_far_as_they_go() {
    let month = streamone::start().await;
    let compared = month.compare().await;
    let header = compared.header();
    assert_eq!((header.invoiced.from.as_str(), header.invoiced.complete), ("usage", true));
    assert!(header.summary.rows.matched > 80, "{:?}", header.summary.rows);
    assert_eq!(header.summary.rows.differ(), 0, "{:#?}", header.summary);
    assert!(!header.summary.all_matched);
    for row in compared.rows().filter(|row| row.verdict != Verdict::Match) {
        let told = (row.verdict, row.cause);
        match row.product.as_deref() {
            // Credits of a customer name no subscription.
            Some("usage") => assert_eq!((told, row.subscription.as_ref()), (NAMELESS, None)),
            // Vendors of whom no report is documented.
            Some(name) if UNREPORTED.iter().any(|product| name.starts_with(product)) => {
                assert_eq!(told, NO_INVOICES, "{row:#?}");
            }
            // What has ended and is in the report all the same may have been in use for some of the month.
            _ => assert!(matches!(told.0, Verdict::NotTold(Reason::EndUnknown | Reason::State)), "{row:#?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_without_lines_that_name_anybody_matches_nowhere() {
    let month = crayon::start().await;
    let compared = month.compare().await;
    let header = compared.header();
    assert_eq!((header.invoiced.from.as_str(), header.invoiced.complete), ("documents", false));
    assert!(!header.documents.is_empty(), "the invoices of the month are claimed all the same");
    assert!(!header.summary.all_matched);
    assert!(header.summary.rows.not_told > 200, "{:?}", header.summary.rows);
    let (known, nameless): (Vec<Row>, Vec<Row>) = compared.rows().partition(|row| row.subscription.is_some());
    for row in known {
        assert_eq!((row.verdict, row.cause), NO_INVOICES, "{row:#?}");
    }
    // The lines of all documents stand in a row for each of their currencies, which says so.
    let currencies: Vec<_> = nameless.iter().map(|row| row.invoiced.currency.unwrap().to_string()).collect();
    assert_eq!(currencies, ["EUR", "NOK"], "{nameless:#?}");
    for lines in &nameless {
        assert_eq!((lines.verdict, lines.cause), NAMELESS, "{lines:#?}");
        assert!(lines.invoiced.lines > 0 && lines.invoiced.amount.is_some(), "{lines:#?}");
        assert_eq!(lines.at_stake.map(|range| range.currency), lines.invoiced.currency, "{lines:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_difference_at_pax8_is_told_apart_without_a_false_match() {
    let kinds = every_kind(pax8::KINDS);
    assert!(kinds.len() >= 30, "{} kinds", kinds.len());
    told_apart(pax8::start, &kinds).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_difference_that_streamone_tells_is_told_apart_without_a_false_match() {
    let kinds = every_kind(streamone::KINDS);
    assert!(kinds.len() >= 30, "{} kinds", kinds.len());
    told_apart(streamone::start, &kinds).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_difference_that_crayon_tells_is_told_apart_and_nothing_is_a_match() {
    let kinds = every_kind(crayon::KINDS);
    assert!(kinds.len() >= 15, "{} kinds", kinds.len());
    told_apart(crayon::start, &kinds).await;
}
