//! From acceptance to subscription, on the simulated clock.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::World;
use crate::orders::{ORDERS, change, order_id, purchase};

const SUBSCRIPTIONS: &str = "/accounts/{a}/customers/310045/subscriptions";

async fn place(world: &World, body: &Value) -> Value {
    world.call("POST", ORDERS, &body.to_string()).await.json(200)
}

async fn read(world: &World, order: &Value) -> Value {
    world.read(&format!("{ORDERS}/{}", order_id(order))).await
}

/// Places an order and lets its time pass.
async fn finished(world: &World, body: &Value) -> Value {
    let order = place(world, body).await;
    world.sim.clock().advance(Duration::from_secs(10));
    read(world, &order).await
}

async fn subscription(world: &World, id: &str) -> Value {
    world.read(&format!("{SUBSCRIPTIONS}/{id}")).await
}

/// The provider id of one of the first customer's subscriptions.
async fn resource(world: &World, id: &str) -> String {
    subscription(world, id).await["subscriptionId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_purchase_becomes_a_subscription() {
    let world = World::start().await;
    let before = world.ion.subscription_count();
    let order = place(&world, &purchase("msp-1", 5)).await;
    assert_eq!(order["status"], "NEW");
    assert_eq!(order["referenceId"], "msp-1");
    assert_eq!(order["total"], 62.5);
    assert_eq!(order["createTime"], crate::client::NOW);
    let item = &order["orderItems"][0];
    assert_eq!(item["status"], "PENDING");
    assert_eq!(item["providerName"], "AZURE");
    assert_eq!(item["endCustomerPO"], "PO-88");
    assert!(item.get("resourceId").is_none());
    for (seconds, status) in [(1, "CONFIRMED"), (1, "IN_PROGRESS"), (1, "IN_PROGRESS"), (1, "COMPLETED")] {
        world.sim.clock().advance(Duration::from_secs(seconds));
        assert_eq!(read(&world, &order).await["status"], status);
    }
    let done = read(&world, &order).await;
    let made = done["orderItems"][0]["resourceId"].as_str().unwrap();
    assert_eq!(done["orderItems"][0]["status"], "ACTIVE");
    assert_eq!(done["updateTime"], "2026-03-10T09:00:04Z");
    assert!(done.get("errors").is_none());
    assert_eq!(world.ion.subscription_count(), before + 1);
    let page = world.read(&format!("/accounts/{{a}}/subscriptions?subscriptionId={made}")).await;
    let found = &page["items"][0];
    assert_eq!(found["subscriptionTotalLicenses"], "5");
    assert_eq!(found["subscriptionStatus"], "active");
    assert_eq!(found["customerPO"], "PO-88");
    assert_eq!(found["cancellationAllowedUntilDate"], "2026-03-17T09:00:04Z");
    let seen = world.ion.orders();
    let seen: Vec<_> = seen.iter().filter(|order| order.reference.as_deref() == Some("msp-1")).collect();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].resources, [made]);
}

#[tokio::test]
async fn a_new_commerce_purchase_without_renewal_fails_after_acceptance() {
    let world = World::start().await;
    let mut body = purchase("msp-2", 5);
    body["orderItems"][0]["attributes"].as_array_mut().unwrap().pop();
    let order = finished(&world, &body).await;
    assert_eq!(order["status"], "ERROR");
    assert_eq!(
        order["errors"],
        json!([{
            "code": "MSFT_CR_033",
            "detail": "renewal setting missing",
            "sourceName": "provisioning",
            "instancePath": "/orderItems/0",
        }])
    );
    assert_eq!(order["orderItems"][0]["status"], "ERROR");
    assert_eq!(order["orderItems"][0]["errors"], order["errors"]);
}

