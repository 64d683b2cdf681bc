//! Changing subscriptions: seats, suspension, cancellation, tags, and what the end of a term does.

use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{Desk, direct};

const DAY: Duration = Duration::from_secs(86_400);

/// A fresh subscription of twelve seats, read back in full.
pub(crate) async fn fresh(desk: &Desk, prefix: &str) -> (String, Value) {
    let tenant = desk.consenting_tenant(prefix).await;
    let id = desk.post("subscriptions", direct(tenant)).await["Id"].as_i64().unwrap();
    let path = format!("subscriptions/{id}");
    let body = desk.get(&path).await;
    (path, body)
}

#[tokio::test]
async fn seats_go_up_any_time_and_down_inside_the_window() {
    let desk = Desk::open().await;
    let (path, mut body) = fresh(&desk, "seats").await;
    assert_eq!(desk.put(&path, body.clone()).await, body, "writing back what was read changes nothing");
    body["Quantity"] = json!(15);
    assert_eq!(desk.put(&path, body.clone()).await["Quantity"], 15);
    body["Quantity"] = json!(10);
    assert_eq!(desk.put(&path, body.clone()).await["Quantity"], 10);
    desk.sim.clock().advance(DAY * 7 + Duration::from_secs(1));
    let desk = desk.again().await;
    body["Quantity"] = json!(9);
    let error = desk.answer("PUT", &path, Some(body.clone()), 400).await;
    assert_eq!(error["ErrorCode"], "QuantityDecreaseNotAllowed");
    body["Quantity"] = json!(20);
    assert_eq!(desk.put(&path, body.clone()).await["Quantity"], 20);
    body["Quantity"] = json!(301);
    assert_eq!(desk.answer("PUT", &path, Some(body.clone()), 400).await["ErrorCode"], "QuantityOutOfRange");
    for wrong in [json!(12.0), json!("12"), Value::Null] {
        body["Quantity"] = wrong;
        let error = desk.answer("PUT", &path, Some(body.clone()), 400).await;
        assert_eq!(error["ObjectErrors"][0]["Parameters"]["Field"], "Quantity");
    }
    assert_eq!(desk.crayon.subscription(body["Id"].as_i64().unwrap()), Some((20, 1)));
    let log = desk.get(&format!("activitylogs?entity=Subscription&id={}", body["Id"])).await;
    let values: Vec<_> =
        log["Items"].as_array().unwrap().iter().map(|row| row["ChangedTo"].clone()).collect();
    assert_eq!(values, ["15", "10", "20"]);
}

#[tokio::test]
async fn a_put_resets_what_it_leaves_out() {
    let desk = Desk::open().await;
    let (path, mut body) = fresh(&desk, "resets").await;
    body["Markup"] = json!(12.5);
    body["SalesPrice"] = json!(7.99);
    body["PriceType"] = json!(3);
    body["SubscriptionTags"] = json!({"CostCenter": "CC-9"});
    let stored = desk.put(&path, body).await;
    assert_eq!((stored["Markup"].clone(), stored["AutoRenewEnabled"].clone()), (json!(12.5), json!(true)));
    assert_eq!(stored["SubscriptionTags"]["CostCenter"], "CC-9");
    let careless = desk.put(&path, json!({"Quantity": 12, "Status": 1})).await;
    assert_eq!((careless["Markup"].clone(), careless["SalesPrice"].clone()), (json!(0), json!(0)));
    assert_eq!((careless["PriceType"].clone(), careless["InvoiceProfile"].clone()), (json!(1), Value::Null));
    assert_eq!(
        (careless["AutoRenewEnabled"].clone(), careless["SubscriptionTags"].clone()),
        (json!(false), Value::Null)
    );
    let error = desk.answer("PUT", &path, Some(json!({"Status": 1})), 400).await;
    assert_eq!(error["ObjectErrors"][0]["Message"], "Quantity is required");
    let error = desk.answer("PUT", &path, Some(json!({"Quantity": 12})), 400).await;
    assert_eq!(error["ErrorCode"], "StatusNotAllowed", "a missing status is 0");
}

#[tokio::test]
async fn what_identifies_a_subscription_cannot_change() {
    let desk = Desk::open().await;
    let (path, body) = fresh(&desk, "fixed").await;
    let code = async |member: &str, value: Value| {
        let mut changed = body.clone();
        changed[member] = value;
        desk.answer("PUT", &path, Some(changed), 400).await["ErrorCode"].clone()
    };
    assert_eq!(code("Id", json!(610_001)).await, "IdMismatch");
    assert_eq!(code("TermDuration", json!("P3Y")).await, "MemberFixed");
    assert_eq!(code("BillingCycle", json!(2)).await, "MemberFixed");
    assert_eq!(code("CustomerTenant", json!({"Id": 51_001})).await, "MemberFixed");
    assert_eq!(code("InvoiceProfile", json!({"Id": 9})).await, "InvoiceProfileNotFound");
    assert_eq!(code("Status", json!(16)).await, "StatusNotAllowed");
    assert_eq!(code("Surprise", json!(1)).await, "ValidationError");
}

