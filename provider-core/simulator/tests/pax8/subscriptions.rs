//! Subscriptions: lists, changes, cancellation, history.

use std::collections::BTreeSet;
use std::time::Duration;

use provider_simulator::CommitmentKey;
use serde_json::{Value, json};

use crate::account::{Account, BACKUP, BASE, STORAGE, SUITE, keys, refused_field, rules, text};

const DAY: Duration = Duration::from_secs(86_400);

/// An active subscription of the suite under its yearly commitment, placed just now.
async fn fresh_suite(account: &Account, quantity: u32) -> String {
    account.pax8.set_early_subscription_ids(true);
    let order = account.suite_order(quantity, "fresh-example").await;
    let placed = account.post("/v1/orders", &order).await.expect(200);
    account.advance(Duration::from_secs(2));
    text(&placed["lineItems"][0], "subscriptionId")
}

/// A new token, for tests in which more than a day passes.
async fn renew(account: &mut Account) {
    let anonymous = crate::wire::Wire::new(account.pax8.base_url());
    let request = crate::account::token_request(&account.pax8);
    let token = anonymous.json("POST", "/v1/token", &request).await.expect(200);
    let bearer = format!("Bearer {}", text(&token, "access_token"));
    account.wire = anonymous.with("authorization", &bearer);
}

#[tokio::test]
async fn rows_are_summaries_of_what_get_answers() {
    let account = Account::open().await;
    for row in account.rows("/v1/subscriptions?size=200").await {
        let full = account.get(&format!("/v1/subscriptions/{}", text(&row, "id"))).await;
        assert!(row.get("vendorSkuId").is_none() && row.get("updatedDate").is_none());
        for name in keys(&row) {
            if matches!(name, "createdDate" | "endDate") {
                assert_eq!(row[name], full[name].as_str().unwrap()[..10], "lists tell the day only");
            } else {
                assert_eq!(row[name], full[name], "{name}");
            }
        }
        assert!(full.as_object().unwrap().contains_key("commitment"), "null where there is none");
        assert!(text(&full, "updatedDate").ends_with("-0600"));
        assert!(text(&full, "createdDate").ends_with(".000Z"));
    }
    let reply = account.wire.get("/v1/subscriptions/none").await;
    assert_eq!(reply.expect(404)["message"], "Subscription Not Found: none");
}

