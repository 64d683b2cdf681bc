//! Every operation's answers against the vendor's own OpenAPI files.
//!
//! The files are not part of the project: `VENDOR_SPECS` names the folder that holds `pax8/`. Without it the test says that
//! it was skipped. What departs on purpose is listed, with the reason, and every entry must still occur.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::account::{Account, STORAGE, SUITE, text, token_request};
use crate::receiver::Receiver;
use crate::schema::{Departure, Document};
use crate::wire::{Reply, Wire, eventually};

/// Where, which keyword, why.
type Deliberate = (&'static str, &'static str, &'static str);

const AUTHENTICATION: &[Deliberate] = &[
    ("TokenResponse.scope", "undeclared", "shown in the vendor's pages, forgotten in the schema"),
    ("TokenResponse.expires_at", "undeclared", "shown in the vendor's pages, forgotten in the schema"),
];

const PARTNER: &[Deliberate] = &[
    ("Company.phone", "required", "list rows have none, nor has the vendor's own example"),
    ("Company.orderApprovalRequired", "required", "list rows have none, nor has the vendor's own example"),
    ("Company.updatedDate", "format", "the live interface writes offsets without a colon"),
    ("Contact.phoneNumber", "undeclared", "sent by the live interface"),
    ("Contact.phoneCountryCode", "undeclared", "sent by the live interface"),
    ("Contact.phoneCountryCallingCode", "undeclared", "sent by the live interface"),
    ("ProvisioningDetail.possibleValues", "type", "null for free text, as the schema's own description says"),
    ("Rate.endQuantityRange", "type", "null for an open range, as the schema's own description says"),
    ("Order.orderedBy", "enum", "reads say Pax8Partner for what is written with a space"),
    ("LineItem.companyId", "required", "named by mistake: the schema does not define it"),
    ("LineItem.subscriptionId", "type", "null until it is provisioned"),
    ("Subscription.parentSubscriptionId", "type", "null at the top level"),
    ("Subscription.endDate", "type", "null while it is open"),
    ("Subscription.endDate", "format", "lists write the day only"),
    ("Subscription.createdDate", "format", "lists write the day only, histories offsets without a colon"),
    ("Subscription.updatedDate", "format", "the live interface writes offsets without a colon"),
    ("Subscription.commitment", "undeclared", "the live name of commitmentTerm"),
    ("Invoice.status", "undeclared", "in the filter and in every example, forgotten in the schema"),
    ("InvoiceItem.subscriptionId", "type", "null for what has no subscription"),
    ("InvoiceItem.rateType", "enum", "the schema's values hold whole explanations"),
    ("UsageSummary.subscriptionId", "undeclared", "in the list's example, forgotten in the schema"),
    ("Error.errors", "undeclared", "the other shape in which the live interface tells errors"),
];

const WEBHOOKS: &[Deliberate] = &[];

struct Run<'a> {
    account: &'a Account,
    document: Document,
    prefix: &'static str,
    called: BTreeSet<String>,
}

impl Run<'_> {
    /// Checks a reply of an operation, given as the file writes its path.
    #[track_caller]
    fn check(&mut self, operation: &str, status: u16, reply: &Reply) -> Value {
        let answer = reply.expect(status);
        self.document.check(operation, status, &answer);
        if status < 400 {
            self.called.insert(operation.to_owned());
        }
        answer
    }

    async fn get(&mut self, operation: &str, target: &str) -> Value {
        let reply = self.account.wire.get(&format!("{}{target}", self.prefix)).await;
        self.check(&format!("GET {operation}"), 200, &reply)
    }

    async fn send(&mut self, operation: &str, status: u16, target: &str, body: &Value) -> Value {
        let (method, _) = operation.split_once(' ').unwrap();
        let target = format!("{}{target}", self.prefix);
        let reply = if body.is_null() {
            self.account.wire.send(method, &target, b"").await.unwrap()
        } else {
            self.account.wire.json(method, &target, body).await
        };
        self.check(operation, status, &reply)
    }

    /// Every operation was called, and the departures are exactly the listed ones.
    fn finish(self, deliberate: &[Deliberate]) {
        assert_eq!(self.document.operations(), self.called);
        let listed: BTreeSet<Departure> = deliberate
            .iter()
            .map(|(place, keyword, _)| ((*place).to_owned(), (*keyword).to_owned()))
            .collect();
        assert_eq!(listed.len(), deliberate.len(), "nothing is listed twice");
        assert_eq!(self.document.departures(), listed);
    }
}

