//! Facts that were wrong at one distributor, at the other two and in other members: the same meaning everywhere.

use std::collections::BTreeSet;

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
fn periods_are_half_open_whoever_writes_them() {
    let august = json!({ "start": "2026-08-01T00:00:00Z", "end": "2026-09-01T00:00:00Z" });
    let mut cases = Vec::new();
    for end in [
        "2026-08-31",
        "2026-09-01",
        "2026-08-31 23:59:59.000",
        "2026-09-01T00:00:00Z",
        "2026-08-31T23:59:59.999Z",
    ] {
        let start = "2026-08-01";
        let pax8 = json!({ "id": "1", "startPeriod": start, "endPeriod": end });
        let statement = json!({ "Id": 5, "StartDate": start, "EndDate": end });
        let record = json!({ "ChargeStartDate": start, "ChargeEndDate": end });
        let ion = json!({ "id": "1", "billingStartDate": start, "billingEndDate": end });
        cases.push((Pax8, K::Line, pax8, "/period", august.clone()));
        cases.push((Crayon, K::Statement, statement, "/period", august.clone()));
        cases.push((Crayon, K::StatementLine, record, "/period", august.clone()));
        cases.push((StreamOne, K::Invoice, ion, "/period", august.clone()));
    }
    let year = json!({ "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z" });
    for end in ["2026-12-31", "2027-01-01"] {
        let line = json!({ "id": "1", "startPeriod": "2026-01-01", "endPeriod": end });
        cases.push((Pax8, K::Line, line, "/period", year.clone()));
    }
    // A day beside the month says no time of its own.
    let record = json!({ "ChargeStartDate": "2026-08-01", "PeriodMonth": "08", "PeriodYear": 2026.0 });
    cases.push((Crayon, K::StatementLine, record, "/period", august));
    hold(cases);
}

#[test]
fn a_date_alone_is_a_value_and_so_is_a_number() {
    let first = json!("2026-01-01T00:00:00Z");
    let mut cases = Vec::new();
    for date in [
        json!("2026-01-01"),
        json!(1_767_225_600_000_u64),
        json!("1767225600"),
        json!("2026-01-01T00:00:00.000+0000"),
    ] {
        for (vendor, member, pointer) in [
            (Crayon, "StartDate", "/starts_at"),
            (Crayon, "EndDate", "/ends_at"),
            (Crayon, "CreationDate", "/created_at"),
            (Crayon, "CancellationAllowedUntilDate", "/cancellable_until"),
            (Pax8, "startDate", "/starts_at"),
            (Pax8, "endDate", "/ends_at"),
            (Pax8, "createdDate", "/created_at"),
            (Pax8, "updatedDate", "/updated_at"),
            (StreamOne, "subscriptionStartDate", "/starts_at"),
            (StreamOne, "subscriptionEndDate", "/ends_at"),
            (StreamOne, "lastUpdatedDate", "/updated_at"),
        ] {
            let record = subscription(vendor, json!({ member: date }));
            cases.push((vendor, K::Subscription, record, pointer, first.clone()));
        }
        let commitment = subscription(Pax8, json!({ "commitment": { "id": "c", "endDate": date } }));
        cases.push((Pax8, K::Subscription, commitment, "/commitment_ends_at", first.clone()));
        let invoice = json!({ "id": "1", "invoiceDate": date });
        cases.push((Pax8, K::Invoice, invoice, "/issued_on", json!("2026-01-01")));
        let invoice = json!({ "InvoiceId": "1", "InvoiceDate": date });
        cases.push((Crayon, K::Invoice, invoice, "/issued_on", json!("2026-01-01")));
        let customer = json!({ "name": "accounts/1/customers/2", "createTime": date });
        cases.push((StreamOne, K::Customer, customer, "/created_at", first.clone()));
    }
    hold(cases);
}

