//! Orders: dry runs, every rule, and what becomes of them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::account::{Account, BASE, MIGRATION, SHIELD, SUITE, SUPPORT, keys, refused_field, rules, text};

async fn mock_rules(account: &Account, order: &Value) -> Vec<String> {
    rules(&account.post("/v1/orders?isMock=true", order).await)
}

#[tokio::test]
async fn a_dry_run_checks_everything_and_writes_nothing() {
    let account = Account::open().await;
    let before = account.get("/v1/orders").await["page"]["totalElements"].clone();
    let order = account.suite_order(12, "harbor-example").await;
    let answer = account.post("/v1/orders?isMock=true", &order).await.expect(200);
    assert_eq!(answer["companyId"], order["companyId"]);
    assert!(answer.get("id").is_none());
    assert_eq!(answer["lineItems"][0]["quantity"], 12);
    assert_eq!(account.get("/v1/orders").await["page"]["totalElements"], before);
    let bad = json!({"companyId": "none", "lineItems": []});
    assert_eq!(
        mock_rules(&account, &bad).await,
        ["Company Not Found: none", "at least one line item is needed"]
    );
    let reply = account.post("/v1/orders?isMock=1", &order).await;
    assert_eq!(refused_field(&reply), "isMock", "what is not understood must not buy");
}

#[tokio::test]
async fn an_order_becomes_a_subscription() {
    let account = Account::open().await;
    let order = account.suite_order(12, "harbor-example").await;
    let placed = account.post("/v1/orders", &order).await.expect(200);
    assert_eq!(
        keys(&placed),
        [
            "companyId",
            "createdDate",
            "id",
            "isScheduled",
            "lineItems",
            "orderedBy",
            "orderedByUserEmail",
            "orderedByUserId",
        ]
    );
    assert_eq!(placed["createdDate"], "2026-03-15");
    assert_eq!((&placed["orderedBy"], &placed["isScheduled"]), (&json!("Pax8Partner"), &json!(false)));
    let line = &placed["lineItems"][0];
    assert_eq!(
        keys(line),
        ["billingTerm", "commitmentTermId", "id", "productId", "quantity", "subscriptionId"]
    );
    assert_eq!(line["subscriptionId"], Value::Null, "not before it is provisioned");

    let company = text(&order, "companyId");
    let of_company = format!("/v1/subscriptions?companyId={company}&sort=createdDate,desc");
    let pending = account.rows(&of_company).await[0].clone();
    assert_eq!((&pending["status"], &pending["quantity"]), (&json!("PendingAutomated"), &json!(12)));
    assert!(pending.get("vendorSubscriptionId").is_none());

    account.advance(Duration::from_secs(2));
    let path = format!("/v1/orders/{}", text(&placed, "id"));
    let settled = account.get(&path).await;
    assert_eq!(settled["lineItems"][0]["subscriptionId"], pending["id"]);
    let active = account.get(&format!("/v1/subscriptions/{}", text(&pending, "id"))).await;
    assert_eq!(active["status"], "Active");
    assert!(active["vendorSubscriptionId"].is_string() && active["vendorSkuId"].is_string());
    // Company 0 pays five percent less than the list's 211.20.
    assert_eq!((&active["price"], &active["partnerCost"]), (&json!(264), &json!(200.64)));
    assert_eq!(
        active["commitment"],
        json!({"id": account.commitment("1-Year").await, "term": "1-Year", "endDate": "2027-03-14T00:00:00.000Z"})
    );
    let listed = account.rows(&format!("/v1/orders?companyId={company}&size=200")).await;
    assert_eq!(listed.last().unwrap(), &settled, "the oldest comes first");
    assert_eq!(account.wire.get("/v1/orders/none").await.expect(404)["message"], "Order Not Found: none");
    assert_eq!(account.wire.get("/v1/orders?companyId=none").await.status, 404);
}

#[tokio::test]
async fn settling_and_early_ids_are_settings() {
    let account = Account::open().await;
    account.pax8.set_settling_time(Duration::from_secs(3600));
    account.pax8.set_early_subscription_ids(true);
    let order = account.base_order(3).await;
    let placed = account.post("/v1/orders", &order).await.expect(200);
    let id = text(&placed["lineItems"][0], "subscriptionId");
    let status = async || account.get(&format!("/v1/subscriptions/{id}")).await["status"].clone();
    account.advance(Duration::from_secs(3599));
    assert_eq!(status().await, "PendingAutomated");
    account.advance(Duration::from_secs(1));
    assert_eq!(status().await, "Active");
}

