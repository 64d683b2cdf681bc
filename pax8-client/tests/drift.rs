//! The API drifts: fields come and go, become `null`, change their spelling. No record is lost over it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use pax8_client::model::{
    Company, Contact, Dependencies, Invoice, InvoiceItem, Order, Pricing, Product, ProvisioningDetail,
    QuoteSummary, Subscription, UsageLine, UsageSummary, WebhookLog,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

const ID: &str = "6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01";

/// One example of every kind of record, and the members it cannot do without.
fn records() -> Vec<(&'static str, Value, &'static [&'static str])> {
    vec![
        (
            "company",
            json!({"id": ID, "name": "Harbor", "address": {"street": "5 Quay Road", "country": "US"}, "phone": "555", "website": "harbor.example.com", "externalId": "C-1", "billOnBehalfOfEnabled": false, "selfServiceAllowed": true, "orderApprovalRequired": false, "status": "Active", "updatedDate": "2026-02-11T11:33:12.314-0600", "contacts": [{"id": ID, "types": [{"type": "Admin", "primary": true}]}]}),
            &["id"],
        ),
        (
            "contact",
            json!({"id": ID, "firstName": "A", "lastName": "B", "email": "a@example.com", "phone": "1", "createdDate": "2026-03-01", "types": [{"type": "Admin", "primary": true}]}),
            &[],
        ),
        (
            "product",
            json!({"id": ID, "name": "Suite", "vendorName": "ExampleSoft", "shortDescription": "s", "sku": "S", "vendorSku": "V:1", "requiresCommitment": true}),
            &["id"],
        ),
        (
            "pricing",
            json!({"billingTerm": "Annual", "commitmentTerm": "1-Year", "commitmentTermInMonths": 12, "type": "Flat", "unitOfMeasurement": "User", "rates": [{"partnerBuyRate": 21.12, "suggestedRetailPrice": 26.4, "startQuantityRange": 1, "endQuantityRange": null, "chargeType": "Per Unit"}]}),
            &[],
        ),
        (
            "dependencies",
            json!({"commitmentDependencies": [{"id": ID, "term": "1-Year", "autoRenew": true}], "productDependencies": [{"name": "Requires", "products": [{"id": ID, "name": "Base", "requiresCommitment": true}]}]}),
            &[],
        ),
        (
            "provisioning",
            json!({"label": "Tenant?", "key": "k", "valueType": "Single-Value", "possibleValues": ["a", "b"]}),
            &[],
        ),
        (
            "order",
            json!({"id": ID, "companyId": ID, "createdDate": "2026-03-01", "orderedBy": "Pax8Partner", "isScheduled": false, "lineItems": [{"id": ID, "productId": ID, "subscriptionId": null, "billingTerm": "1-Time", "quantity": 12}]}),
            &[],
        ),
        (
            "subscription",
            json!({"id": ID, "companyId": ID, "productId": ID, "quantity": 12, "startDate": "2026-03-01T08:30:00Z", "createdDate": "2026-03-01", "billingStart": "2026-03-01", "status": "Active", "price": 264, "partnerCost": 211.2, "currencyCode": "USD", "billingTerm": "Annual", "commitment": {"id": ID, "term": "1-Year", "endDate": "2027-02-28T00:00:00.000Z"}}),
            &["id"],
        ),
        (
            "invoice",
            json!({"id": ID, "invoiceDate": "2026-04-01", "dueDate": "2026-04-15", "total": 4821.77, "balance": 0, "status": "Unpaid", "currencyCode": "USD"}),
            &["id"],
        ),
        (
            "item",
            json!({"id": ID, "type": "subscription", "companyId": ID, "startPeriod": "2026-04-01", "quantity": 15.5, "term": "Annual", "rateType": "Flat", "chargeType": "per", "price": 22, "total": 330}),
            &[],
        ),
        (
            "summary",
            json!({"id": ID, "companyId": ID, "currentCharges": 100.56, "partnerTotal": 86.456, "isTrial": false}),
            &["id"],
        ),
        (
            "webhook log",
            json!({"id": ID, "webhookId": ID, "webhookName": "w", "finalStatus": "SUCCESS", "createdAt": "2026-03-01T09:41:00Z", "callHistory": [{"id": ID, "timestamp": "2026-03-01T09:41:00Z", "status": "SUCCESS", "payload": {"a": 1}}]}),
            &["id"],
        ),
        (
            "quote",
            json!({"id": ID, "status": "draft", "client": {"id": ID, "name": "Harbor", "isShadowCompany": false}, "createdOn": "2026-03-01T09:41:00Z", "totals": {"initialTotal": {"amount": 12.5, "currency": "USD"}}, "lineItemCounts": {"total": 1}}),
            &["id"],
        ),
        (
            "line",
            json!({"usageDate": "2026-03-14", "productId": ID, "quantity": 3.25, "unitPrice": 0.12, "isTrial": false}),
            &[],
        ),
    ]
}

fn there_and_back<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    json: &str,
) -> Result<(), String> {
    let read: T = serde_json::from_str(json).map_err(|error| format!("{error}: {json}"))?;
    let written = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_str(&written).map_err(|error| format!("{error}: {written}"))?;
    if read == again { Ok(()) } else { Err(format!("{read:?} became {again:?}")) }
}

