//! Statements, files, invoices, profiles, groupings, exports.

use std::time::Duration;

use base64::Engine as _;
use provider_simulator::ListEnvelope;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::desk::{CHILD, Desk, PARENT, ids};

const DAY: Duration = Duration::from_secs(86_400);

fn amount(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

fn data(file: &Value) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(file["Data"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn statements_cover_three_months_by_profile_and_kind() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("billingstatements?organizationId={PARENT}")).await;
    // Two profiles with seats and two with usage, for each of three months.
    assert_eq!(page["TotalHits"], 12);
    let row = &page["Items"][0];
    assert_eq!(
        *row,
        json!({
            "Id": 930_001, "TotalSalesPrice": row["TotalSalesPrice"],
            "InvoiceProfile": {"Id": 80001, "Name": "Default"},
            "Organization": {"Id": PARENT, "Name": "Example Partner AS"},
            "StartDate": "2025-12-01T00:00:00+00:00", "EndDate": "2026-01-01T00:00:00+00:00", "ProvisionType": 1,
            "OrderId": "700000001",
        })
    );
    assert_eq!(row["TotalSalesPrice"]["CurrencyCode"], "EUR");
    let total: Decimal =
        page["Items"].as_array().unwrap().iter().map(|row| amount(&row["TotalSalesPrice"]["Value"])).sum();
    assert!(total > Decimal::ZERO);
    assert_eq!(desk.crayon.billed(PARENT), total);
    let hits = async |filter: &str| {
        desk.get(&format!("billingstatements?organizationId={PARENT}&{filter}")).await["TotalHits"].clone()
    };
    assert_eq!(hits("provisionType=Usage").await, 6);
    assert_eq!(hits("provisionType=1&invoiceProfileId=80001").await, 3);
    assert_eq!(hits("from=2026-01-01T00:00:00&to=2026-02-01T00:00:00").await, 4);
    assert_eq!(hits("from=2026-03-01").await, 0);
    desk.answer("GET", "billingstatements", None, 400).await;
    desk.answer("GET", "billingstatements?organizationId=4199999", None, 403).await;
}

#[tokio::test]
async fn grouped_statements_share_an_id_by_month_and_kind() {
    let desk = Desk::open().await;
    let plain = desk.get(&format!("billingstatements?organizationId={CHILD}")).await;
    let grouped = desk.get(&format!("billingstatements/grouped?organizationId={CHILD}")).await;
    assert_eq!(grouped["TotalHits"], plain["TotalHits"]);
    let rows = grouped["Items"].as_array().unwrap();
    let key = |row: &Value| {
        (row["GroupId"].as_i64().unwrap(), row["StartDate"].to_string(), row["ProvisionType"].to_string())
    };
    let mut keys: Vec<_> = rows.iter().map(key).collect();
    assert!(keys.is_sorted_by_key(|key| key.0));
    keys.dedup();
    let mut groups: Vec<_> = keys.iter().map(|key| key.0).collect();
    groups.dedup();
    assert_eq!(groups.len(), keys.len(), "one month and kind for each group");
    assert_eq!(rows[0]["TotalSalesPrice"]["CurrencyCode"], "NOK");
}

#[tokio::test]
async fn files_add_up_to_the_statement() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("billingstatements?organizationId={PARENT}")).await;
    for row in page["Items"].as_array().unwrap() {
        let id = row["Id"].as_i64().unwrap();
        let total = amount(&row["TotalSalesPrice"]["Value"]);
        let file = desk.get(&format!("billingstatements/{id}/billingrecordsfile")).await;
        assert_eq!(
            (&file["BillingStatement"], &file["FileName"]),
            (row, &json!(format!("billingrecords-{id}.json")))
        );
        let records: Value = serde_json::from_slice(&data(&file)).unwrap();
        let member = if row["ProvisionType"] == 1 { "Amount" } else { "SummedAmount" };
        let sum: Decimal = records.as_array().unwrap().iter().map(|record| amount(&record[member])).sum();
        assert_eq!(sum, total, "records of {id}");
        let csv = desk.get(&format!("billingstatements/{id}/reconciliationfile")).await;
        assert_eq!(column_sum(&data(&csv), "Amount"), total, "reconciliation of {id}");
        let daily = desk.get(&format!("/api/v2/billingstatements/{id}/reconciliationfile")).await;
        assert_eq!(column_sum(&data(&daily), "Amount"), total, "daily reconciliation of {id}");
    }
    desk.answer("GET", "billingstatements/1/reconciliationfile", None, 404).await;
}

