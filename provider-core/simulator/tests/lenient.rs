//! Strict by default, lenient on request: what the reference does not list is refused or ignored, by all three alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod wire;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provider_simulator::{Refusal, RefusedPart, Simulator};
use serde_json::{Value, json};
use wire::Wire;

/// One distributor as these tests ask it.
struct Side {
    name: &'static str,
    wire: Wire,
    /// A list with the parameters that it needs.
    list: String,
    /// The list with a value of the wrong form.
    mistyped: String,
    /// Where a customer or consumer is created, and how.
    create: String,
    body: Value,
    /// A read that takes no body.
    read: String,
    refused: Box<dyn Fn() -> Vec<Refusal> + Send>,
}

async fn crayon(sim: &Simulator) -> Side {
    let crayon = sim.crayon();
    let pair = format!("{}:{}", crayon.client_id(), crayon.client_secret());
    let form = format!(
        "grant_type=password&username={}&password={}&scope=CustomerApi",
        crayon.username().replace('@', "%40"),
        crayon.password()
    );
    let reply = Wire::new(crayon.base_url())
        .with("authorization", &format!("Basic {}", STANDARD.encode(pair)))
        .with("content-type", "application/x-www-form-urlencoded")
        .send("POST", "/api/v1/connect/token", form.as_bytes())
        .await
        .unwrap();
    let organization = crayon.organization_ids()[0];
    Side {
        name: "crayon",
        wire: bearer(crayon.base_url(), &reply.expect(200)["AccessToken"]),
        list: "/api/v1/organizations?pageSize=5".to_owned(),
        mistyped: "/api/v1/organizations?page=0".to_owned(),
        create: "/api/v1/consumers".to_owned(),
        body: json!({"Name": "Sample Consumer", "Organization": {"Id": organization}}),
        read: format!("/api/v1/organizations/{organization}"),
        refused: Box::new(move || crayon.refused()),
    }
}

async fn pax8(sim: &Simulator) -> Side {
    let pax8 = sim.pax8();
    let credentials = json!({
        "client_id": pax8.client_id(),
        "client_secret": pax8.client_secret(),
        "audience": "https://api.pax8.com",
        "grant_type": "client_credentials",
    });
    let reply = Wire::new(pax8.base_url()).json("POST", "/v1/token", &credentials).await;
    let address = json!({
        "street": "1 Sample Way",
        "city": "Denver",
        "stateOrProvince": "CO",
        "postalCode": "80202",
        "country": "US",
    });
    Side {
        name: "pax8",
        wire: bearer(pax8.base_url(), &reply.expect(200)["access_token"]),
        list: "/v1/companies?size=5".to_owned(),
        mistyped: "/v1/companies?selfServiceAllowed=perhaps".to_owned(),
        create: "/v1/companies".to_owned(),
        body: json!({
            "name": "Sample Company",
            "address": address,
            "phone": "555-0100",
            "website": "https://sample.example.com",
            "billOnBehalfOfEnabled": false,
            "selfServiceAllowed": false,
            "orderApprovalRequired": false,
        }),
        read: "/v1/products".to_owned(),
        refused: Box::new(move || pax8.refused()),
    }
}

async fn streamone(sim: &Simulator) -> Side {
    let ion = sim.streamone();
    let form = format!("grant_type=refresh_token&refresh_token={}", ion.refresh_token());
    let reply = Wire::new(ion.base_url())
        .with("content-type", "application/x-www-form-urlencoded")
        .send("POST", "/oauth/token", form.as_bytes())
        .await
        .unwrap();
    let customers = format!("/api/v3/accounts/{}/customers", ion.account_id());
    Side {
        name: "streamone",
        wire: bearer(ion.base_url(), &reply.expect(200)["access_token"]),
        list: format!("{customers}?pageSize=5"),
        mistyped: format!("{customers}?pageSize=many"),
        create: customers.clone(),
        body: json!({
            "customerOrganization": "Sample Customer",
            "customerAddress":
                {"street": "2 Sample Way", "city": "Reston", "state": "VA", "zip": "20190", "country": "US"},
            "customerName": "Office Contact",
            "customerEmail": "office@sample.example.com",
            "languageCode": "EN",
        }),
        read: format!("{customers}?pageSize=1"),
        refused: Box::new(move || ion.refused()),
    }
}

