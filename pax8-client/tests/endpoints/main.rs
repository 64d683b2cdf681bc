//! Every operation of the API: the exact bytes of its request, the token it carries, and, where the
//! vendor's OpenAPI files are at hand (`VENDOR_SPECS`), their word on it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod case;
mod judge;
mod judged;
mod mock;
mod partner;
mod quoting;
mod recorder;
mod reply;
mod schema;
mod spec;
mod vendor;
mod webhooks;

use std::collections::BTreeSet;
use std::path::Path;

use case::Case;
use pax8_client::api::ENDPOINTS;

fn all() -> Vec<Case> {
    let mut cases = partner::cases();
    cases.extend(quoting::cases());
    cases.extend(webhooks::cases());
    cases.extend(vendor::cases());
    cases
}

/// The operations of the table; one that two methods call is one.
fn listed() -> BTreeSet<(&'static str, &'static str)> {
    ENDPOINTS.iter().flat_map(|rows| rows.iter()).map(|row| (row.method, row.path)).collect()
}

#[tokio::test]
async fn every_request_is_exact_to_the_byte() {
    for case in all() {
        let sent = case.send(&case.answer).await.unwrap_or_else(|error| panic!("{}: {error:?}", case.name()));
        assert_eq!(sent.target(), case.target(), "{}", case.name());
        assert_eq!(sent.method, case.method, "{}", case.name());
        assert_eq!(sent.body, case.body, "{}", case.name());
        let content_type = if case.body.is_empty() { None } else { Some(case.content_type) };
        assert_eq!(sent.header("content-type").as_deref(), content_type, "{}", case.name());
        assert_eq!(sent.header("accept").as_deref(), Some(case.accept), "{}", case.name());
        let bearer = format!("Bearer token-for-{}", case.audience());
        assert_eq!(sent.header("authorization"), Some(bearer), "{}", case.name());
    }
}

#[tokio::test]
async fn one_client_asks_once_for_a_token_of_each_audience_and_keeps_to_one_origin() {
    let recorder = recorder::Recorder::default();
    let client = recorder.client();
    for case in all() {
        recorder.answer_with(&case.answer);
        (case.run)(&client).await.unwrap();
    }
    let sent = recorder.sent();
    let (tokens, calls): (Vec<_>, Vec<_>) = sent.iter().partition(|sent| sent.path == "/v1/token");
    let mut audiences: Vec<_> = tokens.iter().map(|sent| sent.body.as_str()).collect();
    audiences.sort_unstable();
    let body = |audience: &str| {
        format!(
            r#"{{"client_id":"id","client_secret":"secret","audience":"{audience}","grant_type":"client_credentials"}}"#
        )
    };
    assert_eq!(audiences, [body("api://provisioning"), body("api://usage"), body("https://api.pax8.com")]);
    assert!(sent.iter().all(|sent| sent.origin == "https://pax8.example.com"));
    for (prefix, audience) in [
        ("/v1/", "https://api.pax8.com"),
        ("/v2/quote", "https://api.pax8.com"),
        ("/api/v2/webhooks", "https://api.pax8.com"),
        ("/v2/provision", "api://provisioning"),
        ("/v2/usage/", "api://usage"),
    ] {
        let bearer = format!("Bearer token-for-{audience}");
        let mut surface = calls.iter().filter(|sent| sent.path.starts_with(prefix)).peekable();
        assert!(surface.peek().is_some(), "{prefix}");
        assert!(surface.all(|sent| sent.header("authorization").as_ref() == Some(&bearer)), "{prefix}");
    }
}

#[test]
fn the_table_lists_what_is_called_and_nothing_else() {
    let called: BTreeSet<_> = all().iter().map(|case| (case.method, case.template)).collect();
    let mut listed = listed();
    assert_eq!(listed.len(), 102);
    assert!(listed.remove(&("POST", "/v1/token")));
    assert_eq!(called, listed);
}

fn table() -> String {
    let mut table = String::from("| Method | Path | Call on `Pax8Client` |\n|---|---|---|\n");
    for row in ENDPOINTS.iter().flat_map(|rows| rows.iter()) {
        table.push_str(&format!("| {} | `{}` | `{}` |\n", row.method, row.path, row.call));
    }
    table
}

const BEGIN: &str = "<!-- endpoints: written by the test `the_guide_lists_every_endpoint` -->\n";
const END: &str = "<!-- endpoints end -->";

/// With `UPDATE_DOCS=1` it writes the table instead of comparing it.
#[test]
fn the_guide_lists_every_endpoint() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pax8.md");
    let text = std::fs::read_to_string(&guide).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the guide marks where the table begins");
    let (written, after) = rest.split_once(END).expect("the guide marks where the table ends");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&guide, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        return;
    }
    assert_eq!(written, table(), "run this test with UPDATE_DOCS=1 to write the table");
}

#[tokio::test]
async fn the_token_request_is_exact_to_the_byte() {
    let case = &all()[0];
    let token =
        case.recorded(&case.answer).await.unwrap().into_iter().find(|sent| sent.path == "/v1/token").unwrap();
    assert_eq!(token.method, "POST");
    assert_eq!(token.header("content-type").as_deref(), Some("application/json"));
    assert_eq!(token.header("authorization"), None);
    assert_eq!(
        token.body,
        r#"{"client_id":"id","client_secret":"secret","audience":"https://api.pax8.com","grant_type":"client_credentials"}"#
    );
}