/// The named file, or `None` with a line on stderr.
fn document(name: &str) -> Option<Document> {
    let Ok(folder) = std::env::var("VENDOR_SPECS") else {
        assert!(std::env::var_os("VENDOR_SPECS_REQUIRED").is_none(), "VENDOR_SPECS is unset");
        // Not `eprintln!`, whose output a passing test hides.
        let line = b"SKIPPED: VENDOR_SPECS does not name a folder with the vendor's OpenAPI files\n";
        std::io::stderr().write_all(line).unwrap();
        return None;
    };
    let path = Path::new(&folder).join("pax8").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(Document::parse(&text))
}

fn run<'a>(account: &'a Account, document: Document, prefix: &'static str) -> Run<'a> {
    Run { account, document, prefix, called: BTreeSet::new() }
}

#[tokio::test]
async fn tokens_are_as_the_vendor_says() {
    let Some(document) = document("pax8-authentication-openapi.json") else { return };
    let account = Account::open().await;
    let mut run = run(&account, document, "/v1");
    let wire = Wire::new(account.pax8.base_url());
    let mut request = token_request(&account.pax8);
    run.check("POST /token", 200, &wire.json("POST", "/v1/token", &request).await);
    request["client_secret"] = json!("wrong");
    run.check("POST /token", 401, &wire.json("POST", "/v1/token", &request).await);
    run.finish(AUTHENTICATION);
}

#[tokio::test]
async fn partner_answers_are_as_the_vendor_says() {
    let Some(document) = document("pax8-partner-endpoints-openapi.json") else { return };
    let account = Account::open().await;
    let mut run = run(&account, document, "/v1");
    companies(&mut run).await;
    products_and_orders(&mut run).await;
    subscriptions(&mut run).await;
    usage_and_invoices(&mut run).await;
    run.finish(PARTNER);
}

async fn companies(run: &mut Run<'_>) {
    run.get("/companies", "/companies?size=200").await;
    let company = json!({
        "name": "Harbor Supplies", "address": {"city": "Portland", "country": "US"}, "phone": "555-0111",
        "website": "https://harbor.example.com", "externalId": "C-1", "billOnBehalfOfEnabled": false,
        "selfServiceAllowed": false, "orderApprovalRequired": false,
    });
    let id = text(&run.send("POST /companies", 200, "/companies", &company).await, "id");
    run.send("POST /companies", 422, "/companies", &company).await;
    let one = format!("/companies/{id}");
    run.get("/companies/{companyId}", &one).await;
    run.send("GET /companies/{companyId}", 404, "/companies/none", &Value::Null).await;
    let change = json!({"phone": "555-0119"});
    run.send("PATCH /companies/{companyId}", 200, &one, &change).await;
    run.send("PATCH /companies/{companyId}", 422, &one, &change).await;

    let contact = json!({"firstName": "Test", "lastName": "Contact", "email": "it@harbor.example.com",
        "phone": "555-0112", "types": [{"type": "Admin", "primary": true}]});
    let contacts = format!("{one}/contacts");
    let operation = "/companies/{companyId}/contacts";
    let created = run.send(&format!("POST {operation}"), 200, &contacts, &contact).await;
    run.send(&format!("POST {operation}"), 422, &contacts, &json!({})).await;
    run.send(&format!("POST {operation}"), 404, "/companies/none/contacts", &contact).await;
    run.get(operation, &contacts).await;
    run.send(&format!("GET {operation}"), 404, "/companies/none/contacts", &Value::Null).await;
    let one = format!("{contacts}/{}", text(&created, "id"));
    let operation = "/companies/{companyId}/contacts/{contactId}";
    run.get(operation, &one).await;
    run.send(&format!("PUT {operation}"), 200, &one, &contact).await;
    run.send(&format!("PUT {operation}"), 422, &one, &json!({})).await;
    run.send(&format!("DELETE {operation}"), 422, &one, &Value::Null).await;
    let extra = run
        .send(
            "POST /companies/{companyId}/contacts",
            200,
            &contacts,
            &json!({"firstName": "A",
        "lastName": "B", "email": "a@harbor.example.com", "phone": "1"}),
        )
        .await;
    let extra = format!("{contacts}/{}", text(&extra, "id"));
    run.send(&format!("DELETE {operation}"), 204, &extra, &Value::Null).await;
    run.send(&format!("DELETE {operation}"), 404, &extra, &Value::Null).await;
}