#[test]
fn a_currency_is_the_one_that_was_sent() {
    let mut cases = Vec::new();
    let (mut unheard, mut asserted) = (Vec::new(), BTreeSet::new());
    for (sent, currency, as_sent) in [
        (json!("kr"), Value::Null, json!("kr")),
        (json!("EURO"), Value::Null, json!("EURO")),
        (json!("usd"), json!("USD"), Value::Null),
        (json!(" EUR "), json!("EUR"), Value::Null),
        (json!(" "), json!("NOK"), Value::Null),
        (Value::Null, json!("NOK"), Value::Null),
    ] {
        let of = [
            (Crayon, K::Usage, json!({ "AccountId": 1, "Amount": 5, "CurrencyCode": sent }), "cost"),
            (
                Crayon,
                K::Invoice,
                json!({ "InvoiceId": "1", "SalesAmount": 5, "SalesCurrencyCode": sent }),
                "total",
            ),
            (Crayon, K::StatementLine, json!({ "Amount": 5, "Currency": sent }), "cost"),
            (
                Crayon,
                K::Statement,
                json!({ "Id": 5, "TotalSalesPrice": { "Value": 5, "CurrencyCode": sent } }),
                "total",
            ),
            (Pax8, K::Line, json!({ "id": "1", "amountDue": 5, "currencyCode": sent }), "cost"),
            (Pax8, K::Invoice, json!({ "id": "1", "total": 5, "currencyCode": sent }), "total"),
            (Pax8, K::Usage, json!({ "id": "1", "partnerTotal": 5, "currencyCode": sent }), "cost"),
            (
                Pax8,
                K::Subscription,
                subscription(Pax8, json!({ "price": 5, "currencyCode": sent })),
                "customer_price",
            ),
            (
                StreamOne,
                K::Subscription,
                subscription(StreamOne, json!({ "cost": 5, "currency": sent })),
                "cost",
            ),
            (StreamOne, K::Invoice, json!({ "id": "1", "total": "5", "currency": sent }), "total"),
            (
                StreamOne,
                K::Order,
                json!({ "name": "accounts/1/customers/2/orders/3", "total": 5, "currencyCode": sent }),
                "total",
            ),
            (
                StreamOne,
                K::Usage,
                report(json!({ "id": "m", "type": "meter", "cost_currency": sent }), json!({ "cost": "5" })),
                "cost",
            ),
        ];
        for (vendor, kind, record, field) in of {
            // Whoever has to mend it hears of what is no currency.
            if let Some(text) = as_sent.as_str() {
                let heard = Reader::new(vendor, kind).read(&record).told;
                let told = heard.iter().any(|told| *told == format!("Currency: {text}"));
                if !told {
                    unheard.push(format!("{vendor:?} {kind:?} {record}: {heard:?}"));
                }
                asserted.insert((vendor, kind));
            }
            let kept = format!("/{field}/currency_as_sent");
            cases.push((vendor, kind, record.clone(), format!("/{field}/currency"), currency.clone()));
            cases.push((vendor, kind, record, kept, as_sent.clone()));
        }
    }
    assert!(unheard.is_empty(), "{unheard:#?}");
    for vendor in [Crayon, Pax8, StreamOne] {
        assert_eq!(asserted.iter().filter(|(of, _)| *of == vendor).count(), 4, "{vendor:?}");
    }
    hold(cases);
}

