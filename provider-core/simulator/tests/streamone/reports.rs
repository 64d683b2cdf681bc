//! Saved reports and what they answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::client::World;

const REPORTS: &str = "/accounts/{a}/reports";

async fn run(world: &World, path: &str, body: &Value) -> Value {
    world.call("POST", &format!("{REPORTS}/70011/{path}"), &body.to_string()).await.json(200)
}

#[tokio::test]
async fn reports_are_listed_without_specs_and_read_with_them() {
    let world = World::start().await;
    let listed = world.read(REPORTS).await;
    let listed = listed["reports"].as_array().unwrap();
    assert_eq!(listed.len(), 4);
    assert_eq!(listed[0]["reportTemplateId"], "azure_plan_billing");
    assert!(listed.iter().all(|report| report.get("specs").is_none()));
    let some = world.read(&format!("{REPORTS}?module=INVOICE_REPORTS_MODULE")).await;
    assert_eq!(some["reports"][0]["reportId"], "70014");
    assert_eq!(world.get(&format!("{REPORTS}?report_module=x")).await.status, 400);
    let report = world.read(&format!("{REPORTS}/70011?includeMetadata=true")).await;
    assert_eq!(report["specs"]["allColumns"].as_array().unwrap().len(), 10);
    assert_eq!(report["specs"]["selectedColumns"][1]["valueType"], "MONEY");
    let range = &report["specs"]["dateRangeOption"]["selectedRange"];
    assert_eq!(range["relativeDateRange"], "LAST_MONTH");
    assert_eq!(range["relativeActualDateRange"]["startDate"], "2026-02-01T00:00:00Z");
    assert_eq!(report["specs"]["rowsLimit"], "0");
    assert_eq!(world.get(&format!("{REPORTS}/1")).await.json(404)["error"], "NOT_FOUND");
}

#[tokio::test]
async fn a_csv_has_the_asked_columns_and_rows() {
    let world = World::start().await;
    let report = world.read(&format!("{REPORTS}/70011")).await;
    let columns = &report["specs"]["allColumns"];
    let body = json!({
        "reportId": "70011",
        "reportModule": "REPORTS_REPORTS_MODULE",
        "category": "BILLING_REPORTS",
        "specs": {
            "dateRangeOption": {"selectedRange": {"relativeDateRange": "LAST_MONTH"}},
            "selectedColumns": [columns[0], columns[4], columns[1]],
            "columnFilters": [{"id": columns[0]["id"], "selectedValues": ["Example Dental Group 1"]}],
        },
    });
    let answer = run(&world, "reportDataCsv", &body).await;
    let lines: Vec<&str> = answer["results"].as_str().unwrap().lines().collect();
    assert_eq!(lines[0], "Customer Name,Quantity,Customer Cost (USD)");
    assert_eq!(lines[1], "Example Dental Group 1,25,312.50");
    assert_eq!(answer["resultCount"], (lines.len() - 1).to_string());
    let recent = json!({"specs": {
        "selectedColumns": [columns[4]],
        "dateRangeOption": {"selectedRange": {"fixedDateRange": {"endDate": "2025-11-01"}}},
        "columnFilters": [{"id": columns[0]["id"], "selectedValues": ["Example Dental Group 1"]}],
    }});
    assert_eq!(run(&world, "reportDataCsv", &recent).await["results"], "Quantity\n25\n");
    let stream = run(&world, "reportDataCsvStream", &recent).await;
    assert_eq!(stream["contentType"], "text/csv");
    let text = STANDARD.decode(stream["data"].as_str().unwrap()).unwrap();
    assert_eq!(text, b"Quantity\n25\n");
}

#[tokio::test]
async fn data_is_typed_and_runs_as_saved_without_a_body() {
    let world = World::start().await;
    let saved = world.call("POST", &format!("{REPORTS}/70011/data"), "").await.json(200);
    assert_eq!(saved["report"]["reportId"], "70011");
    let row = &saved["results"]["rows"][0]["values"];
    assert_eq!(row[0], json!({"valueType": "STRING", "stringValue": "Example Dental Group 1"}));
    let money = json!({"valueType": "MONEY", "moneyValue": {"currency": "USD", "value": 312.5}});
    assert_eq!(row[1], money);
    assert_eq!(saved["resultCount"], saved["availableRowsCount"]);
    let report = world.read(&format!("{REPORTS}/70011")).await;
    let all = json!({"specs": {"selectedColumns": report["specs"]["allColumns"], "rowsLimit": "2"}});
    let limited = run(&world, "data", &all).await;
    assert_eq!(limited["resultCount"], "2");
    assert_ne!(limited["availableRowsCount"], "2");
    let kinds: Vec<&str> = limited["results"]["rows"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["valueType"].as_str().unwrap())
        .collect();
    let expected =
        ["STRING", "MONEY", "MONEY", "STRING", "INT", "DATE", "BOOL", "ID", "FLOAT", "INTERNAL_LINK"];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn columns_of_another_report_and_unknown_members_are_refused() {
    let world = World::start().await;
    let path = format!("{REPORTS}/70011/reportDataCsv");
    let foreign = json!({"specs": {"selectedColumns": [{"id": "810101"}]}}).to_string();
    let answer = world.call("POST", &path, &foreign).await.json(400);
    assert_eq!(answer["message"], "column 810101 does not belong to report 70011");
    let other = json!({"reportId": "70012"}).to_string();
    assert_eq!(world.call("POST", &path, &other).await.json(400)["error"], "INVALID_ARGUMENT");
    let snake = json!({"report_module": "REPORTS_REPORTS_MODULE"}).to_string();
    assert_eq!(world.call("POST", &path, &snake).await.status, 400);
    assert_eq!(world.refused()[0].0, "report_module");
}

#[tokio::test]
async fn reports_are_copied_described_and_deleted() {
    let world = World::start().await;
    let body = json!({
        "displayName": "Quarter",
        "specs": {"dateRangeOption": {"selectedRange": {"relativeDateRange": "LAST_QUARTER"}}},
    });
    let made = world.call("POST", &format!("{REPORTS}/70011"), &body.to_string()).await.json(200);
    let id = made["reportId"].as_str().unwrap();
    let report = world.read(&format!("{REPORTS}/{id}")).await;
    assert_eq!(report["displayName"], "Quarter");
    let specs = world.call("POST", &format!("{REPORTS}/{id}/report"), "").await.json(200);
    assert_eq!(specs["specs"], report["specs"]);
    assert_eq!(specs["specs"]["dateRangeOption"]["selectedRange"]["relativeDateRange"], "LAST_QUARTER");
    let details = world.call("POST", &format!("{REPORTS}/{id}/details"), "").await.json(200);
    assert_eq!(details["priceSteps"][0]["currency"], "USD");
    assert_eq!(world.call("DELETE", &format!("{REPORTS}/{id}"), "").await.json(200), json!({}));
    assert_eq!(world.get(&format!("{REPORTS}/{id}")).await.status, 404);
    let refresh = "/accounts/{a}/providers/30/refreshCacheEnhanced";
    let answer = world.read(&format!("{refresh}?reportId=70011&billingPeriodStart=2026-01-01")).await;
    assert_eq!(answer, json!({"reportIds": ["70011"]}));
    assert_eq!(world.get(refresh).await.status, 400);
}