/// The sum of a column; amounts stand behind every cell that may be quoted, so they are counted from the end.
fn column_sum(csv: &[u8], column: &str) -> Decimal {
    let text = String::from_utf8(csv.to_vec()).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let from_end = header.len() - header.iter().position(|name| *name == column).unwrap() - 1;
    lines.map(|line| line.rsplit(',').nth(from_end).unwrap().parse::<Decimal>().unwrap()).sum()
}

#[tokio::test]
async fn files_come_wrapped_as_bytes_or_as_archives() {
    let desk = Desk::open().await;
    desk.get(&format!("billingstatements?organizationId={PARENT}")).await;
    let wrapped = desk.get("billingstatements/file/930001").await;
    assert_eq!(wrapped["FileName"], "statement-930001.xlsx");
    let reply = desk.send("GET", "billingstatements/file/930001/download", None).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, data(&wrapped));
    assert_eq!(
        reply.header("content-type"),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    );
    let octets = desk.wire().clone().with("accept", "application/octet-stream");
    let raw = octets.get("/api/v1/billingstatements/930001/reconciliationfile").await;
    assert_eq!(raw.header("content-type"), Some("application/octet-stream"));
    assert!(raw.text().starts_with("Period,Company,"));
    desk.crayon.set_split_files(true);
    let split = desk.get("billingstatements/930001/reconciliationfile").await;
    assert_eq!(split["FileName"], "reconciliation-930001.zip");
    assert!(data(&split).starts_with(b"PK\x03\x04"));
}

#[tokio::test]
async fn history_does_not_move_and_new_months_are_billed() {
    let desk = Desk::open().await;
    let before = desk.crayon.billed(PARENT);
    let mut body = desk.get("subscriptions/610001").await;
    body["Quantity"] = json!(300);
    desk.put("subscriptions/610001", body).await;
    assert_eq!(desk.crayon.billed(PARENT), before);
    desk.sim.clock().advance(DAY * 20);
    let desk = desk.again().await;
    let page = desk.get(&format!("billingstatements?organizationId={PARENT}&from=2026-03-01")).await;
    assert_eq!(page["TotalHits"], 4);
    assert!(desk.crayon.billed(PARENT) > before);
    let id = page["Items"][0]["Id"].as_i64().unwrap();
    let records = desk.get(&format!("billingstatements/{id}/billingrecordsfile")).await;
    let records: Value = serde_json::from_slice(&data(&records)).unwrap();
    assert_eq!(records[0]["Quantity"], 300);
}

#[tokio::test]
async fn invoices_and_their_orders_match_the_statements() {
    let desk = Desk::open().await;
    let invoices = desk.get(&format!("invoices/{PARENT}?page=1&pageSize=50")).await;
    assert_eq!(invoices["TotalHits"], 12);
    let invoice = &invoices["Items"][0];
    assert_eq!(
        *invoice,
        json!({
            "InvoiceId": "13000001", "OrderId": "700000001", "SalesCurrencyCode": "EUR",
            "SalesAmount": invoice["SalesAmount"], "InvoiceCustomerId": "C-100200",
            "InvoiceCustomerName": "Example Partner AS", "OrderCustomerId": "C-100200",
            "OrderCustomerName": "Example Partner AS", "CustomerReference": "PO-9", "CustomerRequisition": "",
            "InvoiceDate": "2026-01-04T00:00:00Z",
        })
    );
    let total: Decimal =
        invoices["Items"].as_array().unwrap().iter().map(|row| amount(&row["SalesAmount"])).sum();
    assert_eq!(total, desk.crayon.billed(PARENT));
    let path = format!("orders/700000001/items?organizationId={PARENT}");
    let items = desk.get(&path).await;
    let sum: Decimal = items.as_array().unwrap().iter().map(|row| amount(&row["RowTotal"])).sum();
    assert_eq!(sum, amount(&invoice["SalesAmount"]));
    assert_eq!(items[0]["SkuValue"], "CFQ7TTC0LH18:0001");
    desk.crayon.set_envelope(ListEnvelope::Items);
    assert_eq!(desk.get(&path).await["Items"], items);
    desk.answer("GET", "orders/700000001/items", None, 400).await;
    desk.answer("GET", &format!("orders/700000001/items?organizationId={CHILD}"), None, 404).await;
    desk.answer("GET", "invoices/4199999", None, 403).await;
}

