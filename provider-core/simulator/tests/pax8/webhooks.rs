//! Webhooks: management, topics, deliveries, logs, retries.

use std::time::Duration;

use serde_json::{Value, json};

use crate::account::{Account, keys, refused_field, text};
use crate::receiver::Receiver;
use crate::wire::eventually;

const SECRET: &str = "Bearer EXAMPLE_SHARED_VALUE";

fn webhook(url: &str, topics: &[&str]) -> Value {
    let topics: Vec<Value> = topics.iter().map(|topic| json!({"topic": topic, "filters": []})).collect();
    json!({"displayName": "msp-sync", "url": url, "authorization": SECRET, "active": true,
        "contactEmail": "alerts@msp.example.com", "errorThreshold": 3, "webhookTopics": topics})
}

async fn create(account: &Account, body: &Value) -> Value {
    account.pax8.set_delivery_retry_pause(Duration::ZERO);
    account.post("/api/v2/webhooks", body).await.expect(200)
}

fn path(webhook: &Value) -> String {
    format!("/api/v2/webhooks/{}", text(webhook, "id"))
}

/// The newest log of a webhook once its delivery is over.
async fn finished_log(account: &Account, webhook: &Value) -> Value {
    eventually(async || {
        let logs = account.rows(&format!("{}/logs", path(webhook))).await;
        let done = |log: &&Value| matches!(log["finalStatus"].as_str(), Some("SUCCESS" | "FAILED"));
        logs.first().filter(done).cloned()
    })
    .await
}

#[tokio::test]
async fn a_webhook_is_created_with_defaults_and_read_back() {
    let account = Account::open().await;
    let created = create(&account, &json!({"displayName": "plain"})).await;
    assert_eq!(
        keys(&created),
        [
            "accountId",
            "active",
            "createdAt",
            "displayName",
            "errorThreshold",
            "id",
            "updatedAt",
            "webhookTopics"
        ]
    );
    assert_eq!((&created["active"], &created["errorThreshold"]), (&json!(false), &json!(3)));
    assert_eq!(
        (&created["webhookTopics"], &created["createdAt"]),
        (&json!([]), &json!("2026-03-15T12:00:00.000Z"))
    );
    assert_eq!(account.get(&path(&created)).await, created);

    let full = create(&account, &webhook("https://hooks.msp.example.com/pax8", &["SUBSCRIPTION"])).await;
    assert_eq!(full["authorization"], SECRET, "the live interface answers the secret, too");
    assert_eq!(full["webhookTopics"][0]["topic"], "SUBSCRIPTION");
    let page = account.get("/api/v2/webhooks?sort=displayName:asc").await;
    assert_eq!(page["content"], json!([full, created]));
    assert_eq!(page["page"]["totalElements"], 2);
    for (query, rows) in [
        ("active=true", 1),
        ("topic=SUBSCRIPTION", 1),
        ("topic=INVOICE", 0),
        ("query=SYNC", 1),
        ("status=FAILED", 0),
        ("accountId=none", 0),
    ] {
        assert_eq!(account.rows(&format!("/api/v2/webhooks?{query}")).await.len(), rows, "{query}");
    }
    let reply = account.wire.delete(&path(&created)).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let gone = account.wire.get(&path(&created)).await.expect(404);
    assert_eq!((&gone["type"], &gone["status"]), (&json!("NOT_FOUND"), &json!(404)));
    assert_eq!(account.wire.delete(&path(&created)).await.status, 404);
}

#[tokio::test]
async fn bad_webhooks_are_refused_in_the_interfaces_own_words() {
    let account = Account::open().await;
    for (change, field) in [
        (json!({"displayName": null}), "displayName"),
        (json!({"errorThreshold": 21}), "errorThreshold"),
        (json!({"errorThreshold": 1.5}), "errorThreshold"),
        (json!({"url": "nowhere"}), "url"),
        (json!({"contactEmail": "nobody"}), "contactEmail"),
        (json!({"secret": "x"}), "secret"),
        (json!({"webhookTopics": [{"topic": "WEATHER", "filters": []}]}), "webhookTopics[0].topic"),
        (json!({"webhookTopics": [{"topic": "INVOICE"}]}), "webhookTopics[0].filters"),
        (
            json!({"webhookTopics": [{"topic": "INVOICE", "filters": []}, {"topic": "INVOICE", "filters": []}]}),
            "webhookTopics",
        ),
        (
            json!({"webhookTopics": [{"topic": "INVOICE", "filters": [{"action": "CREATED", "conditions": [
                {"field": "status", "operator": "LIKE", "value": ["x"]}]}]}]}),
            "webhookTopics[0].filters[0].conditions[0].operator",
        ),
    ] {
        let mut body = webhook("https://hooks.msp.example.com", &[]);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let reply = account.post("/api/v2/webhooks", &body).await;
        assert_eq!(refused_field(&reply), field);
        let answer = reply.json();
        assert_eq!(
            (&answer["type"], &answer["details"][0]["type"]),
            (&json!("BAD_REQUEST"), &json!("INVALID_PARAM"))
        );
    }
    assert_eq!(refused_field(&account.wire.get("/api/v2/webhooks?sort=displayName,asc").await), "sort");
    assert_eq!(refused_field(&account.wire.get("/api/v2/webhooks?limit=5").await), "limit");
    assert!(account.rows("/api/v2/webhooks").await.is_empty());
}

