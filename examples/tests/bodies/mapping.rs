//! `docs/mapping.md` is made of the mappings themselves. With `UPDATE_MAPPING` set it is written, else it has to be what
//! would be written.

use std::collections::BTreeSet;
use std::path::Path;

use crate::influence;
use crate::library::{self, Body};
use crate::reader::{Kind, Reader, Vendor};
use crate::tables::{self, Sources};

const PAGE: &str = include_str!("../../../docs/mapping.md");
/// What is made begins after this.
const MARK: &str = "<!-- Made by examples/tests/bodies: run its tests with UPDATE_MAPPING=1. -->\n";

#[test]
fn the_tables_say_what_the_mappings_do() {
    let [crayon, pax8, streamone] = [Vendor::Crayon, Vendor::Pax8, Vendor::StreamOne].map(Sources::of);
    println!("{} reads of records with members changed", Reader::reads());
    let (above, _) = PAGE.split_once(MARK).expect("the mark of what is made");
    let page = format!("{above}{MARK}{}", tables::write([&crayon, &pax8, &streamone]));
    if std::env::var_os("UPDATE_MAPPING").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/mapping.md");
        std::fs::write(path, &page).unwrap();
        return;
    }
    for (line, (kept, made)) in PAGE.lines().zip(page.lines()).enumerate() {
        assert_eq!(kept, made, "line {} of docs/mapping.md", line + 1);
    }
    assert_eq!(PAGE.len(), page.len(), "docs/mapping.md");
}

/// What the vendors' own examples move, and the records of this test do not: none, so the tables are whole.
fn beside_the_table(vendor: Vendor) -> (usize, BTreeSet<String>) {
    let sources = Sources::of(vendor);
    let (mut compared, mut lost) = (0, BTreeSet::new());
    for Body { kind, record, .. } in library::bodies(vendor) {
        for (field, members) in influence::direct(&Reader::new(vendor, kind), &record) {
            for member in members {
                compared += 1;
                // The whole product has its prices beside it.
                let member = if kind == Kind::Price { format!("pricing.{member}") } else { member };
                // The whole record of a customer has the row of the list in it.
                let member = member.strip_prefix(tables::TENANT).unwrap_or(&member);
                if !sources.has(kind, &field, member) {
                    lost.insert(format!("{}.{field}: `{member}`", kind.name()));
                }
            }
        }
    }
    (compared, lost)
}

#[test]
fn no_example_of_a_vendor_moves_a_field_by_another_member() {
    for vendor in [Vendor::Crayon, Vendor::Pax8, Vendor::StreamOne] {
        let (compared, lost) = beside_the_table(vendor);
        println!("{vendor:?}: {compared} members of examples move a field");
        assert!(lost.is_empty(), "{vendor:?}: {lost:#?}");
        assert!(compared > 50, "{vendor:?}: {compared}");
    }
}

/// A table is only as good as what finds a wrong one.
#[test]
fn a_member_that_moves_nothing_is_not_found_and_one_that_does_is() {
    let reader = Reader::new(Vendor::Pax8, Kind::Invoice);
    let record = serde_json::json!({
        "id": "1", "dueDate": "2026-04-15", "total": 5, "currencyCode": "USD", "partnerName": "Example MSP",
    });
    let found = influence::of_record(&reader, &record);
    let of = |field: &str| found.get(field).cloned().unwrap_or_default().into_iter().collect::<Vec<_>>();
    assert_eq!(of("due_on"), ["dueDate"]);
    assert_eq!(of("total"), ["currencyCode", "total"]);
    assert!(found.values().all(|members| !members.contains("partnerName")));
}
