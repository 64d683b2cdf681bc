//! One word, one thing: what the words mean that many parts of the workspace use, and that no type takes one of them for
//! something else. Private types and those of tests count: a reader meets them too.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A word, the one thing that it means, and every type whose name is the word or ends with it, with its file.
type Word = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const WORDS: &[Word] = &[
    (
        "Change",
        "a value that becomes another: in a plan, in a row, in a state",
        &[
            ("Change", "provider-core/src/receipt.rs"),
            ("ApplyChange", "provider-core/sync/src/target/types.rs"),
            ("PhaseChange", "provider-core/http/src/breaker.rs"),
            ("RowChange", "provider-core/sync/src/engine/apply.rs"),
            ("SideChange", "provider-core/sync/src/target/conformance.rs"),
            ("SubscriptionChange", "crayon-client/src/provider/write/send/call.rs"),
        ],
    ),
    (
        "Failure",
        "that something ended without success: a program, a run, a login, the renewal of a token",
        &[
            ("Failure", "examples/support/exit.rs"),
            ("LoginFailure", "provider-core/simulator/src/crayon/engine/settings.rs"),
            ("RenewalFailure", "provider-core/http/src/auth/manager/pace.rs"),
            ("RunFailure", "provider-core/sync/src/report.rs"),
        ],
    ),
    (
        "Fault",
        "what a test makes go wrong on purpose, in one call or one answer. A double that is wrong for good has a \
         `Flaw`; what a caller did wrong is a `Violation`; what cannot be read is an `Error`",
        &[
            ("Fault", "provider-core/src/memory/fault.rs"),
            ("DeskFault", "provider-core/sync/src/tests/market.rs"),
            ("AnswerFault", "provider-core/testkit/src/fault/answer.rs"),
            ("CodingFault", "provider-core/testkit/src/fault/coding.rs"),
            ("ConnectionFault", "provider-core/testkit/src/fault/connection.rs"),
            ("DueFault", "provider-core/simulator/src/engine/faults.rs"),
            ("FramingFault", "provider-core/testkit/src/fault/framing.rs"),
            ("SlowFault", "provider-core/testkit/src/fault/slow.rs"),
            ("WireFault", "provider-core/testkit/src/fault/mod.rs"),
        ],
    ),
    (
        "Listed",
        "one page of a vendor's list, as the vendor answered it; one in each client",
        &[
            ("Listed", "crayon-client/src/wire/envelope.rs"),
            ("Listed", "pax8-client/src/wire/envelope.rs"),
            ("Listed", "streamone-client/src/wire/envelope.rs"),
        ],
    ),
    (
        "Pace",
        "how fast one may go on: the time between two calls",
        &[
            ("Pace", "provider-core/http/src/limit/rate.rs"),
            ("RenewalPace", "provider-core/http/src/auth/manager/pace.rs"),
        ],
    ),
    ("Pages", "the pages of a listing, as a stream", &[("Pages", "provider-core/src/page/listing.rs")]),
    (
        "Scope",
        "which records something is about",
        &[
            ("Scope", "provider-core/src/command.rs"),
            ("AssetScope", "crayon-client/src/model/asset.rs"),
            ("KindScope", "provider-core/sync/src/store/types.rs"),
        ],
    ),
    ("Seen", "the ids that a listing has handed out", &[("Seen", "provider-core/src/page/seen.rs")]),
    (
        "Turn",
        "the permission of the rate limiter to send one call",
        &[("Turn", "provider-core/http/src/limit/mod.rs")],
    ),
];

/// How the word `catalog` is not spelled here. The list of changes names what was renamed.
const OTHER_SPELLING: &str = concat!("catalog", "ue");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What people write in the workspace, by path with `/`.
fn texts() -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() {
                if !hidden && path != root.join("target") {
                    walk(root, &path, found);
                }
            } else if path
                .extension()
                .is_some_and(|end| ["rs", "md", "toml", "sql"].iter().any(|kind| end == *kind))
            {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &root(), &mut found);
    found.sort();
    found
}

/// The types that a source declares, whoever may see them.
fn types(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = match line.strip_prefix("pub") {
            Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
            Some(rest) => rest.trim_start(),
            None => line,
        };
        let named = ["struct ", "enum ", "trait ", "type ", "union "]
            .iter()
            .find_map(|word| line.strip_prefix(word))?;
        named.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    })
}

