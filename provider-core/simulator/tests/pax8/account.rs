//! An authorized client of one simulated account, with short cuts to its records.

use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_simulator::{Handle, Pax8, Simulator};
use serde_json::{Value, json};

use crate::wire::{Reply, Wire};

/// The places of the seeded products in `product_ids`.
pub(crate) const SUITE: usize = 0;
pub(crate) const BASE: usize = 1;
pub(crate) const SHIELD: usize = 2;
pub(crate) const STORAGE: usize = 3;
pub(crate) const BACKUP: usize = 4;
pub(crate) const MIGRATION: usize = 5;
pub(crate) const SUPPORT: usize = 6;

/// 2026-03-15 12:00 UTC: the simulated time at which every test starts.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_773_576_000, 0).unwrap()
}

/// A simulator and a client with a token.
pub(crate) struct Account {
    pub(crate) sim: Simulator,
    pub(crate) pax8: Handle<Pax8>,
    pub(crate) wire: Wire,
}

/// What the token endpoint wants.
pub(crate) fn token_request(pax8: &Handle<Pax8>) -> Value {
    json!({
        "client_id": pax8.client_id(),
        "client_secret": pax8.client_secret(),
        "audience": "https://api.pax8.com",
        "grant_type": "client_credentials",
    })
}

impl Account {
    pub(crate) async fn open() -> Self {
        Self::with_customers(25).await
    }

    pub(crate) async fn with_customers(customers: usize) -> Self {
        let sim = Simulator::builder().customers(customers).fixed_time(noon()).start().await.unwrap();
        let pax8 = sim.pax8();
        let anonymous = Wire::new(pax8.base_url());
        let token = anonymous.json("POST", "/v1/token", &token_request(&pax8)).await.expect(200);
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        Self { wire: anonymous.with("authorization", &bearer), sim, pax8 }
    }

    /// The body of a GET that must succeed.
    pub(crate) async fn get(&self, target: &str) -> Value {
        self.wire.get(target).await.expect(200)
    }

    /// The rows of a list.
    pub(crate) async fn rows(&self, target: &str) -> Vec<Value> {
        self.get(target).await["content"].as_array().unwrap().clone()
    }

    pub(crate) async fn post(&self, target: &str, body: &Value) -> Reply {
        self.wire.json("POST", target, body).await
    }

    pub(crate) async fn put(&self, target: &str, body: &Value) -> Reply {
        self.wire.json("PUT", target, body).await
    }

    pub(crate) async fn patch(&self, target: &str, body: &Value) -> Reply {
        self.wire.json("PATCH", target, body).await
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.sim.clock().advance(by);
    }

    /// The id of the company at a place of the seeded list.
    pub(crate) async fn company(&self, place: usize) -> String {
        text(&self.rows("/v1/companies?size=200").await[place], "id")
    }

    /// The first subscription of a product in a status.
    pub(crate) async fn subscription(&self, product: usize, status: &str) -> Value {
        let product = &self.pax8.product_ids()[product];
        self.rows(&format!("/v1/subscriptions?productId={product}&status={status}")).await[0].clone()
    }

    /// The id of the commitment of this term that the suite has.
    pub(crate) async fn commitment(&self, term: &str) -> String {
        let suite = &self.pax8.product_ids()[SUITE];
        let answer = self.get(&format!("/v1/products/{suite}/dependencies")).await;
        let all = answer["commitmentDependencies"].as_array().unwrap().clone();
        text(all.iter().find(|one| one["term"] == term).unwrap(), "id")
    }

    /// A valid order of one line of the base plan.
    pub(crate) async fn base_order(&self, quantity: u32) -> Value {
        json!({
            "companyId": self.company(0).await,
            "orderedBy": "Pax8 Partner",
            "orderedByUserEmail": "ordering@msp.example.com",
            "lineItems": [{
                "lineItemNumber": 1,
                "productId": self.pax8.product_ids()[BASE],
                "billingTerm": "Monthly",
                "quantity": quantity,
            }],
        })
    }

    /// A valid order of the suite under its yearly commitment, for a new tenant.
    pub(crate) async fn suite_order(&self, quantity: u32, domain: &str) -> Value {
        json!({
            "companyId": self.company(0).await,
            "lineItems": [{
                "lineItemNumber": 1,
                "productId": self.pax8.product_ids()[SUITE],
                "billingTerm": "Annual",
                "commitmentTermId": self.commitment("1-Year").await,
                "quantity": quantity,
                "provisioningDetails": [
                    {"key": "exCustExists", "values": ["No, create one"]},
                    {"key": "exDomain", "values": [domain]},
                ],
            }],
        })
    }
}

/// A text member.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    match value[name].as_str() {
        Some(text) => text.to_owned(),
        None => panic!("{name} is no text in {value}"),
    }
}

/// The messages of the details of a 422.
pub(crate) fn rules(reply: &Reply) -> Vec<String> {
    let answer = reply.expect(422);
    assert_eq!((&answer["type"], &answer["status"]), (&json!("UNPROCESSABLE_ENTITY"), &json!(422)));
    answer["details"].as_array().unwrap().iter().map(|one| text(one, "message")).collect()
}

/// The field that a 400 names.
pub(crate) fn refused_field(reply: &Reply) -> String {
    let answer = reply.expect(400);
    let message = text(&answer, "message");
    message.rsplit_once("field: ").unwrap().1.to_owned()
}

/// Names of the members of an object.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}
