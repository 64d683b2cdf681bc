//! What a later version may add without breaking anybody: records leave room for members, and only chosen crates
//! stand in public signatures. Read from the sources, so that it needs nothing but a stable compiler.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

#[path = "semver/source.rs"]
mod source;
#[path = "semver/written.rs"]
mod written;

use std::collections::{BTreeMap, BTreeSet};

use source::{PACKAGES, Source};

/// Records whose public members are all there will ever be, each with the reason.
const CLOSED: [(&str, &str); 8] = [
    ("Fence", "a number with a name"),
    ("Json", "a value with a name"),
    ("ShownHeaders", "shows a value without its secrets"),
    ("ShownJson", "shows a value without its secrets"),
    ("ShownQuery", "shows a value without its secrets"),
    ("Opening", "behind the hidden seam of provider-store, where provider-sync alone makes one"),
    ("Schema", "behind the hidden seam of provider-store, where provider-sync alone makes one"),
    ("Mailbox", "a value with a name"),
];

/// Records of provider-sync that are closed on purpose: a member that a target or a store does not know of would be lost.
/// Those who write a `Target` make them whole; stores are sealed.
const CLOSED_OF_SYNC: [&str; 22] = [
    "ApplyBatch",
    "ApplyChange",
    "Criterion",
    "LocalCursor",
    "LocalKey",
    "LocalPage",
    "LocalRecord",
    "RemoteRef",
    // Between the engine and its store.
    "Checkpoint",
    "IntentCommit",
    "IntentEnd",
    "KindRun",
    "KindScope",
    "NewIntent",
    "NewPending",
    "PageCommit",
    "PendingId",
    "RunId",
    "RunLease",
    "Session",
    "SessionStart",
    "Shadow",
];

#[test]
fn a_record_with_public_members_leaves_room_for_more() {
    let mut open = Vec::new();
    let mut found = 0;
    for package in PACKAGES {
        for file in Source::of(package) {
            for record in file.records() {
                found += 1;
                let of_sync =
                    package.name == "provider-sync" && CLOSED_OF_SYNC.contains(&record.name.as_str());
                let closed = of_sync || CLOSED.iter().any(|(name, _)| *name == record.name);
                if record.all_public && !record.non_exhaustive && !closed {
                    open.push(format!("{}: {}", file.path, record.name));
                }
            }
        }
    }
    assert!(found > 100, "{found} records were found");
    assert!(open.is_empty(), "add #[non_exhaustive] and a constructor or setters:\n{}", open.join("\n"));
}

/// Bodies that a caller takes from the distributor, changes and gives back, each with its reason.
const KEPT: [(&str, &str); 2] = [
    ("Document", "keeps every member of the record that was read, known or not"),
    ("Sections", "all there is to it is the list that it is made of"),
];

#[test]
fn what_a_caller_writes_has_a_setter_for_each_member() {
    let mut by_hand = Vec::new();
    let mut with_setters = 0;
    for package in PACKAGES.iter().filter(|package| package.name.ends_with("-client")) {
        let sources = Source::of(package);
        let bodies = written::bodies(&sources);
        assert!(bodies.len() > 5, "{}: {bodies:?}", package.name);
        for body in bodies {
            match written::filled(&sources, &body) {
                Some(written::Filled::BySetters) => with_setters += 1,
                Some(written::Filled::ByHand) if !KEPT.iter().any(|(name, _)| *name == body) => {
                    by_hand.push(format!("{}: {body}", package.name));
                }
                _ => {}
            }
        }
    }
    assert!(with_setters > 50, "{with_setters} bodies with setters were found");
    assert!(by_hand.is_empty(), "give them setters (`#![setters]` in `records!`):\n{}", by_hand.join("\n"));
}

/// `crate: types` for each package, as the list beside this test has them.
fn listed() -> BTreeMap<String, BTreeSet<String>> {
    let lines = include_str!("semver/foreign.txt").lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let (package, names) = line.split_once(':').unwrap();
        (package.to_owned(), names.split_whitespace().map(str::to_owned).collect())
    };
    lines.filter(|line| !line.is_empty()).map(entry).collect()
}

#[test]
fn only_chosen_crates_stand_in_public_signatures() {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in PACKAGES {
        let names = seen.entry(package.name.to_owned()).or_default();
        for file in Source::of(package) {
            names.extend(file.foreign_names(package));
        }
    }
    let shown = |all: &BTreeMap<String, BTreeSet<String>>| {
        let line = |(package, names): (&String, &BTreeSet<String>)| {
            format!("{package}: {}\n", names.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
        };
        all.iter().map(line).collect::<String>()
    };
    assert_eq!(
        shown(&seen),
        shown(&listed()),
        "a public signature names a type of another crate: take a type of our own, or add it to semver/foreign.txt \
         and mean it, since a new major version of that crate is then one of ours"
    );
}

/// Crates that are stable, or that are what everybody uses for their purpose.
const CHOSEN: [&str; 11] = [
    "bytes",
    "chrono",
    "futures_core",
    "http",
    "rust_decimal",
    // Behind the feature `schema`.
    "schemars",
    "secrecy",
    "serde",
    "serde_json",
    "tokio",
    "url",
];

#[test]
fn the_list_names_chosen_crates_only() {
    for (package, names) in listed() {
        for name in names {
            let of = name.split("::").next().unwrap();
            assert!(CHOSEN.contains(&of), "{package}: {name}");
        }
    }
}

#[test]
fn the_crates_of_the_signatures_come_with_the_core() {
    let day: provider_core::chrono::NaiveDate = chrono::NaiveDate::default();
    let amount: provider_core::rust_decimal::Decimal = rust_decimal::Decimal::ONE;
    let secret: provider_core::secrecy::SecretString = secrecy::SecretString::from("x");
    assert_eq!(format!("{day} {amount} {secret:?}"), format!("{day} 1 {secret:?}"));
}
