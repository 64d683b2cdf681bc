//! Products, prices and the lists around them.

use serde_json::{Value, json};

use crate::client::{World, encoded};

const SUITE: &str = "/accounts/{a}/products/ExampleSuiteNCE-demo";

fn ids(page: &Value) -> Vec<&str> {
    page["products"].as_array().unwrap().iter().map(|found| found["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_hand_out_every_product_once() {
    let world = World::start().await;
    let mut found = Vec::new();
    let mut path = "/accounts/{a}/products?pageSize=10".to_owned();
    loop {
        let page = world.read(&path).await;
        found.extend(ids(&page).into_iter().map(str::to_owned));
        match page.get("nextPageToken") {
            None => break,
            Some(token) => {
                path = format!("/accounts/{{a}}/products?pageSize=10&pageToken={}", token.as_str().unwrap());
            }
        }
    }
    assert_eq!(found.len(), 34);
    let distinct: std::collections::BTreeSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), 34);
    assert_eq!(world.get("/accounts/{a}/products").await.json(400)["error"], "INVALID_REQUEST");
}

#[tokio::test]
async fn a_product_has_skus_plans_and_price_book_prices() {
    let world = World::start().await;
    let product = world.read(SUITE).await;
    assert_eq!(product["name"], "accounts/19990/products/ExampleSuiteNCE-demo");
    assert_eq!(product["isSharedProduct"], true);
    let skus = product["definition"]["skus"].as_array().unwrap();
    assert_eq!(skus.len(), 2);
    let plan = &skus[0]["plans"][0];
    assert_eq!(plan["id"], "Monthly---Annual-Commit-n1");
    assert_eq!(plan["mpnId"], "EXMP0TTC0AAA:0001:P1Y:M");
    assert_eq!(plan["phases"][0]["recurringPrice"]["USD"], 12.5);
    assert_eq!(plan["pricebookPrice"], 10.625);
    assert_eq!(plan["pricebookMasterPrice"], 10);
    assert_eq!(plan["supportPlan"], json!({}));
    let long_tail = &skus[1]["plans"][0]["phases"][0]["recurringPrice"]["USD"];
    assert_eq!(long_tail.to_string(), "63.8452759");
    let unavailable = &skus[1]["plans"][3];
    assert_eq!(unavailable["productAvailability"], false);
    assert!(unavailable.get("pricebookPrice").is_none());
    let once = world.read("/accounts/{a}/products/ExampleServer-perpetual").await;
    let plan = &once["definition"]["skus"][0]["plans"][0];
    assert_eq!(plan["billingPeriod"], "ONE_TIME");
    assert_eq!(plan["phases"][0]["fixedPrice"]["USD"], 899);
    let usage = world.read("/accounts/{a}/products/ExampleAzurePlan-demo").await;
    assert_eq!(usage["cloudConsumption"]["hasConsumptionBilling"], true);
    assert_eq!(usage["definition"]["skus"][0]["plans"][0]["pricebookPrice"], 0);
}

#[tokio::test]
async fn a_customer_sees_its_own_price_book_and_an_owner_none() {
    let world = World::start().await;
    let price = async |customer: &str| {
        let product = world.read(&format!("{SUITE}?priceBookCustomerId={customer}")).await;
        product["definition"]["skus"][0]["plans"][0]["pricebookPrice"].clone()
    };
    assert_eq!(price("310045").await, 10.625);
    assert_eq!(price("310046").await, 11.05);
    assert_eq!(price("310047").await, 11.475);
    assert_eq!(world.get(&format!("{SUITE}?priceBookCustomerId=7")).await.status, 404);
    let owner = world.read(&format!("{SUITE}?clientRole=OWNER")).await;
    let plan = &owner["definition"]["skus"][0]["plans"][0];
    assert!(plan.get("pricebookPrice").is_none());
    assert!(plan.get("phases").is_some());
}

#[tokio::test]
async fn exclusions_leave_parts_out() {
    let world = World::start().await;
    for (name, member) in [
        ("excludeMarketing", "marketing"),
        ("excludeDefinition", "definition"),
        ("excludeVersionHistory", "versionHistory"),
    ] {
        let product = world.read(&format!("{SUITE}?excludeFilter.{name}=true")).await;
        assert!(product.get(member).is_none(), "{name}");
    }
    let bare = world.read(&format!("{SUITE}?excludeFilter.excludePricing=true")).await;
    let plan = &bare["definition"]["skus"][0]["plans"][0];
    assert!(plan.get("pricebookPrice").is_none() && plan.get("phases").is_none());
    let usage = "/accounts/{a}/products/ExampleAzurePlan-demo?excludeFilter.excludeDeployment=true";
    assert!(world.read(usage).await.get("deployment").is_none());
    assert_eq!(world.get(&format!("{SUITE}?exclude_pricing=true")).await.status, 400);
    assert_eq!(world.refused()[0].0, "exclude_pricing");
}