#[tokio::test]
async fn the_configuration_is_replaced_and_the_status_set_apart() {
    let account = Account::open().await;
    let created = create(&account, &webhook("https://hooks.msp.example.com", &["INVOICE"])).await;
    let one = path(&created);
    account.advance(Duration::from_secs(60));
    let body = json!({"url": "https://other.msp.example.com"});
    let changed = account.post(&format!("{one}/configuration"), &body).await.expect(200);
    assert_eq!((&changed["displayName"], &changed["url"]), (&json!("msp-sync"), &body["url"]));
    assert!(changed.get("authorization").is_none() && changed.get("contactEmail").is_none());
    assert_eq!((&changed["active"], &changed["webhookTopics"]), (&json!(true), &created["webhookTopics"]));
    assert_eq!(changed["updatedAt"], "2026-03-15T12:01:00.000Z");
    let off = account.post(&format!("{one}/status"), &json!({"active": false})).await.expect(200);
    assert_eq!(off["active"], false);
    assert_eq!(refused_field(&account.post(&format!("{one}/status"), &json!({})).await), "active");
    assert_eq!(account.post("/api/v2/webhooks/none/status", &json!({"active": true})).await.status, 404);
}

#[tokio::test]
async fn topics_are_added_replaced_configured_and_removed() {
    let account = Account::open().await;
    let created = create(&account, &webhook("https://hooks.msp.example.com", &["INVOICE"])).await;
    let topics = format!("{}/topics", path(&created));
    let names = |webhook: &Value| -> Vec<String> {
        webhook["webhookTopics"].as_array().unwrap().iter().map(|one| text(one, "topic")).collect()
    };
    let added = account.post(&topics, &json!({"topic": "COMPANY", "filters": []})).await.expect(200);
    assert_eq!(names(&added), ["INVOICE", "COMPANY"]);
    let again = account.post(&topics, &json!({"topic": "COMPANY", "filters": []})).await;
    assert_eq!(refused_field(&again), "topic");
    let id = text(&added["webhookTopics"][1], "id");
    let filters = json!([{"action": "UPDATED", "conditions": [
        {"field": "status", "operator": "EQUALS", "value": ["Active"]}]}]);
    let configured =
        account.post(&format!("{topics}/{id}/configuration"), &json!({"filters": filters})).await.expect(200);
    assert_eq!(configured["webhookTopics"][1], json!({"id": id, "topic": "COMPANY", "filters": filters}));
    assert_eq!(account.wire.delete(&format!("{topics}/{id}")).await.status, 204);
    assert_eq!(account.wire.delete(&format!("{topics}/{id}")).await.status, 404);
    let replaced = account
        .put(&topics, &json!({"webhookTopics": [{"topic": "SUBSCRIPTION", "filters": []}]}))
        .await
        .expect(200);
    assert_eq!(names(&replaced), ["SUBSCRIPTION"]);
    assert_eq!(refused_field(&account.put(&topics, &json!({})).await), "webhookTopics");
}

#[tokio::test]
async fn topic_definitions_are_paged_flat() {
    let account = Account::open().await;
    let page = account.get("/api/v2/webhooks/topic-definitions?size=2&page=1").await;
    assert_eq!(keys(&page), ["content", "number", "size", "totalElements", "totalPages"]);
    assert_eq!(
        (&page["number"], &page["totalElements"], &page["totalPages"]),
        (&json!(1), &json!(5), &json!(3))
    );
    assert_eq!(page["content"].as_array().unwrap().len(), 2);
    let one = account.rows("/api/v2/webhooks/topic-definitions?topic=SUBSCRIPTION").await;
    assert_eq!(keys(&one[0]), ["availableFilters", "description", "name", "samplePayload", "topic"]);
    assert_eq!(one[0]["samplePayload"]["webhookTopic"]["topic"], "SUBSCRIPTION");
    assert_eq!(account.rows("/api/v2/webhooks/topic-definitions?search=invo").await.len(), 1);
}

