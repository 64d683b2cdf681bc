//! New-commerce orders, next terms, shared ends, carts and scheduled purchases.

use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{Desk, PARENT};

const DAY: Duration = Duration::from_secs(86_400);
const ORDERS: &str = "subscriptions/new-commerce-orders";

fn order(tenant: i64) -> Value {
    json!({
        "CustomerTenantId": tenant, "PartNumber": "CFQ7TTC0LH18:0001", "BillingCycle": 1, "TermDuration": "P1Y",
        "Quantity": 12, "CustomTermEndDate": null, "ScheduledDate": null,
    })
}

#[tokio::test]
async fn an_order_becomes_a_subscription_after_a_while() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("ordering").await;
    let placed = desk.post(ORDERS, order(tenant)).await;
    let id = placed["NewCommerceOrderId"].as_str().unwrap().to_owned();
    assert_eq!(
        placed,
        json!({
            "IsSuccessful": true, "ErrorReasonCode": null, "ErrorDescription": null, "NewCommerceOrderId": id,
            "ScheduledDate": null,
        })
    );
    let path = format!("{ORDERS}/{id}");
    assert_eq!(desk.get(&path).await, json!([]));
    assert_eq!(desk.get(&format!("subscriptions?customerTenantId={tenant}")).await["TotalHits"], 0);
    assert_eq!(desk.crayon.orders()[0].subscription, None);
    desk.sim.clock().advance(Duration::from_secs(2));
    let found = desk.get(&path).await;
    let subscription = found[0].as_i64().unwrap();
    assert_eq!(found, json!([subscription]));
    let row = desk.get(&format!("subscriptions/{subscription}")).await;
    assert_eq!((row["Quantity"].clone(), row["CustomerTenant"]["Id"].clone()), (json!(12), json!(tenant)));
    assert_eq!(row["StartDate"], "2026-03-15T00:00:00");
    let placed = &desk.crayon.orders()[0];
    assert_eq!(
        (placed.id.as_str(), placed.quantity, placed.subscription),
        (id.as_str(), 12, Some(subscription))
    );
    assert_eq!((placed.part_number.as_str(), placed.tenant), ("CFQ7TTC0LH18:0001", tenant));
    desk.post(ORDERS, order(tenant)).await;
    assert_eq!(desk.crayon.purchases(), 2, "nothing makes a second order a repetition of the first");
    desk.answer("GET", &format!("{ORDERS}/0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f"), None, 404).await;
    desk.answer("GET", &format!("{ORDERS}/not-a-guid"), None, 400).await;
}

