//! Answers of all three distributors, broken: every read ends in records or in one typed error.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use provider_core::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, Page, PageRequest, ProductQuery, Provider,
    ReadOptions, Result, SubscriptionQuery, UsageQuery,
};

use crate::corpus::{answers, damage, damaged, nested};
use crate::wire::{Login, Vendor, Wire, connect};
use crate::{block_on, cases, ends, judge, on_small_stack};

const DEADLINE: Duration = Duration::from_secs(20);

fn page<T: std::fmt::Debug>(result: Result<Page<T>>) {
    match result {
        Ok(page) => {
            for item in page.items {
                if let Err(error) = item {
                    assert!(error.to_string().len() < 5_000, "{} bytes of error", error.to_string().len());
                    assert!(
                        error.raw.is_none_or(
                            |raw| serde_json::from_str::<serde::de::IgnoredAny>(raw.get()).is_ok()
                        )
                    );
                }
            }
        }
        Err(error) => judge(&error),
    }
}

fn record<T>(result: Result<T>) {
    if let Err(error) = result {
        judge(&error);
    }
}

/// Reads one page of every list.
pub(crate) async fn read_lists(provider: &Arc<dyn Provider>, raw: bool) {
    let first = PageRequest::default();
    macro_rules! list {
            ($($method:ident: $query:ident),+) => {$(
                page(provider.$method(&$query::default().raw(raw).deadline(DEADLINE), &first).await);
            )+};
        }
    list! {
        list_customers: CustomerQuery, list_products: ProductQuery, list_subscriptions: SubscriptionQuery,
        list_orders: OrderQuery, list_invoices: InvoiceQuery, list_invoice_lines: InvoiceLineQuery,
        list_usage: UsageQuery
    }
}

/// Reads one page of every list, and one record of each kind that can be asked for.
async fn read_everything(provider: &Arc<dyn Provider>) {
    for raw in [false, true] {
        read_lists(provider, raw).await;
        let options = ReadOptions::default().raw(raw).deadline(DEADLINE);
        record(provider.get_customer(&"1".into(), &options).await);
        record(provider.get_product(&"1".into(), &options).await);
        record(provider.get_subscription(&"1/1".into(), &options).await);
        record(provider.get_subscription(&"1".into(), &options).await);
        record(provider.get_order(&"1".into(), &options).await);
    }
}

fn survives(vendor: Vendor, body: Vec<u8>) {
    let about = body.clone();
    ends(&about, move || {
        block_on(async move {
            let provider = connect(vendor, Wire::always(body), &Login::default());
            read_everything(&provider).await;
            for check in provider.verify().await.checks {
                assert!(check.detail.len() < 12_000);
            }
        });
    });
}