#[tokio::test]
async fn an_order_settles_in_real_time_without_a_request() {
    let sim = provider_simulator::Simulator::start().await.unwrap();
    let pax8 = sim.pax8();
    pax8.set_settling_time(Duration::from_millis(20));
    let anonymous = crate::wire::Wire::new(pax8.base_url());
    let token = anonymous.json("POST", "/v1/token", &crate::account::token_request(&pax8)).await.expect(200);
    let bearer = format!("Bearer {}", text(&token, "access_token"));
    let account = Account { wire: anonymous.with("authorization", &bearer), sim, pax8 };
    let placed = account.post("/v1/orders", &account.base_order(1).await).await.expect(200);
    let path = format!("/v1/orders/{}", text(&placed, "id"));
    let subscription = crate::wire::eventually(async || {
        let order = account.get(&path).await;
        order["lineItems"][0]["subscriptionId"].as_str().map(str::to_owned)
    })
    .await;
    assert_eq!(account.get(&format!("/v1/subscriptions/{subscription}")).await["status"], "Active");
}

#[tokio::test]
async fn the_company_must_be_active() {
    let account = Account::open().await;
    for status in ["Inactive", "Deleted"] {
        let mut order = account.base_order(1).await;
        order["companyId"] = account.rows(&format!("/v1/companies?status={status}")).await[0]["id"].clone();
        assert_eq!(
            mock_rules(&account, &order).await,
            [format!("Company is {status}: it needs a primary contact of each type")]
        );
    }
}

#[tokio::test]
async fn lines_are_checked_one_by_one() {
    let account = Account::open().await;
    let order = account.base_order(1).await;
    let broken = async |member: &str, value: Value| {
        let mut order = order.clone();
        order["lineItems"][0][member] = value;
        mock_rules(&account, &order).await
    };
    assert_eq!(broken("productId", json!("none")).await, ["Line item 1: Product Not Found: none"]);
    let whole = ["Line item 1: quantity must be a whole number greater than 0"];
    assert_eq!(broken("quantity", json!(0)).await, whole);
    assert_eq!(broken("quantity", json!(1.5)).await, whole);
    assert_eq!(
        broken("billingTerm", json!("3-Year")).await,
        ["Line item 1: billingTerm 3-Year is not available for this product"]
    );
    assert_eq!(
        broken("provisionStartDate", json!("2026-04-01T00:00:00Z")).await,
        ["Line item 1: scheduled orders are not supported"]
    );
    assert_eq!(
        broken("commitmentTermId", json!("none")).await,
        ["Line item 1: commitmentTermId none is not one of this product"]
    );
    assert_eq!(
        broken("provisioningDetails", json!([{"key": "exDomain", "values": ["x"]}])).await,
        ["Line item 1: exDomain is not asked for this product"]
    );

    let mut two = order.clone();
    let mut line = order["lineItems"][0].clone();
    line["productId"] = json!(account.pax8.product_ids()[MIGRATION]);
    line["billingTerm"] = json!("One-Time");
    line["quantity"] = json!(51);
    two["lineItems"].as_array_mut().unwrap().push(line);
    assert_eq!(
        mock_rules(&account, &two).await,
        ["Line item 1: lineItemNumber is used twice", "Line item 1: quantity must not be greater than 50"]
    );
}