#[tokio::test]
async fn the_delay_can_be_set() {
    let desk = Desk::open().await;
    desk.crayon.set_order_delay(Duration::ZERO);
    let tenant = desk.consenting_tenant("instant").await;
    let id = desk.post(ORDERS, order(tenant)).await["NewCommerceOrderId"].as_str().unwrap().to_owned();
    assert_eq!(desk.get(&format!("{ORDERS}/{id}")).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn failures_of_the_business_arrive_with_status_200() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("failing").await;
    let code = async |change: fn(&mut Value)| {
        let mut body = order(tenant);
        change(&mut body);
        let answer = desk.post(ORDERS, body).await;
        assert_eq!((&answer["IsSuccessful"], &answer["NewCommerceOrderId"]), (&json!(false), &Value::Null));
        assert!(!answer["ErrorDescription"].as_str().unwrap().is_empty());
        answer["ErrorReasonCode"].clone()
    };
    assert_eq!(code(|body| body["CustomerTenantId"] = json!(99)).await, "CustomerTenantNotFound");
    assert_eq!(code(|body| body["CustomerTenantId"] = json!(51_010)).await, "CustomerAgreementMissing");
    assert_eq!(code(|body| body["PartNumber"] = json!("NOPE:0001")).await, "PartNumberNotFound");
    assert_eq!(
        code(|body| body["PartNumber"] = json!("7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e01")).await,
        "TermDurationNotSupported"
    );
    assert_eq!(code(|body| body["TermDuration"] = json!("P5Y")).await, "TermDurationNotSupported");
    assert_eq!(code(|body| body["BillingCycle"] = json!(4)).await, "BillingCycleNotSupported");
    assert_eq!(code(|body| body["BillingCycle"] = json!(5)).await, "BillingCycleNotSupported");
    assert_eq!(code(|body| body["Quantity"] = json!(301)).await, "QuantityOutOfRange");
    assert_eq!(code(|body| body["Quantity"] = json!(-1)).await, "QuantityOutOfRange");
    assert_eq!(code(|body| body["ScheduledDate"] = json!("2026-03-01")).await, "ScheduledDateInPast");
    assert_eq!(
        code(|body| body["CustomTermEndDate"] = json!("2026-08-09")).await,
        "CustomTermEndDateNotAllowed"
    );
    assert!(desk.crayon.orders().is_empty());
    for member in ["CustomerTenantId", "PartNumber", "BillingCycle", "TermDuration", "Quantity"] {
        let mut body = order(tenant);
        body.as_object_mut().unwrap().remove(member);
        let error = desk.answer("POST", ORDERS, Some(body), 400).await;
        assert_eq!(error["ObjectErrors"][0]["Message"], format!("{member} is required"));
    }
    let mut body = order(tenant);
    body["BillingCycle"] = json!(8);
    let error = desk.answer("POST", ORDERS, Some(body), 400).await;
    assert_eq!(error["ObjectErrors"][0]["Message"], "BillingCycle must be the number of a BillingCycleType");
}

#[tokio::test]
async fn three_years_are_5_in_an_order_and_8_on_the_subscription() {
    let desk = Desk::open().await;
    desk.crayon.set_order_delay(Duration::ZERO);
    let tenant = desk.consenting_tenant("triennial").await;
    let mut body = order(tenant);
    body["BillingCycle"] = json!(5);
    body["TermDuration"] = json!("P3Y");
    assert_eq!(desk.post(ORDERS, body).await["IsSuccessful"], true);
    let row = desk.get(&format!("subscriptions?customerTenantId={tenant}")).await["Items"][0].clone();
    assert_eq!((row["BillingCycle"].clone(), row["TermDuration"].clone()), (json!(8), json!("P3Y")));
}

#[tokio::test]
async fn terms_can_share_an_end() {
    let desk = Desk::open().await;
    desk.crayon.set_order_delay(Duration::ZERO);
    let tenant = desk.consenting_tenant("shared").await;
    desk.post(ORDERS, order(tenant)).await;
    let query = format!("organizationId={PARENT}&customerTenantId={tenant}&termDuration=P1Y");
    let path = format!("/api/v2/subscriptions/coterminosity?{query}");
    let ends = desk.get(&path).await;
    assert_eq!(ends["CalendarMonthDate"], "2027-02-28T23:59:59Z");
    assert_eq!(ends["Subscriptions"].as_array().unwrap().len(), 1);
    assert_eq!(ends["Subscriptions"][0]["EndDate"], "2027-03-14 23:59:59.000");
    assert_eq!(ends["Subscriptions"][0]["FriendlyName"], "Sample Business Suite");
    assert_eq!(
        desk.get(&format!("subscriptions/coterminosity?{query}")).await,
        ends,
        "the obsolete first version"
    );
    let id = ends["Subscriptions"][0]["Id"].as_i64().unwrap();
    assert_eq!(desk.get(&format!("{path}&subscriptionId={id}")).await["Subscriptions"], json!([]));
    let mut body = order(tenant);
    body["CustomTermEndDate"] = ends["CalendarMonthDate"].clone();
    assert_eq!(desk.post(ORDERS, body).await["IsSuccessful"], true);
    let rows = desk.get(&format!("subscriptions?customerTenantId={tenant}")).await;
    assert_eq!(rows["Items"][1]["EndDate"], "2027-02-28T23:59:59");
    let monthly = desk.get(&path.replace("P1Y", "P1M")).await;
    assert_eq!(
        (monthly["CalendarMonthDate"].clone(), monthly["Subscriptions"].clone()),
        (json!("2026-03-31T23:59:59Z"), json!([]))
    );
    desk.answer("GET", &path.replace("P1Y", "P9Y"), None, 400).await;
    desk.answer("GET", &path.replace("4100001", "4100002"), None, 404).await;
    desk.answer("GET", "/api/v2/subscriptions/coterminosity?organizationId=4100001", None, 400).await;
}

#[tokio::test]
async fn the_next_term_follows_its_instructions() {
    let desk = Desk::open().await;
    desk.crayon.set_order_delay(Duration::ZERO);
    let tenant = desk.consenting_tenant("nextterm").await;
    desk.post(ORDERS, order(tenant)).await;
    let id = desk.get(&format!("subscriptions?customerTenantId={tenant}")).await["Items"][0]["Id"]
        .as_i64()
        .unwrap();
    let path = format!("subscriptions/{id}");
    let instructions = format!("{path}/next-term-instructions");
    let refused = async |body: Value| desk.post(&instructions, body).await["ErrorReasonCode"].clone();
    assert_eq!(refused(json!({})).await, "NoInstructions");
    assert_eq!(refused(json!({"Quantity": 400})).await, "QuantityOutOfRange");
    assert_eq!(refused(json!({"TermDuration": "P1M", "BillingCycle": 2})).await, "BillingCycleNotSupported");
    let accepted =
        desk.post(&instructions, json!({"Quantity": 8, "TermDuration": "P3Y", "BillingCycle": 5})).await;
    assert_eq!(accepted, json!({"IsSuccessful": true, "ErrorReasonCode": null, "ErrorDescription": null}));
    let scheduled = desk.get(&path).await["ScheduledNextTermInstructions"].clone();
    assert_eq!(
        scheduled,
        json!({
            "Product": {
                "ProductId": "CFQ7TTC0LH18", "SkuId": "0001", "AvailabilityId": scheduled["Product"]["AvailabilityId"],
                "BillingCycle": "ThreeYears", "TermDuration": "P3Y",
            },
            "Quantity": 8, "CustomTermEndDate": null,
        })
    );
    desk.sim.clock().advance(DAY * 366);
    let desk = desk.again().await;
    let renewed = desk.get(&path).await;
    assert_eq!((renewed["Quantity"].clone(), renewed["TermDuration"].clone()), (json!(8), json!("P3Y")));
    assert_eq!(
        (renewed["BillingCycle"].clone(), renewed["EndDate"].clone()),
        (json!(8), json!("2030-03-14T23:59:59"))
    );
    assert_eq!(renewed["ScheduledNextTermInstructions"], Value::Null);
    let mut body = renewed;
    body["AutoRenewEnabled"] = json!(false);
    desk.put(&path, body).await;
    assert_eq!(
        desk.post(&instructions, json!({"Quantity": 8})).await["ErrorReasonCode"],
        "AutoRenewDisabled"
    );
    desk.answer("POST", "subscriptions/99/next-term-instructions", Some(json!({"Quantity": 8})), 404).await;
}

fn cart(tenant: i64) -> Value {
    json!({
        "ResellerCustomerId": tenant, "InvoiceProfileId": 80001, "NotificationEmail": "it@example.com",
        "OrderLines": [
            {
                "ProductId": "CFQ7TTC0LH18", "SkuId": "0001", "ProductVariantId": 2_600_002, "Quantity": 12,
                "BillingCycle": 1, "TermDuration": "P1Y", "Type": 3,
            },
            {"ProductId": "DG7GMGF0SMP8", "SkuId": "0002", "Quantity": 1, "BillingCycle": 4, "Type": 2},
        ],
    })
}

#[tokio::test]
async fn a_cart_is_verified_then_checked_out() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("carts").await;
    let error = desk.answer("POST", "purchaserequest/checkout", Some(cart(tenant)), 400).await;
    assert_eq!(error["ErrorCode"], "NotVerified");
    let verified = desk.post("purchaserequest/verify", cart(tenant)).await;
    assert_eq!((verified["errors"].clone(), verified["externalOrderId"].clone()), (json!([]), Value::Null));
    let line = &verified["orderLines"][0];
    assert!(line["catalogItemId"].as_str().unwrap().starts_with("CFQ7TTC0LH18:0001:"));
    assert_eq!(line["errors"], json!([]));
    assert_eq!(desk.crayon.purchases(), 0, "verifying buys nothing");
    let bought = desk.post("purchaserequest/checkout", verified.clone()).await;
    let reference = bought["externalOrderId"].as_str().unwrap().to_owned();
    assert_eq!(desk.crayon.purchases(), 2);
    let orders = desk.get(&format!("assets/orders?resellerCustomerId={tenant}")).await;
    assert_eq!((orders["totalHits"].clone(), orders["items"][0].clone()), (json!(1), bought));
    let assets = async || desk.get(&format!("assets?externalOrderId={reference}")).await["Items"][0].clone();
    assert_eq!(assets().await["Status"], 1);
    desk.sim.clock().advance(Duration::from_secs(2));
    assert_eq!(assets().await["Status"], 2);
    assert_eq!(desk.get(&format!("subscriptions?customerTenantId={tenant}")).await["TotalHits"], 1);
    desk.post("assets/checkout", verified).await;
    assert_eq!(desk.crayon.purchases(), 4, "the older path buys too");
}

