//! Everything else that is parsed: stored forms, cursors, webhooks, headers, settings.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use pax8_client::webhook::Receiver;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use provider_core::journal::JournalEntry;
use provider_core::model::Raw;
use provider_core::page::ResumePoint;
use provider_core::token::{MemoryTokenStore, TokenKey, TokenStore};
use provider_core::{
    Attempt, Command, ConnectionSettings, Cursor, CustomerQuery, ErrorKind, PageRequest, Provider,
    ProviderInfo, Receipt,
};
use provider_http::token::{FileTokenStore, TokenFileKey};
use secrecy::SecretString;
use streamone_client::StreamOneConfig;

use crate::corpus::{damage, damaged, nested};
use crate::wire::{Login, Vendor, Wire, answer, connect, token, variable};
use crate::{block_on, cases, judge, on_small_stack};

/// Stored forms of this release, one of each.
const STORED: [&str; 6] = [
    include_str!("../../../provider-core/tests/golden/attempt.json"),
    include_str!("../../../provider-core/tests/golden/receipt.json"),
    include_str!("../../../provider-core/tests/golden/resume_point.json"),
    include_str!("../../../provider-core/tests/golden/command_place_order.json"),
    include_str!("../../../provider-core/tests/golden/command_create_customer.json"),
    include_str!("../../../provider-core/tests/golden/cursor.txt"),
];

const DELIVERY: &str = r#"{"accountId":"a","webhookId":"w","sentAt":"2026-01-01T00:00:00Z",
    "webhookTopic":{"topic":"SUBSCRIPTION"},"payloadData":{"id":"1","action":"UPDATED"}}"#;

/// Every form that is stored, and every body that somebody else sends.
fn read_all(text: &[u8]) {
    let _ = serde_json::from_slice::<Attempt>(text);
    let _ = serde_json::from_slice::<Receipt>(text);
    let _ = serde_json::from_slice::<ResumePoint>(text);
    let _ = serde_json::from_slice::<Command>(text);
    let _ = serde_json::from_slice::<JournalEntry>(text);
    let _ = serde_json::from_slice::<ConnectionSettings>(text);
    if let Ok(raw) = serde_json::from_slice::<Raw>(text) {
        assert!(!serde_json::to_string(&raw).unwrap().is_empty());
    }
    if let Err(refused) = Receiver::new("secret").receive(Some("secret"), text) {
        assert!(refused.to_string().len() < 200);
    }
    let text = String::from_utf8_lossy(text);
    if let Ok(raw) = Raw::new(&text, &["password", "token"]) {
        let raw = raw.without_attributes(|name| name.contains("token"));
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(raw.get()).is_ok());
    }
    let cursor = Cursor::new(text.into_owned());
    if let Err(error) = cursor.open(&ProviderInfo::new("pax8", "main"), &CustomerQuery::default()) {
        assert_eq!(error.kind(), ErrorKind::InvalidCursor);
        judge(&error);
    }
}

