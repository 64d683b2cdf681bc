//! Subscriptions: reading, buying directly, changing, renewing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::changes::fresh;
use crate::desk::{CHILD, Desk, PARENT, direct, ids};

fn statuses(page: &Value) -> Vec<i64> {
    page["Items"].as_array().unwrap().iter().map(|row| row["Status"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn every_status_is_seeded_and_can_be_filtered() {
    let desk = Desk::open().await;
    let all = desk.get("subscriptions?pageSize=1000").await;
    let mut seen = statuses(&all);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [1, 2, 4, 8, 16, 32, 64, 128, 256]);
    let some = desk.get("subscriptions?statuses=67&pageSize=1000").await;
    assert!(statuses(&some).iter().all(|status| [1, 2, 64].contains(status)));
    let everything = desk.get("subscriptions?statuses=511&pageSize=1000").await;
    assert_eq!(everything["TotalHits"], all["TotalHits"]);
    let pending = desk.get("subscriptions?statuses=Pending").await;
    assert!(statuses(&pending).iter().all(|status| *status == 64));
    assert_eq!(pending["Items"][0]["PublisherSubscriptionId"], "Pending");
}

#[tokio::test]
async fn filters_and_sorting() {
    let desk = Desk::open().await;
    let total = async |query: &str| {
        desk.get(&format!("subscriptions?pageSize=1&{query}")).await["TotalHits"].as_i64()
    };
    let all = total("").await.unwrap();
    let parent = total(&format!("organizationId={PARENT}")).await.unwrap();
    let child = total(&format!("organizationId={CHILD}")).await.unwrap();
    assert_eq!(parent + child, all);
    assert_eq!(total("organizationId=0&customerTenantId=0&publisherId=2").await, Some(all));
    assert_eq!(total("publisherId=3").await, Some(0));
    assert_eq!(total("customerTenantId=51002").await, Some(3));
    assert_eq!(total("customerTenantId=99").await, Some(0));
    assert_eq!(total("isTrial=true").await, Some(3));
    assert_eq!(total("registeredForReservedInstance=true").await, Some(0));
    assert_eq!(total("search=azure%20plan").await, Some(7));
    let tenant = desk.get("customertenants/51002").await;
    let directory = tenant["ExternalPublisherCustomerId"].as_str().unwrap();
    assert_eq!(total(&format!("publisherCustomerId={directory}&sync=true&refresh=false")).await, Some(3));
    let names = async |query: &str| -> Vec<String> {
        let page = desk.get(&format!("subscriptions?customerTenantId=51001&{query}")).await;
        page["Items"].as_array().unwrap().iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
    };
    let ascending = names("sortBy=0").await;
    assert!(ascending.is_sorted() && ascending.len() > 3);
    let mut descending = names("sortBy=Name&sortOrder=Descending").await;
    descending.reverse();
    assert_eq!(descending, ascending);
    desk.answer("GET", "subscriptions?organizationId=4199999", None, 403).await;
}

#[tokio::test]
async fn a_row_and_its_details() {
    let desk = Desk::open().await;
    let page = desk.get("subscriptions?customerTenantId=51001").await;
    let row = page["Items"][0].clone();
    assert_eq!(
        row,
        json!({
            "Id": 610001, "PublisherSubscriptionId": row["PublisherSubscriptionId"], "EntitlementId": null,
            "Publisher": {"Id": 2, "Name": "Microsoft"},
            "Organization": {"Id": PARENT, "Name": "Example Partner AS"}, "CustomerTenant": {"Id": 51001},
            "Product": {
                "Id": 70001, "PartNumber": "CFQ7TTC0LH18:0001", "PublisherProductId": null,
                "ItemLegalName": "Sample Business Suite", "ItemName": "Sample Business Suite",
            },
            "Quantity": row["Quantity"], "Name": "Sample Business Suite", "Status": 1, "ProvisionType": 1,
            "AvailableAddonsCount": 0, "Subscriptions": [], "OrderId": row["OrderId"],
            "CreationDate": "2026-02-06T11:15:00.37+01:00", "BillingCycle": 1, "Markup": row["Markup"],
            "IsTrial": false, "StartDate": "2026-02-06T00:00:00", "EndDate": "2027-02-05T23:59:59",
            "PriceType": row["PriceType"], "SalesPrice": row["SalesPrice"], "RegisteredForReservedInstance": false,
            "InvoiceProfile": {"Id": 80001, "Name": "Default"}, "SubscriptionTags": row["SubscriptionTags"],
            "AcceptAutoSuspension": null, "AutoSuspensionDate": null, "PartNumber": "CFQ7TTC0LH18:0001",
            "TermDuration": "P1Y", "AutoRenewEnabled": row["AutoRenewEnabled"],
            "CancellationAllowedUntilDate": "2026-02-13T10:15:00Z", "ScheduledNextTermInstructions": null,
            "MaxEndCustomerQuantity": null,
        })
    );
    let mut detailed = desk.get("subscriptions/610001").await;
    let more = detailed.as_object_mut().unwrap();
    assert_eq!(more.remove("EffectiveStartDate"), Some(json!("2026-02-06T00:00:00Z")));
    assert_eq!(more.remove("CommitmentEndDate"), Some(json!("2027-02-05T23:59:59Z")));
    assert_eq!(more.remove("SuspensionReasons"), Some(json!("[]")));
    assert_eq!(more.remove("OriginalAgreementId"), Some(json!(90013)));
    let pricing = json!({"CurrencyCode": "EUR", "PurchasePrice": 4.32, "RecommendedRetailPrice": 5.10});
    assert_eq!(more.remove("Pricing"), Some(pricing));
    assert_eq!(more.remove("AttestationAccepted"), Some(Value::Null));
    assert_eq!(detailed, row);
    let error = desk.answer("GET", "subscriptions/99", None, 404).await;
    assert_eq!(
        (error["ErrorCode"].clone(), error["Parameters"].clone()),
        (json!("NotFound"), json!({"Id": "99"}))
    );
}

#[tokio::test]
async fn a_direct_purchase_is_active_at_once() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("direct").await;
    let bought = desk.post("subscriptions", direct(tenant)).await;
    assert_eq!(bought["Status"], 1);
    assert_eq!(
        bought["Name"], "Sample Business Suite",
        "new-commerce subscriptions are named after the product"
    );
    assert_eq!(bought["CancellationAllowedUntilDate"], "2026-03-22T12:00:00Z");
    assert_eq!(bought["InvoiceProfile"]["Id"], 80001);
    assert_eq!(desk.crayon.purchases(), 1);
    let mut long = direct(tenant);
    long["TermDuration"] = json!("P3Y");
    long["BillingCycle"] = json!(8);
    assert_eq!(desk.post("subscriptions", long).await["EndDate"], "2029-03-14T23:59:59");
    let mut legacy = direct(tenant);
    legacy["Product"]["PartNumber"] = json!("7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e01");
    legacy.as_object_mut().unwrap().remove("TermDuration");
    legacy.as_object_mut().unwrap().remove("BillingCycle");
    let legacy = desk.post("subscriptions", legacy).await;
    assert_eq!((legacy["Name"].clone(), legacy["AvailableAddonsCount"].clone()), (json!("Sample"), json!(2)));
    assert_eq!((legacy["TermDuration"].clone(), legacy["PartNumber"].clone()), (Value::Null, Value::Null));
}

#[tokio::test]
async fn a_direct_purchase_is_refused_with_the_rule_that_it_breaks() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("rules").await;
    let code = async |change: fn(&mut Value)| {
        let mut body = direct(tenant);
        change(&mut body);
        desk.answer("POST", "subscriptions", Some(body), 400).await["ErrorCode"].clone()
    };
    assert_eq!(code(|body| body["Name"] = Value::Null).await, "ValidationError");
    assert_eq!(code(|body| body["Quantity"] = json!(12.0)).await, "ValidationError");
    assert_eq!(code(|body| body["Quantity"] = json!(301)).await, "QuantityOutOfRange");
    assert_eq!(code(|body| body["Quantity"] = json!(0)).await, "QuantityOutOfRange");
    assert_eq!(code(|body| body["Product"]["PartNumber"] = json!("NOPE:0001")).await, "PartNumberNotFound");
    assert_eq!(
        code(|body| body["Product"]["PartNumber"] = json!("DG7GMGF0SMP8:0002")).await,
        "PartNumberNotFound"
    );
    assert_eq!(code(|body| body["TermDuration"] = json!("P2Y")).await, "TermDurationNotSupported");
    assert_eq!(code(|body| body["BillingCycle"] = json!(8)).await, "BillingCycleNotSupported");
    assert_eq!(code(|body| body["BillingCycle"] = json!(0)).await, "BillingCycleRequired");
    assert_eq!(code(|body| body["BillingCycle"] = json!(6)).await, "ValidationError");
    assert_eq!(code(|body| body["CustomerTenant"]["Id"] = json!(51_010)).await, "CustomerAgreementMissing");
    assert_eq!(code(|body| body["CustomerTenant"]["Id"] = json!(51_025)).await, "CustomerTenantNotFound");
    assert_eq!(desk.crayon.purchases(), 0);
}