#[test]
fn broken_answers_end_in_records_or_in_one_error() {
    for vendor in Vendor::ALL {
        let answers = answers(vendor);
        let strategy = (any::<prop::sample::Index>(), damage());
        TestRunner::new(cases(10))
            .run(&strategy, |(seed, damages)| {
                survives(vendor, damaged(seed.get::<Vec<u8>>(answers), &damages));
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{vendor:?}: {failure}"));
    }
}

/// Whatever is declared: no read goes on for the same page again and again, however much more is promised. Where no pause
/// passes, nothing else would end it.
#[test]
fn a_promise_of_more_that_never_comes_ends_every_read() {
    const TOTALS: [&str; 3] = ["18446744073709551615", "1767225600000", "9007199254740993"];
    for total in TOTALS {
        let record = r#"{"id":5,"Id":5,"name":"x","subscriptionId":"s","customerId":1,"uniqueId":"x"}"#;
        for rows in [record, "[]", r#"{"id":{},"Id":{}}"#] {
            survives(Vendor::Crayon, format!(r#"{{"Items":[{rows}],"TotalHits":{total}}}"#).into_bytes());
            survives(
                Vendor::Pax8,
                format!(
                    r#"{{"content":[{rows}],"page":{{"totalPages":{total},"totalElements":{total},"number":0}}}}"#
                )
                .into_bytes(),
            );
            for list in ["customers", "orders", "items", "data", "subscriptions"] {
                survives(
                    Vendor::StreamOne,
                    format!(
                        r#"{{"{list}":[{rows}],"nextPageToken":"a","totalCount":{total},"total":{total},"pagination":{{"totalCount":{total},"total":{total}}}}}"#
                    )
                    .into_bytes(),
                );
            }
        }
    }
}

#[test]
fn bytes_of_any_kind_end_in_one_error() {
    for vendor in Vendor::ALL {
        for body in [
            Vec::new(),
            b"null".to_vec(),
            b"\"text\"".to_vec(),
            b"<!doctype html><html></html>".to_vec(),
            b"\xff\xfe{\x00}\x00".to_vec(),
            vec![0; 4096],
            b"\xef\xbb\xbf[]".to_vec(),
            b"{\"Items\":[],\"content\":[],\"items\":[]}".to_vec(),
        ] {
            survives(vendor, body);
        }
        TestRunner::new(cases(8))
            .run(&proptest::collection::vec(any::<u8>(), 0..400), |body| {
                survives(vendor, body);
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{vendor:?}: {failure}"));
    }
}

/// Nesting that would overflow the stack of whoever follows it, in every place of every list.
#[test]
fn no_depth_overflows_a_small_stack() {
    for vendor in Vendor::ALL {
        for object in [false, true] {
            let deep = nested(object, 20_000);
            for body in [
                deep.clone(),
                format!(r#"{{"Items":[{deep}],"TotalHits":1}}"#),
                format!(r#"{{"content":[{deep}],"page":{{"totalElements":1}}}}"#),
                format!(r#"{{"content":[{{"id":"1","name":"x","token":{deep}}}],"page":{deep}}}"#),
                format!(r#"{{"items":[{{"id":1,"name":"token","value":{deep}}}]}}"#),
                format!(r#"{{"customers":[{{"name":"accounts/1/customers/1","x":{deep}}}]}}"#),
                format!(r#"{{"data":[{{"entity":{deep},"lines":{deep},"data":{deep}}}]}}"#),
                format!(r#"{{"id":1,"error":{deep},"message":{deep}}}"#),
            ] {
                on_small_stack(move || {
                    block_on(async move {
                        let provider = connect(vendor, Wire::always(body.into_bytes()), &Login::default());
                        read_lists(&provider, true).await;
                    });
                });
            }
        }
        // Deeper than anybody would write, where a record keeps its JSON and where it is refused.
        let deep = nested(false, 1_000_000);
        let list = match vendor {
            Vendor::Crayon => "Items",
            Vendor::Pax8 => "content",
            Vendor::StreamOne => "customers",
        };
        let body =
            format!(r#"{{"{list}":[{{"id":{{}},"Id":{{}},"name":"token","value":{deep},"x":{deep}}}]}}"#);
        on_small_stack(move || {
            block_on(async move {
                let provider = connect(vendor, Wire::always(body.into_bytes()), &Login::default());
                for raw in [false, true] {
                    let query = CustomerQuery::default().raw(raw).deadline(DEADLINE);
                    page(provider.list_customers(&query, &PageRequest::default()).await);
                }
            });
        });
    }
}

/// The token endpoint's answer is read as well, and whatever a verification looks at.
#[test]
fn a_verification_survives_every_depth() {
    for vendor in Vendor::ALL {
        for body in [
            nested(false, 1_000_000),
            nested(true, 300_000),
            format!(r#"[{{"id":{}}}]"#, nested(false, 500_000)),
        ] {
            on_small_stack(move || {
                block_on(async move {
                    let provider = connect(
                        vendor,
                        Wire::new(move |_| crate::wire::answer(200, body.clone())),
                        &Login::default(),
                    );
                    let verification = provider.verify().await;
                    assert!(!verification.ok(), "{vendor:?}");
                    for check in verification.checks {
                        assert!(check.detail.len() < 12_000);
                    }
                });
            });
        }
    }
}
