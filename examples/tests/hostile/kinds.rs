//! Each kind of hostile or broken server at all three distributors, and its relatives: what is read survives it where
//! it passes, and ends in one typed error where it does not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use crayon_client::CrayonConfig;
use http::{Request, Response};
use pax8_client::Pax8Config;
use provider_core::observe::{Event, Observer};
use provider_core::query::Priority;
use provider_core::{
    CustomerQuery, Error, ErrorKind, IdempotencyKey, PageRequest, Provider, ProviderExt as _, Result,
    WriteOptions,
};
use provider_http::token::FileTokenStore;
use provider_http::{Body, TransportError, TransportErrorKind};
use provider_simulator::{FaultAction, FaultRule, Simulator};
use serde_json::{Value, json};
use streamone_client::StreamOneConfig;

use crate::orders::commands;
use crate::pages::read_lists;
use crate::wire::{Login, Vendor, Wire, answer, connect, observed, simulated, token, variable};
use crate::{block_on, judge, on_small_stack};

/// No customers, as each of them says it.
const NOBODY: &str = r#"{"Items":[],"TotalHits":0,"content":[],"page":{"size":200,"totalElements":0,"totalPages":0,"number":0},"customers":[]}"#;

type Answer = Result<Response<Body>, TransportError>;

/// Answers the first `times` reads with this, and then with an empty list.
fn at_first(times: usize, bad: impl Fn() -> Answer + Send + Sync + 'static) -> Arc<Wire> {
    let reads = AtomicUsize::new(0);
    Wire::failing(move |request| {
        if let Some(granted) = token(request, "access-token") {
            return Ok(granted);
        }
        if reads.fetch_add(1, Ordering::SeqCst) < times { bad() } else { Ok(answer(200, NOBODY)) }
    })
}

async fn customers(provider: &Arc<dyn Provider>) -> Result<usize> {
    let query = CustomerQuery::default().deadline(Duration::from_secs(20));
    provider.list_customers(&query, &PageRequest::default()).await.map(|page| page.items.len())
}

fn with_header(mut response: Response<Body>, name: &'static str, value: &str) -> Response<Body> {
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}

fn fails(kind: TransportErrorKind) -> Answer {
    Err(TransportError::new(kind, "broken"))
}

