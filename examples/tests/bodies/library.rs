//! The bodies: what the vendors' files and the notes show, told apart by the members they have.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::reader::{Kind, Vendor};

/// One record of an example.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) kind: Kind,
    pub(crate) record: Value,
    /// Where it stands.
    pub(crate) from: String,
}

/// The kinds that have to be among the bodies.
pub(crate) fn needed(vendor: Vendor) -> Vec<&'static str> {
    let mut kinds =
        vec!["customers", "products", "subscriptions", "orders", "invoices", "invoice lines", "usage"];
    // The lines of ION's invoices have no members that are documented.
    kinds.retain(|kind| vendor != Vendor::StreamOne || *kind != "invoice lines");
    if folder().is_none() {
        kinds.clear();
    }
    kinds
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("VENDOR_SPECS").map(PathBuf::from).filter(|folder| folder.is_dir());
    let required = std::env::var_os("VENDOR_SPECS_REQUIRED").is_some();
    assert!(folder.is_some() || !required, "VENDOR_SPECS names no folder");
    folder
}

/// Everything that is known of a vendor.
pub(crate) fn bodies(vendor: Vendor) -> Vec<Body> {
    let name = match vendor {
        Vendor::Crayon => "crayon",
        Vendor::Pax8 => "pax8",
        Vendor::StreamOne => "streamone",
    };
    let mut all: Vec<Body> = own(vendor)
        .into_iter()
        .map(|(kind, record)| Body { kind, record, from: "our own".to_owned() })
        .collect();
    if let Some(folder) = folder() {
        for (from, body) in
            notes(&folder.join(format!("{name}.md"))).into_iter().chain(examples(&folder.join(name)))
        {
            for record in records(body) {
                let kinds = kinds_of(vendor, &record);
                all.extend(kinds.into_iter().map(|kind| Body {
                    kind,
                    record: record.clone(),
                    from: from.clone(),
                }));
            }
        }
    }
    let mut seen = Vec::new();
    all.retain(|body| {
        let new = !seen.contains(&(body.kind.name(), body.record.to_string()));
        seen.push((body.kind.name(), body.record.to_string()));
        new
    });
    all
}

/// The JSON blocks of a page of notes.
fn notes(page: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    for (number, block) in text.split("```json\n").skip(1).enumerate() {
        let json = block.split("\n```").next().unwrap();
        let value = serde_json::from_str(json)
            .unwrap_or_else(|error| panic!("{}: block {number}: {error}", page.display()));
        found.push((format!("{}, block {}", page.file_name().unwrap().display(), number + 1), value));
    }
    assert!(!found.is_empty(), "{} has no examples", page.display());
    found
}

/// What the vendor's own files give as examples.
fn examples(folder: &Path) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let spec: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let name = path.file_name().unwrap().display().to_string();
            collect(&spec, &spec, &name, &mut found);
        }
    }
    found
}

fn collect(root: &Value, value: &Value, name: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                match (key.as_str(), inner) {
                    ("example", example) if example.is_object() => {
                        found.push((name.to_owned(), example.clone()));
                    }
                    ("examples", Value::Object(examples)) => {
                        for example in examples.values() {
                            let example = resolved(root, example);
                            found.extend(example.get("value").map(|value| (name.to_owned(), value.clone())));
                        }
                    }
                    _ => collect(root, inner, name, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(root, item, name, found)),
        _ => {}
    }
}

fn resolved<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(value)
}

/// The records that a body lists, or itself.
fn records(body: Value) -> Vec<Value> {
    const LISTS: [&str; 7] = ["Items", "content", "customers", "items", "orders", "products", "data"];
    let listed = LISTS.iter().find_map(|name| body.get(name)).filter(|_| body.get("id").is_none());
    let listed = listed.map(|list| list.get("invoice").unwrap_or(list));
    match listed {
        Some(Value::Array(items)) => items.clone(),
        _ => vec![body],
    }
}