async fn products_and_orders(run: &mut Run<'_>) {
    let account = run.account;
    run.get("/products", "/products").await;
    for product in account.pax8.product_ids() {
        run.get("/products/{productId}", &format!("/products/{product}")).await;
        for part in ["pricing", "dependencies", "provision-details"] {
            run.get(&format!("/products/{{productId}}/{part}"), &format!("/products/{product}/{part}")).await;
        }
    }
    run.send("GET /products/{productId}", 404, "/products/none", &Value::Null).await;
    let order = account.suite_order(12, "harbor-example").await;
    let placed = run.send("POST /orders", 200, "/orders", &order).await;
    run.send("POST /orders", 200, "/orders?isMock=true", &account.base_order(1).await).await;
    run.send("POST /orders", 422, "/orders?isMock=true", &order).await;
    run.get("/orders", "/orders?size=200").await;
    run.get("/orders/{orderId}", &format!("/orders/{}", text(&placed, "id"))).await;
    run.send("GET /orders/{orderId}", 404, "/orders/none", &Value::Null).await;
}

async fn subscriptions(run: &mut Run<'_>) {
    let account = run.account;
    let page = run.get("/subscriptions", "/subscriptions?size=200").await;
    run.send("GET /subscriptions", 403, "/subscriptions?companyId=none", &Value::Null).await;
    let operation = "/subscriptions/{subscriptionId}";
    for row in page["content"].as_array().unwrap() {
        run.get(operation, &format!("/subscriptions/{}", text(row, "id"))).await;
        let history = format!("/subscriptions/{}/history", text(row, "id"));
        run.get("/subscriptions/{subscriptionId}/history", &history).await;
    }
    let one = format!("/subscriptions/{}", text(&account.subscription(SUITE, "Active").await, "id"));
    run.send(&format!("PUT {operation}"), 200, &one, &json!({"quantity": 90})).await;
    run.send(&format!("PUT {operation}"), 422, &one, &json!({"quantity": 0})).await;
    run.send(&format!("PUT {operation}"), 422, &one, &json!({"quantity": 1})).await;
    run.send(&format!("PUT {operation}"), 404, "/subscriptions/none", &json!({"quantity": 1})).await;
    let storage = format!("/subscriptions/{}", text(&account.subscription(STORAGE, "Active").await, "id"));
    run.get("/subscriptions/{subscriptionId}/usage-summaries", &format!("{storage}/usage-summaries")).await;
    let last = account.rows("/v1/subscriptions?status=PendingManual").await[0].clone();
    let last = format!("/subscriptions/{}", text(&last, "id"));
    run.send(&format!("DELETE {operation}"), 204, &last, &Value::Null).await;
    run.send(&format!("DELETE {operation}"), 404, "/subscriptions/none", &Value::Null).await;
}

async fn usage_and_invoices(run: &mut Run<'_>) {
    let account = run.account;
    let storage = text(&account.subscription(STORAGE, "Active").await, "id");
    let summary = account.rows(&format!("/v1/subscriptions/{storage}/usage-summaries")).await[0].clone();
    let one = format!("/usage-summaries/{}", text(&summary, "id"));
    run.get("/usage-summaries/{usageSummaryId}", &one).await;
    let lines = "/usage-summaries/{usageSummaryId}/usage-lines";
    run.get(lines, &format!("{one}/usage-lines?usageDate=2026-03-02")).await;
    run.send(
        &format!("GET {lines}"),
        404,
        "/usage-summaries/none/usage-lines?usageDate=2026-03-02",
        &Value::Null,
    )
    .await;

    let page = run.get("/invoices", "/invoices").await;
    run.get("/invoices", "/invoices?invoiceDate=2020-01-01").await;
    for row in page["content"].as_array().unwrap() {
        let one = format!("/invoices/{}", text(row, "id"));
        run.get("/invoices/{invoiceId}", &one).await;
        run.get("/invoices/{invoiceId}/items", &format!("{one}/items?size=200")).await;
    }
    run.send("GET /invoices/{invoiceId}/items", 404, "/invoices/none/items", &Value::Null).await;
    run.get("/invoices/draftItems", "/invoices/draftItems?size=200").await;
    let operation = "GET /invoices/draftItems";
    run.send(operation, 422, "/invoices/draftItems?monthOffset=2", &Value::Null).await;
    run.send(operation, 404, "/invoices/draftItems?companyId=none", &Value::Null).await;
}

