//! Types and case as the live service varies them, faults in the vendor's words.

use provider_simulator::streamone::{EnumCase, NumberStyle};
use provider_simulator::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::client::World;

const LIST: &str = "/accounts/{a}/subscriptions?customerId=310045&pagination.sortBy=id";

async fn first(world: &World) -> Value {
    world.read(LIST).await["items"][0].clone()
}

#[tokio::test]
async fn numbers_change_their_type_but_not_their_value() {
    let world = World::start().await;
    world.ion.set_number_style(NumberStyle::Numbers);
    let found = first(&world).await;
    assert_eq!(found["id"], 4_500_123);
    assert_eq!(found["subscriptionTotalLicenses"], 25);
    assert_eq!(found["subscriptionSkuId"], "0001", "not a number: it has leading zeroes");
    let invoice = world.v1_get("/invoices/myinvoices?limit=1").await.json(200);
    assert!(invoice["data"]["invoice"][0]["total"].is_number());
    world.ion.set_number_style(NumberStyle::Strings);
    let found = first(&world).await;
    assert_eq!(found["id"], "4500123");
    assert_eq!(world.read(LIST).await["paginationResponse"]["totalSize"], "4");
    let order = world.read("/accounts/{a}/customers/-/orders/950077").await;
    assert_eq!(order["orderItems"][0]["quantity"], "25");
    world.ion.set_number_style(NumberStyle::Alternating);
    let found = first(&world).await;
    let kinds: Vec<bool> = ["customerId", "resellerId", "isvId", "id", "cloudProviderId"]
        .iter()
        .map(|name| found[*name].is_number())
        .collect();
    assert!(kinds.contains(&true) && kinds.contains(&false), "{kinds:?}");
}

#[tokio::test]
async fn words_change_their_case() {
    let world = World::start().await;
    assert_eq!(first(&world).await["subscriptionStatus"], "active");
    for (case, expected) in
        [(EnumCase::Upper, "ACTIVE"), (EnumCase::Lower, "active"), (EnumCase::Capitalized, "Active")]
    {
        world.ion.set_enum_case(case);
        assert_eq!(first(&world).await["subscriptionStatus"], expected);
        assert_eq!(world.read("/accounts/{a}/customers/310045").await["customerStatus"], expected);
    }
    assert_eq!(first(&world).await["subscriptionName"], "Example Suite Standard");
    let product = world.read("/accounts/{a}/products/ExampleSuiteNCE-demo").await;
    assert_eq!(product["type"], "Subscription_products");
    let template = world.read("/accounts/{a}/provisionTemplates/azure-create").await;
    assert_eq!(template["type"], "object", "a JSON type, not an enumerated word");
}

#[tokio::test]
async fn empties_are_written_only_when_asked_for() {
    let world = World::start().await;
    let nothing = "/accounts/{a}/subscriptions?customerId=1";
    let total = json!({"totalSize": 0});
    assert_eq!(world.read(nothing).await, json!({"paginationResponse": total}));
    world.ion.set_write_empties(true);
    assert_eq!(world.read(nothing).await, json!({"items": [], "paginationResponse": total}));
}

#[tokio::test]
async fn the_frame_speaks_in_the_vendors_words() {
    let world = World::start().await;
    let customers = format!("/api/v3/accounts/{}/customers", world.ion.account_id());
    let limited = FaultAction::RateLimited { retry_after: Some(std::time::Duration::from_secs(8)) };
    world.ion.faults().add(FaultRule::new("GET", &customers, limited).once());
    let answer = world.get("/accounts/{a}/customers?pageSize=1").await;
    assert_eq!(answer.header("retry-after"), Some("8"));
    assert_eq!(answer.json(429)["code"], 429);
    world.ion.faults().add(FaultRule::new("GET", &customers, FaultAction::RepeatCursor));
    let token = async || {
        let page = world.read("/accounts/{a}/customers?pageSize=5").await;
        page["nextPageToken"].clone()
    };
    assert_eq!(token().await, token().await);
    world.ion.faults().clear();
    let subscriptions = format!("/api/v3/accounts/{}/subscriptions", world.ion.account_id());
    world.ion.faults().add(FaultRule::new("GET", &subscriptions, FaultAction::LieTotal(3)));
    assert_eq!(world.read(LIST).await["paginationResponse"]["totalSize"], 7);
    world.ion.faults().add(FaultRule::new("GET", &subscriptions, FaultAction::DuplicateRows));
    assert_eq!(world.read(LIST).await["items"].as_array().unwrap().len(), 5);
}