#[test]
fn stored_forms_and_deliveries_are_read_or_refused() {
    let strategy = (0..STORED.len() + 1, damage());
    TestRunner::new(cases(256))
        .run(&strategy, |(seed, damages)| {
            let text = STORED.get(seed).copied().unwrap_or(DELIVERY);
            on_small_stack(|| read_all(&damaged(text.as_bytes(), &damages)));
            Ok(())
        })
        .unwrap();
    for object in [false, true] {
        let deep = nested(object, if object { 100_000 } else { 1_000_000 });
        for text in [
            deep.clone(),
            format!(r#"{{"payloadData":{deep}}}"#),
            format!(r#"{{"payloadData":{{"x":{deep}}},"webhookTopic":{deep}}}"#),
            format!(r#"{{"command":{deep},"baseline":{deep},"key":{deep}}}"#),
            format!(r#"{{"v":1,"cursor":{deep}}}"#),
            format!(r#"{{"kind":"pax8","name":"a","values":{{"x":{deep}}}}}"#),
        ] {
            on_small_stack(|| read_all(text.as_bytes()));
        }
    }
}

/// A cursor comes back from wherever a caller kept it.
#[test]
fn cursors_that_nobody_made_are_refused_without_a_request() {
    let page = |vendor: Vendor, text: String| {
        on_small_stack(|| {
            block_on(async move {
                let provider =
                    connect(vendor, Wire::always(r#"{"Items":[],"content":[]}"#), &Login::default());
                let query = CustomerQuery::default().deadline(Duration::from_secs(5));
                let tagged = Cursor::tagged(provider.info(), &query, text.clone());
                for cursor in [Cursor::new(text), tagged] {
                    if let Err(error) = provider.list_customers(&query, &PageRequest::at(cursor)).await {
                        judge(&error);
                    }
                }
            });
        });
    };
    for vendor in Vendor::ALL {
        TestRunner::new(cases(24))
            .run(&"[0-9:/|,a-z\\-]{0,40}|\\PC{0,60}", |text| {
                page(vendor, text);
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{vendor:?}: {failure}"));
        for text in
            ["18446744073709551616/1", "4294967295/0", "1:4294967295", "0:0", "-1/-1", &nested(false, 50_000)]
        {
            page(vendor, text.to_owned());
        }
    }
}

/// Whatever a gateway says about waiting, nobody waits past the deadline.
#[test]
fn headers_about_rates_and_waits_never_hold_a_call_past_its_deadline() {
    let names = [
        "retry-after",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ];
    let value = prop_oneof![
        "[ -~]{0,40}",
        "-?[0-9]{1,30}(\\.[0-9]{1,9})?",
        Just("Fri, 31 Dec 9999 23:59:59 GMT".to_owned()),
        Just("Thu, 01 Jan 1970 00:00:00 GMT".to_owned()),
        Just("1e308".to_owned()),
        Just("18446744073709551615".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("NaN".to_owned()),
    ];
    let strategy = (
        proptest::collection::vec((prop::sample::select(names.to_vec()), value), 0..4),
        prop::sample::select(vec![200_u16, 429, 503]),
        prop::sample::select(Vendor::ALL.to_vec()),
    );
    TestRunner::new(cases(96))
        .run(&strategy, |(headers, status, vendor)| {
            block_on(async move {
                let wire = Wire::new(move |request| {
                    token(request, "access-token").unwrap_or_else(|| {
                        let mut answer = answer(status, r#"{"Items":[],"content":[],"customers":[]}"#);
                        for (name, value) in &headers {
                            answer.headers_mut().insert(*name, value.parse().unwrap());
                        }
                        answer
                    })
                });
                let provider = connect(vendor, wire, &Login::default());
                let query = CustomerQuery::default().deadline(Duration::from_secs(9));
                for _ in 0..2 {
                    let begun = tokio::time::Instant::now();
                    if let Err(error) = provider.list_customers(&query, &PageRequest::default()).await {
                        judge(&error);
                    }
                    assert!(begun.elapsed() <= Duration::from_millis(9_100), "{:?}", begun.elapsed());
                }
            });
            Ok(())
        })
        .unwrap();
}

/// What stands before the body is parsed too, and nobody says that it is short.
#[test]
fn headers_of_any_length_and_depth_are_read_or_passed_over() {
    const NAMES: [&str; 14] = [
        "retry-after",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "content-type",
        "content-length",
        "content-encoding",
        "date",
        "location",
        "www-authenticate",
        "x-request-id",
        "link",
    ];
    const UNITS: [&str; 12] =
        ["(", "[", "{\"a\":", "9", "-", ",", ";q=", "\"", "%", "a/", "<x>;rel=next,", "Mon, "];
    for vendor in Vendor::ALL {
        for status in [200_u16, 302, 401, 429, 503] {
            // The longest where all of them are looked at.
            let length = if status == 429 { 1_000_000 } else { 10_000 };
            for unit in UNITS {
                let value: http::HeaderValue = unit.repeat(length / unit.len()).parse().unwrap();
                on_small_stack(move || {
                    block_on(async move {
                        let wire = Wire::new(move |request| {
                            let body = r#"{"Items":[],"content":[],"customers":[]}"#;
                            let mut answer =
                                token(request, "access-token").unwrap_or_else(|| answer(status, body));
                            for name in NAMES {
                                answer.headers_mut().insert(name, value.clone());
                            }
                            answer
                        });
                        let provider = connect(vendor, wire, &Login::default());
                        let query = CustomerQuery::default().deadline(Duration::from_secs(9));
                        let begun = tokio::time::Instant::now();
                        if let Err(error) = provider.list_customers(&query, &PageRequest::default()).await {
                            judge(&error);
                        }
                        assert!(begun.elapsed() <= Duration::from_millis(9_100), "{:?}", begun.elapsed());
                    });
                });
            }
        }
    }
}

#[test]
fn settings_of_any_bytes_are_read_or_refused_by_name() {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>().prop_filter("no NUL", |byte| *byte != 0), 0..60),
        "(https?|ftp|HTTPS)://[a-z0-9.:@/?#%\\[\\]-]{0,40}".prop_map(String::into_bytes),
        "[A-Z]{0,5}|true|false|sandbox|production".prop_map(String::into_bytes),
    ];
    let suffixes =
        ["BASE_URL", "ENVIRONMENT", "COUNTRY", "CURRENCY", "CLIENT_ID", "ACCOUNT_ID", "REFRESH_TOKEN"];
    let strategy = (prop::sample::select(suffixes.to_vec()), bytes);
    TestRunner::new(cases(192))
        .run(&strategy, |(suffix, value)| {
            let get = |name: &str| -> Option<OsString> {
                if name.ends_with(suffix) {
                    return Some(os_string(value.clone()));
                }
                variable(name, 1, &Login::default()).map(OsString::from)
            };
            let errors = [
                CrayonConfig::from_vars(get).err(),
                Pax8Config::from_vars(get).err(),
                StreamOneConfig::from_vars(get).err(),
            ];
            for error in errors.into_iter().flatten() {
                judge(&error);
                assert_eq!(error.kind(), ErrorKind::Config);
                assert!(error.to_string().contains(suffix), "{error}");
            }
            Ok(())
        })
        .unwrap();
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The token file and the chain in it, as a broken disk or somebody else left them.
#[test]
fn stored_tokens_of_any_bytes_are_read_or_refused() {
    let key = TokenKey::new("streamone", "10042");
    let folder = tempfile::tempdir().unwrap();
    let sealing = TokenFileKey::parse(&SecretString::from("1".repeat(64))).unwrap();
    let plain = FileTokenStore::new(folder.path().join("plain"));
    let sealed = FileTokenStore::new(folder.path().join("sealed")).encrypted(sealing);
    let value = r#"{"schema":1,"chain":"c","refresh_token":"r","access_token":"a","first_tokens":["x"]}"#;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut written = Vec::new();
    for store in [&plain, &sealed] {
        runtime.block_on(store.compare_and_swap(&key, None, SecretString::from(value))).unwrap();
        written.push(std::fs::read(store.path(&key)).unwrap());
    }
    TestRunner::new(cases(64))
        .run(&damage(), |damages| {
            for (store, whole) in [&plain, &sealed].into_iter().zip(&written) {
                std::fs::write(store.path(&key), damaged(whole, &damages)).unwrap();
                if let Err(error) = runtime.block_on(store.load(&key)) {
                    judge(&error);
                    assert_eq!(error.kind(), ErrorKind::Config);
                }
            }
            let text = String::from_utf8_lossy(&damaged(value.as_bytes(), &damages)).into_owned();
            block_on(chain(text));
            Ok(())
        })
        .unwrap();
}

/// A connection whose store holds this.
async fn chain(value: String) {
    let store = Arc::new(MemoryTokenStore::default());
    let wire = Wire::always(r#"{"customers":[]}"#);
    let config =
        StreamOneConfig::from_vars(|name| variable(name, 10_042, &Login::default())).unwrap().unwrap();
    let services = provider_core::Services::default()
        .with_token_store(Arc::clone(&store) as Arc<dyn TokenStore>)
        .without_journal();
    let config = config.with_http(provider_http::HttpOptions::default().transport(wire));
    let key = TokenKey::new("streamone", "10042");
    store.compare_and_swap(&key, None, SecretString::from(value)).await.unwrap();
    let provider: Arc<dyn Provider> = config.connect(&services).unwrap();
    let query = CustomerQuery::default().deadline(Duration::from_secs(9));
    if let Err(error) = provider.list_customers(&query, &PageRequest::default()).await {
        judge(&error);
    }
}
