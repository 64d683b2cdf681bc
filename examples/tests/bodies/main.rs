//! The laws of reading, over every body that the vendors give as an example: those of their OpenAPI files, those of the
//! notes beside them, and a few of our own for kinds that nobody documents. With `VENDOR_SPECS`; without it our own alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod influence;
mod library;
mod mapping;
mod reader;
mod siblings;
mod sums;
mod tables;
mod wire;

use std::collections::BTreeMap;

use provider_testkit::reading::{Law, LawReport, examine};

use library::Body;
use reader::{Reader, Vendor};

fn examined(vendor: Vendor) -> (usize, BTreeMap<&'static str, usize>, LawReport) {
    let mut report = LawReport::default();
    let mut kinds = BTreeMap::new();
    let bodies = library::bodies(vendor);
    for Body { kind, record, from } in &bodies {
        let reader = Reader::new(vendor, *kind);
        let found = examine(record, |wire| reader.read(wire));
        for (law, broken) in found.broken() {
            println!("{vendor:?} {kind:?} ({from}): {law:?}: {broken}");
        }
        *kinds.entry(kind.name()).or_default() += 1;
        report = report.and(found);
    }
    (bodies.len(), kinds, report)
}

fn hold(vendor: Vendor) {
    let (bodies, kinds, report) = examined(vendor);
    println!("{vendor:?}: {bodies} bodies {kinds:?}\n{report}");
    assert_eq!(report.broken().count(), 0, "{vendor:?}: see above");
    for law in Law::ALL {
        assert!(report.held(law) > 0, "{vendor:?}: {law:?} was not examined");
    }
    for kind in library::needed(vendor) {
        assert!(kinds.contains_key(kind), "{vendor:?}: no body of {kind}");
    }
}

#[test]
fn crayon() {
    hold(Vendor::Crayon);
}

#[test]
fn pax8() {
    hold(Vendor::Pax8);
}

#[test]
fn streamone() {
    hold(Vendor::StreamOne);
}