#[test]
fn every_word_means_one_thing() {
    let mut wrong = Vec::new();
    let sources: Vec<_> = texts().into_iter().filter(|(path, _)| path.ends_with(".rs")).collect();
    assert!(sources.len() > 500, "{} sources were found", sources.len());
    for (word, meaning, known) in WORDS {
        let declared: BTreeSet<(&str, &str)> = sources
            .iter()
            .flat_map(|(path, text)| types(text).map(move |name| (name, path.as_str())))
            .filter(|(name, _)| name.ends_with(word))
            .collect();
        let known: BTreeSet<(&str, &str)> = known.iter().copied().collect();
        wrong.extend(declared.difference(&known).map(|(name, path)| {
            format!("{path}: `{name}` is new: give it another name, unless `{word}` is meant as {meaning}")
        }));
        wrong.extend(known.difference(&declared).map(|(name, path)| format!("{path}: there is no `{name}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_name_alone_is_taken_once() {
    for (word, _, known) in WORDS {
        let bare: Vec<&str> = known.iter().filter(|(name, _)| name == word).map(|(_, path)| *path).collect();
        let of_each_client = bare.len() == 3 && bare.iter().all(|path| path.contains("-client/"));
        assert!(bare.len() == 1 || of_each_client, "{word}: {bare:?}");
    }
}

/// Public names of the SDK that stand twice, and why.
const TWICE: &[(&str, &str)] = &[
    ("StoreErrorKind", "the kinds of error of the two stores; each is the one of its crate"),
    ("Row", "a row of a comparison; the other is the hidden seam that the sync store stands on"),
    ("Step", "a step of an attempt; the other is the hidden seam that the sync store stands on"),
    ("Opening", "how a store is opened; the other is the hidden seam that the sync store stands on"),
    ("Worker", "the thread of a database, one for each kind of database, behind the same seam"),
    ("TokenFileKey", "one type, with the cipher and without"),
    (
        "Side",
        "a side of a row that is compared; the other is the application's side of a target that is examined",
    ),
    ("SubscriptionEdit", "what a test changes at a simulated distributor; the crate's root tells whose"),
];

/// The public types of the packages that are no client: those of a client are named as the vendor names them.
#[test]
fn a_public_name_of_the_sdk_is_taken_once() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in texts() {
        let of_the_sdk =
            path.starts_with("provider-core/") && path.contains("/src/") && !path.contains("/tests");
        if !of_the_sdk || !path.ends_with(".rs") {
            continue;
        }
        let public: String = text
            .lines()
            .filter(|line| line.trim_start().starts_with("pub "))
            .fold(String::new(), |all, line| all + line + "\n");
        // A macro names its types itself.
        for name in types(&public).filter(|name| !name.is_empty()) {
            places.entry(name.to_owned()).or_default().insert(path.clone());
        }
    }
    assert!(places.len() > 400, "{} types were found", places.len());
    let twice: BTreeMap<&str, &BTreeSet<String>> = places
        .iter()
        .filter(|(_, paths)| paths.len() > 1)
        .map(|(name, paths)| (name.as_str(), paths))
        .collect();
    let known: BTreeSet<&str> = TWICE.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<_> = twice.iter().filter(|(name, _)| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "one word, one thing: {unknown:?}");
    let gone: Vec<_> = known.iter().filter(|name| !twice.contains_key(*name)).collect();
    assert!(gone.is_empty(), "{gone:?} stand once");
}

#[test]
fn catalog_has_one_spelling() {
    let other = |text: &str| text.to_ascii_lowercase().contains(OTHER_SPELLING);
    let wrong: Vec<String> = texts()
        .into_iter()
        .filter(|(path, text)| path != "CHANGELOG.md" && other(text))
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "write `catalog` in {wrong:?}");
}

#[test]
fn types_are_found_whoever_may_see_them() {
    let text = "pub struct Fault;\n    pub(in crate::a) enum ReadFault {\ntype Turn<'a> = &'a u8;\npub trait Pace: Sized {\n\
                // struct Seen;\nfn change(struct_: Scope) {}\n    pub(crate) struct Pages<T>(T);\n";
    assert_eq!(types(text).collect::<Vec<_>>(), ["Fault", "ReadFault", "Turn", "Pace", "Pages"]);
}