/// What a record is, by the members that no other has.
fn kinds_of(vendor: Vendor, record: &Value) -> Vec<Kind> {
    let signs: &[(Kind, &[&str])] = match vendor {
        Vendor::Crayon => &[
            (Kind::Customer, &["Id", "CustomerTenantType"]),
            (Kind::WholeCustomer, &["Tenant", "Profile", "User"]),
            (Kind::Product, &["UniqueId", "ProductVariant"]),
            (Kind::Subscription, &["Id", "CustomerTenant", "Quantity"]),
            (Kind::Invoice, &["InvoiceId", "SalesAmount"]),
            (Kind::Statement, &["Id", "TotalSalesPrice"]),
            (Kind::Usage, &["AccountId", "Amount"]),
        ],
        Vendor::Pax8 => &[
            (Kind::Customer, &["id", "name", "billOnBehalfOfEnabled"]),
            (Kind::Product, &["id", "vendorName", "sku", "name"]),
            (Kind::Price, &["rates", "billingTerm"]),
            (Kind::Subscription, &["id", "companyId", "billingTerm", "startDate"]),
            (Kind::Order, &["id", "companyId", "lineItems"]),
            (Kind::Invoice, &["id", "dueDate", "total"]),
            (Kind::Line, &["costTotal", "companyId"]),
            (Kind::Usage, &["id", "currentCharges", "subscriptionId"]),
        ],
        Vendor::StreamOne => &[
            (Kind::Customer, &["name", "customerOrganization"]),
            (Kind::Product, &["name", "definition"]),
            (Kind::Subscription, &["id", "customerId", "subscriptionStatus"]),
            (Kind::Order, &["name", "orderItems"]),
            (Kind::Invoice, &["id", "billingStartDate"]),
            (Kind::Usage, &["entity", "lines"]),
        ],
    };
    let has = |name: &&str| record.get(name).is_some_and(|value| !value.is_null());
    // What is written has no id yet.
    let written =
        vendor == Vendor::Crayon && record["Tenant"].is_object() && record["Tenant"]["Id"].is_null();
    signs.iter().filter(|(_, signs)| !written && signs.iter().all(has)).map(|(kind, _)| *kind).collect()
}

/// Bodies of kinds that nobody documents, in the words of those who have seen them.
fn own(vendor: Vendor) -> Vec<(Kind, Value)> {
    match vendor {
        Vendor::Crayon => vec![
            (
                Kind::StatementLine,
                json!({
                    "ChargeType": "cancelProrate", "Amount": -13.55, "Quantity": 3, "UnitPrice": 4.5166, "Currency": "EUR",
                    "SubscriptionId": "5e6f7081-92a3-44b5-86c7-d8e9f0a1b2c3", "TenantPrimaryDomain": "bakery.example.com",
                    "CompanyName": "Example Bakery", "ProductId": "CFQ7TTC0LH18:0001", "OfferName": "Sample Suite",
                    "ChargeStartDate": "2026-08-01T00:00:00", "ChargeEndDate": "2026-09-01T00:00:00", "Unit": "Licenses",
                }),
            ),
            (
                Kind::StatementLine,
                json!({
                    "SummedAmount": 88.17, "CurrencyCode": "EUR", "Quantity": 12.5, "MeterName": "Compute",
                    "PeriodMonth": 7, "PeriodYear": 2026, "ResellerSalesPriceTotal": 99.5,
                }),
            ),
            (
                Kind::Line,
                json!({
                    "SkuValue": "CFQ7TTC0LH18:0001", "LineDescription": "Sample Suite", "Quantity": 12, "Price": 4.32,
                    "RowTotal": 51.84, "CurrencyCode": "EUR",
                }),
            ),
            (
                Kind::Order,
                json!({
                    "ResellerCustomerId": 51001, "ExternalOrderId": "900001",
                    "OrderLines": [{ "ProductId": "CFQ7TTC0LH18", "SkuId": "0001", "Quantity": 12, "BillingCycle": 1,
                        "TermDuration": "P1Y", "Type": 3 }],
                }),
            ),
            (
                Kind::Subscription,
                json!({
                    "Id": 610002, "CustomerTenant": { "Id": 51001 }, "Quantity": 5, "Status": 2, "BillingCycle": 2,
                    "PriceType": 2, "SalesPrice": 6.25, "IsTrial": true, "TermDuration": "P1Y", "AutoRenewEnabled": false,
                    "StartDate": "2026-01-01T00:00:00Z", "EndDate": "2026-12-31T23:59:59Z",
                    "Pricing": { "CurrencyCode": "EUR", "PurchasePrice": 4.32 },
                    "Subscriptions": [{ "Id": 610003, "Name": "Sample add-on", "Quantity": 5, "Status": 1 }],
                }),
            ),
        ],
        Vendor::Pax8 => vec![(
            Kind::Line,
            json!({
                "id": "1", "type": "prorate", "companyId": "2", "startPeriod": "2026-04-10", "endPeriod": "2026-04-30",
                "quantity": -2, "cost": 17.6, "costTotal": -24.64, "amountDue": -24.64, "subTotal": -30.8, "total": -30.8,
                "billingFee": 0.5, "salesTax": 0.25, "currencyCode": "USD", "subscriptionId": "3", "productId": "4",
            }),
        )],
        Vendor::StreamOne => vec![(
            Kind::Usage,
            json!({
                "entity": { "id": "310045", "type": "customer", "company": "Example Dental Group" },
                "lines": [{
                    "entity": { "id": "G-1", "type": "subscription", "cost_currency": "USD", "price_currency": "EUR" },
                    "lines": [
                        { "entity": { "id": "Core", "type": "meter", "name": "Compute" },
                          "data": { "price": "12.50", "cost": "10.25", "usage": "25.5", "unit": "hour" } },
                        { "entity": { "id": "Promo", "type": "meter", "is_credit": true, "credit_name": "Promotion" },
                          "data": { "price": "-2.50", "cost": "-2.50" } },
                    ],
                }],
            }),
        )],
    }
}