#[tokio::test]
async fn names_and_types_are_checked_before_rules() {
    let account = Account::open().await;
    let order = account.base_order(1).await;
    for (member, value) in [
        ("commitmentTerm", json!("1-Year")),
        ("commitmentTermID", json!("x")),
        ("subscriptionId", json!("x")),
        ("quantity", json!("3")),
        ("billingTerm", json!("1-Time")),
        ("productId", Value::Null),
        ("lineItemNumber", Value::Null),
        ("provisionStartDate", json!("2026-03-01")),
        ("provisioningDetails", json!({})),
    ] {
        let mut order = order.clone();
        order["lineItems"][0][member] = value;
        let reply = account.post("/v1/orders", &order).await;
        assert_eq!(refused_field(&reply), format!("lineItems[0].{member}"));
    }
    for (member, value) in
        [("orderedBy", json!("Pax8Partner")), ("id", json!("x")), ("companyId", Value::Null)]
    {
        let mut order = order.clone();
        order[member] = value;
        assert_eq!(refused_field(&account.post("/v1/orders", &order).await), member);
    }
    let mut single = order.clone();
    single["lineItems"][0]["provisioningDetails"] = json!([{"key": "exDomain", "values": "x"}]);
    assert_eq!(
        refused_field(&account.post("/v1/orders", &single).await),
        "lineItems[0].provisioningDetails[0].values"
    );

    account.pax8.set_strict(false);
    let mut lenient = order.clone();
    lenient["lineItems"][0]["commitmentTerm"] = json!("1-Year");
    let reply = account.post("/v1/orders", &lenient).await;
    assert_eq!(refused_field(&reply), "lineItems[0].commitmentTerm", "refused by the live interface as well");
    let mut lenient = order;
    lenient["lineItems"][0]["lineItemNumber"] = Value::Null;
    account.post("/v1/orders?isMock=true", &lenient).await.expect(200);
}

#[tokio::test]
async fn a_commitment_is_named_where_it_is_required_and_long_enough() {
    let account = Account::open().await;
    let mut order = account.suite_order(1, "harbor-example").await;
    order["lineItems"][0]["commitmentTermId"] = Value::Null;
    assert_eq!(
        mock_rules(&account, &order).await,
        ["Line item 1: commitmentTermId is required for this product"]
    );
    order["lineItems"][0]["commitmentTermId"] = json!(account.commitment("Monthly").await);
    assert_eq!(
        mock_rules(&account, &order).await,
        ["Line item 1: the commitment is shorter than the billing term"]
    );
    order["lineItems"][0]["commitmentTermId"] = json!(account.commitment("3-Year").await);
    assert_eq!(
        mock_rules(&account, &order).await,
        ["Line item 1: billingTerm Annual is not available under this commitment"]
    );
}

#[tokio::test]
async fn provisioning_answers_are_validated() {
    let account = Account::open().await;
    let order = account.suite_order(1, "harbor-example").await;
    let broken = async |answers: Value| {
        let mut order = order.clone();
        order["lineItems"][0]["provisioningDetails"] = answers;
        mock_rules(&account, &order).await
    };
    let exists = |value: &str| json!({"key": "exCustExists", "values": [value]});
    assert_eq!(broken(json!([])).await, ["Line item 1: a value for exCustExists is needed"]);
    assert_eq!(
        broken(json!([exists("No, create one")])).await,
        ["Line item 1: a value for exDomain is needed"]
    );
    assert_eq!(
        broken(json!([exists("Yes, use the existing tenant")])).await,
        ["Line item 1: a value for exTenantId is needed"]
    );
    assert_eq!(
        broken(json!([exists("no")])).await,
        ["Line item 1: no is not a possible value of exCustExists"]
    );
    let tenant = json!({"key": "exTenantId", "values": ["t-1"]});
    let regions = |values: Value| json!({"key": "exRegions", "values": values});
    assert_eq!(
        broken(json!([exists("Yes, use the existing tenant"), tenant, regions(json!(["us-east", "moon"]))]))
            .await,
        ["Line item 1: moon is not a possible value of exRegions"]
    );
    assert_eq!(
        broken(json!([exists("Yes, use the existing tenant"), tenant, regions(json!([]))])).await,
        ["Line item 1: exRegions needs at least one value"]
    );
    assert_eq!(
        broken(json!([{"key": "exCustExists", "values": ["No, create one", "No, create one"]}])).await,
        ["Line item 1: exCustExists needs exactly one value", "Line item 1: a value for exDomain is needed",]
    );
    let mut good = order.clone();
    good["lineItems"][0]["provisioningDetails"] =
        json!([exists("Yes, use the existing tenant"), tenant, regions(json!(["us-east", "us-west"]))]);
    account.post("/v1/orders?isMock=true", &good).await.expect(200);

    account.post("/v1/orders", &order).await.expect(200);
    assert_eq!(
        mock_rules(&account, &order).await,
        ["Line item 1: exDomain harbor-example is already in use"]
    );
}

