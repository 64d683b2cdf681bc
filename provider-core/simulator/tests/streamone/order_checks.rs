//! What a POST order must look like: both error shapes.

use serde_json::{Value, json};

use crate::client::World;
use crate::orders::{ORDERS, change, purchase};

fn item(mut body: Value, edit: impl FnOnce(&mut Value)) -> Value {
    edit(&mut body["orderItems"][0]);
    body
}

async fn reasons(world: &World, body: &Value) -> Vec<String> {
    let answer = world.call("POST", ORDERS, &body.to_string()).await.json(400);
    assert_eq!(answer["error"], "BAD_REQUEST: Invalid provisioning data");
    assert_eq!(answer["message"], answer["error"]);
    assert_eq!(answer["code"], 3, "a gRPC code, not the HTTP status");
    let detail = &answer["details"][0];
    assert_eq!(detail["@type"], "type.googleapis.com/v3orberrors.ErrorBody");
    assert_eq!(detail["requestId"].as_str().unwrap().len(), 20);
    let errors = detail["errors"].as_array().unwrap();
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn validation_names_every_reason_one_level_down() {
    let world = World::start().await;
    let before = world.ion.orders().len();
    let good = || purchase("r", 5);
    let update = || change("00000000-0000-4000-8000-000000000000", 5, &[]);
    for (body, codes) in [
        (item(good(), |item| item["attributes"] = json!([])), &["COMM-VL-004"][..]),
        (item(good(), |item| item["quantity"] = json!(0)), &["COMM-VL-002"]),
        (item(good(), |item| item["quantity"] = json!(-3)), &["COMM-VL-002"]),
        (item(good(), |item| item["productId"] = json!("Nope")), &["COMM-VL-002"]),
        (item(good(), |item| item["planId"] = json!("Monthly-n69")), &["COMM-VL-002"]),
        (item(good(), |item| item["resourceId"] = json!("x")), &["COMM-VL-002"]),
        (item(good(), |item| item["providerName"] = json!("AWS")), &["COMM-VL-002"]),
        (item(good(), |item| item["attributes"][1]["value"] = json!("on")), &["COMM-VL-002"]),
        (item(good(), |item| item["attributes"][1]["name"] = json!("statusUpdate")), &["COMM-VL-002"]),
        (item(good(), |item| item["attributes"][0]["value"] = json!("example.com")), &["COMM-VL-002"]),
        (json!({"orderItems": []}), &["COMM-VL-001"]),
        (update(), &["COMM-VL-002"]),
        (
            item(update(), |item| {
                item.as_object_mut().unwrap().remove("resourceId");
            }),
            &["COMM-VL-003"],
        ),
    ] {
        assert_eq!(reasons(&world, &body).await, codes, "{body}");
    }
    let mut both = good();
    both["orderItems"][0]["attributes"] = json!([]);
    both["orderItems"][0]["quantity"] = json!(0);
    assert_eq!(reasons(&world, &both).await, ["COMM-VL-002", "COMM-VL-004"]);
    assert_eq!(world.ion.orders().len(), before, "a refused order leaves nothing behind");
    assert!(world.ion.refused().is_empty());
}

#[tokio::test]
async fn an_update_names_the_subscription_as_it_is() {
    let world = World::start().await;
    let path = "/accounts/{a}/customers/310045/subscriptions/4500123";
    let resource = world.read(path).await["subscriptionId"].as_str().unwrap().to_owned();
    let wrong_plan = item(change(&resource, 26, &[]), |item| {
        item["planId"] = json!("Annual---Annual-Commit-n2");
    });
    assert_eq!(reasons(&world, &wrong_plan).await, ["COMM-VL-002"]);
    let empty = item(change(&resource, 26, &[]), |item| item["attributes"] = json!([]));
    assert_eq!(reasons(&world, &empty).await, ["COMM-VL-001"]);
    let silent = item(change(&resource, 26, &[]), |item| {
        item["attributes"] = json!([{"name": "renewalSetting", "value": "auto-off"}]);
    });
    assert_eq!(reasons(&world, &silent).await, ["COMM-VL-001"]);
    let bad_value = change(&resource, 26, &[("statusUpdate", "cancelled")]);
    assert_eq!(reasons(&world, &bad_value).await, ["COMM-VL-002"]);
    let lower = item(change(&resource.to_uppercase(), 26, &[]), |item| {
        item["attributes"][0]["value"] = json!("updatesubscription");
    });
    assert_eq!(world.call("POST", ORDERS, &lower.to_string()).await.status, 200);
    let foreign = change(&resource, 26, &[]).to_string();
    let elsewhere = "/accounts/{a}/customers/310046/orders";
    assert_eq!(world.call("POST", elsewhere, &foreign).await.json(400)["code"], 3);
}

#[tokio::test]
async fn members_outside_the_reference_are_a_breach() {
    let world = World::start().await;
    for (body, name) in [
        (json!({}), "orderItems"),
        (json!({"orderItems": [], "note": "x"}), "note"),
        (item(purchase("r", 1), |item| item["quantity"] = json!("1")), "orderItems[0].quantity"),
        (item(purchase("r", 1), |item| item["action"] = json!("create")), "orderItems[0].action"),
        (item(purchase("r", 1), |item| item["seats"] = json!(1)), "orderItems[0].seats"),
        (
            item(purchase("r", 1), |item| item["attributes"][0]["value"] = json!(true)),
            "orderItems[0].attributes[0].value",
        ),
        (
            item(purchase("r", 1), |item| {
                item.as_object_mut().unwrap().remove("attributes");
            }),
            "orderItems[0].attributes",
        ),
    ] {
        let answer = world.call("POST", ORDERS, &body.to_string()).await.json(400);
        assert_eq!(answer["error"], "INVALID_REQUEST", "{body}");
        assert_eq!(answer["code"], 400);
        assert_eq!(world.refused()[0].0, name);
    }
    let account = world.ion.account_id();
    let target = format!("/api/v3/accounts/{account}/customers/310045/orders");
    let bearer = format!("Bearer {}", world.bearer);
    let plain = [("Authorization", bearer.as_str()), ("Content-Type", "text/plain")];
    let body = purchase("r", 1).to_string();
    let answer = crate::client::send(world.ion.base_url(), "POST", &target, &plain, &body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(world.refused()[0].0, "content-type");
}

#[tokio::test]
async fn a_disabled_product_cannot_be_bought() {
    let world = World::start().await;
    let body = json!({"orderItems": [{
        "action": "CREATE",
        "productId": "ExampleBackup-2019",
        "skuId": "Example-Backup-2019",
        "planId": "Monthly-n71",
        "quantity": 1,
        "attributes": [],
    }]});
    assert_eq!(reasons(&world, &body).await, ["COMM-VL-002"]);
}
