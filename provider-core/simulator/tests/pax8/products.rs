//! The catalog.

use serde_json::{Value, json};

use crate::account::{Account, BACKUP, BASE, SHIELD, STORAGE, SUITE, keys, text};

#[tokio::test]
async fn rows_are_short_and_details_long() {
    let account = Account::open().await;
    let rows = account.rows("/v1/products").await;
    assert_eq!(rows.len(), 7);
    assert_eq!(
        keys(&rows[0]),
        ["id", "name", "requiresCommitment", "shortDescription", "sku", "vendorName", "vendorSku"]
    );
    let detail = account.get(&format!("/v1/products/{}", text(&rows[0], "id"))).await;
    assert!(detail["description"].is_string());
    for name in keys(&rows[0]) {
        assert_eq!(detail[name], rows[0][name]);
    }
    let reply = account.wire.get("/v1/products/none").await;
    assert_eq!(reply.expect(404)["message"], "Product Not Found: none");
}

#[tokio::test]
async fn search_takes_one_word_and_vendors_are_exact() {
    let account = Account::open().await;
    let found = async |query: &str| account.rows(&format!("/v1/products?{query}")).await.len();
    assert_eq!(found("search=suite").await, 1);
    assert_eq!(found("search=Premium").await, 1);
    assert_eq!(found("search=Suite%20Premium").await, 0, "two words find nothing");
    assert_eq!(found("search=EXS-BAS").await, 1);
    assert_eq!(found("vendorName=ExampleSoft").await, 4);
    assert_eq!(found("vendorName=examplesoft").await, 0);
    assert_eq!(found("search=example&vendorName=Example%20Networks").await, 2);
    let sorted = account.rows("/v1/products?sort=vendor,desc").await;
    assert_eq!(
        (&sorted[0]["vendorName"], &sorted[6]["vendorName"]),
        (&json!("ExampleSoft"), &json!("Example Networks"))
    );
}

#[tokio::test]
async fn prices_come_per_term_and_commitment_without_a_currency() {
    let account = Account::open().await;
    let suite = &account.pax8.product_ids()[SUITE];
    let answer = account.get(&format!("/v1/products/{suite}/pricing")).await;
    assert_eq!(keys(&answer), ["content"]);
    let annual =
        answer["content"].as_array().unwrap().iter().find(|one| one["billingTerm"] == "Annual").unwrap();
    assert_eq!(
        *annual,
        json!({
            "productId": suite,
            "productName": "ExampleSoft Suite Premium [New Commerce Experience]",
            "billingTerm": "Annual",
            "commitmentTerm": "1-Year",
            "commitmentTermInMonths": 12,
            "type": "Volume",
            "unitOfMeasurement": "User",
            "rates": [
                {"partnerBuyRate": 211.2, "suggestedRetailPrice": 264, "startQuantityRange": 1, "endQuantityRange": 49,
                    "chargeType": "Per Unit"},
                {"partnerBuyRate": 205, "suggestedRetailPrice": 256.25, "startQuantityRange": 50,
                    "endQuantityRange": null, "chargeType": "Per Unit"},
            ],
        })
    );
    let types = async |product: usize| {
        let id = &account.pax8.product_ids()[product];
        let answer = account.get(&format!("/v1/products/{id}/pricing")).await;
        let entries = answer["content"].as_array().unwrap().clone();
        entries.iter().map(|one| text(one, "type")).collect::<Vec<_>>()
    };
    assert_eq!(types(BACKUP).await, ["Tiered", "Flat"]);
    assert_eq!(types(STORAGE).await, ["Mark-Up"]);
    let base = &account.pax8.product_ids()[BASE];
    let answer = account.get(&format!("/v1/products/{base}/pricing")).await;
    assert!(answer["content"][0].get("commitmentTerm").is_none(), "absent without a commitment");
}

#[tokio::test]
async fn one_company_may_pay_less_than_the_list() {
    let account = Account::open().await;
    let base = &account.pax8.product_ids()[BASE];
    let rate = |answer: &Value| answer["content"][0]["rates"][0]["partnerBuyRate"].clone();
    let path = format!("/v1/products/{base}/pricing");
    assert_eq!(rate(&account.get(&path).await), json!(4.8));
    let of = async |place: usize| {
        let company = account.company(place).await;
        rate(&account.get(&format!("{path}?companyId={company}")).await)
    };
    assert_eq!(of(0).await, json!(4.56));
    assert_eq!(of(1).await, json!(4.8));
    let reply = account.wire.get(&format!("{path}?companyId=none")).await;
    assert_eq!(reply.expect(404)["message"], "Company Not Found: none");
}

#[tokio::test]
async fn dependencies_are_a_bare_object() {
    let account = Account::open().await;
    let ids = account.pax8.product_ids();
    let of = async |product: usize| account.get(&format!("/v1/products/{}/dependencies", ids[product])).await;
    let suite = of(SUITE).await;
    assert_eq!(keys(&suite), ["commitmentDependencies"], "what is not required is missing");
    let terms: Vec<String> =
        suite["commitmentDependencies"].as_array().unwrap().iter().map(|one| text(one, "term")).collect();
    assert_eq!(terms, ["Monthly", "1-Year", "3-Year"]);
    let year = &suite["commitmentDependencies"][1];
    assert_eq!(
        (
            &year["allowForQuantityDecrease"],
            &year["allowForQuantityIncrease"],
            &year["allowForEarlyCancellation"]
        ),
        (&json!(false), &json!(true), &json!(false))
    );
    let shield = of(SHIELD).await;
    assert_eq!(shield["commitmentDependencies"], json!([]));
    assert_eq!(shield["productDependencies"][0]["name"], "Requires");
    let parents = shield["productDependencies"][0]["products"].as_array().unwrap();
    assert_eq!(
        parents.iter().map(|one| text(one, "id")).collect::<Vec<_>>(),
        [ids[SUITE].clone(), ids[BASE].clone()]
    );
}

#[tokio::test]
async fn provisioning_questions_are_listed() {
    let account = Account::open().await;
    let ids = account.pax8.product_ids();
    let answer = account.get(&format!("/v1/products/{}/provision-details", ids[SUITE])).await;
    let kinds: Vec<(String, String, bool)> = answer["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(one, "key"), text(one, "valueType"), one["possibleValues"].is_null()))
        .collect();
    let kind = |key: &str, kind: &str, free| (key.to_owned(), kind.to_owned(), free);
    assert_eq!(
        kinds,
        [
            kind("exCustExists", "Single-Value", false),
            kind("exDomain", "Input", true),
            kind("exTenantId", "Input", true),
            kind("exRegions", "Multi-Value", false),
        ]
    );
    let none = account.get(&format!("/v1/products/{}/provision-details", ids[BASE])).await;
    assert_eq!(none, json!({"content": []}));
}

#[tokio::test]
async fn the_catalog_can_be_made_large() {
    let account = Account::open().await;
    account.pax8.extend_catalog(2_593);
    let page = account.get("/v1/products?size=200&page=12").await;
    assert_eq!(page["page"]["totalElements"], 2_600);
    let last = page["content"].as_array().unwrap().last().unwrap().clone();
    let prices = account.get(&format!("/v1/products/{}/pricing", text(&last, "id"))).await;
    assert_eq!(prices["content"].as_array().unwrap().len(), 2);
}