#[tokio::test]
async fn an_azure_plan_starts_suspended_and_activates_itself() {
    let desk = Desk::open().await;
    let tenant = desk.consenting_tenant("azureplan").await;
    let body = json!({
        "Name": "Azure", "CustomerTenant": {"Id": tenant}, "Product": {"PartNumber": "DZH318Z0BPS6:0001"},
        "Quantity": 1,
    });
    desk.answer("GET", &format!("customertenants/{tenant}/azurePlan"), None, 404).await;
    let bought = desk.post("subscriptions", body.clone()).await;
    assert_eq!(
        (bought["Status"].clone(), bought["PublisherSubscriptionId"].clone()),
        (json!(2), json!("Pending"))
    );
    assert_eq!((bought["ProvisionType"].clone(), bought["EndDate"].clone()), (json!(2), Value::Null));
    desk.sim.clock().advance(Duration::from_secs(2));
    let plan = desk.get(&format!("customertenants/{tenant}/azurePlan")).await;
    assert_eq!((plan["Status"].clone(), plan["CustomerTenant"]["Id"].clone()), (json!(1), json!(tenant)));
    assert_ne!(plan["PublisherSubscriptionId"], "Pending");
    let error = desk.answer("POST", "subscriptions", Some(body), 400).await;
    assert_eq!(error["ErrorCode"], "AzurePlanExists");
}

