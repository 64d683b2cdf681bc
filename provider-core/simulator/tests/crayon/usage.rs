//! Usage costs, Azure plans and the monthly files.

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::desk::{Desk, PARENT};
use crate::wire::Wire;

const FEBRUARY: &str = "from=2026-02-01T00:00:00&to=2026-03-01T00:00:00";

fn amount(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

fn sum(page: &Value) -> Decimal {
    page["Items"].as_array().unwrap().iter().map(|row| amount(&row["Amount"])).sum()
}

#[tokio::test]
async fn costs_of_an_organization_break_down_without_a_rest() {
    let desk = Desk::open().await;
    let path = format!("usagecost/organization/{PARENT}/?{FEBRUARY}");
    let costs = desk.get(&path).await;
    // One row for each Azure subscription and one that is not priced yet.
    assert_eq!(costs["TotalHits"], 15);
    assert_eq!(
        (costs["Items"][0]["Supplier"].clone(), costs["Items"][0]["Amount"].clone()),
        (json!("Sample Marketplace"), Value::Null)
    );
    let row = &costs["Items"][1];
    assert_eq!(
        *row,
        json!({
            "Supplier": "Microsoft", "AccountId": 51001, "AccountName": "Fabled Bakery Ltd",
            "SubscriptionName": "Production", "SubscriptionId": row["SubscriptionId"], "Amount": row["Amount"],
            "CurrencyCode": "EUR",
        })
    );
    let total = amount(&row["Amount"]);
    let request = json!({
        "ResellerCustomerId": 51001, "SubscriptionId": row["SubscriptionId"], "CurrencyCode": "EUR",
        "From": "2026-02-01T00:00:00", "To": "2026-03-01T00:00:00",
    });
    let with = |more: Value| {
        let mut body = request.clone();
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let categories = desk.post("usagecost/getForSubscription", request.clone()).await;
    assert_eq!((categories["TotalHits"].clone(), sum(&categories)), (json!(4), total));
    let mut below = Decimal::ZERO;
    for category in categories["Items"].as_array().unwrap() {
        let name = &category["Category"];
        let subcategories = desk.post("usagecost/getForCategory", with(json!({"Category": name}))).await;
        assert_eq!(sum(&subcategories), amount(&category["Amount"]));
        for row in subcategories["Items"].as_array().unwrap() {
            let body = with(json!({"Category": name, "Subcategory": row["Subcategory"]}));
            let meters = desk.post("usagecost/getForSubcategory", body).await;
            assert_eq!(sum(&meters), amount(&row["Amount"]));
            below += sum(&meters);
        }
    }
    assert_eq!(below, total);
    let groups = desk.post("usagecost/getForSubscription/resourceGroups", request.clone()).await;
    assert_eq!(sum(&groups), total);
    let group = &groups["Items"][0];
    let meters = desk
        .post("usagecost/getForResourceGroup", with(json!({"ResourceGroup": group["ResourceGroup"]})))
        .await;
    assert_eq!(sum(&meters), amount(&group["Amount"]));
    assert_eq!(meters["Items"][0]["Subcategory"], "Dv5 Series");
    let other = desk.post("usagecost/getForSubscription", with(json!({"CurrencyCode": "USD"}))).await;
    assert_eq!(other["TotalHits"], 0);

    let id = row["SubscriptionId"].as_str().unwrap();
    let base = format!("usagecost/resellerCustomer/51001/subscription/{id}");
    assert_eq!(desk.get(&format!("{base}/currency/EUR?{FEBRUARY}")).await, categories);
    assert_eq!(desk.get(&format!("{base}/currency/EUR/resourceGroups?{FEBRUARY}")).await, groups);
    let storage = desk.get(&format!("{base}/category/Storage/currency/EUR?{FEBRUARY}")).await;
    assert_eq!(storage["TotalHits"], 2);
    let path = format!(
        "{base}/category/Databases%20%2F%20SQL/subcategory/General%20Purpose/currency/EUR?{FEBRUARY}"
    );
    assert_eq!(desk.get(&path).await["Items"][0]["Meter"], "vCore");
    let path = format!("{base}/resourceGroup/rg-data/currency/EUR?{FEBRUARY}");
    assert_eq!(desk.get(&path).await["TotalHits"], 2);
}

#[tokio::test]
async fn usage_needs_a_period_and_counts_only_what_was_used() {
    let desk = Desk::open().await;
    let path = format!("usagecost/organization/{PARENT}");
    desk.answer("GET", &path, None, 400).await;
    desk.answer("GET", &format!("{path}?from=2026-03-01&to=2026-02-01"), None, 400).await;
    assert_eq!(desk.get(&format!("{path}?from=2027-01-01&to=2027-02-01")).await["TotalHits"], 0);
    desk.answer("GET", &format!("usagecost/organization/4199999?{FEBRUARY}"), None, 403).await;
    let body = json!({
        "ResellerCustomerId": 51001, "SubscriptionId": "none", "CurrencyCode": "EUR", "From": "2026-02-01", "To": "2026-03-01",
    });
    desk.answer("POST", "usagecost/getForSubscription", Some(body), 404).await;
    let error = desk.answer("POST", "usagecost/getForCategory", Some(json!({})), 400).await;
    assert_eq!(error["ObjectErrors"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn monthly_files_are_fetched_without_the_token() {
    let desk = Desk::open().await;
    let path = "AzureUsage/1701/azureSubscriptions/2901/monthlyUsage?year=2026&month=2";
    let answer = desk.get(path).await;
    assert_eq!(answer["file"]["urlExpiry"], "2026-03-15T12:30:00Z");
    let url = answer["file"]["url"].as_str().unwrap();
    let target = url.strip_prefix(desk.crayon.base_url()).unwrap();
    let anonymous = Wire::new(desk.crayon.base_url());
    let file = anonymous.get(target).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv")));
    assert!(file.text().starts_with("Date,SubscriptionId,"));
    assert_eq!(file.text().lines().count(), 1 + 28 * 6);
    let cost: Decimal = file
        .text()
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().unwrap().parse::<Decimal>().unwrap())
        .sum();
    let costs = desk.get(&format!("usagecost/organization/{PARENT}?{FEBRUARY}")).await;
    assert_eq!(cost, amount(&costs["Items"][1]["Amount"]), "the file and the API tell the same");

    let with_token = desk.wire().get(target).await;
    assert_eq!(with_token.status, 403);
    assert!(with_token.text().contains("AuthenticationFailed"));
    assert_eq!(anonymous.get(&target.replace("sig=", "sig=0")).await.status, 403);
    assert_eq!(anonymous.get(&target.replace("2901", "2902")).await.status, 403);
    assert_eq!(anonymous.get("/storage/azure-usage/nothing").await.status, 404);
    let bom = desk.get(&format!("{path}&includeBom=1")).await;
    let target =
        bom["file"]["url"].as_str().unwrap().strip_prefix(desk.crayon.base_url()).unwrap().to_owned();
    assert!(anonymous.get(&target).await.body.starts_with(b"\xEF\xBB\xBFDate"));
    desk.sim.clock().advance(Duration::from_secs(1801));
    assert_eq!(anonymous.get(&target).await.status, 403, "the address lives for half an hour");
    for wrong in ["?year=2026&month=13", "?year=2026", "?year=2026&month=2&includeBom=2"] {
        let path = format!("AzureUsage/1701/azureSubscriptions/2901/monthlyUsage{wrong}");
        desk.answer("GET", &path, None, 400).await;
    }
    desk.answer("GET", &path.replace("month=2", "month=11"), None, 404).await;
}

#[tokio::test]
async fn azure_subscriptions_live_below_a_plan() {
    let desk = Desk::open().await;
    let plan = desk.get("customertenants/51001/azurePlan").await;
    assert_eq!(plan["Id"], 1701);
    assert_eq!(desk.get("azureplans/1701").await, plan);
    desk.answer("GET", "azureplans/99", None, 404).await;
    let path = "azureplans/1701/azureSubscriptions";
    let rows = desk.get(&format!("{path}?search=prod&pageSize=100")).await;
    assert_eq!(rows["TotalHits"], 1);
    let row = rows["Items"][0].clone();
    assert_eq!((row["Id"].clone(), row["Status"].clone()), (json!(2901), json!("active")));

    let created = desk.send("POST", path, Some(json!({"Name": "Third"}))).await;
    assert_eq!((created.status, created.text().as_str()), (202, ""));
    assert_eq!(desk.get(path).await["TotalHits"], 2);
    desk.sim.clock().advance(Duration::from_secs(2));
    assert_eq!(desk.get(path).await["TotalHits"], 3);

    let one = format!("{path}/2901");
    assert_eq!(desk.get(&one).await, row);
    let changed =
        desk.put(&one, json!({"Id": 2901, "InvoiceProfile": {"Id": 80002}, "Tags": {"Owner": "Ops"}})).await;
    assert_eq!(
        (changed["InvoiceProfile"]["Id"].clone(), changed["Tags"]["Owner"].clone()),
        (json!(80_002), json!("Ops"))
    );
    assert_eq!(
        desk.put(&format!("{one}/assign-unique-admin"), json!({"AdminEmail": "a@example.com"})).await,
        true
    );
    desk.answer("PUT", &format!("{one}/assign-unique-admin"), Some(json!({"AdminEmail": "nobody"})), 400)
        .await;
    let renamed = desk.answer("PATCH", &format!("{one}/rename"), Some(json!({"Name": "Live"})), 200).await;
    assert_eq!(renamed, json!({"AzureSubscriptionId": row["PublisherSubscriptionId"]}));
    assert_eq!(desk.get(&one).await["FriendlyName"], "Live");
    desk.answer("POST", &format!("{one}/enable"), None, 400).await;
    desk.answer("POST", &format!("{one}/cancel"), None, 200).await;
    assert_eq!(desk.get(&one).await["Status"], "disabled");
    desk.answer("POST", &format!("{one}/cancel"), None, 400).await;
    desk.answer("POST", &format!("{one}/enable"), None, 200).await;
    let mismatch = json!({"AzureSubscriptionId": 7, "Name": "x"});
    desk.answer("PATCH", &format!("{one}/rename"), Some(mismatch), 400).await;
    desk.answer("GET", "azureplans/1702/azureSubscriptions/2901", None, 404).await;
}
