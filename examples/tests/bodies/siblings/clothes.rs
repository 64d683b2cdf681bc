//! The same value in other clothes: words, flags, numbers and dates.

use serde_json::json;

use super::{hold, read, subscription};
use crate::reader::Kind as K;
use crate::reader::Vendor::{Crayon, Pax8, StreamOne};

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