fn bearer(base_url: &str, token: &Value) -> Wire {
    Wire::new(base_url).with("authorization", &format!("Bearer {}", token.as_str().unwrap()))
}

async fn sides(sim: &Simulator) -> [Side; 3] {
    [crayon(sim).await, pax8(sim).await, streamone(sim).await]
}

impl Side {
    /// The body with a member that the reference does not list.
    fn stranger(&self) -> Value {
        let mut body = self.body.clone();
        body["nonsense"] = json!(1);
        body
    }
}

#[tokio::test]
async fn a_strict_simulator_refuses_what_the_reference_does_not_list() {
    let sim = Simulator::start().await.unwrap();
    for side in sides(&sim).await {
        let name = side.name;
        let unknown = side.wire.get(&format!("{}&nonsense=1", side.list)).await;
        assert_eq!(unknown.status, 400, "{name}: {}", unknown.text());
        let stranger = side.wire.json("POST", &side.create, &side.stranger()).await;
        assert_eq!(stranger.status, 400, "{name}: {}", stranger.text());
        let refused = (side.refused)();
        let told: Vec<_> = refused.iter().map(|one| (one.part, one.name.as_str())).collect();
        assert_eq!(told, [(RefusedPart::Query, "nonsense"), (RefusedPart::Body, "nonsense")], "{name}");
        assert!(side.wire.json("POST", &side.create, &side.body).await.status < 300, "{name}");
    }
}

#[tokio::test]
async fn a_lenient_simulator_ignores_it_as_the_live_services_do() {
    let sim = Simulator::builder().lenient().start().await.unwrap();
    for side in sides(&sim).await {
        let name = side.name;
        let plain = side.wire.get(&side.list).await;
        // Twice, because a name that nobody reads cannot be given too often.
        let unknown = side.wire.get(&format!("{}&nonsense=1&nonsense=2", side.list)).await;
        assert_eq!(unknown.expect(200), plain.expect(200), "{name}");
        let stranger = side.wire.json("POST", &side.create, &side.stranger()).await;
        assert!(stranger.status < 300, "{name}: {}", stranger.text());
        assert!(stranger.json().get("nonsense").is_none(), "{name}");
        let body = side.wire.json("GET", &side.read, &json!({"nonsense": 1})).await;
        assert_eq!(body.status, 200, "{name}: {}", body.text());
        assert!((side.refused)().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_lenient_simulator_still_refuses_wrong_types_and_missing_members() {
    let sim = Simulator::builder().lenient().start().await.unwrap();
    for side in sides(&sim).await {
        let mistyped = side.wire.get(&side.mistyped).await;
        assert_eq!(mistyped.status, 400, "{}: {}", side.name, mistyped.text());
        let empty = side.wire.json("POST", &side.create, &json!({})).await;
        assert!((400..500).contains(&empty.status), "{}: {}", side.name, empty.text());
        assert_eq!(side.wire.get("/nowhere").await.status, 404, "{}", side.name);
    }
}

#[tokio::test]
async fn unknown_filters_of_v1_are_parameters_too() {
    let strict = Simulator::start().await.unwrap();
    let lenient = Simulator::builder().lenient().start().await.unwrap();
    let target = "/api/v1/customers?filter[nonsense:partial]=x&sort[nonsense]=asc";
    for (sim, status) in [(&strict, 400), (&lenient, 200)] {
        let variables = sim.streamone().env();
        let value = |name: &str| &variables.iter().find(|(known, _)| known == name).unwrap().1;
        let pair = format!("{}:{}", value("STREAMONE_API_KEY"), value("STREAMONE_API_SECRET"));
        let basic = format!("Basic {}", STANDARD.encode(pair));
        let ion = sim.streamone();
        let reply = Wire::new(ion.base_url()).with("authorization", &basic).get(target).await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
}
