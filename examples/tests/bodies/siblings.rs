//! Facts that were wrong at one distributor, at the other two and in other members: the same meaning everywhere.

mod clothes;
mod money;

use provider_core::model::Entity as _;
use serde_json::{Value, json};

use crate::reader::Kind as K;
use crate::reader::Vendor::{Crayon, Pax8, StreamOne};
use crate::reader::{Kind, Reader, Vendor};

/// What a record is read as: of each one the record or its error.
fn read(vendor: Vendor, kind: Kind, record: &Value) -> Vec<Result<Value, String>> {
    Reader::new(vendor, kind).read(record).records
}

/// Every case of a table: where, a record, what to look at, and what stands there.
fn hold<P: AsRef<str>>(cases: Vec<(Vendor, Kind, Value, P, Value)>) {
    let mut wrong = Vec::new();
    for (vendor, kind, record, pointer, expected) in cases {
        let found = read(vendor, kind, &record);
        let pointer = pointer.as_ref();
        // ION lists what is owed to the partner after what the partner owes.
        let first = found.last().cloned().unwrap_or(Err("nothing was read".to_owned()));
        let told = match &first {
            Ok(read) => read.pointer(pointer).cloned().unwrap_or(Value::Null),
            Err(error) => json!(error),
        };
        if first.is_err() || told != expected {
            wrong.push(format!("{vendor:?} {kind:?} {record}: {pointer} is {told}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every record costs itself, and the error names the member.
fn lost(cases: Vec<(Vendor, Kind, Value, &str)>) {
    let mut wrong = Vec::new();
    for (vendor, kind, record, member) in cases {
        let found = read(vendor, kind, &record);
        let named = |error: &String| error.contains(member);
        if !found.iter().any(|one| one.as_ref().is_err_and(named)) {
            wrong.push(format!("{vendor:?} {kind:?} {record}: {member} is not named: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A subscription of each distributor with these members.
fn subscription(vendor: Vendor, members: Value) -> Value {
    let mut record = match vendor {
        Crayon => json!({ "Id": 610_001, "CustomerTenant": { "Id": 51_001 } }),
        Pax8 => json!({ "id": "5", "companyId": "6" }),
        StreamOne => json!({ "id": "4500123", "customerId": "310045" }),
    };
    let Value::Object(members) = members else { panic!("members are needed") };
    record.as_object_mut().unwrap().extend(members);
    record
}

/// One leaf of a report.
#[allow(clippy::needless_pass_by_value, reason = "what `json!` makes is handed on")]
fn report(entity: Value, data: Value) -> Value {
    json!({
        "entity": { "id": "310045", "type": "customer" },
        "lines": [{ "entity": { "id": "G-1", "type": "subscription" }, "lines": [{ "entity": entity, "data": data }] }],
    })
}

#[test]
fn a_day_is_the_day_that_was_written() {
    let until = |day: &str| json!(format!("{day}T00:00:00Z"));
    hold(vec![
        (
            Pax8,
            K::Invoice,
            json!({ "id": "1", "invoiceDate": "2026-03-01T00:00:00+01:00" }),
            "/issued_on",
            json!("2026-03-01"),
        ),
        (
            Pax8,
            K::Invoice,
            json!({ "id": "1", "dueDate": "2026-03-11T23:30:00.000-0600" }),
            "/due_on",
            json!("2026-03-11"),
        ),
        (
            Pax8,
            K::Order,
            json!({ "id": "1", "companyId": "2", "createdDate": "2026-03-01T23:30:00-0600", "lineItems": [] }),
            "/created_at",
            until("2026-03-01"),
        ),
        (
            Pax8,
            K::Subscription,
            subscription(Pax8, json!({ "billingStart": "2026-03-01T00:00:00+02:00" })),
            "/billing_starts_on",
            json!("2026-03-01"),
        ),
        (
            Pax8,
            K::UsageLine,
            json!({ "usageDate": "2026-03-14T22:00:00-0600" }),
            "/period/start",
            until("2026-03-14"),
        ),
        (
            StreamOne,
            K::Invoice,
            json!({ "id": "1", "billingStartDate": "2026-03-01T00:00:00+01:00", "billingEndDate": "2026-03-31T00:00:00+02:00" }),
            "/period",
            json!({ "start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z" }),
        ),
        (
            Crayon,
            K::Invoice,
            json!({ "InvoiceId": "1", "InvoiceDate": "2026-02-28T23:30:00-05:00" }),
            "/issued_on",
            json!("2026-02-28"),
        ),
    ]);
}

#[test]
fn an_id_that_was_never_set_is_none() {
    let order = |id: Value, customer: Value| json!({ "id": id, "companyId": customer, "lineItems": [] });
    lost(vec![
        (Pax8, K::Customer, json!({ "id": " ", "name": "Bakery" }), "id"),
        (Pax8, K::Product, json!({ "id": "", "name": "Suite" }), "id"),
        (Pax8, K::Subscription, json!({ "id": "5", "companyId": "" }), "companyId"),
        (Pax8, K::Subscription, json!({ "id": "", "companyId": "6" }), "id"),
        (Pax8, K::Order, order(json!("1"), json!(" ")), "companyId"),
        (Pax8, K::Order, order(json!(""), json!("6")), "id"),
        (Pax8, K::Invoice, json!({ "id": "", "total": 5 }), "id"),
        (Crayon, K::Customer, json!({ "Id": 0, "Name": "Bakery" }), "Id"),
        (Crayon, K::Subscription, json!({ "Id": 0, "CustomerTenant": { "Id": 1 } }), "Id"),
        (Crayon, K::Subscription, json!({ "Id": 1, "CustomerTenant": { "Id": 0 } }), "CustomerTenant"),
        (
            Crayon,
            K::Order,
            json!({ "ResellerCustomerId": 0, "ExternalOrderId": "1", "OrderLines": [] }),
            "ResellerCustomerId",
        ),
        (
            StreamOne,
            K::Customer,
            json!({ "name": "accounts/1/customers/", "customerOrganization": "Bakery" }),
            "name",
        ),
        (StreamOne, K::Subscription, json!({ "id": "0", "customerId": "2" }), "id"),
        (StreamOne, K::Subscription, json!({ "id": "4", "customerId": 0 }), "customerId"),
        (StreamOne, K::Invoice, json!({ "id": "0", "total": "5" }), "id"),
        (
            StreamOne,
            K::Order,
            json!({ "name": "accounts/1/customers//orders/3", "customerId": "0" }),
            "customerId",
        ),
    ]);
    hold(vec![
        (
            Crayon,
            K::Customer,
            json!({ "Id": 1, "InvoiceProfile": { "Id": 0 } }),
            "/invoice_profile",
            Value::Null,
        ),
        (Crayon, K::Customer, json!({ "Id": 1, "Organization": { "Id": 0 } }), "/organization", json!("7")),
        (Crayon, K::Statement, json!({ "Id": 1, "Organization": { "Id": 0 } }), "/organization", json!("7")),
        (Crayon, K::Usage, json!({ "AccountId": 0, "Amount": 5 }), "/customer", Value::Null),
        (Pax8, K::Subscription, subscription(Pax8, json!({ "productId": "" })), "/product/id", Value::Null),
        (
            Pax8,
            K::Subscription,
            subscription(Pax8, json!({ "parentSubscriptionId": " " })),
            "/parent",
            Value::Null,
        ),
        (
            Pax8,
            K::Order,
            json!({ "id": "1", "companyId": "2", "lineItems": [{ "subscriptionId": "", "productId": " " }] }),
            "/lines/0/subscription",
            Value::Null,
        ),
        (
            StreamOne,
            K::Subscription,
            subscription(StreamOne, json!({ "parentSubscriptionId": "0" })),
            "/parent",
            Value::Null,
        ),
        (
            StreamOne,
            K::Order,
            json!({ "name": "accounts/1/customers/2/orders/3", "orderId": "0", "customerId": "" }),
            "/id",
            json!("3"),
        ),
        (
            StreamOne,
            K::Order,
            json!({ "name": "accounts/1/customers/2/orders/3", "customerId": " " }),
            "/customer",
            json!("2"),
        ),
        (StreamOne, K::Invoice, json!({ "id": "1", "number": "" }), "/number", Value::Null),
        (Crayon, K::Statement, json!({ "Id": 1, "OrderId": "0" }), "/number", Value::Null),
        (Crayon, K::Statement, json!({ "Id": 1, "OrderId": 700 }), "/number", json!("700")),
        (StreamOne, K::Invoice, json!({ "id": "1", "customerId": 0 }), "/customer", Value::Null),
        (
            StreamOne,
            K::Line,
            json!({ "id": "1", "customerId": "77", "lines": [{}] }),
            "/customer",
            json!("77"),
        ),
    ]);
}

#[test]
fn a_number_of_units_that_cannot_be_read_costs_itself() {
    let mut cases = Vec::new();
    for odd in [json!("many"), json!({}), json!([5]), json!(true)] {
        for (vendor, member) in
            [(Crayon, "Quantity"), (Pax8, "quantity"), (StreamOne, "subscriptionTotalLicenses")]
        {
            let record = subscription(vendor, json!({ member: odd }));
            cases.push((vendor, K::Subscription, record, "/quantity", Value::Null));
        }
        let record = json!({ "Amount": 5, "Quantity": odd });
        cases.push((Crayon, K::StatementLine, record, "/cost/amount", json!("5")));
        let record = json!({ "id": "1", "amountDue": 5, "quantity": odd });
        cases.push((Pax8, K::Line, record, "/cost/amount", json!("5")));
        let record = report(json!({ "id": "s", "type": "sku" }), json!({ "cost": "5", "usage": odd }));
        cases.push((StreamOne, K::Usage, record, "/cost/amount", json!("5")));
    }
    hold(cases);
}

#[test]
fn a_line_that_is_refused_without_a_word_is_refused() {
    for reason in [json!({ "Code": 1001 }), json!({ "ReasonCode": "", "Description": " " })] {
        let line = json!({ "ProductId": "P", "SkuId": "1", "Quantity": 1, "Errors": [reason] });
        let record = json!({ "ResellerCustomerId": 1, "ExternalOrderId": "2", "OrderLines": [line] });
        hold(vec![
            (Crayon, K::Order, record.clone(), "/status", json!("failed")),
            (Crayon, K::Order, record, "/lines/0/error", json!("no reason was given")),
        ]);
    }
    let line = json!({ "quantity": 1, "errors": [{ "code": "", "detail": "no seats" }] });
    let record =
        json!({ "name": "accounts/1/customers/2/orders/3", "status": "ERROR", "orderItems": [line] });
    hold(vec![(StreamOne, K::Order, record, "/lines/0/error", json!("no seats"))]);
}

#[test]
fn an_offer_that_nothing_names_is_none() {
    let plan = json!({ "id": "", "billingPeriod": "MONTHLY" });
    let product = json!({ "name": "accounts/1/products/2", "definition": { "skus": [{ "id": "s", "plans": [plan] }] } });
    let line = json!({ "productId": "p", "skuId": "", "planId": "", "quantity": 1 });
    let order =
        json!({ "name": "accounts/1/customers/2/orders/3", "status": "COMPLETED", "orderItems": [line] });
    let part = json!({ "Id": 2, "PartNumber": "P:1" });
    let variant = json!({ "Id": 1, "PartNumber": "", "Product": part, "AvailableBillingCycleIds": [0, 1] });
    let row = json!({ "UniqueId": "1_1", "ProductVariant": variant });
    let bought = json!({ "productId": "p", "billingTerm": " ", "quantity": 1 });
    let of_pax8 = json!({ "id": "1", "companyId": "2", "lineItems": [bought] });
    hold(vec![
        (Crayon, K::Product, row.clone(), "/offers/0/id", json!("P:1/none/monthly")),
        (Crayon, K::Product, row, "/offers/1", Value::Null),
        (StreamOne, K::Product, product, "/offers", Value::Null),
        (
            StreamOne,
            K::Subscription,
            subscription(StreamOne, json!({ "subscriptionProductId": "", "subscriptionSkuId": "" })),
            "/product/sku",
            Value::Null,
        ),
        (StreamOne, K::Order, order, "/lines/0/offer", Value::Null),
        (Pax8, K::Order, of_pax8, "/lines/0/offer", Value::Null),
    ]);
}

#[test]
fn an_address_of_nothing_is_none() {
    let empty = json!({ "country": "" });
    hold(vec![
        (Pax8, K::Customer, json!({ "id": "1", "address": empty }), "/address", Value::Null),
        (Pax8, K::Customer, json!({ "id": "1", "address": {} }), "/address", Value::Null),
        (Pax8, K::Customer, json!({ "id": "1", "address": ["Street 1"] }), "/address", Value::Null),
        (
            StreamOne,
            K::Customer,
            json!({ "name": "accounts/1/customers/2", "customerAddress": { "street": " " } }),
            "/address",
            Value::Null,
        ),
    ]);
}

#[test]
fn what_is_optional_never_costs_its_record() {
    hold(vec![
        (Pax8, K::Customer, json!({ "id": "1" }), "/id", json!("1")),
        (Pax8, K::Product, json!({ "id": "1", "name": null }), "/id", json!("1")),
        (Crayon, K::Customer, json!({ "Id": 1 }), "/id", json!("1")),
        (Crayon, K::Product, json!({ "UniqueId": "1_1" }), "/id", json!("1_1")),
        (StreamOne, K::Customer, json!({ "name": "accounts/1/customers/2" }), "/id", json!("2")),
        (StreamOne, K::Product, json!({ "name": "accounts/1/products/2" }), "/id", json!("2")),
    ]);
}

#[test]
fn trials_ends_and_renewals_mean_the_same() {
    let trial = |vendor, members: Value| subscription(vendor, members);
    hold(vec![
        (
            Crayon,
            K::Subscription,
            trial(Crayon, json!({ "Status": 1, "IsTrial": true })),
            "/status",
            json!("trial"),
        ),
        (
            Crayon,
            K::Subscription,
            trial(Crayon, json!({ "Status": 4, "IsTrial": true })),
            "/status",
            json!("deleted"),
        ),
        (
            Crayon,
            K::Subscription,
            trial(Crayon, json!({ "Status": 4, "IsTrial": true })),
            "/trial",
            json!(true),
        ),
        (
            Pax8,
            K::Subscription,
            trial(Pax8, json!({ "status": "Active", "billingTerm": "TRIAL" })),
            "/status",
            json!("trial"),
        ),
        (
            Pax8,
            K::Subscription,
            trial(Pax8, json!({ "status": "Cancelled", "billingTerm": "Trial" })),
            "/status",
            json!("cancelled"),
        ),
        (
            Pax8,
            K::Subscription,
            trial(Pax8, json!({ "status": "Cancelled", "billingTerm": "Trial" })),
            "/trial",
            json!(true),
        ),
        (
            StreamOne,
            K::Subscription,
            trial(StreamOne, json!({ "subscriptionStatus": "ENABLED", "isTrial": true })),
            "/status",
            json!("trial"),
        ),
        (
            StreamOne,
            K::Subscription,
            trial(StreamOne, json!({ "subscriptionStatus": "expired", "isTrial": true })),
            "/trial",
            json!(true),
        ),
        (
            Crayon,
            K::Subscription,
            trial(Crayon, json!({ "EndDate": "2026-12-31", "AutoRenewEnabled": false })),
            "/renews_at",
            Value::Null,
        ),
        (
            Crayon,
            K::Subscription,
            trial(Crayon, json!({ "EndDate": "2026-12-31" })),
            "/renews_at",
            Value::Null,
        ),
        (
            StreamOne,
            K::Subscription,
            trial(StreamOne, json!({ "renewalDate": "2026-12-31" })),
            "/renews_at",
            Value::Null,
        ),
        (
            StreamOne,
            K::Subscription,
            trial(StreamOne, json!({ "renewalDate": "2026-12-31", "subscriptionRenewStatus": "auto off" })),
            "/ends_at",
            json!("2026-12-31T00:00:00Z"),
        ),
    ]);
}

#[test]
fn what_nothing_decides_is_not_said() {
    let product = |plan: Value| json!({ "name": "accounts/1/products/2", "definition": { "skus": [{ "id": "s", "plans": [plan] }] } });
    hold(vec![
        (StreamOne, K::Product, product(json!({ "id": "p" })), "/kind", Value::Null),
        (
            StreamOne,
            K::Product,
            product(json!({ "id": "p", "billingPeriod": "ONE_TIME" })),
            "/kind",
            json!("one_time"),
        ),
        (
            StreamOne,
            K::Product,
            product(json!({ "id": "p", "billingPeriod": "annual" })),
            "/kind",
            json!("seat"),
        ),
        (
            Crayon,
            K::Product,
            json!({ "UniqueId": "1_1", "ProductVariant": { "Id": 1 } }),
            "/kind",
            Value::Null,
        ),
        (Crayon, K::Line, json!({ "SkuValue": "A", "RowTotal": 5 }), "/quantity", Value::Null),
        (Pax8, K::Line, json!({ "id": "1", "amountDue": 5 }), "/quantity", Value::Null),
        (
            Pax8,
            K::Order,
            json!({ "id": "1", "companyId": "2", "lineItems": [{ "productId": "3" }] }),
            "/lines/0/quantity",
            Value::Null,
        ),
        (
            StreamOne,
            K::Order,
            json!({ "name": "accounts/1/customers/2/orders/3", "orderItems": [{ "productId": "p" }] }),
            "/lines/0/quantity",
            Value::Null,
        ),
        (
            Crayon,
            K::Order,
            json!({ "ResellerCustomerId": 1, "ExternalOrderId": "2", "OrderLines": [{}] }),
            "/lines/0/quantity",
            Value::Null,
        ),
        (
            Crayon,
            K::Subscription,
            subscription(Crayon, json!({ "PartNumber": "P:1", "BillingCycle": 1, "TermDuration": "" })),
            "/offer",
            json!("P:1/none/monthly"),
        ),
        (
            Crayon,
            K::Subscription,
            subscription(
                Crayon,
                json!({ "PartNumber": "P:1", "BillingCycle": 1, "TermDuration": "for life" }),
            ),
            "/offer",
            Value::Null,
        ),
    ]);
}

#[test]
fn every_entity_has_a_kind_of_record_here() {
    for kind in provider_core::EntityKind::ALL {
        let name = kind.plural().replace('_', " ");
        assert!(Kind::ALL.iter().any(|one| one.name() == name), "{name}");
    }
    assert_eq!(provider_core::Customer::KIND.plural(), Kind::Customer.name());
}
