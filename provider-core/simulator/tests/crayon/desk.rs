//! A signed-in client of the simulator and the values that tests compare with.

use chrono::{DateTime, Utc};
use provider_simulator::{Crayon, Handle, Simulator};
use serde_json::{Value, json};

use crate::wire::{Reply, Wire};

pub(crate) const PARENT: i64 = 4_100_001;
pub(crate) const CHILD: i64 = 4_100_002;

/// 2026-03-15 12:00 UTC.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_773_576_000, 0).unwrap()
}

/// A simulator whose time stands still, and a client with a bearer token.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) sim: Simulator,
    pub(crate) crayon: Handle<Crayon>,
    wire: Wire,
}

/// The body of a token request.
pub(crate) fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish().into_bytes()
}

/// A client that authenticates as the API client and sends forms.
pub(crate) fn token_client(crayon: &Handle<Crayon>, secret: &str) -> Wire {
    use base64::Engine as _;
    let pair = format!("{}:{secret}", crayon.client_id());
    let basic = base64::engine::general_purpose::STANDARD.encode(pair);
    Wire::new(crayon.base_url())
        .with("authorization", &format!("Basic {basic}"))
        .with("content-type", "application/x-www-form-urlencoded")
}

/// A token request with the right credentials.
pub(crate) async fn sign_in(crayon: &Handle<Crayon>) -> Reply {
    let body = form(&[
        ("grant_type", "password"),
        ("username", crayon.username()),
        ("password", crayon.password()),
        ("scope", "CustomerApi"),
    ]);
    let wire = token_client(crayon, crayon.client_secret());
    wire.send("POST", "/api/v1/connect/token", &body).await.unwrap()
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with_customers(25).await
    }

    pub(crate) async fn with_customers(customers: usize) -> Self {
        let sim = Simulator::builder().customers(customers).fixed_time(noon()).start().await.unwrap();
        let crayon = sim.crayon();
        let reply = sign_in(&crayon).await.expect(200);
        let token = reply["AccessToken"].as_str().unwrap();
        let wire = Wire::new(crayon.base_url()).with("authorization", &format!("Bearer {token}"));
        Self { sim, crayon, wire }
    }

    /// The same simulator after a new sign-in: the clock has moved past the token.
    pub(crate) async fn again(self) -> Self {
        let reply = sign_in(&self.crayon).await.expect(200);
        let token = reply["AccessToken"].as_str().unwrap();
        let wire = Wire::new(self.crayon.base_url()).with("authorization", &format!("Bearer {token}"));
        Self { wire, ..self }
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    /// A path below `/api/v1/`, answered with 200.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> impl Future<Output = Value> {
        self.answer("GET", path, None, 200)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> impl Future<Output = Value> {
        self.answer("POST", path, Some(body), 200)
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> impl Future<Output = Value> {
        self.answer("PUT", path, Some(body), 200)
    }

    /// The body of an answer that must have this status; null for an empty one.
    pub(crate) async fn answer(&self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let reply = self.send(method, path, body).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
        if reply.body.is_empty() { Value::Null } else { reply.json() }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/{path}") };
        match body {
            Some(body) => self.wire.json(method, &target, &body).await,
            None => self.wire.send(method, &target, b"").await.unwrap(),
        }
    }

    /// A new tenant of the parent organization.
    pub(crate) async fn create_tenant(&self, prefix: &str) -> Value {
        self.post("customertenants", new_tenant(prefix)).await
    }

    /// A new tenant that has accepted the Microsoft Customer Agreement.
    pub(crate) async fn consenting_tenant(&self, prefix: &str) -> i64 {
        let id = self.create_tenant(prefix).await["Tenant"]["Id"].as_i64().unwrap();
        self.post(&format!("customertenants/{id}/agreements"), consent()).await;
        id
    }
}

pub(crate) fn consent() -> Value {
    json!({
        "FirstName": "Test", "LastName": "Contact", "PhoneNumber": "5550100", "Email": "it@example.com",
        "DateAgreed": "2026-03-15T09:00:00Z", "AgreementType": 1,
    })
}

/// A complete body for the creation of a tenant.
pub(crate) fn new_tenant(prefix: &str) -> Value {
    json!({
        "Tenant": {
            "Name": "Fabled Bakery Ltd", "DomainPrefix": prefix, "Reference": "CUST-17", "CustomerTenantType": 2,
            "Organization": {"Id": PARENT}, "Publisher": {"Id": 2}, "InvoiceProfile": {"Id": 80001},
        },
        "User": null,
        "Profile": {
            "CultureCode": "en-US", "LanguageCode": "en",
            "Contact": {
                "FirstName": "Test", "LastName": "Contact", "Email": "it@example.com", "PhoneNumber": "5550100",
            },
            "Address": {
                "FirstName": "Test", "LastName": "Contact", "AddressLine1": "1 Sample Street", "City": "Oslo",
                "Region": "Oslo", "PostalCode": "0150", "CountryCode": "NO",
            },
        },
        "Company": {"OrganizationRegistrationNumber": "999999999"},
    })
}

/// The ids of a page's rows.
pub(crate) fn ids(page: &Value) -> Vec<i64> {
    page["Items"].as_array().unwrap().iter().map(|row| row["Id"].as_i64().unwrap()).collect()
}

/// A direct purchase of twelve seats.
pub(crate) fn direct(tenant: i64) -> Value {
    json!({
        "Name": "Sample", "CustomerTenant": {"Id": tenant}, "Product": {"PartNumber": "CFQ7TTC0LH18:0001"},
        "Quantity": 12, "BillingCycle": 1, "TermDuration": "P1Y",
    })
}