#[tokio::test]
async fn invoice_profiles_are_kept_by_organization() {
    let desk = Desk::open().await;
    assert_eq!(ids(&desk.get(&format!("invoiceprofiles?organizationId={PARENT}")).await), [80_001, 80_002]);
    assert_eq!(
        ids(&desk.get(&format!("invoiceprofiles?organizationId={CHILD}&search=project")).await),
        [80_004]
    );
    desk.answer("GET", "invoiceprofiles", None, 400).await;
    let profile = desk.get("invoiceprofiles/80001").await;
    assert_eq!(profile["InvoiceAddress"]["AxAddressId"], profile["InvoiceAddressId"]);
    assert!(profile["InvoiceAddressId"].as_i64().unwrap() > i64::from(i32::MAX));
    let body = json!({
        "Organization": {"Id": PARENT}, "Name": "Branch", "InvoiceAddressId": profile["InvoiceAddressId"],
    });
    let created = desk.post("invoiceprofiles", body.clone()).await;
    assert_eq!(
        (created["Id"].clone(), created["InvoiceAddress"]["City"].clone()),
        (json!(80_005), json!("Oslo"))
    );
    let mut changed = created.clone();
    changed["Name"] = json!("Branch office");
    changed.as_object_mut().unwrap().remove("InvoiceReference");
    assert_eq!(desk.put("invoiceprofiles/80005", changed).await["Name"], "Branch office");
    assert_eq!(desk.answer("DELETE", "invoiceprofiles/80005", None, 200).await, true);
    desk.answer("GET", "invoiceprofiles/80005", None, 404).await;
    let error = desk.answer("DELETE", "invoiceprofiles/80001", None, 400).await;
    assert_eq!(error["ErrorCode"], "InvoiceProfileInUse");
    let mut foreign = body.clone();
    foreign["Organization"]["Id"] = json!(CHILD);
    assert_eq!(
        desk.answer("POST", "invoiceprofiles", Some(foreign), 400).await["ErrorCode"],
        "AddressNotFound"
    );
    let mut nameless = body;
    nameless["Name"] = json!("");
    desk.answer("POST", "invoiceprofiles", Some(nameless), 400).await;
}

#[tokio::test]
async fn groupings_are_removed_softly() {
    let desk = Desk::open().await;
    let all = desk.get("groupings?pageSize=2147483646").await;
    assert_eq!(ids(&all), [1_201, 1_202]);
    let body = json!({"Name": "South", "Organization": {"Id": PARENT}, "InvoiceProfile": {"Id": 80001}});
    let created = desk.post("groupings", body).await;
    assert_eq!(created["InvoiceProfile"]["Name"], "Default");
    let mut changed = desk.get("groupings/1203").await;
    changed["InvoiceReference"] = json!("S-1");
    assert_eq!(desk.put("groupings/1203", changed).await["InvoiceReference"], "S-1");
    desk.answer("DELETE", "groupings/1203", None, 200).await;
    let path = format!("groupings?organizationId={PARENT}&search=south");
    assert_eq!(desk.get(&path).await["TotalHits"], 0);
    assert_eq!(desk.get(&format!("{path}&includeRemoved=true")).await["TotalHits"], 1);
    desk.answer("GET", "groupings/99", None, 404).await;
}

#[tokio::test]
async fn exports_are_generated_in_the_background() {
    let desk = Desk::open().await;
    let body = json!({
        "CustomerAccountId": PARENT, "TimeRange": {"From": "2026-01-01T00:00:00Z", "To": "2026-03-01T00:00:00Z"},
        "CloudAccountId": 51001,
    });
    let queued = desk.post("exports/generate-license-report", body.clone()).await;
    assert_eq!(queued, json!({"Id": 5001, "Status": "Processing", "ActionUrl": null}));
    desk.answer("GET", "exports/5001/download", None, 400).await;
    desk.sim.clock().advance(Duration::from_secs(2));
    let list = desk.get("exports").await;
    assert_eq!(list["Items"][0]["Status"], "Completed");
    assert!(list.get("TotalHits").is_none());
    let reply = desk.send("GET", "exports/5001/download", None).await;
    assert_eq!(reply.header("content-type"), Some("application/zip"));
    assert!(reply.text().contains("license-report.xlsx"));
    desk.answer("DELETE", "exports/5001", None, 200).await;
    assert_eq!(desk.get("exports").await["Items"], json!([]));
    let mut without = body;
    without["TimeRange"].as_object_mut().unwrap().remove("To");
    let error = desk.answer("POST", "exports/generate-license-report", Some(without), 400).await;
    assert_eq!(error["ObjectErrors"][0]["Parameters"]["Field"], "TimeRange.To");
}
