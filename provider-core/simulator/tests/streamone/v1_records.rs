//! v1 customers, billing reports, price books and cloud accounts.

use serde_json::{Value, json};

use crate::client::{World, send};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_key_pair_opens_v1_and_nothing_else() {
    let world = World::start().await;
    let bearer = format!("Bearer {}", world.bearer);
    for headers in [&[][..], &[("Authorization", "Basic eDp5")], &[("Authorization", &bearer)]] {
        let answer = send(world.ion.base_url(), "GET", "/api/v1/customers", headers, "").await;
        assert_eq!(answer.json(401)["success"], false);
    }
    assert_eq!(world.v1_get("/users").await.status, 404);
    assert_eq!(world.v1("DELETE", "/customers/310045", "", "").await.status, 404);
}

#[tokio::test]
async fn customers_share_their_ids_with_v3() {
    let world = World::start().await;
    let body = world.v1_get("/customers?limit=5000").await.json(200);
    assert_eq!(body["data"]["customer"].as_array().unwrap().len(), 25);
    let one = world.v1_get("/customers/310046?relations=invoices,group,cloudAccounts").await.json(200);
    let customer = &one["data"]["customer"][0];
    assert_eq!(customer["company"], "Example Bakery 2");
    assert_eq!(customer["group"]["id"], "3");
    assert_eq!(customer["cloudAccounts"][0]["provider"]["name"], "Amazon Web Services");
    assert!(!customer["invoices"].as_array().unwrap().is_empty());
    assert!(customer.get("priceBooksLinks").is_none(), "not asked for");
    let found = world.v1_get("/customers?filter[email:partial]=BILLING1%25&limit=3&offset=1").await;
    assert_eq!(found.json(200)["data"]["customer"].as_array().unwrap().len(), 3);
    assert_eq!(world.v1_get("/customers?filter[company]=x").await.status, 400);
    assert_eq!(world.v1_get("/customers/7").await.status, 404);
}

#[tokio::test]
async fn customers_are_made_by_form_and_changed_by_custom_field() {
    let world = World::start().await;
    let form = "email=new%40bakery.example.com&name=Office&company=Example+Bakery+Ltd&addressStreet=2+Way&addressCity=Reston&addressState=VA&addressZip=20190&addressCountry=US";
    let made = world.v1("POST", "/customers", FORM, form).await.json(200);
    let id = made["data"]["customer"][0]["id"].as_str().unwrap();
    let read = world.read(&format!("/accounts/{{a}}/customers/{id}")).await;
    assert_eq!(read["customerOrganization"], "Example Bakery Ltd");
    assert_eq!(world.v1("POST", "/customers", FORM, form).await.status, 400);
    assert_eq!(world.v1("POST", "/customers", FORM, "email=x").await.status, 400);
    assert_eq!(world.refused()[0].0, "company");
    let path = format!("/customers/{id}");
    let fields = json!({"customFieldsValues": [{"fieldId": 12, "value": "A-1"}]}).to_string();
    world.v1("PUT", &path, "application/json", &fields).await.json(200);
    let read = world.v1_get(&path).await.json(200);
    let expected = json!([{"fieldId": "12", "value": "A-1"}]);
    assert_eq!(read["data"]["customer"][0]["customFieldsValues"], expected);
    assert_eq!(world.v1("PUT", &path, "application/json", "{}").await.status, 400);
}

/// Depth of a tree of lines.
fn depth(node: &Value) -> usize {
    let lines = node.get("lines").and_then(Value::as_array);
    1 + lines.into_iter().flatten().map(depth).max().unwrap_or(0)
}

/// Every leaf of a tree of lines.
fn leaves(node: &Value) -> Vec<Value> {
    match node.get("lines").and_then(Value::as_array) {
        None => vec![node.clone()],
        Some(lines) => lines.iter().flat_map(leaves).collect(),
    }
}

#[tokio::test]
async fn billing_reports_are_trees_with_decimal_strings() {
    let world = World::with_customers(60).await;
    for (provider, levels) in [("azureplan", 4), ("aws", 4), ("gcp", 5)] {
        let path =
            format!("/reports/billing/{provider}?filter[date_range]=m-2-2026&filter[report_currency]=USD");
        let body = world.v1_get(&path).await.json(200);
        assert_eq!(body["currencyOption"]["costCurrency"], "USD");
        let nodes = body["data"].as_array().unwrap();
        assert!(!nodes.is_empty(), "{provider}");
        for node in nodes {
            assert_eq!(node["entity"]["type"], "customer");
            assert_eq!(depth(node), levels, "{provider}");
            for leaf in leaves(node) {
                let price = leaf["data"]["price"].as_str().unwrap();
                assert_eq!(price.split_once('.').unwrap().1.len(), 10);
            }
        }
    }
}

#[tokio::test]
async fn a_billing_report_of_one_customer() {
    let world = World::start().await;
    let path = "/reports/billing/azureplan?filter[date_range]=m-02-2026&filter[customer_id]=310045";
    let body = world.v1_get(path).await.json(200);
    assert_eq!(body["data"].as_array().unwrap().len(), 1);
    let node = &body["data"][0];
    assert_eq!(node["lines"][0]["entity"]["cost_currency"], "USD");
    let leaf = &node["lines"][0]["lines"][0]["lines"][0];
    let data = json!({"price": "312.5000000000", "cost": "265.6250000000", "usage": "25.0000000000"});
    assert_eq!(leaf["data"], data);
    let credit = leaves(node).into_iter().find(|leaf| leaf["entity"]["is_credit"] == true).unwrap();
    assert_eq!(credit["data"]["price"], "-2.5000000000");
    assert_eq!(world.v1_get("/reports/billing/oracle").await.status, 404);
    let bad = world.v1_get("/reports/billing/aws?filter[date_range]=2026-02").await;
    assert_eq!(bad.status, 400);
    assert_eq!(world.refused()[0].0, "filter[date_range]");
}

#[tokio::test]
async fn price_books_and_cloud_accounts() {
    let world = World::start().await;
    let book = world.v1_get("/price-books/2").await.json(200);
    assert_eq!(book["data"]["items"][0]["price"], "11.0500000000");
    assert_eq!(world.v1_get("/price-books/9").await.status, 404);
    let listed = world.v1_get("/customers/310046/cloud-accounts").await.json(200);
    assert_eq!(listed["data"]["cloud_account"].as_array().unwrap().len(), 1);
    let form = "accountNumber=123456789012&providerCode=aws&email=aws%40example.com";
    let made = world.v1("POST", "/cloud-accounts", FORM, form).await.json(200);
    let id = made["data"]["cloud_account"][0]["id"].as_str().unwrap();
    let assign = format!("/cloud-accounts/{id}/assign-customer");
    let form = "customerId=310045&billingStartDate=2026-03-01&note=x";
    world.v1("POST", &assign, FORM, form).await.json(200);
    let listed = world.v1_get("/customers/310045/cloud-accounts").await.json(200);
    assert_eq!(listed["data"]["cloud_account"][0]["accountNumber"], "123456789012");
    assert_eq!(world.v1("POST", &assign, FORM, "billingStartDate=x").await.status, 400);
}