#[tokio::test]
async fn an_add_on_has_one_parent_of_the_right_product() {
    let account = Account::open().await;
    let ids = account.pax8.product_ids();
    let base = account.subscription(BASE, "Active").await;
    let mut order = account.base_order(2).await;
    order["companyId"] = base["companyId"].clone();
    order["lineItems"][0]["productId"] = json!(ids[SHIELD]);
    assert_eq!(mock_rules(&account, &order).await, ["Line item 1: this add-on needs a parent"]);

    order["lineItems"][0]["parentSubscriptionId"] = base["id"].clone();
    account.post("/v1/orders?isMock=true", &order).await.expect(200);
    order["lineItems"][0]["parentLineItemNumber"] = json!(2);
    assert_eq!(
        mock_rules(&account, &order).await,
        ["Line item 1: give parentSubscriptionId or parentLineItemNumber, not both"]
    );
    order["lineItems"][0]["parentLineItemNumber"] = Value::Null;
    let foreign = account.rows("/v1/subscriptions?status=Active").await[0]["id"].clone();
    order["lineItems"][0]["parentSubscriptionId"] = foreign.clone();
    let foreign = foreign.as_str().unwrap();
    assert_eq!(
        mock_rules(&account, &order).await,
        [format!("Line item 1: parent subscription Not Found: {foreign}")]
    );

    let mut with_parent = account.base_order(2).await;
    with_parent["lineItems"].as_array_mut().unwrap().push(json!({
        "lineItemNumber": 2, "parentLineItemNumber": 1, "productId": ids[SHIELD], "billingTerm": "Monthly",
        "quantity": 2, "provisioningDetails": [],
    }));
    account.pax8.set_early_subscription_ids(true);
    let placed = account.post("/v1/orders", &with_parent).await.expect(200);
    let line = |place: usize| text(&placed["lineItems"][place], "subscriptionId");
    let add_on = account.get(&format!("/v1/subscriptions/{}", line(1))).await;
    assert_eq!(add_on["parentSubscriptionId"], line(0).as_str());

    with_parent["lineItems"][1]["parentLineItemNumber"] = json!(7);
    assert_eq!(mock_rules(&account, &with_parent).await, ["Line item 2: there is no line item 7"]);
    with_parent["lineItems"][1]["parentLineItemNumber"] = json!(1);
    with_parent["lineItems"][0]["productId"] = json!(ids[SUPPORT]);
    assert_eq!(
        mock_rules(&account, &with_parent).await,
        ["Line item 2: the parent is not one of the products that are required"]
    );
    with_parent["lineItems"][1]["productId"] = json!(ids[BASE]);
    assert_eq!(mock_rules(&account, &with_parent).await, ["Line item 2: this product takes no parent"]);
}

#[tokio::test]
async fn one_broken_line_stops_the_whole_order() {
    let account = Account::open().await;
    let before = account.get("/v1/subscriptions").await["page"]["totalElements"].clone();
    let mut order = account.base_order(2).await;
    let mut bad = order["lineItems"][0].clone();
    bad["lineItemNumber"] = json!(2);
    bad["productId"] = json!(account.pax8.product_ids()[SUITE]);
    order["lineItems"].as_array_mut().unwrap().push(bad);
    let reply = account.post("/v1/orders", &order).await;
    assert_eq!(rules(&reply).len(), 2);
    assert_eq!(reply.json()["message"], "Order is not valid");
    assert_eq!(account.get("/v1/subscriptions").await["page"]["totalElements"], before);
}

#[tokio::test]
async fn some_products_wait_for_a_person_and_trials_are_trials() {
    let account = Account::open().await;
    account.pax8.set_early_subscription_ids(true);
    let status = async |id: &str| account.get(&format!("/v1/subscriptions/{id}")).await["status"].clone();

    let mut order = account.base_order(1).await;
    order["lineItems"][0]["productId"] = json!(account.pax8.product_ids()[SUPPORT]);
    let placed = account.post("/v1/orders", &order).await.expect(200);
    let id = text(&placed["lineItems"][0], "subscriptionId");
    account.advance(Duration::from_secs(86_000));
    assert_eq!(status(&id).await, "PendingManual");
    assert!(account.pax8.complete_manual_provisioning(&id));
    assert_eq!(status(&id).await, "Active");
    assert!(!account.pax8.complete_manual_provisioning(&id), "it waits no more");

    let mut order = account.base_order(1).await;
    order["lineItems"][0]["billingTerm"] = json!("Trial");
    let placed = account.post("/v1/orders", &order).await.expect(200);
    account.advance(Duration::from_secs(2));
    assert_eq!(status(&text(&placed["lineItems"][0], "subscriptionId")).await, "Trial");
}
