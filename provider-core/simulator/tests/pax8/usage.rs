//! Usage summaries and lines.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::account::{Account, BASE, STORAGE, keys, refused_field, text};

fn amount(value: &Value, name: &str) -> Decimal {
    Decimal::from_str(&value[name].to_string()).unwrap()
}

#[tokio::test]
async fn a_usage_subscription_has_a_summary_per_resource_group() {
    let account = Account::open().await;
    let subscription = account.subscription(STORAGE, "Active").await;
    let id = text(&subscription, "id");
    let rows = account.rows(&format!("/v1/subscriptions/{id}/usage-summaries")).await;
    assert_eq!(
        rows.iter().map(|row| text(row, "resourceGroup")).collect::<Vec<_>>(),
        ["rg-production", "rg-archive"]
    );
    assert_eq!(
        keys(&rows[0]),
        [
            "companyId",
            "currencyCode",
            "currentCharges",
            "id",
            "isTrial",
            "partnerTotal",
            "productId",
            "resourceGroup",
            "subscriptionId",
            "vendorName",
        ]
    );
    assert_eq!(
        (&rows[0]["subscriptionId"], &rows[0]["companyId"]),
        (&subscription["id"], &subscription["companyId"])
    );
    let one = format!("/v1/usage-summaries/{}", text(&rows[1], "id"));
    assert_eq!(account.get(&one).await, rows[1]);
    let filtered =
        account.rows(&format!("/v1/subscriptions/{id}/usage-summaries?resourceGroup=rg-archive")).await;
    assert_eq!(filtered, rows[1..]);
    let other = account.company(0).await;
    let foreign = format!("/v1/subscriptions/{id}/usage-summaries?companyId={other}");
    assert_eq!(account.get(&foreign).await["page"]["totalPages"], 0);
    let sorted = account.rows(&format!("/v1/subscriptions/{id}/usage-summaries?sort=partnerTotal,asc")).await;
    assert!(amount(&sorted[0], "partnerTotal") <= amount(&sorted[1], "partnerTotal"));

    let base = text(&account.subscription(BASE, "Active").await, "id");
    let none = account.get(&format!("/v1/subscriptions/{base}/usage-summaries")).await;
    assert_eq!(none["page"]["totalElements"], 0);
    assert_eq!(account.wire.get("/v1/subscriptions/none/usage-summaries").await.status, 404);
    assert_eq!(account.wire.get("/v1/usage-summaries/none").await.status, 404);
}

#[tokio::test]
async fn lines_come_by_the_day_and_add_up_to_the_summary() {
    let account = Account::open().await;
    let id = text(&account.subscription(STORAGE, "Active").await, "id");
    let summary = account.rows(&format!("/v1/subscriptions/{id}/usage-summaries")).await[0].clone();
    let path = format!("/v1/usage-summaries/{}/usage-lines", text(&summary, "id"));
    let (mut charges, mut partner) = (Decimal::ZERO, Decimal::ZERO);
    for day in 1..=15 {
        for line in account.rows(&format!("{path}?usageDate=2026-03-{day:02}")).await {
            assert_eq!(line["usageDate"], format!("2026-03-{day:02}"));
            assert_eq!(
                amount(&line, "currentProfit"),
                amount(&line, "currentCharges") - amount(&line, "partnerTotal")
            );
            charges += amount(&line, "currentCharges");
            partner += amount(&line, "partnerTotal");
        }
    }
    assert_eq!((charges, partner), (amount(&summary, "currentCharges"), amount(&summary, "partnerTotal")));

    let day = account.rows(&format!("{path}?usageDate=2026-03-02")).await;
    assert_eq!(day.len(), 2);
    let product = text(&day[1], "productId");
    assert_eq!(account.rows(&format!("{path}?usageDate=2026-03-02&productId={product}")).await, day[1..]);
    let second = account.get(&format!("{path}?usageDate=2026-03-02&page=1&size=1")).await;
    assert_eq!(second["content"], json!([day[1]]));
    assert!(account.rows(&format!("{path}?usageDate=2026-03-16")).await.is_empty(), "tomorrow");
    assert!(account.rows(&format!("{path}?usageDate=2020-01-01")).await.is_empty(), "before it began");
}

#[tokio::test]
async fn the_day_is_mandatory() {
    let account = Account::open().await;
    let id = text(&account.subscription(STORAGE, "Active").await, "id");
    let summary = account.rows(&format!("/v1/subscriptions/{id}/usage-summaries")).await[0].clone();
    let path = format!("/v1/usage-summaries/{}/usage-lines", text(&summary, "id"));
    for query in ["", "?usageDate=", "?usageDate=02.03.2026", "?usageDate=2026-3-2"] {
        assert_eq!(refused_field(&account.wire.get(&format!("{path}{query}")).await), "usageDate", "{query}");
    }
    let reply = account.wire.get("/v1/usage-summaries/none/usage-lines?usageDate=2026-03-02").await;
    assert_eq!(reply.expect(404)["message"], "Usage Summary Not Found: none");
}