#[tokio::test]
async fn seats_go_up_at_any_time_and_down_only_in_the_window() {
    let world = World::start().await;
    let old = resource(&world, "4500123").await;
    let order = finished(&world, &change(&old, 30, &[])).await;
    assert_eq!(order["status"], "COMPLETED");
    assert_eq!(order["orderItems"][0]["resourceId"], old);
    assert_eq!(subscription(&world, "4500123").await["subscriptionTotalLicenses"], "30");
    let order = finished(&world, &change(&old, 29, &[])).await;
    assert_eq!(order["status"], "ERROR");
    assert_eq!(order["errors"][0]["code"], "SIM_CANCELLATION_WINDOW_CLOSED");
    assert_eq!(subscription(&world, "4500123").await["subscriptionTotalLicenses"], "30");
    let log = subscription(&world, "4500123").await["activityLogs"].clone();
    // It was created and got two seats more before the test began.
    assert_eq!(log["totalCount"], "4");
    assert_eq!(log["items"][2]["actionDetails"], "New Quantity: 30; Status: active; ");
    assert_eq!(log["items"][3]["actionStatus"], "failed");
    let young = resource(&world, "4500124").await;
    assert_eq!(finished(&world, &change(&young, 7, &[])).await["status"], "COMPLETED");
    assert_eq!(world.ion.subscription(&young), Some((7, "active", true)));
}

#[tokio::test]
async fn renewal_name_and_status_travel_as_attributes() {
    let world = World::start().await;
    let old = resource(&world, "4500123").await;
    let attributes = [("renewalSetting", "auto-off"), ("friendlyName", "Front desk")];
    finished(&world, &change(&old, 25, &attributes)).await;
    let found = subscription(&world, "4500123").await;
    assert_eq!(found["autoRenew"], false);
    assert_eq!(found["subscriptionRenewStatus"], "DISABLED");
    assert_eq!(found["subscriptionName"], "Front desk");
    for (status, shown) in [("suspended", "suspended"), ("active", "active")] {
        finished(&world, &change(&old, 25, &[("statusUpdate", status)])).await;
        assert_eq!(subscription(&world, "4500123").await["subscriptionStatus"], shown);
    }
    let late = finished(&world, &change(&old, 25, &[("statusUpdate", "deleted")])).await;
    assert_eq!(late["status"], "ERROR", "past the cancellation window");
    let young = resource(&world, "4500124").await;
    let gone = finished(&world, &change(&young, 10, &[("statusUpdate", "deleted")])).await;
    assert_eq!(gone["status"], "COMPLETED");
    let listed = world.read("/accounts/{a}/subscriptions?customerId=310045&subscriptionStatus=deleted").await;
    assert_eq!(listed["items"][0]["id"], "4500124", "deleted subscriptions stay in the list");
    let again = finished(&world, &change(&young, 11, &[])).await;
    assert_eq!(again["errors"][0]["code"], "SIM_SUBSCRIPTION_NOT_CHANGEABLE");
}

