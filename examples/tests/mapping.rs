//! The table of `docs/mapping.md` says what every provider declares of itself, field by field.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};

use provider_core::{EntityKind, Provider};
use provider_examples::{Connections, Kind};

const TABLE: &str = include_str!("../../docs/mapping.md");

/// The rows of a section: the field and what stands for each distributor.
fn rows(section: &str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let heading = format!("\n## {section}\n");
    let (_, rest) = TABLE.split_once(&heading).unwrap();
    let table = rest.split("\n## ").next().unwrap();
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<_> = line.trim_end_matches('|').split('|').map(str::trim).collect();
            let (field, told) = cells.split_first().unwrap();
            (field.trim_end_matches('`'), told.to_vec())
        })
        .collect()
}

fn declared(provider: &dyn Provider, kind: EntityKind) -> BTreeSet<String> {
    let fields = provider.capabilities().fields(kind);
    // A member of a field that is told apart has no row of its own.
    fields
        .filter(|field| !["raw", "detail"].contains(field) && !field.contains('.'))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_field_that_is_filled_has_its_source_and_no_other() {
    let connections = Connections::open(None).await.unwrap();
    for kind in EntityKind::ALL {
        let rows = rows(kind.plural());
        for (column, distributor) in Kind::ALL.into_iter().enumerate() {
            let (_, provider) = connections.iter().find(|(one, _)| *one == distributor).unwrap();
            let told: BTreeSet<String> = rows
                .iter()
                .filter(|(_, cells)| *cells.get(column).unwrap() != "-")
                .map(|(field, _)| (*field).to_owned())
                .collect();
            assert_eq!(told, declared(provider.as_ref(), kind), "{distributor}: {}", kind.plural());
        }
    }
}