/// H10, H11: what passes is asked for again.
#[test]
fn a_read_survives_what_passes() {
    let bad: [fn() -> Answer; 22] = [
        || Ok(answer(200, "<!doctype html><h1>back soon</h1>")),
        || Ok(with_header(answer(200, "<p>back soon"), "content-type", "text/html")),
        || Ok(answer(200, r#"{"Items":[{"Id":1},{"I"#)),
        || Ok(answer(200, "[")),
        || Ok(answer(200, "")),
        || Ok(with_header(answer(200, ""), "content-type", "application/json")),
        || Ok(answer(200, "\r\n \t")),
        || Ok(answer(200, vec![0; 4_096])),
        || Ok(answer(200, "{\"Items\":\0\0\0\0,\"content\":\0,\"customers\":\0}")),
        || Ok(with_header(answer(200, vec![0x1b, 0x10, 0, 0xf8, 0x25, 0, 0xa2]), "content-encoding", "br")),
        || Ok(with_header(answer(200, vec![0x78, 0x9c, 0x4b, 4, 0, 0, 0x62]), "content-encoding", "deflate")),
        || Ok(with_header(answer(200, vec![0x28, 0xb5, 0x2f, 0xfd, 0x20]), "content-encoding", "zstd")),
        || Ok(answer(200, "upstream connect error or disconnect/reset before headers")),
        || Ok(answer(200, "<?xml version=\"1.0\"?><error/>")),
        || Ok(answer(206, r#"{"Items":[{"Id":1},{"#)),
        || Ok(answer(403, "<html>Access denied, ray 7f</html>")),
        || Ok(answer(520, "<html>unknown error</html>")),
        || Ok(answer(522, "error code: 522")),
        || Ok(answer(526, "<html>invalid certificate</html>")),
        || fails(TransportErrorKind::Decode),
        || fails(TransportErrorKind::Interrupted),
        || {
            let torn = [
                Ok(Bytes::from_static(b"{\"Items\":")),
                Err(TransportError::new(TransportErrorKind::Interrupted, "torn")),
            ];
            Ok(Response::new(Body::from_stream(futures_util::stream::iter(torn))))
        },
    ];
    for (number, bad) in bad.into_iter().enumerate() {
        for vendor in Vendor::ALL {
            for times in [1, 3] {
                block_on(async {
                    let provider = connect(vendor, at_first(times, bad), &Login::default());
                    let found = customers(&provider).await;
                    assert_eq!(found.as_ref().ok(), Some(&0), "{vendor:?}, {number}: {found:?}");
                });
            }
            // One that never passes is told within the deadline, in one error.
            block_on(async {
                let provider = connect(vendor, at_first(usize::MAX, bad), &Login::default());
                let begun = tokio::time::Instant::now();
                judge(&customers(&provider).await.unwrap_err());
                assert!(begun.elapsed() <= Duration::from_secs(20), "{vendor:?}, {number}");
            });
        }
    }
}

/// An answer without content holds no list: it is told, and nothing is made of it.
#[test]
fn no_content_is_no_list() {
    for vendor in Vendor::ALL {
        for status in [204, 205] {
            let error = block_on(async {
                let provider =
                    connect(vendor, at_first(usize::MAX, move || Ok(answer(status, ""))), &Login::default());
                customers(&provider).await.unwrap_err()
            });
            assert_eq!(error.kind(), ErrorKind::Decode, "{vendor:?}: {error}");
        }
    }
}

/// H12: a token that was just obtained and is refused is renewed again, and not for ever.
#[test]
fn a_token_may_be_refused_twice_and_not_three_times() {
    for vendor in Vendor::ALL {
        for (refusals, survives) in [(1, true), (2, true), (3, false), (usize::MAX, false)] {
            block_on(async {
                let refused = at_first(refusals, || Ok(answer(401, r#"{"message":"token is not known"}"#)));
                let provider = connect(vendor, refused, &Login::default());
                let found = customers(&provider).await;
                assert_eq!(found.is_ok(), survives, "{vendor:?}, {refusals}: {found:?}");
                if let Err(error) = found {
                    let refused =
                        matches!(error.kind(), ErrorKind::Unauthenticated | ErrorKind::ReauthRequired);
                    assert!(refused && error.attempts() <= 4, "{error:?}");
                }
            });
        }
    }
}

/// H3: the same page for every number, whatever it declares.
#[test]
fn a_listing_that_gets_nowhere_ends() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let simulator = Simulator::builder().customers(30).start().await.unwrap();
        let faults = [
            simulator.crayon().faults().clone(),
            simulator.pax8().faults().clone(),
            simulator.streamone().faults().clone(),
        ];
        for (vendor, faults) in Vendor::ALL.into_iter().zip(faults) {
            for lie in [0, 1_000_000] {
                faults.clear();
                faults.add(
                    FaultRule::new("GET", "*", FaultAction::RepeatCursor).then(FaultAction::LieTotal(lie)),
                );
                let provider = simulated(&simulator, vendor, None);
                let query = CustomerQuery::default().priority(Priority::Bulk);
                let error =
                    provider.customers(query).page_size(5).prefetch(2).collect_all().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Incomplete, "{vendor:?}, {lie}: {error}");
            }
            faults.clear();
        }
    });
}

/// The same answer with this price wherever one stands.
fn priced(answer: Value, price: &Value) -> Value {
    match answer {
        Value::Object(members) => {
            let change = |(name, member): (String, Value)| {
                let lower = name.to_lowercase();
                let is_price =
                    ["price", "cost", "amount", "rate", "total"].iter().any(|word| lower.contains(word));
                let member =
                    if is_price && member.is_number() { price.clone() } else { priced(member, price) };
                (name, member)
            };
            Value::Object(members.into_iter().map(change).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| priced(item, price)).collect()),
        other => other,
    }
}

/// H14: prices as large as a decimal can be are read, and multiplied by nothing that makes them larger.
#[test]
fn prices_of_any_size_are_planned_or_refused() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let simulator = Simulator::builder().customers(6).start().await.unwrap();
        let faults = [
            simulator.crayon().faults().clone(),
            simulator.pax8().faults().clone(),
            simulator.streamone().faults().clone(),
        ];
        for (vendor, faults) in Vendor::ALL.into_iter().zip(faults) {
            let provider = simulated(&simulator, vendor, None);
            let commands = commands(vendor, &simulator, &provider).await;
            for price in [json!(7.9e28), json!(-7.9e28)] {
                faults.clear();
                faults.add(FaultRule::new(
                    "GET",
                    "*",
                    FaultAction::rewrite(move |answer| priced(answer, &price)),
                ));
                read_lists(&provider, false).await;
                for (number, command) in commands.iter().enumerate() {
                    let key = IdempotencyKey::derive("priced", [number.to_string()]);
                    if let Err(error) = provider.plan(command, &WriteOptions::new(key)).await {
                        judge(&error);
                    }
                }
            }
            faults.clear();
        }
    });
}

/// Everything that an observer heard, and how long the longest of it was.
#[derive(Debug, Default)]
struct Ear(Mutex<usize>);