#[tokio::test]
async fn events_are_delivered_with_the_secret() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[204]).await;
    let created = create(&account, &webhook(&receiver.url, &["SUBSCRIPTION"])).await;
    account.pax8.set_early_subscription_ids(true);
    let order = account.base_order(3).await;
    let placed = account.post("/v1/orders", &order).await.expect(200);
    let delivery = receiver.wait_for(1).await[0].clone();
    assert_eq!((delivery.path.as_str(), delivery.authorization.as_deref()), ("/pax8?tenant=7", Some(SECRET)));
    let id = placed["lineItems"][0]["subscriptionId"].clone();
    assert_eq!(
        delivery.body,
        json!({
            "accountId": created["accountId"],
            "url": receiver.url,
            "webhookId": created["id"],
            "sentAt": "2026-03-15T12:00:00.000Z",
            "webhookTopic": created["webhookTopics"][0],
            "payloadData": {"id": id, "action": "CREATED", "companyId": order["companyId"],
                "status": "PendingAutomated", "quantity": "3"},
        })
    );
    account.advance(Duration::from_secs(2));
    account.pax8.settle();
    let settled = receiver.wait_for(2).await[1].body["payloadData"].clone();
    assert_eq!((&settled["action"], &settled["status"]), (&json!("UPDATED"), &json!("Active")));
    assert_eq!(account.wire.delete(&format!("/v1/subscriptions/{}", id.as_str().unwrap())).await.status, 204);
    account.advance(Duration::from_secs(2));
    account.pax8.settle();
    let actions: Vec<String> =
        receiver.wait_for(4).await.iter().map(|one| text(&one.body["payloadData"], "action")).collect();
    let count = |wanted: &str| actions.iter().filter(|action| *action == wanted).count();
    assert_eq!((count("CREATED"), count("UPDATED"), count("CANCELLED")), (1, 2, 1));

    let log = finished_log(&account, &created).await;
    assert_eq!(keys(&log), ["callHistory", "createdAt", "finalStatus", "id", "webhookId", "webhookName"]);
    assert_eq!((&log["webhookName"], &log["finalStatus"]), (&json!("msp-sync"), &json!("SUCCESS")));
    assert_eq!(log["callHistory"][0]["httpStatusCode"], 204);
    assert_eq!(log["callHistory"][0]["payload"]["webhookId"], created["id"]);
    let one = format!("{}/logs/{}", path(&created), text(&log, "id"));
    assert_eq!(account.get(&one).await, log);
    let seen = eventually(async || {
        let webhook = account.get(&path(&created)).await;
        webhook.get("lastDeliveryStatus").cloned()
    })
    .await;
    assert_eq!(seen, "SUCCESS");
}

#[tokio::test]
async fn filters_and_the_status_decide_what_is_delivered() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[200]).await;
    let filter = |field: &str, operator: &str, value: &str| {
        json!([{"topic": "SUBSCRIPTION", "filters": [{"action": "UPDATED", "conditions": [
            {"field": field, "operator": operator, "value": [value]}]}]}])
    };
    let mut body = webhook(&receiver.url, &[]);
    body["webhookTopics"] = filter("quantity", "GREATER_THAN", "99");
    let created = create(&account, &body).await;
    let idle = create(
        &account,
        &json!({"displayName": "idle", "url": receiver.url, "webhookTopics": [
        {"topic": "SUBSCRIPTION", "filters": []}]}),
    )
    .await;
    let row = account.subscription(crate::account::BASE, "Active").await;
    let subscription = format!("/v1/subscriptions/{}", text(&row, "id"));
    for quantity in [98, 99, 100, 101] {
        account.put(&subscription, &json!({"quantity": quantity})).await.expect(200);
    }
    let quantities: Vec<String> =
        receiver.wait_for(2).await.iter().map(|one| text(&one.body["payloadData"], "quantity")).collect();
    assert!(
        quantities.contains(&"100".to_owned()) && quantities.contains(&"101".to_owned()),
        "{quantities:?}"
    );
    assert_eq!(account.rows(&format!("{}/logs", path(&created))).await.len(), 2);
    assert!(account.rows(&format!("{}/logs", path(&idle))).await.is_empty(), "it was never activated");
}