fn read(kind: &str, json: &str) -> Result<(), String> {
    match kind {
        "company" => there_and_back::<Company>(json),
        "contact" => there_and_back::<Contact>(json),
        "product" => there_and_back::<Product>(json),
        "pricing" => there_and_back::<Pricing>(json),
        "dependencies" => there_and_back::<Dependencies>(json),
        "provisioning" => there_and_back::<ProvisioningDetail>(json),
        "order" => there_and_back::<Order>(json),
        "subscription" => there_and_back::<Subscription>(json),
        "invoice" => there_and_back::<Invoice>(json),
        "item" => there_and_back::<InvoiceItem>(json),
        "summary" => there_and_back::<UsageSummary>(json),
        "line" => there_and_back::<UsageLine>(json),
        "webhook log" => there_and_back::<WebhookLog>(json),
        "quote" => there_and_back::<QuoteSummary>(json),
        other => panic!("{other}"),
    }
}

#[derive(Debug, Clone, Copy)]
enum Drift {
    Keep,
    Drop,
    Null,
    /// A number becomes text, text another word.
    Respell,
}

/// The record with its members drifted, and those of the records within it; their ids stay.
fn drifted(record: &Map<String, Value>, needed: &[&str], drifts: &[Drift]) -> Value {
    let within = |value: &Value| match value {
        Value::Object(record) => drifted(record, &["id"], drifts.get(1..).unwrap_or_default()),
        other => other.clone(),
    };
    let mut out = Map::new();
    for ((name, value), drift) in
        record.iter().zip(drifts.iter().cycle().chain(std::iter::repeat(&Drift::Keep)))
    {
        let drift = if needed.contains(&name.as_str()) { Drift::Keep } else { *drift };
        match (drift, value) {
            (Drift::Drop, _) => {}
            (Drift::Null, _) => {
                out.insert(name.clone(), Value::Null);
            }
            (Drift::Respell, Value::Number(number)) => {
                out.insert(name.clone(), json!(number.to_string()));
            }
            (Drift::Respell, Value::String(_)) => {
                out.insert(name.clone(), json!("Something new"));
            }
            (_, Value::Array(list)) => {
                out.insert(name.clone(), list.iter().map(within).collect());
            }
            _ => {
                out.insert(name.clone(), within(value));
            }
        }
    }
    out.insert("addedLater".to_owned(), json!({"deep": [1, "two", null]}));
    Value::Object(out)
}

proptest! {
    #[test]
    fn no_record_is_lost(
        drifts in prop::collection::vec(prop_oneof![Just(Drift::Keep), Just(Drift::Drop), Just(Drift::Null), Just(Drift::Respell)], 1..20)
    ) {
        for (kind, record, needed) in records() {
            let json = drifted(record.as_object().unwrap(), needed, &drifts).to_string();
            let outcome = read(kind, &json);
            prop_assert!(outcome.is_ok(), "{kind}: {outcome:?}");
        }
    }

    #[test]
    fn amounts_keep_every_digit(units in 0_u64..10_000_000_000_000, fraction in 0_u32..1_000_000_000) {
        let text = format!("{units}.{fraction:09}");
        let json = format!(r#"{{"id":"{ID}","total":{text}}}"#);
        let invoice: Invoice = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(invoice.total.unwrap().to_string(), text);
        prop_assert_eq!(serde_json::to_string(&invoice).unwrap(), json);
    }
}

#[test]
fn numbers_keep_their_text_both_ways() {
    for text in ["86.456", "12", "-0.10", "12345678901234567890.12"] {
        let json = format!(r#"{{"id":"{ID}","total":{text}}}"#);
        let invoice: Invoice = serde_json::from_str(&json).unwrap();
        assert_eq!(invoice.total.map(|total| total.to_string()).as_deref(), Some(text));
        assert_eq!(serde_json::to_string(&invoice).unwrap(), json);
    }
}

#[test]
fn absent_null_and_odd_types_are_put_up_with() {
    let json = format!(
        r#"{{"id":"{ID}","quantity":"1.50","productName":62701,"billingStart":"soon","provisioningDetails":null,"new":[1]}}"#
    );
    let record: Subscription = serde_json::from_str(&json).unwrap();
    assert_eq!(record.quantity.map(|quantity| quantity.to_string()).as_deref(), Some("1.50"));
    assert_eq!(record.product_name.as_deref(), Some("62701"));
    assert_eq!((record.billing_start, record.provisioning_details.len()), (None, 0));
    assert!(serde_json::from_str::<Subscription>(r#"{"id":null}"#).is_err());
}