#[tokio::test]
async fn the_seed_has_the_statuses_and_filters_find_them() {
    let account = Account::open().await;
    let all = account.rows("/v1/subscriptions?size=200").await;
    let statuses: BTreeSet<String> = all.iter().map(|row| text(row, "status")).collect();
    let expected = ["Active", "Cancelled", "Converted", "PendingCancel", "PendingManual", "Trial"];
    assert_eq!(statuses.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    for (query, member, value) in [
        ("status=Cancelled", "status", "Cancelled".to_owned()),
        ("billingTerm=Annual", "billingTerm", "Annual".to_owned()),
        (
            &format!("productId={}", account.pax8.product_ids()[BACKUP]),
            "productId",
            account.pax8.product_ids()[BACKUP].clone(),
        ),
        (&format!("companyId={}", text(&all[0], "companyId")), "companyId", text(&all[0], "companyId")),
    ] {
        let rows = account.rows(&format!("/v1/subscriptions?size=200&{query}")).await;
        assert_eq!(rows.len(), all.iter().filter(|row| row[member] == value.as_str()).count());
        assert!(!rows.is_empty() && rows.len() < all.len(), "{query}");
    }
    let reply = account.wire.get("/v1/subscriptions?companyId=not-yours").await;
    let answer = reply.expect(403);
    assert_eq!(
        (&answer["type"], &answer["message"]),
        (&json!("FORBIDDEN"), &json!("Invalid companyId: not-yours"))
    );
    assert!(account.rows("/v1/subscriptions?productId=none").await.is_empty());
    assert_eq!(refused_field(&account.wire.get("/v1/subscriptions?status=active").await), "status");

    let sorted = account.rows("/v1/subscriptions?size=200&sort=quantity,desc").await;
    let quantities: Vec<i64> = sorted.iter().map(|row| row["quantity"].as_i64().unwrap()).collect();
    assert!(quantities.is_sorted_by(|left, right| left >= right));
}

#[tokio::test]
async fn the_commitment_goes_by_either_name() {
    let account = Account::open().await;
    let id = text(&account.subscription(SUITE, "Active").await, "id");
    let present = async || {
        let full = account.get(&format!("/v1/subscriptions/{id}")).await;
        (full["commitment"]["term"].clone(), full["commitmentTerm"]["term"].clone())
    };
    assert_eq!(present().await, (json!("1-Year"), Value::Null));
    account.pax8.set_commitment_key(CommitmentKey::Documented);
    assert_eq!(present().await, (Value::Null, json!("1-Year")));
    account.pax8.set_commitment_key(CommitmentKey::Both);
    assert_eq!(present().await, (json!("1-Year"), json!("1-Year")));
    account.pax8.set_currency("EUR");
    assert_eq!(account.get(&format!("/v1/subscriptions/{id}")).await["currencyCode"], "EUR");
}

#[tokio::test]
async fn an_update_changes_only_what_is_sent() {
    let account = Account::open().await;
    let row = account.subscription(BASE, "Active").await;
    let path = format!("/v1/subscriptions/{}", text(&row, "id"));
    let before = account.get(&path).await;
    let quantity = before["quantity"].as_i64().unwrap();
    let mut expected = before.clone();
    expected["quantity"] = json!(quantity + 3);
    expected["updatedDate"] = json!("2026-03-15T06:00:00.000-0600");
    assert_eq!(account.put(&path, &json!({"quantity": quantity + 3})).await.expect(200), expected);
    assert_eq!(account.get(&path).await, expected);

    expected["price"] = json!(7.25);
    assert_eq!(account.put(&path, &json!({"price": 7.25})).await.expect(200), expected);
    expected["billingTerm"] = json!("Annual");
    expected["partnerCost"] = json!(52.8);
    let changed = account.put(&path, &json!({"billingTerm": "Annual"})).await.expect(200);
    assert_eq!(changed, expected, "the cost follows the term, a price of one's own stays");

    let history = account.get(&format!("{path}/history")).await;
    assert_eq!(keys(&history), ["content"]);
    let terms: Vec<(Value, Value)> = history["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["quantity"].clone(), one["billingTerm"].clone()))
        .collect();
    let three_more = json!(quantity + 3);
    assert_eq!(
        terms,
        [
            (three_more.clone(), json!("Annual")),
            (three_more.clone(), json!("Monthly")),
            (three_more, json!("Monthly")),
            (json!(quantity), json!("Monthly")),
            // Two were added before the test began.
            (json!(quantity - 2), json!("Monthly")),
        ]
    );
    assert!(text(&history["content"][0], "createdDate").ends_with("-0600"));
}

#[tokio::test]
async fn the_history_of_a_seeded_subscription_begins_with_its_provisioning() {
    let account = Account::open().await;
    let id = text(&account.subscription(SUITE, "Active").await, "id");
    let history = account.rows(&format!("/v1/subscriptions/{id}/history")).await;
    let statuses: Vec<String> = history.iter().map(|one| text(one, "status")).collect();
    assert_eq!(statuses, ["Active", "PendingAutomated"]);
    assert_eq!(account.wire.get("/v1/subscriptions/none/history").await.status, 404);
}

#[tokio::test]
async fn updates_follow_the_rules() {
    let account = Account::open().await;
    let path = format!("/v1/subscriptions/{}", text(&account.subscription(BASE, "Active").await, "id"));
    let put = async |body: Value| account.put(&path, &body).await;
    for body in [json!({}), json!({"endDate": "2026-05-01T00:00:00Z"}), json!({"provisioningDetails": []})] {
        assert_eq!(rules(&put(body).await), ["one of price, billingTerm, quantity, startDate is needed"]);
    }
    for quantity in [json!(0), json!(-2), json!(2.5)] {
        let reply = put(json!({"quantity": quantity})).await;
        assert_eq!(reply.expect(422), json!({"errors": ["quantity must be greater than 0"]}));
    }
    assert_eq!(rules(&put(json!({"price": -1})).await), ["price must not be negative"]);
    assert_eq!(
        rules(&put(json!({"billingTerm": "3-Year"})).await),
        ["billingTerm is not available for this product"]
    );
    assert_eq!(
        rules(&put(json!({"quantity": 2, "provisioningDetails": [{"key": "x", "values": ["y"]}]})).await),
        ["x is not asked for this product"]
    );
    for name in ["id", "status", "partnerCost", "currencyCode", "commitment", "companyId"] {
        assert_eq!(refused_field(&put(json!({ name: 1, "quantity": 2 })).await), name);
    }
    assert_eq!(refused_field(&put(json!({"quantity": "2"})).await), "quantity");
    assert_eq!(refused_field(&put(json!({"startDate": "2026-03-01"})).await), "startDate");
    assert_eq!(account.put("/v1/subscriptions/none", &json!({"quantity": 1})).await.status, 404);
    for status in ["Cancelled", "PendingCancel", "PendingManual"] {
        let row = account.rows(&format!("/v1/subscriptions?status={status}")).await[0].clone();
        let reply =
            account.put(&format!("/v1/subscriptions/{}", text(&row, "id")), &json!({"quantity": 5})).await;
        assert_eq!(rules(&reply), [format!("a subscription that is {status} cannot be updated")]);
    }
    put(json!({"startDate": "2026-06-01T00:00:00Z"})).await.expect(200);
    assert_eq!(
        rules(&put(json!({"quantity": 5})).await),
        ["a subscription with a future date cannot be updated"]
    );
}

#[tokio::test]
async fn a_commitment_allows_decreases_in_its_first_week_only() {
    let mut account = Account::open().await;
    let id = fresh_suite(&account, 20).await;
    let path = format!("/v1/subscriptions/{id}");
    account.put(&path, &json!({"quantity": 18})).await.expect(200);
    account.advance(DAY * 7);
    renew(&mut account).await;
    let reply = account.put(&path, &json!({"quantity": 17})).await;
    assert_eq!(rules(&reply), ["the commitment does not allow to decrease the quantity"]);
    let grown = account.put(&path, &json!({"quantity": 60})).await.expect(200);
    // From 50 units on the list has a lower rate: 256.25, and 205 less five percent for this company.
    assert_eq!((&grown["price"], &grown["partnerCost"]), (&json!(256.25), &json!(194.75)));
    let reply = account.put(&path, &json!({"billingTerm": "Monthly"})).await;
    assert_eq!(rules(&reply), ["the billing term cannot change inside a commitment"]);
    // Nobody renews the term but the calendar: a year later the first week has come again.
    account.advance(DAY * 358 + Duration::from_secs(3600));
    renew(&mut account).await;
    account.put(&path, &json!({"quantity": 17})).await.expect(200);
}

#[tokio::test]
async fn provisioning_answers_are_replaced_as_a_whole() {
    let account = Account::open().await;
    let id = fresh_suite(&account, 5).await;
    let path = format!("/v1/subscriptions/{id}");
    let answers = |domain: &str| {
        json!({"quantity": 6, "provisioningDetails": [
            {"key": "exCustExists", "values": ["No, create one"]},
            {"key": "exDomain", "values": [domain]},
        ]})
    };
    account.put(&path, &answers("fresh-example")).await.expect(200);
    let half = json!({"quantity": 7, "provisioningDetails": [{"key": "exDomain", "values": ["x"]}]});
    assert_eq!(rules(&account.put(&path, &half).await), ["a value for exCustExists is needed"]);
    account.put(&path, &answers("renamed-example")).await.expect(200);
    let order = account.suite_order(1, "renamed-example").await;
    let reply = account.post("/v1/orders?isMock=true", &order).await;
    assert_eq!(rules(&reply), ["Line item 1: exDomain renamed-example is already in use"]);
}

#[tokio::test]
async fn a_cancellation_is_final_and_takes_a_while() {
    let account = Account::open().await;
    let path = format!("/v1/subscriptions/{}", text(&account.subscription(BASE, "Active").await, "id"));
    let reply = account.wire.delete(&path).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let pending = account.get(&path).await;
    assert_eq!(
        (&pending["status"], &pending["endDate"]),
        (&json!("PendingCancel"), &json!("2026-03-15T12:00:00Z"))
    );
    account.advance(Duration::from_secs(2));
    assert_eq!(account.get(&path).await["status"], "Cancelled");
    assert_eq!(rules(&account.wire.delete(&path).await), ["the subscription is Cancelled already"]);
    assert_eq!(account.wire.delete("/v1/subscriptions/none").await.status, 404);
}

#[tokio::test]
async fn a_cancellation_can_have_a_date() {
    let mut account = Account::open().await;
    let path = format!("/v1/subscriptions/{}", text(&account.subscription(BASE, "Active").await, "id"));
    for (query, field) in [
        ("cancelDate=2026-04-01", "cancelDate"),
        ("cancelDate=soon", "cancelDate"),
        ("date=2026-04-01T00:00:00Z", "date"),
    ] {
        assert_eq!(refused_field(&account.wire.delete(&format!("{path}?{query}")).await), field);
    }
    let past = account.wire.delete(&format!("{path}?cancelDate=2026-03-01T00:00:00Z")).await;
    assert_eq!(rules(&past), ["cancelDate is in the past"]);
    let reply = account.wire.delete(&format!("{path}?cancelDate=2026-04-01T00:00:00Z")).await;
    assert_eq!(reply.status, 204);
    account.advance(DAY * 16 + DAY / 2 - Duration::from_secs(1));
    renew(&mut account).await;
    let pending = account.get(&path).await;
    assert_eq!(
        (&pending["status"], &pending["endDate"]),
        (&json!("PendingCancel"), &json!("2026-04-01T00:00:00Z"))
    );
    assert_eq!(rules(&account.wire.delete(&path).await), ["the subscription is PendingCancel already"]);
    account.advance(Duration::from_secs(1));
    assert_eq!(account.get(&path).await["status"], "Cancelled");

    account.pax8.set_strict(false);
    let other = text(&account.subscription(BACKUP, "Active").await, "id");
    let reply = account.wire.delete(&format!("/v1/subscriptions/{other}?cancelDate=2026-05-01")).await;
    assert_eq!(reply.status, 204, "whether the live interface takes a plain date is not known");
}

#[tokio::test]
async fn a_commitment_is_left_in_its_first_week_or_at_its_end() {
    let mut account = Account::open().await;
    let id = fresh_suite(&account, 20).await;
    let path = format!("/v1/subscriptions/{id}");
    account.advance(DAY * 8);
    renew(&mut account).await;
    let early = ["the commitment does not allow to cancel before its end"];
    assert_eq!(rules(&account.wire.delete(&path).await), early);
    let reply = account.wire.delete(&format!("{path}?cancelDate=2027-03-13T23:59:59Z")).await;
    assert_eq!(rules(&reply), early);
    let reply = account.wire.delete(&format!("{path}?cancelDate=2027-03-14T00:00:00Z")).await;
    assert_eq!(reply.status, 204);
}

#[tokio::test]
async fn seeded_cancellations_and_trials_end_with_the_clock() {
    let mut account = Account::open().await;
    let count = async |account: &Account, status: &str| {
        account.get(&format!("/v1/subscriptions?status={status}")).await["page"]["totalElements"]
            .as_u64()
            .unwrap()
    };
    let before = count(&account, "Cancelled").await;
    let trials = count(&account, "Trial").await;
    let leaving = count(&account, "PendingCancel").await;
    assert!(trials > 0 && leaving > 0);
    account.advance(DAY * 60);
    renew(&mut account).await;
    assert_eq!(count(&account, "Cancelled").await, before + trials + leaving);
    assert_eq!(count(&account, "Trial").await, 0);
    let usage = account.subscription(STORAGE, "Active").await;
    assert_eq!(usage["status"], "Active");
}