#[test]
fn an_amount_that_cannot_be_read_is_an_error_and_names_its_member() {
    let mut cases = Vec::new();
    for amount in [json!("1.234,50"), json!("3,5"), json!("EUR 5"), json!({})] {
        cases.extend([
            (Crayon, K::Usage, json!({ "AccountId": 1, "Amount": amount }), "Amount"),
            (Crayon, K::Invoice, json!({ "InvoiceId": "1", "SalesAmount": amount }), "SalesAmount"),
            (Crayon, K::StatementLine, json!({ "SummedAmount": amount }), "SummedAmount"),
            (Crayon, K::Line, json!({ "SkuValue": "A", "RowTotal": amount }), "RowTotal"),
            (Crayon, K::Statement, json!({ "Id": 5, "TotalSalesPrice": { "Value": amount } }), "Value"),
            (Crayon, K::Subscription, subscription(Crayon, json!({ "SalesPrice": amount })), "SalesPrice"),
            (Pax8, K::Line, json!({ "id": "1", "amountDue": amount }), "amountDue"),
            (Pax8, K::Line, json!({ "id": "1", "amountDue": 1, "billingFee": amount }), "billingFee"),
            (Pax8, K::Invoice, json!({ "id": "1", "total": amount }), "total"),
            (Pax8, K::Usage, json!({ "id": "1", "partnerTotal": amount }), "partnerTotal"),
            (Pax8, K::Subscription, subscription(Pax8, json!({ "partnerCost": amount })), "partnerCost"),
            (StreamOne, K::Subscription, subscription(StreamOne, json!({ "cost": amount })), "cost"),
            (StreamOne, K::Invoice, json!({ "id": "1", "total": amount }), "total"),
            (
                StreamOne,
                K::Usage,
                report(json!({ "id": "m", "type": "meter" }), json!({ "cost": amount })),
                "cost",
            ),
        ]);
    }
    lost(cases);
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
fn words_are_the_same_in_any_spelling() {
    let mut cases = Vec::new();
    for (vendor, member, word, field, expected) in [
        (Pax8, "status", "PENDING_CANCEL", "/status", "pending_cancellation"),
        (Pax8, "status", "canceled", "/status", "cancelled"),
        (Pax8, "status", "waiting for details", "/status", "pending"),
        (Pax8, "billingTerm", "ONE_TIME", "/billing_cycle", "one_time"),
        (Pax8, "billingTerm", "2 year", "/billing_cycle", "biennial"),
        (Crayon, "Status", "Suspended", "/status", "suspended"),
        (Crayon, "Status", "customer_cancellation", "/status", "cancelled"),
        (Crayon, "BillingCycle", "monthly", "/billing_cycle", "monthly"),
        (StreamOne, "subscriptionStatus", "Canceled", "/status", "cancelled"),
        (StreamOne, "subscriptionStatus", "In Progress", "/status", "pending"),
        (StreamOne, "subscriptionBillingCycle", "one-time", "/billing_cycle", "one_time"),
        (StreamOne, "subscriptionBillingCycle", "Semi-Annual", "/billing_cycle", "semi_annual"),
        (StreamOne, "subscriptionBillingCycle", "YEARLY", "/billing_cycle", "annual"),
        (StreamOne, "subscriptionBillingTerm", "Semi Annual", "/commitment_term", "P6M"),
    ] {
        let record = subscription(vendor, json!({ member: word }));
        cases.push((vendor, K::Subscription, record, field, json!(expected)));
    }
    for (word, renews) in [("Auto Off", false), ("auto_on", true), ("Enabled", true)] {
        let record = subscription(StreamOne, json!({ "subscriptionRenewStatus": word }));
        cases.push((StreamOne, K::Subscription, record, "/auto_renew", json!(renews)));
    }
    hold(cases);
}

#[test]
fn flags_and_numbers_come_in_any_clothes() {
    let mut cases = Vec::new();
    for (flag, is) in [(json!("True"), true), (json!(1), true), (json!("0"), false), (json!("no"), false)] {
        cases.push((
            Crayon,
            K::Subscription,
            subscription(Crayon, json!({ "IsTrial": flag })),
            "/trial",
            json!(is),
        ));
        cases.push((
            StreamOne,
            K::Subscription,
            subscription(StreamOne, json!({ "isTrial": flag })),
            "/trial",
            json!(is),
        ));
        cases.push((Pax8, K::Usage, json!({ "id": "1", "isTrial": flag }), "/trial", json!(is)));
        let customer = json!({ "id": "1", "name": "a", "selfServiceAllowed": flag });
        cases.push((Pax8, K::Customer, customer, "/flags/self_service_allowed", json!(is)));
    }
    for number in [json!("4"), json!(4.0), json!("4.0"), json!(4)] {
        for (vendor, member) in
            [(Crayon, "Quantity"), (Pax8, "quantity"), (StreamOne, "subscriptionTotalLicenses")]
        {
            let found = read(vendor, K::Subscription, &subscription(vendor, json!({ member: number })));
            let quantity =
                found[0].as_ref().unwrap()["quantity"].as_str().map(|text| text.parse::<f64>().unwrap());
            assert_eq!(quantity, Some(4.0), "{vendor:?} {number}");
        }
    }
    hold(cases);
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
fn money_that_goes_back_is_said_by_one_rule() {
    let mut cases = Vec::new();
    for (word, amount, kind) in [
        ("cancelProrate", -13.55, "prorate"),
        ("Prorated purchase", 13.55, "prorate"),
        ("Customer Credit", -1.0, "credit"),
        ("refund", -1.0, "credit"),
        ("Cycle fee", -5.0, "credit"),
        ("Cycle fee", 5.0, "subscription"),
    ] {
        let record = json!({ "ChargeType": word, "Amount": amount });
        cases.push((Crayon, K::StatementLine, record, "/kind", json!(kind)));
    }
    for (word, amount, kind) in [
        ("Prorate", -5, "prorate"),
        ("SERVICE_CREDIT", -5, "credit"),
        ("subscription", -5, "credit"),
        ("one time", -5, "credit"),
        ("one-time", 5, "one_time"),
    ] {
        let line = json!({ "id": "1", "type": word, "amountDue": amount });
        cases.push((Pax8, K::Line, line, "/kind", json!(kind)));
    }
    cases.push((Crayon, K::Usage, json!({ "AccountId": 1, "Amount": "-5" }), "/kind", json!("credit")));
    cases.push((Pax8, K::Usage, json!({ "id": "1", "partnerTotal": -5 }), "/kind", json!("credit")));
    for entity in [
        json!({ "id": "m", "type": "meter", "is_credit": "true" }),
        json!({ "id": "m", "type": "meter", "is_credit": 1 }),
    ] {
        cases.push((StreamOne, K::Usage, report(entity, json!({ "cost": "5" })), "/kind", json!("credit")));
    }
    let negative = report(json!({ "id": "m", "type": "sku" }), json!({ "price": -5 }));
    cases.push((StreamOne, K::Usage, negative, "/kind", json!("credit")));
    hold(cases);
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
