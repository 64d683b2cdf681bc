//! Invoices, their items, drafts.

use std::collections::BTreeSet;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::account::{Account, BASE, keys, refused_field, rules, text};

fn amount(value: &Value, name: &str) -> Decimal {
    Decimal::from_str(&value[name].to_string()).unwrap()
}

async fn items(account: &Account, invoice: &Value) -> Vec<Value> {
    account.rows(&format!("/v1/invoices/{}/items?size=200", text(invoice, "id"))).await
}

#[tokio::test]
async fn invoices_have_a_status_and_every_one_is_seeded() {
    let account = Account::open().await;
    let rows = account.rows("/v1/invoices").await;
    assert_eq!(
        keys(&rows[0]),
        [
            "balance",
            "carriedBalance",
            "currencyCode",
            "dueDate",
            "id",
            "invoiceDate",
            "partnerName",
            "status",
            "total",
        ]
    );
    assert_eq!((&rows[0]["invoiceDate"], &rows[0]["dueDate"]), (&json!("2026-03-05"), &json!("2026-03-15")));
    assert_eq!((&rows[0]["status"], &rows[0]["balance"]), (&json!("Unpaid"), &rows[0]["total"]));
    let statuses: BTreeSet<String> = rows.iter().map(|row| text(row, "status")).collect();
    let expected = ["Carried", "Credited", "Nothing Due", "Paid", "Unpaid", "Void"];
    assert_eq!(statuses.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let of_one: Vec<&Value> = rows.iter().filter(|row| row["companyId"].is_string()).collect();
    assert!(of_one.len() == 1 && of_one[0]["status"] == "Void", "{of_one:?}");
    for item in items(&account, of_one[0]).await {
        assert_eq!(item["companyId"], of_one[0]["companyId"]);
    }
    for row in &rows {
        assert_eq!(account.get(&format!("/v1/invoices/{}", text(row, "id"))).await, *row);
        let total: Decimal = items(&account, row).await.iter().map(|item| amount(item, "costTotal")).sum();
        assert_eq!(total, amount(row, "total"));
    }
    assert_eq!(account.wire.get("/v1/invoices/none").await.status, 404);
    assert_eq!(account.wire.get("/v1/invoices/none/items").await.status, 404);
}

#[tokio::test]
async fn filters_are_exact_and_an_empty_list_has_no_content() {
    let account = Account::open().await;
    let all = account.rows("/v1/invoices").await;
    let first = &all[0];
    for query in [
        "invoiceDate=2026-03-05".to_owned(),
        "dueDate=2026-03-15".to_owned(),
        "invoiceDateRangeStart=2026-03-01".to_owned(),
        "status=Unpaid".to_owned(),
        format!("total={}", first["total"]),
        format!("total={}00", first["total"]),
    ] {
        assert_eq!(account.rows(&format!("/v1/invoices?{query}")).await, all[..1], "{query}");
    }
    let range = "invoiceDateRangeStart=2026-01-01&invoiceDateRangeEnd=2026-02-28";
    assert_eq!(account.rows(&format!("/v1/invoices?{range}")).await, all[1..3]);
    let nothing = account.rows("/v1/invoices?status=Nothing%20Due").await;
    assert_eq!(nothing.len(), 1);
    assert_eq!(items(&account, &nothing[0]).await, [] as [Value; 0]);

    let empty = account.get("/v1/invoices?invoiceDate=2020-01-01").await;
    assert_eq!(empty, json!({"page": {"size": 10, "totalElements": 0, "totalPages": 0, "number": 0}}));
    for (query, field) in [
        ("invoiceDate=5.3.2026", "invoiceDate"),
        ("total=x", "total"),
        ("status=Open", "status"),
        ("limit=1", "limit"),
    ] {
        assert_eq!(refused_field(&account.wire.get(&format!("/v1/invoices?{query}")).await), field);
    }
    assert_eq!(account.wire.get("/v1/invoices?companyId=none").await.status, 404);
    let inactive = text(&account.rows("/v1/companies?status=Inactive").await[0], "id");
    let unbilled = account.get(&format!("/v1/invoices?companyId={inactive}")).await;
    assert_eq!(unbilled["page"]["totalElements"], 0, "no item of any invoice is this company's");
    let oldest_first = account.rows("/v1/invoices?sort=invoiceDate,asc").await;
    assert!(oldest_first.iter().rev().eq(all.iter()));
}

#[tokio::test]
async fn items_come_in_every_type() {
    let account = Account::open().await;
    let mut kinds = BTreeSet::new();
    let mut terms = BTreeSet::new();
    let mut without_subscription = 0;
    for invoice in account.rows("/v1/invoices").await {
        let mut ids = BTreeSet::new();
        for item in items(&account, &invoice).await {
            kinds.insert(text(&item, "type"));
            terms.insert(text(&item, "term"));
            without_subscription += usize::from(item["subscriptionId"].is_null());
            assert!(ids.insert(text(&item, "id")), "ids are of one item each");
            assert!(item["companyName"].is_string() && item["billedByPax8"].is_boolean());
        }
    }
    assert_eq!(
        kinds.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "invoice-credit",
            "one-time",
            "payment-credit",
            "prorate",
            "rebate",
            "service-charge",
            "service-credit",
            "subscription",
        ]
    );
    for term in ["Monthly", "Annual", "2 Year", "One-Time", "One-time", "Arrears", "Rebate"] {
        assert!(terms.contains(term), "{term} is not in {terms:?}");
    }
    assert!(without_subscription > 0);
}