/// The first active subscription of that product.
async fn active(desk: &Desk, search: &str) -> Value {
    desk.get(&format!("subscriptions?statuses=1&search={search}")).await["Items"][0].clone()
}

#[tokio::test]
async fn legacy_subscriptions_take_add_ons_and_conversions() {
    let desk = Desk::open().await;
    let legacy = active(&desk, "office").await;
    let id = legacy["Id"].as_i64().unwrap();
    assert_eq!(legacy["Subscriptions"].as_array().unwrap().len(), 1, "seeded with an add-on");
    let offers = desk.get(&format!("subscriptions/{id}/addon-offers")).await;
    assert_eq!(offers["TotalHits"], 2);
    let offer = offers["Items"][1]["Product"]["PartNumber"].clone();
    assert_eq!(
        desk.post(&format!("subscriptions/{id}/addons"), json!({"Quantity": 3, "OfferId": offer})).await,
        true
    );
    let addons = desk.get(&format!("subscriptions/{id}")).await["Subscriptions"].clone();
    assert_eq!(
        (addons[1]["Quantity"].clone(), addons[1]["Product"]["PartNumber"].clone()),
        (json!(3), offer)
    );
    let listed =
        desk.get(&format!("subscriptions?customerTenantId={}", legacy["CustomerTenant"]["Id"])).await;
    assert!(
        !ids(&listed).contains(&addons[1]["Id"].as_i64().unwrap()),
        "add-ons are inside their subscription"
    );
    let error = desk
        .answer(
            "POST",
            &format!("subscriptions/{id}/addons"),
            Some(json!({"Quantity": 1, "OfferId": "x"})),
            400,
        )
        .await;
    assert_eq!(error["ErrorCode"], "OfferNotFound");

    let conversions = desk.get(&format!("subscriptions/{id}/conversions")).await;
    let mut conversion = conversions["Items"][0].clone();
    assert_eq!(conversion["OfferId"], legacy["Product"]["PartNumber"]);
    conversion["Quantity"] = json!(2);
    let converted = desk.post(&format!("subscriptions/{id}/conversions"), conversion).await;
    assert_eq!((converted["Quantity"].clone(), converted["Status"].clone()), (json!(2), json!(1)));
    assert_eq!(desk.get(&format!("subscriptions/{id}")).await["Status"], 16);
    assert_eq!(desk.get(&format!("subscriptions/{id}/conversions")).await["TotalHits"], 0);
}