#[tokio::test]
async fn filters_match_exactly_but_for_the_name() {
    let world = World::start().await;
    let ask = async |filter: &str| {
        let page = world.read(&format!("/accounts/{{a}}/products?pageSize=100&{filter}")).await;
        page.get("products").map(|_| ids(&page).into_iter().map(str::to_owned).collect()).unwrap_or_default()
    };
    let found: Vec<String> = ask("filter.name=voice").await;
    assert_eq!(found, ["ExampleVoiceNCE-demo"]);
    let same_name = format!("filter.skuDisplayName={}", encoded("Example Suite Standard"));
    let found: Vec<String> = ask(&same_name).await;
    assert_eq!(found, ["ExampleSuiteNCE-demo", "ExampleSuite-legacy"]);
    let part = format!("filter.mfgPartNumber={}", encoded("EXMP0TTC0AAA:0001:P1Y:M"));
    let found: Vec<String> = ask(&part).await;
    assert_eq!(found, ["ExampleSuiteNCE-demo"]);
    let found: Vec<String> = ask("filter.addonId=Example-Calling-Minutes").await;
    assert_eq!(found, ["ExampleVoiceNCE-demo"]);
    let found: Vec<String> = ask("filter.cloudProviderId=41").await;
    assert_eq!(found, ["ExampleEndpoint", "ExampleBackup-2019"]);
    let found: Vec<String> = ask("filter.skuId=Example").await;
    assert!(found.is_empty());
}

#[tokio::test]
async fn pricing_answers_the_ids_it_knows() {
    let world = World::start().await;
    let body = json!({
        "externalProductWithProvider": [{"provider": "azure", "externalProducts": ["EXMP0TTC0AAA:0001:P1Y:M", "NOPE"]}],
        "priceBookCustomerId": 310046,
    });
    let path = "/accounts/{a}/products:pricing";
    let priced = world.call("POST", path, &body.to_string()).await.json(200);
    assert_eq!(
        priced,
        json!({"plans": [{
            "productId": "EXMP0TTC0AAA:0001:P1Y:M",
            "pricebookPrice": 11.05,
            "pricebookCurrency": "USD",
            "pricebookMasterPrice": 10,
            "productAvailability": true,
            "pricebookDetails": {
                "SkuDescription": "Example Suite Standard",
                "Market": "US",
                "ProductId": "EXMP0TTC0AAA",
                "SkuId": 1,
                "UnitOfMeasure": "Licenses",
            },
        }]})
    );
    let bad = json!({"externalProductWithProvider": [{"provider": "azure"}]}).to_string();
    assert_eq!(world.call("POST", path, &bad).await.status, 400);
    assert_eq!(world.refused()[0].0, "externalProductWithProvider[0].externalProducts");
    let unknown = json!({"externalProductWithProvider": [{"provider": "x", "externalProducts": []}]});
    let answer = world.call("POST", path, &unknown.to_string()).await.json(400);
    assert_eq!(answer["error"], "INVALID_ARGUMENT");
}

#[tokio::test]
async fn categories_verticals_charges_and_programs() {
    let world = World::start().await;
    let categories = world.read("/accounts/{a}/products/categories").await;
    let names: Vec<&Value> =
        categories["categories"].as_array().unwrap().iter().map(|found| &found["displayName"]).collect();
    assert_eq!(names, ["Productivity", "Communication", "Servers", "Infrastructure", "Security"]);
    let verticals = world.read("/accounts/{a}/products/verticals").await;
    assert_eq!(verticals["verticals"].as_array().unwrap().len(), 2);
    let charges = world.read("/accounts/{a}/products/charges").await;
    assert_eq!(charges["charges"][0]["currency"], "USD");
    let of_product = "/accounts/{a}/products_programs?productName=ExampleVoiceNCE-demo";
    assert_eq!(world.read(of_product).await["programs"][0]["programName"], "Example Growth");
    let change = "/accounts/{a}/products_programs/ExampleSuiteNCE-demo:batchUpdate";
    let body = json!({"product_programs": {"programName": "Example Start", "partnerName": "Example MSP"}});
    assert_eq!(world.call("PUT", change, &body.to_string()).await.json(200), json!({}));
    let programs = world.read("/accounts/{a}/products_programs").await;
    assert_eq!(programs["programs"].as_array().unwrap().len(), 2);
    assert_eq!(world.read(SUITE).await["attachedPrograms"][0]["displayName"], "Example Start");
}

#[tokio::test]
async fn a_product_is_enabled_and_disabled_once() {
    let world = World::start().await;
    let before = world.read(SUITE).await["etag"].clone();
    let disable = format!("{SUITE}:disable");
    assert_eq!(world.call("POST", &disable, "").await.json(200), json!({}));
    let after = world.read(SUITE).await;
    assert_eq!(after["disabled"], true);
    assert_ne!(after["etag"], before);
    let again = world.call("POST", &disable, "").await.json(400);
    assert_eq!(again["message"], "product ExampleSuiteNCE-demo is already disabled");
    assert_eq!(world.call("POST", &format!("{SUITE}:enable"), "{}").await.status, 200);
    assert_eq!(world.call("POST", &format!("{SUITE}:publish"), "").await.status, 404);
    let missing = world.get("/accounts/{a}/products/Nope%3Aenable").await.json(404);
    assert!(missing["message"].as_str().unwrap().ends_with("products/Nope:enable' not found"));
}
