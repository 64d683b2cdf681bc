//! Reading orders, and the bodies that tests order with.

use serde_json::{Value, json};

use crate::client::{World, encoded};

/// Path of the orders of the first customer.
pub const ORDERS: &str = "/accounts/{a}/customers/310045/orders";

/// Orders at the start: one a customer, but for the three whose subscription was imported.
const SEEDED: usize = 22;

/// A new purchase of the first customer.
pub fn purchase(reference: &str, quantity: u32) -> Value {
    json!({
        "referenceId": reference,
        "displayName": "Example Suite Standard",
        "orderItems": [{
            "referenceId": format!("{reference}-1"),
            "action": "CREATE",
            "productId": "ExampleSuiteNCE-demo",
            "skuId": "Example-Suite-Standard",
            "planId": "Monthly---Annual-Commit-n1",
            "quantity": quantity,
            "endCustomerPO": "PO-88",
            "attributes": [
                {"name": "domainName", "value": "example1.onmicrosoft.com"},
                {"name": "renewalSetting", "value": "auto-on"},
            ],
        }],
    })
}

/// A change of a subscription of the first customer's suite plan.
pub fn change(resource: &str, quantity: u32, attributes: &[(&str, &str)]) -> Value {
    let mut pairs = vec![json!({"name": "operations", "value": "updateSubscription"})];
    pairs.extend(attributes.iter().map(|(name, value)| json!({"name": name, "value": value})));
    json!({
        "orderItems": [{
            "action": "UPDATE",
            "resourceId": resource,
            "productId": "ExampleSuiteNCE-demo",
            "skuId": "Example-Suite-Standard",
            "planId": "Monthly---Annual-Commit-n1",
            "quantity": quantity,
            "attributes": pairs,
        }],
    })
}

/// The last segment of an order's name.
pub fn order_id(order: &Value) -> String {
    order["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn ids(page: &Value) -> Vec<String> {
    page.get("orders").and_then(Value::as_array).into_iter().flatten().map(order_id).collect()
}

async fn walk(world: &World, first: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut path = first.to_owned();
    loop {
        let page = world.read(&path).await;
        found.extend(page.get("orders").and_then(Value::as_array).into_iter().flatten().cloned());
        match page.get("nextPageToken") {
            None => return found,
            Some(token) => path = format!("{first}&pageToken={}", encoded(token.as_str().unwrap())),
        }
    }
}

#[tokio::test]
async fn lists_are_sorted_by_creation_newest_first() {
    let world = World::start().await;
    for (query, ascending, member) in [
        ("", false, "createTime"),
        ("&sortOrder=ASC", true, "createTime"),
        ("&sortBy=updateTime", false, "updateTime"),
        ("&sortBy=updateTime&sortOrder=ASC", true, "updateTime"),
    ] {
        let found = walk(&world, &format!("/accounts/{{a}}/orders?pageSize=4{query}")).await;
        assert_eq!(found.len(), SEEDED, "{query}");
        let times: Vec<&str> = found.iter().map(|order| order[member].as_str().unwrap()).collect();
        let mut sorted = times.clone();
        sorted.sort_unstable();
        if !ascending {
            sorted.reverse();
        }
        assert_eq!(times, sorted, "{query}");
    }
}

#[tokio::test]
async fn filters_of_the_account_list() {
    let world = World::start().await;
    let ask =
        async |query: &str| ids(&world.read(&format!("/accounts/{{a}}/orders?pageSize=100&{query}")).await);
    assert_eq!(ask("filter.customerIdList=310045,310046").await.len(), 2);
    assert_eq!(ask(&format!("filter.accountIdList={}", world.ion.account_id())).await.len(), SEEDED);
    assert!(ask("filter.accountIdList=1").await.is_empty());
    assert_eq!(ask("filter.excludeSubAccounts=true").await.len(), SEEDED);
    let azure = ask("filter.providerNameList=AZURE").await.len();
    assert!(azure > 0 && azure < SEEDED);
    assert_eq!(ask("filter.providerNameList=AZURE,AWS,GSUITE,GCP,SOPHOS").await.len(), SEEDED);
    let mut failed = ask("status=ERROR").await;
    failed.sort();
    assert_eq!(failed, ["950080", "950100"]);
    assert_eq!(ask("status=CANCELED").await, ["950082"]);
    assert_eq!(world.get("/accounts/{a}/orders?pageSize=1&status=PENDING").await.status, 400);
    assert_eq!(world.get("/accounts/{a}/orders?pageSize=1&filter.customerIdList=x").await.status, 400);
    assert_eq!(world.get("/accounts/{a}/orders").await.status, 400);
}

#[tokio::test]
async fn a_dash_stands_for_any_customer() {
    let world = World::start().await;
    let all = walk(&world, "/accounts/{a}/customers/-/orders?pageSize=7").await;
    assert_eq!(all.len(), SEEDED);
    assert_eq!(walk(&world, &format!("{ORDERS}?pageSize=7")).await.len(), 1);
    let one = world.read("/accounts/{a}/customers/-/orders/950077").await;
    assert_eq!(one, world.read(&format!("{ORDERS}/950077")).await);
    assert_eq!(one["customerId"], "310045");
    let other = world.get("/accounts/{a}/customers/310046/orders/950077").await.json(404);
    assert_eq!(other["error"], "NOT_FOUND");
    assert_eq!(world.get("/accounts/{a}/customers/7/orders?pageSize=1").await.status, 404);
}

#[tokio::test]
async fn an_order_placed_while_paging_neither_repeats_nor_hides_another() {
    let world = World::start().await;
    let first = world.read("/accounts/{a}/orders?pageSize=10").await;
    world.call("POST", ORDERS, &purchase("between", 1).to_string()).await.json(200);
    let token = encoded(first["nextPageToken"].as_str().unwrap());
    let second = world.read(&format!("/accounts/{{a}}/orders?pageSize=100&pageToken={token}")).await;
    let mut found = ids(&first);
    found.extend(ids(&second));
    found.sort();
    found.dedup();
    assert_eq!(found.len(), SEEDED);
}
