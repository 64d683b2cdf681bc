//! A month of the simulator whose data was changed: every kind of difference is told apart from every other, and what
//! was not touched is a match.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod kinds;
mod month;

use std::collections::BTreeMap;

use provider_sync::reconcile::{Cause, Comparison, Verdict};

use kinds::{KINDS, Kind};
use month::{Month, Seats};

/// What a row came to.
type Told = (Verdict, Cause);

/// Whether the rows are as the kinds say that were planted; the first that is not, otherwise.
fn check(compared: &Comparison, planted: &BTreeMap<String, &Kind>) -> Result<(), String> {
    let mut met = 0;
    for row in compared.rows() {
        let id = row.subscription.as_ref().map(ToString::to_string).unwrap_or_default();
        let told: Told = (row.verdict, row.cause);
        match planted.get(&id) {
            Some(kind) if told == kind.told => met += 1,
            Some(kind) => return Err(format!("{}: {told:?}, not {:?}: {row:#?}", kind.name, kind.told)),
            None if row.verdict == Verdict::Match => {}
            None => return Err(format!("nothing was planted here: {row:#?}")),
        }
    }
    if met == planted.len() { Ok(()) } else { Err(format!("{met} of {} were met", planted.len())) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_in_which_nothing_was_changed_matches_wholly() {
    let month = Month::start().await;
    let compared = month.compare().await;
    check(&compared, &BTreeMap::new()).unwrap();
    let header = compared.header();
    assert!(header.summary.all_matched, "{:#?}", header.summary);
    assert!(header.summary.rows.matched > 80, "{:?}", header.summary.rows);
    assert!(header.remarks.is_empty(), "{:?}", header.remarks);
    // Bands of a price were looked up where they were needed, and only there.
    let looked_up = month.simulator.pax8().count("GET", "/v1/products/*/pricing");
    assert!((1..=4).contains(&looked_up), "{looked_up}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_difference_is_told_apart_without_a_false_match() {
    let mut month = Month::start().await;
    let mut planted: BTreeMap<String, &Kind> = BTreeMap::new();
    for kind in KINDS {
        let seats = month.take(kind.needs);
        let id = (kind.plant)(&mut month, &seats);
        assert!(planted.insert(id, kind).is_none(), "{} is planted on another", kind.name);
    }
    assert!(KINDS.len() >= 20, "{} kinds", KINDS.len());
    let compared = month.compare().await;
    check(&compared, &planted).unwrap();
    assert!(!compared.header().summary.all_matched);
    // Money is counted once, and nothing of it for what cannot be told.
    let differ =
        KINDS.iter().filter(|kind| !matches!(kind.told.0, Verdict::Match | Verdict::NotTold(_))).count();
    assert_eq!(compared.header().summary.rows.differ(), differ as u64);

    // Any two of them swapped are noticed.
    let ids: Vec<String> = planted.keys().cloned().collect();
    for (at, one) in ids.iter().enumerate() {
        for other in &ids[at + 1..] {
            let mut swapped = planted.clone();
            let (first, second) = (swapped[one], swapped[other]);
            swapped.insert(one.clone(), second);
            swapped.insert(other.clone(), first);
            assert!(check(&compared, &swapped).is_err(), "{} and {} look alike", first.name, second.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_alone_changes_its_own_row_and_no_other() {
    for kind in KINDS {
        let mut month = Month::start().await;
        let seats: Seats = month.take(kind.needs);
        let id = (kind.plant)(&mut month, &seats);
        let compared = month.compare().await;
        check(&compared, &BTreeMap::from([(id, kind)])).unwrap();
    }
}