#[tokio::test]
async fn a_cart_carries_its_errors() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("badcart").await;
    let mut body = cart(tenant);
    body["OrderLines"][0]["Quantity"] = json!(400);
    body["OrderLines"][1]["SkuId"] = json!("9999");
    let verified = desk.post("assets/verify", body).await;
    let codes = |index: usize| verified["orderLines"][index]["errors"][0]["reasonCode"].clone();
    assert_eq!((codes(0), codes(1)), (json!("QuantityOutOfRange"), json!("PartNumberNotFound")));
    assert_eq!(verified["orderLines"][0]["catalogItemId"], Value::Null);
    let mut forced = verified;
    for line in forced["orderLines"].as_array_mut().unwrap() {
        line["catalogItemId"] = json!("A:B:C");
    }
    let refused = desk.post("purchaserequest/checkout", forced).await;
    assert_eq!(refused["orderLines"][0]["errors"][0]["reasonCode"], "QuantityOutOfRange");
    assert_eq!(refused["externalOrderId"], Value::Null);
    let mut body = cart(99);
    body["ScheduledPurchaseDate"] = json!("2026-01-01");
    let errors = desk.post("purchaserequest/verify", body).await["errors"].clone();
    assert_eq!((errors[0]["code"].clone(), errors[1]["code"].clone()), (json!(1001), json!(1004)));
    let mut body = cart(tenant);
    body["InvoiceProfileId"] = json!(80_003);
    assert_eq!(desk.post("purchaserequest/verify", body).await["errors"][0]["code"], 1002);
    let empty = json!({"ResellerCustomerId": tenant, "OrderLines": []});
    assert_eq!(desk.post("purchaserequest/verify", empty).await["errors"][0]["code"], 1003);
    let mut reservation = cart(tenant);
    reservation["OrderLines"] = json!([{
        "ProductId": "DZH318Z0SMP7", "SkuId": "0003", "Quantity": 1, "BillingCycle": 1, "TermDuration": "P1Y", "Type": 1,
    }]);
    let verified = desk.post("purchaserequest/verify", reservation).await;
    assert_eq!(verified["orderLines"][0]["errors"][0]["reasonCode"], "ArmRegionNameMissing");
    assert_eq!(desk.crayon.purchases(), 0);
}

