//! How the sources are laid out: the same folders for all three distributors, and an engine that knows no resource.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DISTRIBUTORS: [&str; 3] = ["crayon", "pax8", "streamone"];
const RESOURCES: [&str; 6] = ["access", "billing", "catalog", "customer", "purchase", "subscription"];
/// What is composed of all resources. No resource's records and nothing in the engine may use it.
const TOP: [&str; 5] = ["dispatch", "handle", "routes", "seed", "state"];

fn source(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(below)
}

fn names(folder: &Path, folders: bool) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() == folders)
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The lines of code that name one of the modules `below` of the distributor.
fn users_of<'a>(text: &'a str, distributor: &'a str, below: &'a [&str]) -> impl Iterator<Item = &'a str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).filter(move |line| {
        line.split(&format!("crate::{distributor}::")).skip(1).any(|rest| {
            let named = rest.trim_start_matches('{');
            below.iter().any(|name| named.starts_with(&format!("{name}::")))
        })
    })
}

#[test]
fn the_folders_have_the_same_names_everywhere() {
    for distributor in DISTRIBUTORS {
        let mut folders = names(&source(distributor), true);
        assert!(folders.remove("engine"), "{distributor}");
        assert_eq!(folders, RESOURCES.map(str::to_owned).into(), "{distributor}");
        let mut allowed: BTreeSet<String> = TOP.map(str::to_owned).into();
        allowed.insert("mod".to_owned());
        assert!(names(&source(distributor), false).is_subset(&allowed), "{distributor}");
    }
}

#[test]
fn the_engine_knows_no_resource() {
    for distributor in DISTRIBUTORS {
        for (path, text) in files(&source(distributor).join("engine")) {
            for upwards in [&RESOURCES[..], &TOP[..]] {
                let found = users_of(&text, distributor, upwards).next();
                assert_eq!(found, None, "{}", path.display());
            }
        }
    }
    for (path, text) in files(&source("engine")) {
        for distributor in DISTRIBUTORS {
            assert!(!text.contains(&format!("crate::{distributor}")), "{}", path.display());
        }
    }
}

#[test]
fn records_use_nothing_that_is_composed_of_them() {
    for distributor in DISTRIBUTORS {
        let all = files(&source(distributor));
        let records = all.iter().filter(|(path, _)| path.ends_with("record.rs"));
        for (path, text) in records {
            assert_eq!(users_of(text, distributor, &TOP).next(), None, "{}", path.display());
        }
    }
}

#[test]
fn it_depends_on_no_client_and_no_provider() {
    let manifest = fs::read_to_string(source("../Cargo.toml")).unwrap();
    for other in ["provider-", "crayon-client", "pax8-client", "streamone-client"] {
        let named = manifest.lines().filter(|line| line.starts_with(other));
        assert_eq!(named.count(), 0, "{other}");
    }
}
