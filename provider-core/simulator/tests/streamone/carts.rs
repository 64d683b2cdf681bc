//! Carts: no account in the path, 201 and 204, and a checkout that orders.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::World;

const CARTS: &str = "/customers/310045/carts";

async fn new_cart(world: &World) -> String {
    let body = json!({
        "cartDisplayName": "Quote 12",
        "status": "OPEN",
        "currencyCode": "USD",
        "payment": {"paymentType": "OFFLINE"},
    });
    let cart = world.call("POST", CARTS, &body.to_string()).await.json(201);
    let name = cart["name"].as_str().unwrap();
    assert!(name.starts_with("customers/310045/carts/"), "{name}");
    format!("/{name}")
}

async fn add(world: &World, cart: &str, quantity: u32) -> Value {
    let body = json!({
        "planName": "accounts/20001/products/ExampleSuiteNCE-demo/plans/Monthly---Annual-Commit-n1",
        "quantity": quantity,
    });
    world.call("POST", &format!("{cart}/cartItems"), &body.to_string()).await.json(200)
}

#[tokio::test]
async fn a_cart_is_made_listed_changed_and_deleted() {
    let world = World::start().await;
    let cart = new_cart(&world).await;
    let read = world.read(&cart).await;
    assert_eq!(read["totalItems"], 0);
    assert_eq!(read["payment"], json!({"paymentType": "OFFLINE"}));
    let changed = world.call("PUT", &cart, r#"{"status":"QUOTE"}"#).await.json(200);
    assert_eq!((&changed["status"], &changed["cartDisplayName"]), (&json!("QUOTE"), &json!("Quote 12")));
    let listed = world.read(&format!("{CARTS}?status=QUOTE&pagination.limit=5")).await;
    assert_eq!(listed["carts"].as_array().unwrap().len(), 1);
    assert_eq!(listed["paginationResponse"]["totalSize"], 1);
    assert!(world.read(&format!("{CARTS}?status=OPEN")).await.get("carts").is_none());
    assert_eq!(world.get(CARTS).await.status, 400);
    assert_eq!(world.refused()[0].0, "status");
    assert_eq!(world.call("POST", CARTS, r#"{"cartDisplayName":"x"}"#).await.status, 400);
    let gone = world.call("DELETE", &cart, "").await;
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    assert_eq!(world.get(&cart).await.json(404)["error"], "NOT_FOUND");
    assert_eq!(world.get("/customers/1/carts?status=OPEN").await.status, 404);
}

#[tokio::test]
async fn items_are_listed_under_a_lower_case_name() {
    let world = World::start().await;
    let cart = new_cart(&world).await;
    let item = add(&world, &cart, 5).await;
    assert_eq!(item["recurringPrice"], json!({"currency": "USD", "value": 12.5}));
    assert_eq!(item["upfrontPrice"], json!({"currency": "USD"}), "zero has no value");
    assert_eq!(item["period"], "MONTH");
    let path = format!("/{}", item["name"].as_str().unwrap());
    let listed = world.read(&format!("{cart}/cartItems")).await;
    assert_eq!(listed, json!({"cartitems": [item]}));
    let changed = world.call("PUT", &path, r#"{"quantity":9}"#).await.json(200);
    assert_eq!(changed["quantity"], 9);
    assert_eq!(world.read(&path).await, changed);
    assert_eq!(world.read(&cart).await["totalItems"], 1);
    let items = format!("{cart}/cartItems");
    for (body, status) in [
        (r#"{"planName":"nonsense","quantity":1}"#, 400),
        (r#"{"planName":"accounts/1/products/Nope/plans/x","quantity":1}"#, 404),
        (r#"{"quantity":1}"#, 400),
        (r#"{"plan":"x"}"#, 400),
    ] {
        assert_eq!(world.call("POST", &items, body).await.status, status, "{body}");
    }
    assert_eq!(world.call("PUT", &path, r#"{"quantity":0}"#).await.status, 400);
    assert_eq!(world.call("DELETE", &path, "").await.status, 204);
    assert_eq!(world.call("DELETE", &path, "").await.status, 404);
}

#[tokio::test]
async fn a_checkout_orders_what_is_in_the_cart() {
    let world = World::start().await;
    let cart = new_cart(&world).await;
    let checkout = format!("{cart}:checkout");
    assert_eq!(world.call("POST", &checkout, "{}").await.json(400)["error"], "BAD_REQUEST");
    let item = add(&world, &cart, 5).await;
    let item_id = item["name"].as_str().unwrap().rsplit('/').next().unwrap();
    let bare = world.call("POST", &checkout, r#"{"totalCalculatedValue":63}"#).await.json(400);
    assert_eq!(bare["details"][0]["errors"][0]["code"], "COMM-VL-004");
    let body = json!({
        "totalCalculatedValue": 62.5,
        "provisionData": [{
            "cartItemId": item_id.parse::<u64>().unwrap(),
            "attributes": [
                {"name": "domainName", "value": "example1.onmicrosoft.com"},
                {"name": "renewalSetting", "value": "auto-on"},
            ],
        }],
    });
    let order = world.call("POST", &checkout, &body.to_string()).await.json(200);
    assert_eq!(order["status"], "NEW");
    assert_eq!(format!("/{}", order["referenceId"].as_str().unwrap()), cart);
    assert_eq!(order["displayName"], "Cart - 1773133200000");
    let line = &order["orderItems"][0];
    assert_eq!((&line["subTotal"], &line["cost"]), (&json!(62.5), &json!(10.625)));
    assert_eq!(line["cartItemId"], item_id);
    assert_eq!(line["referenceId"], format!("customers/310045/cartItems/{item_id}"));
    world.sim.clock().advance(Duration::from_secs(4));
    let name = order["name"].as_str().unwrap().split_once("/customers").unwrap().1;
    let done = world.read(&format!("/accounts/{{a}}/customers{name}")).await;
    assert_eq!(done["status"], "COMPLETED");
    assert!(done["orderItems"][0].get("subTotal").is_none(), "only the checkout tells it");
    assert_eq!(world.read(&cart).await["status"], "CHECKED_OUT");
    assert_eq!(world.call("POST", &checkout, &body.to_string()).await.status, 400);
    assert_eq!(world.call("PUT", &cart, r#"{"status":"OPEN"}"#).await.status, 400);
}