#[tokio::test]
async fn scheduled_purchases_wait_and_can_be_cancelled() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("later").await;
    let mut body = order(tenant);
    body["ScheduledDate"] = json!("2026-04-01");
    let placed = desk.post(ORDERS, body).await;
    assert_eq!(placed["ScheduledDate"], "2026-04-01T00:00:00Z");
    let mut later = cart(tenant);
    later["ScheduledPurchaseDate"] = json!("2026-04-02T00:00:00Z");
    later["OrderLines"].as_array_mut().unwrap().pop();
    let verified = desk.post("purchaserequest/verify", later).await;
    let bought = desk.post("purchaserequest/checkout", verified).await;
    let path = format!("scheduledpurchaserequest?resellerCustomerId={tenant}");
    let waiting = desk.get(&path).await;
    assert_eq!(waiting["TotalHits"], 2);
    assert_eq!(waiting["Items"][0]["OrderReferenceId"], placed["NewCommerceOrderId"]);
    let item = &waiting["Items"][1]["OrderItems"][0];
    assert_eq!(
        *item,
        json!({
            "OrderNumber": "1", "CatalogId": item["CatalogId"], "Name": "Sample Business Suite (1 year)", "Quantity": 12,
            "BillingCycle": "Monthly", "TermDuration": "P1Y", "EmailReceiver": "it@example.com",
            "ScheduledDate": "2026-04-02T00:00:00",
        })
    );
    let reversed = desk.get(&format!("{path}&sortOrder=1")).await;
    assert_eq!(reversed["Items"][0], waiting["Items"][1]);
    let cancel =
        format!("scheduledpurchaserequest/cancel-order/{}/1", bought["externalOrderId"].as_str().unwrap());
    assert_eq!(desk.answer("PUT", &cancel, None, 200).await, *item);
    desk.answer("PUT", &cancel, None, 404).await;
    desk.sim.clock().advance(DAY * 20);
    let desk = desk.again().await;
    assert_eq!(desk.get(&path).await["TotalHits"], 0);
    let rows = desk.get(&format!("subscriptions?customerTenantId={tenant}")).await;
    assert_eq!(
        (rows["TotalHits"].clone(), rows["Items"][0]["StartDate"].clone()),
        (json!(1), json!("2026-04-01T00:00:00"))
    );
}

