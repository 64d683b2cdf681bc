//! v1 invoices: filters, sorting, detailed files behind signed links.

use std::time::Duration;

use serde_json::Value;

use crate::client::{Answer, World, encoded, send};

fn invoices(answer: &Answer) -> Vec<Value> {
    let body = answer.json(200);
    assert_eq!(body["success"], true);
    body["data"].get("invoice").and_then(Value::as_array).cloned().unwrap_or_default()
}

async fn mine(world: &World, query: &str) -> Vec<Value> {
    invoices(&world.v1_get(&format!("/invoices/myinvoices?{query}")).await)
}

#[tokio::test]
async fn what_the_distributor_bills_comes_in_a_singular_envelope() {
    let world = World::start().await;
    let found = mine(&world, "").await;
    assert_eq!(found.len(), 3);
    let starts: Vec<&str> =
        found.iter().map(|invoice| invoice["billingStartDate"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2025-12-01", "2026-01-01", "2026-02-01"]);
    let last = &found[2];
    assert_eq!(last["billingEndDate"], "2026-02-28");
    assert_eq!(last["status"], "open");
    assert!(last["lines"].as_array().unwrap().iter().any(|line| line["cloudProviderId"] == "30"));
    let total = last["total"].as_str().unwrap();
    assert!(total.split_once('.').unwrap().1.len() == 2, "{total}");
}

#[tokio::test]
async fn filters_sorting_and_relations_follow_the_rules_of_v1() {
    let world = World::start().await;
    let gte = encoded("filter[billingStartDate:gte]");
    let lt = encoded("filter[billingEndDate:lt]");
    let one = mine(&world, &format!("{gte}=2026-01-01&{lt}=2026-02-01&relations=lines")).await;
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["billingStartDate"], "2026-01-01");
    let by_number = format!("filter[number]={}", one[0]["number"].as_str().unwrap());
    assert_eq!(mine(&world, &by_number).await, one);
    assert_eq!(mine(&world, "filter[number:partial]=inv-ex-%25").await.len(), 3);
    assert_eq!(mine(&world, "filter[status]=open").await.len(), 1);
    assert_eq!(mine(&world, "filter[total:gt]=999999999").await.len(), 0);
    let newest = mine(&world, "sort[billingStartDate]=desc&limit=1").await;
    assert_eq!(newest[0]["billingStartDate"], "2026-02-01");
    let second = mine(&world, "sort[status]=asc&sort[billingStartDate]=desc&offset=1&limit=1").await;
    assert_eq!(second[0]["billingStartDate"], "2025-12-01");
    assert!(mine(&world, "relations=").await[0].get("lines").is_none());
    for (query, name) in [
        ("filter[company]=x", "filter[company]"),
        ("filter[total:like]=1", "filter[total:like]"),
        ("sort[total]=up", "sort[total]"),
        ("relations=customer", "relations"),
        ("limit=all", "limit"),
        ("customerId=310045", "customerId"),
    ] {
        let answer = world.v1_get(&format!("/invoices/myinvoices?{query}")).await.json(400);
        assert_eq!(answer["success"], false);
        assert_eq!(world.refused()[0].0, name);
    }
}

#[tokio::test]
async fn what_the_reseller_bills_is_another_list() {
    let world = World::start().await;
    let answer = world.v1_get("/invoices?customerId=310045&relations=").await;
    let found = invoices(&answer);
    assert_eq!(found.len(), 3);
    let all = invoices(&world.v1_get("/invoices?limit=1000").await);
    assert!(all.len() > 40);
    let own = mine(&world, "").await;
    assert!(own.iter().all(|invoice| !all.contains(invoice)));
}

#[tokio::test]
async fn detailed_files_are_fetched_without_credentials() {
    let world = World::start().await;
    let id = mine(&world, "limit=1").await[0]["id"].as_str().unwrap().to_owned();
    let body = world.v1_get(&format!("/invoices/{id}/detailed")).await.json(200);
    let invoice = &body["data"]["invoice"];
    assert_eq!(invoice["id"], id.as_str(), "one object, not a list");
    let url = invoice["detailedInvoiceFilesUrls"][0].as_str().unwrap().to_owned();
    let target = url.strip_prefix(world.ion.base_url()).unwrap();
    assert!(target.split('?').next().unwrap().ends_with("/detail.csv"));
    let fetch = async |target: &str, headers: &[(&str, &str)]| {
        send(world.ion.base_url(), "GET", target, headers, "").await
    };
    let file = fetch(target, &[]).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv")));
    assert!(file.body.starts_with("Invoice,Cloud Provider,Amount,Currency\n"));
    let leaked = fetch(target, &[("Authorization", "Basic eDp5")]).await;
    assert_eq!(leaked.status, 400);
    assert_eq!(world.refused()[0].0, "authorization");
    assert_eq!(fetch(&format!("{target}0"), &[]).await.status, 403);
    world.sim.clock().advance(Duration::from_secs(16 * 60));
    assert_eq!(fetch(target, &[]).await.status, 403);
    assert_eq!(world.v1_get("/invoices/1/detailed").await.json(404)["success"], false);
}

#[tokio::test]
async fn a_month_is_billed_once() {
    let world = World::start().await;
    let form = "source=aws&period=m-03-2026&status=open";
    let made = world.v1("POST", "/invoices/generate", "application/json", form).await.json(200);
    assert_ne!(made["message"], "0 invoices generated");
    assert_eq!(mine(&world, "").await.len(), 4);
    let again = world.v1("POST", "/invoices/generate", "application/x-www-form-urlencoded", form).await;
    assert_eq!(again.json(200)["message"], "0 invoices generated");
    let bad = world.v1("POST", "/invoices/generate", "application/json", "period=2026-03").await;
    assert_eq!(bad.status, 400);
}
