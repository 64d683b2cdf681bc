//! The three clients have the same files, so that who knows one of them finds everything in the others.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const CLIENTS: [&str; 3] = ["crayon-client", "pax8-client", "streamone-client"];

/// The files that every client has, with content of their own.
const SHARED: &[&str] = &[
    "src/config.rs",
    "src/config/form.rs",
    "src/connect.rs",
    "src/factory.rs",
    "src/auth.rs",
    "src/client.rs",
    "src/client/builder.rs",
    "src/error.rs",
    "src/wire/envelope.rs",
    "src/wire/secrets.rs",
    "src/model/invoice.rs",
    "src/model/order.rs",
    "src/model/product.rs",
    "src/model/subscription.rs",
    "src/api/endpoints.rs",
    "src/api/invoices.rs",
    "src/api/orders.rs",
    "src/api/products.rs",
    "src/api/subscriptions.rs",
    "src/map/customer.rs",
    "src/map/invoice.rs",
    "src/map/order.rs",
    "src/map/product.rs",
    "src/map/subscription.rs",
    "src/map/usage.rs",
    "src/provider.rs",
    "src/provider/context.rs",
    "src/provider/customers.rs",
    "src/provider/products.rs",
    "src/provider/subscriptions.rs",
    "src/provider/orders.rs",
    "src/provider/invoices.rs",
    "src/provider/usage.rs",
    "src/provider/page.rs",
    "src/provider/capabilities.rs",
    "src/provider/verify.rs",
    "src/provider/write.rs",
    "src/provider/write/prepare.rs",
    "src/provider/write/send.rs",
    "src/provider/write/baseline.rs",
    "src/provider/write/reconcile.rs",
    "tests/drift.rs",
    "tests/secrets.rs",
];

/// The entry files of a package and of its tests, which may do nothing but declare modules.
const ENTRIES: &[&str] = &["src/lib.rs", "tests/endpoints/main.rs", "tests/provider/main.rs"];

/// The folders that hold what every client has and nothing beside it; what only one vendor needs is a folder
/// below one of their files.
const CLOSED: &[(&str, &[&str])] = &[
    ("src/config", &["form"]),
    ("src/client", &["builder", "download"]),
    ("src/map", &["customer", "invoice", "offer", "order", "product", "subscription", "term", "usage"]),
    (
        "src/provider",
        &[
            "capabilities",
            "context",
            "customers",
            "invoices",
            "orders",
            "page",
            "products",
            "subscriptions",
            "usage",
            "verify",
            "write",
        ],
    ),
    ("src/provider/write", &["baseline", "prepare", "reconcile", "send"]),
];

/// What stands directly in `src`.
const TOP: &[&str] = &[
    "api", "auth", "client", "config", "connect", "error", "factory", "lib", "map", "model", "provider",
    "wire",
];

/// Only Pax8 calls back.
const ONLY_PAX8: &str = "webhook";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names in a folder, without endings: a file and the folder below it are one.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    let entries: Vec<PathBuf> = entries.unwrap_or_default();
    entries
        .iter()
        .filter_map(|path| path.file_stem())
        .map(|stem| stem.to_string_lossy().into_owned())
        .collect()
}

/// Whether a file does more than to hand on names of others.
fn has_content(text: &str) -> bool {
    ["fn ", "struct ", "enum ", "const ", "static ", "trait ", "impl ", "!"].iter().any(|word| {
        text.lines().map(str::trim_start).any(|line| {
            !line.starts_with("//")
                && !line.starts_with("#!")
                && !line.starts_with("use ")
                && line.contains(word)
        })
    })
}

#[test]
fn every_client_has_the_same_files() {
    let mut wrong = Vec::new();
    for client in CLIENTS {
        let is_missing = |file: &&&str| !root().join(client).join(file).exists();
        wrong.extend(ENTRIES.iter().filter(is_missing).map(|file| format!("{client}/{file} is missing")));
        for file in SHARED {
            match fs::read_to_string(root().join(client).join(file)) {
                Err(_) => wrong.push(format!("{client}/{file} is missing")),
                Ok(text) if !has_content(&text) => wrong.push(format!("{client}/{file} only hands names on")),
                Ok(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_client_has_a_folder_that_the_others_do_not_have() {
    let mut wrong = Vec::new();
    let mut judge = |client: &str, folder: &str, known: &[&str]| {
        for name in names(&root().join(client).join(folder)) {
            let of_pax8 = client == "pax8-client" && folder == "src" && name == ONLY_PAX8;
            if !known.contains(&name.as_str()) && !of_pax8 {
                wrong.push(format!("{client}/{folder}/{name}"));
            }
        }
    };
    for client in CLIENTS {
        judge(client, "src", TOP);
        for (folder, known) in CLOSED {
            judge(client, folder, known);
        }
    }
    assert!(wrong.is_empty(), "these have no place in the common tree:\n{}", wrong.join("\n"));
}

#[test]
fn modules_are_files_with_a_name() {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.ends_with("mod.rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for client in CLIENTS {
        walk(&root().join(client).join("src"), &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_only_hands_names_on_is_no_content() {
    assert!(!has_content("//! Doc with fn main.\n\nmod a;\npub use a::A;\n"));
    assert!(has_content("use a::A;\npub(crate) fn b() {}\n"));
    assert!(has_content("provider_core::records! {\n}\n"));
}