#[tokio::test]
async fn assets_are_listed_changed_and_tagged() {
    let desk = Desk::open().await;
    let hits = async |query: &str| desk.get(&format!("assets?{query}")).await["TotalHits"].clone();
    assert_eq!(hits("").await, 10);
    assert_eq!(hits("assetType=1&status=2").await, 5);
    assert_eq!(hits("status=Fulfilling").await, 0);
    assert_eq!(hits("resellerCustomerId=51003&publisherId=2").await, 2);
    assert_eq!(hits("search=reservation&invoiceProfileId=80001").await, 3);
    let sorted = desk.get("assets?sortBy=0&sortOrder=1&pageSize=1").await;
    assert_eq!(sorted["Items"][0]["Name"], "Sample Virtual Machine Reservation (3 years)");
    let mut asset = desk.get("assets/20001").await;
    assert_eq!(hits(&format!("reservationId={}", asset["ReservationId"].as_str().unwrap())).await, 1);
    asset["AutoRenewEnabled"] = json!(true);
    asset["InvoiceProfile"] = json!({"Id": 80002});
    asset["Quantity"] = json!(77);
    let changed = desk.put("assets/20001", asset).await;
    assert_eq!((changed["AutoRenewEnabled"].clone(), changed["Quantity"].clone()), (json!(true), json!(2)));
    assert_eq!(changed["InvoiceProfile"]["Name"], "Project billing");
    let tags = desk.post("assets/20001/tags", json!({"Owner": "Ops"})).await;
    assert_eq!((tags["AssetId"].clone(), tags["Owner"].clone()), (json!(20_001), json!("Ops")));
    assert_eq!(desk.put("assets/20001/tags", json!({"Project": "P"})).await["Owner"], Value::Null);
    assert_eq!(desk.get("assets/20001").await["Tags"]["Project"], "P");
    desk.answer("DELETE", "assets/20001/tags", None, 200).await;
    assert_eq!(desk.get("assets/20001").await["Tags"], Value::Null);
    desk.answer("GET", "assets/99", None, 404).await;
}
