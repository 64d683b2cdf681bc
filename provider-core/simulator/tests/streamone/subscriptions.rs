//! Subscriptions: paging by offset, filters, the detail call.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{World, encoded};

const LIST: &str = "/accounts/{a}/subscriptions";

fn items(page: &Value) -> Vec<Value> {
    page.get("items").and_then(Value::as_array).cloned().unwrap_or_default()
}

#[tokio::test]
async fn offsets_walk_through_everything() {
    let world = World::start().await;
    let first = world.read(&format!("{LIST}?pagination.limit=20")).await;
    let total = first["paginationResponse"]["totalSize"].as_u64().unwrap();
    assert_eq!(total, world.ion.subscription_count() as u64);
    let mut seen = BTreeSet::new();
    for offset in (0..total + 20).step_by(20) {
        let path = format!("{LIST}?pagination.limit=20&pagination.offset={offset}&pagination.sortBy=id");
        let page = world.read(&path).await;
        assert_eq!(page["paginationResponse"]["totalSize"], total);
        seen.extend(items(&page).iter().map(|found| found["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len() as u64, total);
    let beyond = world.read(&format!("{LIST}?pagination.offset=100000")).await;
    assert!(beyond.get("items").is_none(), "an empty list is left out");
    world.ion.set_largest_page(5, 6);
    assert_eq!(items(&world.read(&format!("{LIST}?pagination.limit=5000")).await).len(), 6);
}

#[tokio::test]
async fn order_is_promised_only_where_asked_for() {
    let world = World::start().await;
    world.ion.set_unstable_order(true);
    let first = async |query: &str| {
        let page = world.read(&format!("{LIST}?pagination.limit=1{query}")).await;
        items(&page)[0]["id"].as_str().unwrap().to_owned()
    };
    assert_ne!(first("").await, first("").await);
    assert_eq!(first("&pagination.sortBy=id").await, "4500123");
    assert_ne!(first("&pagination.sortBy=id&pagination.sortOrder=DESC").await, "4500123");
    assert_eq!(world.get(&format!("{LIST}?pagination.sortBy=price")).await.status, 400);
    assert_eq!(world.get(&format!("{LIST}?pageToken=x")).await.status, 400);
    assert_eq!(world.refused().last().unwrap().0, "pageToken");
}

#[tokio::test]
async fn a_record_has_the_captured_members() {
    let world = World::start().await;
    let page = world.read(&format!("{LIST}?customerId=310045&pagination.sortBy=id")).await;
    let found = &items(&page)[0];
    for (name, value) in [
        ("id", json!("4500123")),
        ("customerId", json!("310045")),
        ("resellerId", json!(world.ion.account_id())),
        ("isvId", json!("19990")),
        ("cloudProviderId", json!("30")),
        ("resourceType", json!("AZURE::Subscription")),
        ("ccpProductId", json!("ExampleSuiteNCE-demo")),
        ("ccpSkuId", json!("Example-Suite-Standard")),
        ("ccpPlanId", json!("Monthly---Annual-Commit-n1")),
        ("subscriptionProductId", json!("EXMP0TTC0AAA")),
        ("subscriptionSkuId", json!("0001")),
        ("subscriptionTotalLicenses", json!("25")),
        ("subscriptionStatus", json!("active")),
        ("subscriptionBillingCycle", json!("monthly")),
        ("subscriptionBillingTerm", json!("P1Y")),
        ("subscriptionRenewStatus", json!("ENABLED")),
        ("subscriptionStartDate", json!("2025-10-11T09:00:00.456Z")),
        ("subscriptionEndDate", json!("2026-10-11T09:00:00.456Z")),
        ("cancellationAllowedUntilDate", json!("2025-10-18T09:00:00.456Z")),
        ("autoRenew", json!(true)),
        ("isTrial", json!(false)),
        ("price", json!(12.5)),
        ("cost", json!(10.625)),
        ("margin", json!(1.875)),
        ("total", json!(312.5)),
        ("mfgPartNumber", json!("EXMP0TTC0AAA:0001:P1Y:M")),
        ("customerName", json!("Example Dental Group 1")),
        ("partnerName", json!("Example MSP")),
    ] {
        assert_eq!(found[name], value, "{name}");
    }
    assert_eq!(found["ccpProductInfo"]["planDisplayName"], "Example Suite Standard");
    let usage = &items(&page)[2];
    assert_eq!(usage["subscriptionEndDate"], usage["subscriptionStartDate"]);
    assert_eq!(usage["price"], 0);
    assert!(usage.get("mfgPartNumber").is_none());
    assert_eq!(items(&page)[3]["subscriptionBillingCycle"], "one_time");
}

#[tokio::test]
async fn every_filter_narrows_the_list() {
    let world = World::with_customers(60).await;
    let all = items(&world.read(&format!("{LIST}?pagination.limit=1000")).await);
    let statuses: BTreeSet<&str> =
        all.iter().map(|found| found["subscriptionStatus"].as_str().unwrap()).collect();
    assert!(statuses.len() >= 6 && statuses.contains("deleted"), "{statuses:?}");
    let text = |found: &Value, member: &str| found.get(member).and_then(Value::as_str).map(str::to_lowercase);
    for (filter, value, member) in [
        ("customerId", "310050", "customerId"),
        ("providerId", "30", "cloudProviderId"),
        ("subscriptionStatus", "Deleted", "subscriptionStatus"),
        ("billingTerm", "P1Y", "subscriptionBillingTerm"),
        ("billingCycle", "monthly", "subscriptionBillingCycle"),
        ("totalLicense", "25", "subscriptionTotalLicenses"),
        ("ccpProductId", "ExampleSuiteNCE-demo", "ccpProductId"),
        ("providerProductId", "EXMP0TTC0AAA", "subscriptionProductId"),
        ("resourceType", "AZURE::Subscription", "resourceType"),
        ("subscriptionName", "Example Suite Standard", "subscriptionName"),
        ("customerName", "Example Dental Group 1", "customerName"),
        ("accountName", "Example MSP", "partnerName"),
    ] {
        let path = format!("{LIST}?pagination.limit=1000&{filter}={}", encoded(value));
        let found = items(&world.read(&path).await);
        let wanted = value.to_lowercase();
        let expected = all.iter().filter(|found| text(found, member).as_deref() == Some(&wanted)).count();
        assert_eq!(found.len(), expected, "{filter}");
        assert!(expected > 0, "{filter} finds something");
        assert!(found.iter().all(|found| text(found, member).as_deref() == Some(&wanted)), "{filter}");
    }
}

#[tokio::test]
async fn filters_that_need_a_record_at_hand() {
    let world = World::with_customers(60).await;
    let all = items(&world.read(&format!("{LIST}?pagination.limit=1000")).await);
    let ask =
        async |query: String| items(&world.read(&format!("{LIST}?pagination.limit=1000&{query}")).await);
    let guid = all[0]["subscriptionId"].as_str().unwrap().to_uppercase();
    assert_eq!(ask(format!("subscriptionId={guid}")).await.len(), 1);
    let with = |member: &str| all.iter().find_map(|found| found.get(member)?.as_str()).unwrap();
    assert!(!ask(format!("resellerPo={}", with("resellerPO"))).await.is_empty());
    assert!(!ask(format!("customerPo={}", with("customerPO"))).await.is_empty());
    assert!(ask("resellerId=1".to_owned()).await.is_empty());
    assert_eq!(ask(format!("resellerId={}", world.ion.account_id())).await.len(), all.len());
    assert!(!ask("cloudProviderName=azure".to_owned()).await.is_empty());
    let in_progress = ask("subscriptionStatus=In+Progress".to_owned()).await;
    assert!(in_progress.iter().all(|found| found["subscriptionStatus"] == "in_progress"));
    assert!(ask("subscriptionStatus=Working".to_owned()).await.is_empty());
    assert!(!ask("customField.field=costCenter".to_owned()).await.is_empty());
    assert!(ask("customField.field=costCenter&customField.value=none".to_owned()).await.is_empty());
    assert_eq!(world.get(&format!("{LIST}?customField.value=x")).await.status, 400);
}

#[tokio::test]
async fn date_ranges_are_relative_or_fixed() {
    let world = World::start().await;
    let ids = async |query: &str| {
        let page = world.read(&format!("{LIST}?customerId=310045&{query}")).await;
        items(&page).iter().map(|found| found["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(ids("startDateRange.relativeDateRange=MONTH_TO_DATE").await.contains(&"4500124".to_owned()));
    let fixed = "startDateRange.fixedDateRange.startDate=2025-10-01&startDateRange.fixedDateRange.endDate=2025-11-01T00:00:00Z";
    assert_eq!(ids(fixed).await, ["4500123"]);
    assert_eq!(ids("endDate=2026-10-11").await, ["4500123"]);
    assert_eq!(ids("endDateRange.fixedDateRange.startDate=2027-01-01").await, ["4500124"]);
    let invented = format!("{LIST}?startDateRange.relativeDateRange=LAST_365_DAYS");
    assert_eq!(world.get(&invented).await.status, 400);
    assert_eq!(world.refused()[0].0, "startDateRange");
}

#[tokio::test]
async fn the_detail_call_wants_the_internal_id_and_the_customer() {
    let world = World::start().await;
    let path = "/accounts/{a}/customers/310045/subscriptions";
    let detail = world.read(&format!("{path}/4500123?refresh=false")).await;
    let listed = items(&world.read(&format!("{LIST}?customerId=310045&pagination.sortBy=id")).await);
    for (name, value) in listed[0].as_object().unwrap() {
        assert_eq!(&detail[name], value, "{name}");
    }
    let log = &detail["activityLogs"];
    assert_eq!(log["totalCount"], "2");
    assert_eq!(log["items"][0]["actionType"], "Subscription Created");
    assert_eq!(log["items"][1]["actionDetails"], "New Quantity: 25; Status: active; ");
    assert_eq!(log["items"][0]["ccpUserId"], "77000");
    let guid = detail["subscriptionId"].as_str().unwrap();
    assert_eq!(world.get(&format!("{path}/{guid}")).await.status, 404);
    let other = "/accounts/{a}/customers/310046/subscriptions/4500123";
    assert_eq!(world.get(other).await.json(404)["error"], "NOT_FOUND");
    assert_eq!(world.call("DELETE", &format!("{path}/4500123"), "").await.status, 404);
}

#[tokio::test]
async fn terms_end_on_the_simulated_clock() {
    let world = World::start().await;
    let path = "/accounts/{a}/customers/310045/subscriptions/4500123";
    world.sim.clock().advance(Duration::from_secs(220 * 86_400));
    let access = crate::client::exchange(&world.ion, &world.ion.issue_refresh_token()).await.json(200);
    let world = World { bearer: access["access_token"].as_str().unwrap().to_owned(), ..world };
    let renewed = world.read(path).await;
    assert_eq!(renewed["subscriptionStatus"], "active");
    assert_eq!(renewed["subscriptionEndDate"], "2027-10-11T09:00:00.456Z");
    assert_eq!(renewed["cancellationAllowedUntilDate"], "2026-10-18T09:00:00.456Z");
}