#[tokio::test]
async fn an_order_is_canceled_only_before_work_begins() {
    let world = World::start().await;
    let order = place(&world, &purchase("msp-3", 1)).await;
    let cancel = format!("{ORDERS}/{}:cancel", order_id(&order));
    assert_eq!(world.call("POST", &cancel, "").await.json(200)["status"], "CANCELED");
    world.sim.clock().advance(Duration::from_secs(60));
    assert_eq!(read(&world, &order).await["status"], "CANCELED");
    let late = place(&world, &purchase("msp-4", 1)).await;
    world.sim.clock().advance(Duration::from_secs(1));
    let cancel = format!("{ORDERS}/{}:cancel", order_id(&late));
    let refused = world.call("POST", &cancel, "").await.json(400);
    assert_eq!(refused["error"], "BAD_REQUEST");
    assert_eq!(world.call("POST", &cancel, r#"{"reason":"x"}"#).await.status, 400);
    assert_eq!(world.refused().len(), 1);
    assert_eq!(world.call("POST", &format!("{ORDERS}/1:cancel"), "").await.status, 404);
}

#[tokio::test]
async fn an_order_on_hold_waits_for_its_release() {
    let world = World::start().await;
    world.ion.hold_orders(true);
    let order = place(&world, &purchase("msp-5", 1)).await;
    world.sim.clock().advance(Duration::from_secs(3_600));
    assert_eq!(read(&world, &order).await["status"], "ON_HOLD");
    world.ion.hold_orders(false);
    world.ion.release_orders();
    assert_eq!(read(&world, &order).await["status"], "NEW");
    world.sim.clock().advance(Duration::from_secs(4));
    assert_eq!(read(&world, &order).await["status"], "COMPLETED");
}

#[tokio::test]
async fn delays_lag_and_failures_are_configurable() {
    let world = World::start().await;
    let minutes = |count: u64| Duration::from_secs(count * 60);
    world.ion.set_order_delays(minutes(1), minutes(2), minutes(30));
    world.ion.set_provider_lag(minutes(10));
    let old = resource(&world, "4500123").await;
    let order = place(&world, &change(&old, 40, &[])).await;
    world.sim.clock().advance(minutes(29));
    assert_eq!(read(&world, &order).await["status"], "IN_PROGRESS");
    world.sim.clock().advance(minutes(1));
    assert_eq!(read(&world, &order).await["status"], "COMPLETED");
    let seats = async |query: &str| {
        let path = format!("{SUBSCRIPTIONS}/4500123{query}");
        world.read(&path).await["subscriptionTotalLicenses"].clone()
    };
    assert_eq!(seats("").await, "25", "the platform lags behind the provider");
    assert_eq!(seats("?refresh=true").await, "40");
    assert_eq!(seats("").await, "40");
    world.ion.fail_next_order("MSFT_CR_900", "tenant is locked");
    let order = place(&world, &change(&old, 41, &[])).await;
    world.sim.clock().advance(minutes(30));
    assert_eq!(read(&world, &order).await["errors"][0]["code"], "MSFT_CR_900");
    assert_eq!(world.ion.subscription(&old), Some((40, "active", true)));
}

#[tokio::test]
async fn the_first_order_of_a_customer_without_tenant_opens_one() {
    let world = World::start().await;
    let customer = "/accounts/{a}/customers/310052";
    let mut body = purchase("msp-6", 1);
    let attributes = body["orderItems"][0]["attributes"].as_array_mut().unwrap();
    attributes[0]["value"] = json!("newtenant.onmicrosoft.com");
    for name in ["agreementDateAgreed", "agreementFirstName", "agreementLastName", "agreementEmail"] {
        attributes.push(json!({"name": name, "value": "2026-03-10"}));
    }
    let placed = world.call("POST", &format!("{customer}/orders"), &body.to_string()).await.json(200);
    world.sim.clock().advance(Duration::from_secs(4));
    let done = world.read(&format!("{customer}/orders/{}", order_id(&placed))).await;
    let attributes = done["orderItems"][0]["attributes"].as_array().unwrap();
    let value = |name: &str| {
        attributes.iter().find(|pair| pair["name"] == name).map(|pair| pair["value"].as_str().unwrap())
    };
    assert_eq!(value("userName"), Some("admin@newtenant.onmicrosoft.com"));
    assert!(value("password").unwrap().starts_with("example-"));
    let profile = world.read(&format!("{customer}/cloudProfiles?providerId=30")).await;
    let profile = &profile["customerCloudProfiles"][0];
    assert_eq!(profile["customerDomain"], "newtenant.onmicrosoft.com");
    assert_eq!(profile["agreementStatus"], "ACCEPTED");
}

#[tokio::test]
async fn add_ons_become_subscriptions_below_their_parent() {
    let world = World::start().await;
    let body = json!({"orderItems": [{
        "action": "CREATE",
        "productId": "ExampleVoiceNCE-demo",
        "skuId": "Example-Voice",
        "planId": "Monthly---Annual-Commit-n11",
        "quantity": 3,
        "attributes": [
            {"name": "domainName", "value": "example1.onmicrosoft.com"},
            {"name": "renewalSetting", "value": "auto-off"},
        ],
        "addOns": [{
            "id": "line-1",
            "addOnId": "Example-Calling-Minutes",
            "planId": "Monthly---Annual-Commit-n15",
            "action": "CREATE",
            "quantity": 2,
        }],
    }]});
    let order = finished(&world, &body).await;
    let parent = order["orderItems"][0]["resourceId"].as_str().unwrap();
    assert_eq!(world.ion.subscription(parent), Some((3, "active", false)));
    let page = world.read(&format!("/accounts/{{a}}/subscriptions?subscriptionId={parent}")).await;
    let id = page["items"][0]["id"].clone();
    let named = "/accounts/{a}/subscriptions?subscriptionName=Example+Calling+Minutes&customerId=310045";
    let add_on = &world.read(named).await["items"][0];
    assert_eq!(add_on["parentSubscriptionId"], id);
    assert_eq!(add_on["subscriptionTotalLicenses"], "2");
}