#[tokio::test]
async fn only_active_subscriptions_are_updated_but_for_resuming() {
    let desk = Desk::open().await;
    let (path, mut body) = fresh(&desk, "suspend").await;
    body["Status"] = json!(2);
    let suspended = desk.put(&path, body.clone()).await;
    assert_eq!(
        (suspended["Status"].clone(), suspended["SuspensionReasons"].clone()),
        (json!(2), json!(r#"["CustomerSuspended"]"#))
    );
    body["Quantity"] = json!(20);
    assert_eq!(
        desk.answer("PUT", &path, Some(body.clone()), 400).await["ErrorCode"],
        "SubscriptionNotActive"
    );
    body["Status"] = json!(1);
    assert_eq!(
        desk.answer("PUT", &path, Some(body.clone()), 400).await["ErrorCode"],
        "SubscriptionNotActive"
    );
    body["Quantity"] = json!(12);
    desk.crayon.set_resume_allowed(false);
    assert_eq!(
        desk.answer("PUT", &path, Some(body.clone()), 400).await["ErrorCode"],
        "SubscriptionNotActive"
    );
    desk.crayon.set_resume_allowed(true);
    assert_eq!(desk.put(&path, body.clone()).await["Status"], 1);
    for status in [4, 8] {
        let (path, mut body) = fresh(&desk, &format!("cancel{status}")).await;
        body["Status"] = json!(status);
        assert_eq!(desk.put(&path, body.clone()).await["Status"], status);
        assert_eq!(desk.answer("PUT", &path, Some(body), 400).await["ErrorCode"], "SubscriptionNotActive");
    }
    desk.sim.clock().advance(DAY * 8);
    let desk = desk.again().await;
    body["Status"] = json!(4);
    assert_eq!(desk.answer("PUT", &path, Some(body), 400).await["ErrorCode"], "CancellationNotAllowed");
}

#[tokio::test]
async fn terms_end_by_renewing_or_expiring() {
    let desk = Desk::open().await;
    let (renewing, _) = fresh(&desk, "renews").await;
    let (expiring, mut body) = fresh(&desk, "expires").await;
    body["AutoRenewEnabled"] = json!(false);
    desk.put(&expiring, body).await;
    desk.sim.clock().advance(DAY * 366);
    let desk = desk.again().await;
    let renewed = desk.get(&renewing).await;
    assert_eq!(
        (renewed["Status"].clone(), renewed["StartDate"].clone()),
        (json!(1), json!("2027-03-15T00:00:00"))
    );
    assert_eq!(renewed["EndDate"], "2028-03-14T23:59:59");
    assert_eq!(renewed["CancellationAllowedUntilDate"], "2027-03-22T00:00:00Z");
    let expired = desk.get(&expiring).await;
    assert_eq!(
        (expired["Status"].clone(), expired["EndDate"].clone()),
        (json!(32), json!("2027-03-14T23:59:59"))
    );
}

#[tokio::test]
async fn tags_are_replaced_together() {
    let desk = Desk::open().await;
    let path = "subscriptions/610001/tags";
    assert_eq!(desk.post(path, json!({"CostCenter": "CC-1", "Owner": "Ops"})).await, true);
    let tags = desk.get(path).await;
    assert_eq!((tags["SubscriptionId"].clone(), tags["CostCenter"].clone()), (json!(610_001), json!("CC-1")));
    assert_eq!(desk.post(path, json!({"Project": "P-1"})).await, true);
    let tags = desk.get(path).await;
    assert_eq!((tags["CostCenter"].clone(), tags["Project"].clone()), (Value::Null, json!("P-1")));
    assert_eq!(desk.get("subscriptions/610001").await["SubscriptionTags"], tags);
    assert_eq!(desk.post(path, json!({"Project": null})).await, true);
    assert_eq!(desk.get("subscriptions/610001").await["SubscriptionTags"], Value::Null);
    desk.post(path, json!({"Project": "P-2"})).await;
    assert_eq!(desk.answer("DELETE", path, None, 200).await, Value::Null);
    assert_eq!(desk.get(path).await["Project"], Value::Null);
}