#[tokio::test]
async fn upgrades_move_all_or_some_seats() {
    let desk = Desk::open().await;
    let (path, body) = fresh(&desk, "upgrades").await;
    let offers = desk.get(&format!("{path}/transition-eligibilities/immediate")).await;
    let offer = &offers["items"][0];
    assert_eq!(offer["eligibilities"][0]["isEligible"], true);
    assert_eq!(offer["subscriptionEligibilities"][0]["SubscriptionFriendlyName"], "Sample Business Suite");
    assert_eq!(desk.get(&format!("{path}/transition-eligibilities/other")).await["totalHits"], 0);
    let request = |quantity: i64| {
        json!({
            "ToCatalogItemId": offer["catalogItemId"], "TransitionType": "transition_only", "Quantity": quantity,
            "BillingCycle": 1, "Term": "P1Y",
        })
    };
    let part = desk.post(&format!("{path}/transition"), request(5)).await;
    assert_eq!(
        (part["Quantity"].clone(), part["Events"][0]["Status"].clone()),
        (json!(5), json!("Completed"))
    );
    assert_eq!(part["FromSubscriptionId"], body["PublisherSubscriptionId"]);
    assert_eq!(desk.get(&path).await["Quantity"], 7);
    desk.post(&format!("{path}/transition"), request(7)).await;
    assert_eq!(desk.get(&path).await["Status"], 16);
    assert_eq!(desk.get(&format!("{path}/transitions")).await["TotalHits"], 2);
    let error = desk.answer("POST", &format!("{path}/transition"), Some(request(1)), 400).await;
    assert_eq!(error["ErrorCode"], "SubscriptionNotActive");
}

#[tokio::test]
async fn prices_terms_links_and_flags() {
    let desk = Desk::open().await;
    assert_eq!(desk.get("subscriptions/610001/price").await, json!({"Value": 4.32, "CurrencyCode": "EUR"}));
    let plan = active(&desk, "azure%20plan").await["Id"].as_i64().unwrap();
    assert_eq!(desk.get(&format!("subscriptions/{plan}/price")).await["Value"], Value::Null);
    assert_eq!(
        desk.get("subscriptions/610001/term-immediate-change-options").await,
        json!([
            {"TermDuration": "P1M", "BillingCycleOptions": [1]},
            {"TermDuration": "P1Y", "BillingCycleOptions": [1, 2]},
            {"TermDuration": "P3Y", "BillingCycleOptions": [1, 2, 8]},
        ])
    );
    let link = desk.get("subscriptions/610001/activationlink").await;
    assert!(link["Uri"].as_str().unwrap().ends_with(link["SubscriptionId"].as_str().unwrap()));
    assert_eq!(desk.get("subscriptions/true/subscriptionId/610001").await, false);
    let reply = desk.send("POST", "subscriptions/true/subscriptionId/610001", None).await;
    assert_eq!(reply.expect(200), true);
    assert_eq!(desk.get("subscriptions/true/subscriptionId/610001").await, true);
    assert_eq!(desk.get("subscriptions?registeredForReservedInstance=true").await["TotalHits"], 1);
    let with_body = desk.send("POST", "subscriptions/true/subscriptionId/610001", Some(json!({}))).await;
    assert_eq!(with_body.status, 400, "the call takes no body");
    assert_eq!(
        desk.get("subscriptions/subscriptionpricetypes").await[2],
        json!({"Id": 3, "Name": "FixedPrice"})
    );
}