#[tokio::test]
async fn webhook_answers_are_as_the_vendor_says() {
    let Some(document) = document("pax8-webhooks-api-openapi.json") else { return };
    let account = Account::open().await;
    account.pax8.set_delivery_retry_pause(std::time::Duration::ZERO);
    let receiver = Receiver::answering(&[500, 500, 500, 200]).await;
    let mut run = run(&account, document, "/api/v2");
    let filter = json!({"action": "CREATED", "conditions": [
        {"field": "status", "operator": "IN", "value": ["Unpaid", "Paid"]}]});
    let body = json!({"displayName": "msp-sync", "url": receiver.url, "authorization": "Bearer EXAMPLE",
        "active": true, "contactEmail": "alerts@msp.example.com",
        "integrationId": "5be40d1c-2b3a-4e9f-90c1-b2a39e8f7001",
        "webhookTopics": [{"topic": "INVOICE", "filters": [filter]}]});
    let created = run.send("POST /webhooks", 200, "/webhooks", &body).await;
    run.send("POST /webhooks", 400, "/webhooks", &json!({})).await;
    let one = format!("/webhooks/{}", text(&created, "id"));
    account.pax8.issue_invoice();
    let log = eventually(async || {
        let logs = account.rows(&format!("/api/v2{one}/logs?status=FAILED")).await;
        logs.first().cloned()
    })
    .await;
    run.get("/webhooks", "/webhooks").await;
    run.get("/webhooks/{id}", &one).await;
    run.send("GET /webhooks/{id}", 404, "/webhooks/none", &Value::Null).await;
    run.get("/webhooks/topic-definitions", "/webhooks/topic-definitions").await;
    run.get("/webhooks/{webhookId}/logs", &format!("{one}/logs")).await;
    let log = format!("{one}/logs/{}", text(&log, "id"));
    run.get("/webhooks/{webhookId}/logs/{id}", &log).await;
    run.send("POST /webhooks/{webhookId}/logs/{logId}/retry", 202, &format!("{log}/retry"), &Value::Null)
        .await;
    run.send("POST /webhooks/{id}/status", 200, &format!("{one}/status"), &json!({"active": false})).await;
    let configuration = json!({"displayName": "renamed", "url": receiver.url});
    run.send("POST /webhooks/{id}/configuration", 200, &format!("{one}/configuration"), &configuration).await;
    let topic = json!({"topic": "COMPANY", "filters": []});
    run.send("POST /webhooks/{id}/topics", 200, &format!("{one}/topics"), &topic).await;
    let all = json!({"webhookTopics": [topic]});
    let replaced = run.send("PUT /webhooks/{id}/topics", 200, &format!("{one}/topics"), &all).await;
    let test = format!("{one}/topics/COMPANY/test");
    run.send("POST /webhooks/{id}/topics/{topic}/test", 200, &test, &Value::Null).await;
    let topic = format!("{one}/topics/{}", text(&replaced["webhookTopics"][0], "id"));
    let filters = json!({"filters": [filter]});
    let operation = "POST /webhooks/{id}/topics/{topicId}/configuration";
    run.send(operation, 200, &format!("{topic}/configuration"), &filters).await;
    run.send("DELETE /webhooks/{id}/topics/{topicId}", 204, &topic, &Value::Null).await;
    run.send("DELETE /webhooks/{id}", 204, &one, &Value::Null).await;
    let anonymous = Wire::new(account.pax8.base_url()).get("/api/v2/webhooks").await;
    run.check("GET /webhooks", 401, &anonymous);
    run.finish(WEBHOOKS);
}