#[tokio::test]
async fn an_approved_invoice_does_not_follow_later_changes() {
    let account = Account::open().await;
    let row = account.subscription(BASE, "Active").await;
    let invoice = account.rows("/v1/invoices").await[0].clone();
    let before = items(&account, &invoice).await;
    let mine =
        |items: &[Value]| items.iter().find(|item| item["subscriptionId"] == row["id"]).unwrap().clone();
    let item = mine(&before);
    assert_eq!(
        (&item["price"], &item["cost"], &item["quantity"]),
        (&row["price"], &row["partnerCost"], &row["quantity"])
    );
    assert_eq!((&item["startPeriod"], &item["endPeriod"]), (&json!("2026-03-01"), &json!("2026-03-31")));
    assert_eq!(amount(&item, "costTotal"), amount(&row, "partnerCost") * amount(&row, "quantity"));

    let path = format!("/v1/subscriptions/{}", text(&row, "id"));
    account.put(&path, &json!({"quantity": 777})).await.expect(200);
    assert_eq!(items(&account, &invoice).await, before);
    let drafts = account.rows("/v1/invoices/draftItems?size=200").await;
    assert_eq!(mine(&drafts)["quantity"], 777);

    let id = account.pax8.issue_invoice();
    let issued = account.get(&format!("/v1/invoices/{id}")).await;
    assert_eq!((&issued["status"], &issued["invoiceDate"]), (&json!("Unpaid"), &json!("2026-03-15")));
    assert_eq!(mine(&items(&account, &issued).await)["quantity"], 777);
}

#[tokio::test]
async fn drafts_are_of_this_or_the_next_month_without_ids_and_usage() {
    let account = Account::open().await;
    let next = account.rows("/v1/invoices/draftItems?size=200").await;
    assert!(!next.is_empty());
    assert_eq!(next, account.rows("/v1/invoices/draftItems?size=200&monthOffset=1").await);
    assert!(next.iter().all(|item| item.get("id").is_none() && item["startPeriod"] == "2026-04-01"));
    let this = account.rows("/v1/invoices/draftItems?size=200&monthOffset=0").await;
    assert!(this.iter().all(|item| item["startPeriod"] == "2026-03-01" && item["term"] != "Arrears"));
    let company = account.company(1).await;
    let of_one = account.rows(&format!("/v1/invoices/draftItems?companyId={company}")).await;
    assert!(!of_one.is_empty() && of_one.iter().all(|item| item["companyId"] == company.as_str()));

    for offset in ["2", "-1"] {
        let reply = account.wire.get(&format!("/v1/invoices/draftItems?monthOffset={offset}")).await;
        assert_eq!(rules(&reply), ["monthOffset must be 0 or 1"]);
    }
    assert_eq!(
        refused_field(&account.wire.get("/v1/invoices/draftItems?monthOffset=x").await),
        "monthOffset"
    );
    assert_eq!(account.wire.get("/v1/invoices/draftItems?companyId=none").await.status, 404);
    assert_eq!(account.wire.get("/v1/invoices/draftitems").await.status, 404, "the path is in camel case");
}