impl Observer for Ear {
    fn event(&self, event: &Event) {
        let length = serde_json::to_string(event).unwrap().len().max(format!("{event:?}").len());
        let mut longest = self.0.lock().unwrap();
        *longest = length.max(*longest);
    }
}

fn causes(error: &Error) -> usize {
    let mut length = format!("{error:?}").len() + serde_json::to_string(error).unwrap().len();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        length += cause.to_string().len() + format!("{cause:?}").len();
        next = cause.source();
    }
    length
}

/// H9: names, keys, ids, words, codes, fields and headers of twenty kilobytes, where a record has tens of them.
#[test]
fn nothing_that_leaves_is_longer_than_a_page() {
    let long = "x".repeat(20_000);
    let record = format!(
        r#"{{"Id":{{"{long}":1}},"id":["{long}"],"{long}":{{"a":[]}},"Name":{{}},"name":{{"{long}":[]}},"status":"{long}","Status":"{long}","customerStatus":"{long}"}}"#
    );
    let list = format!(
        r#"{{"Items":[{record}],"TotalHits":"{long}","content":[{record}],"customers":[{record}],"items":[{record}]}}"#
    );
    let refusal = format!(
        r#"{{"message":"{long}","Message":"{long}","code":"{long}","ErrorCode":"{long}","error":"{long}","requestId":"{long}","title":"{long}","detail":"{long}","errors":[{{"field":"{long}","message":"{long}","code":"{long}"}}],"{long}":["{long}"]}}"#
    );
    for vendor in Vendor::ALL {
        for (status, body) in
            [(200, &list), (422, &refusal), (400, &refusal), (500, &refusal), (200, &refusal)]
        {
            let (header, body) = (long.clone(), body.clone());
            let wire = Wire::new(move |request: &Request<Bytes>| {
                token(request, "access-token").unwrap_or_else(|| {
                    let told = answer(status, body.clone());
                    let told = with_header(told, "x-request-id", &header);
                    with_header(with_header(told, "server", &header), "retry-after", &header)
                })
            });
            let ear = Arc::new(Ear::default());
            let hears = Arc::clone(&ear);
            on_small_stack(move || {
                block_on(async move {
                    let provider = observed(vendor, wire, &Login::default(), hears);
                    read_lists(&provider, true).await;
                    if let Err(error) = customers(&provider).await {
                        judge(&error);
                        assert!(causes(&error) < 300_000, "{}", causes(&error));
                    }
                });
            });
            let longest = *ear.0.lock().unwrap();
            assert!(longest > 0 && longest < 6_000, "{vendor:?}: {longest} bytes of one event");
        }
    }
}

/// H6: what is set and cannot be what was meant is refused by its name, and never counts as not set.
#[cfg(unix)]
#[test]
fn a_variable_that_is_blank_or_unreadable_is_refused_by_name() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;

    let bad: [&[u8]; 9] = [
        b"sandbox\xa0",
        b"\xff",
        b"",
        b" ",
        b"\t\r\n",
        "\u{a0}".as_bytes(),
        "\u{feff}".as_bytes(),
        "\u{feff}sandbox".as_bytes(),
        "sandbox\u{200b}".as_bytes(),
    ];
    for bad in bad {
        for suffix in
            ["ENVIRONMENT", "BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "PASSWORD", "REFRESH_TOKEN", "CURRENCY"]
        {
            let get = |name: &str| match variable(name, 1, &Login::default()) {
                _ if name.ends_with(suffix) => Some(OsString::from_vec(bad.to_vec())),
                other => other.map(OsString::from),
            };
            let results = [
                CrayonConfig::from_vars(get).err(),
                Pax8Config::from_vars(get).err(),
                StreamOneConfig::from_vars(get).err(),
            ];
            let errors: Vec<_> = results.into_iter().flatten().collect();
            let vendors = match suffix {
                "CLIENT_ID" | "CLIENT_SECRET" => 2,
                "PASSWORD" | "REFRESH_TOKEN" => 1,
                _ => 3,
            };
            assert_eq!(errors.len(), vendors, "{suffix}={bad:?}: {errors:?}");
            for error in errors {
                assert_eq!(error.kind(), ErrorKind::Config);
                assert!(error.to_string().contains(suffix), "{error}");
            }
        }
        for name in ["PROVIDER_TOKEN_KEY", "PROVIDER_TOKEN_DIR"] {
            let get = |asked: &str| match asked {
                "HOME" => Some(OsString::from("/home/example")),
                asked => (asked == name).then(|| OsString::from_vec(bad.to_vec())),
            };
            let error = FileTokenStore::from_vars(get).unwrap_err();
            assert!(error.kind() == ErrorKind::Config && error.to_string().contains(name), "{error}");
        }
    }
}