#[tokio::test]
async fn companies_and_invoices_are_told_too() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[200]).await;
    create(&account, &webhook(&receiver.url, &["COMPANY", "INVOICE"])).await;
    let company = account.company(0).await;
    account.patch(&format!("/v1/companies/{company}"), &json!({"phone": "555-0000"})).await.expect(200);
    let data = receiver.wait_for(1).await[0].body["payloadData"].clone();
    assert_eq!(data, json!({"id": company, "action": "UPDATED", "status": "Active"}));
    let invoice = account.pax8.issue_invoice();
    let delivery = receiver.wait_for(2).await[1].body.clone();
    assert_eq!(delivery["webhookTopic"]["topic"], "INVOICE");
    assert_eq!(delivery["payloadData"], json!({"id": invoice, "action": "CREATED", "status": "Unpaid"}));
}

#[tokio::test]
async fn a_failing_receiver_is_tried_three_times_and_on_demand() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[500, 500, 500, 200]).await;
    let created = create(&account, &webhook(&receiver.url, &["INVOICE"])).await;
    account.pax8.issue_invoice();
    receiver.wait_for(3).await;
    let log = finished_log(&account, &created).await;
    assert_eq!(log["finalStatus"], "FAILED");
    let calls = log["callHistory"].as_array().unwrap();
    assert_eq!(calls.len(), 3);
    assert_eq!((&calls[0]["status"], &calls[0]["httpStatusCode"]), (&json!("FAILED"), &json!(500)));
    assert_eq!(calls[0]["errorMessage"], "the receiver answered 500");
    assert_eq!(account.rows("/api/v2/webhooks?status=FAILED").await.len(), 1);

    let logs = format!("{}/logs", path(&created));
    let retry = format!("{logs}/{}/retry", text(&log, "id"));
    let reply = account.wire.send("POST", &retry, b"").await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (202, 0));
    let sent = receiver.wait_for(4).await;
    assert_eq!(sent[3].body, sent[0].body, "the same event once more");
    let log = finished_log(&account, &created).await;
    assert_eq!((&log["finalStatus"], log["callHistory"].as_array().unwrap().len()), (&json!("SUCCESS"), 4));
    assert_eq!(account.wire.send("POST", &retry, b"").await.unwrap().status, 400, "it has succeeded");
    assert_eq!(account.wire.send("POST", &format!("{logs}/none/retry"), b"").await.unwrap().status, 404);

    let found = async |query: &str| account.rows(&format!("{logs}?{query}")).await.len();
    assert_eq!(found("status=SUCCESS&topicName=INVOICE").await, 1);
    assert_eq!(found("status=FAILED").await, 0);
    assert_eq!(found("startDate=2026-03-15&endDate=2026-03-16&sort=createdAt:desc").await, 1);
    assert_eq!(found("startDate=2026-03-16T00:00:00Z").await, 0);
}

#[tokio::test]
async fn the_threshold_lowers_the_attempts_and_no_receiver_is_a_failure() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[503]).await;
    let mut body = webhook(&receiver.url, &["INVOICE"]);
    body["errorThreshold"] = json!(1);
    let once = create(&account, &body).await;
    let outside = create(&account, &webhook("https://hooks.msp.example.com/pax8", &["INVOICE"])).await;
    account.pax8.issue_invoice();
    let log = finished_log(&account, &once).await;
    assert_eq!(log["callHistory"].as_array().unwrap().len(), 1);
    let log = finished_log(&account, &outside).await;
    assert_eq!(log["finalStatus"], "FAILED");
    let message = text(&log["callHistory"][0], "errorMessage");
    assert_eq!(message, "the simulator delivers to http addresses on this machine only");
}

#[tokio::test]
async fn a_test_sends_the_sample_of_a_topic() {
    let account = Account::open().await;
    let receiver = Receiver::answering(&[200]).await;
    let mut body = webhook(&receiver.url, &["INVOICE"]);
    body["active"] = json!(false);
    let created = create(&account, &body).await;
    let test = format!("{}/topics/INVOICE/test", path(&created));
    let answer = account.wire.send("POST", &test, b"").await.unwrap().expect(200);
    assert_eq!(keys(&answer), ["samplePayload", "url", "webhook"]);
    assert_eq!((&answer["url"], &answer["webhook"]["id"]), (&json!(receiver.url), &created["id"]));
    assert_eq!(receiver.wait_for(1).await[0].body, answer["samplePayload"]);
    let unknown = format!("{}/topics/WEATHER/test", path(&created));
    assert_eq!(account.wire.send("POST", &unknown, b"").await.unwrap().status, 400);
    let bare = create(&account, &json!({"displayName": "bare"})).await;
    let reply =
        account.wire.send("POST", &format!("{}/topics/INVOICE/test", path(&bare)), b"").await.unwrap();
    assert_eq!(refused_field(&reply), "url");
}
