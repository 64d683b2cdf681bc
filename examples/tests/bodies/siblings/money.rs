//! Amounts, their currencies and the periods that they are for.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{hold, lost, report, subscription};
use crate::reader::Kind as K;
use crate::reader::Reader;
use crate::reader::Vendor::{Crayon, Pax8, StreamOne};

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
