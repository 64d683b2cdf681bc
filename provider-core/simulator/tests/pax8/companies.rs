//! Companies: lists, filters, creation, activation, updates.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::{Value, json};

use crate::account::{Account, keys, refused_field, rules, text};

fn company(name: &str) -> Value {
    json!({
        "name": name,
        "address": {"street": "5 Quay Road", "city": "Portland", "stateOrProvince": "ME", "postalCode": "04101",
            "country": "US"},
        "phone": "555-0111",
        "website": "https://harbor.example.com",
        "externalId": "CUST-1002",
        "billOnBehalfOfEnabled": false,
        "selfServiceAllowed": false,
        "orderApprovalRequired": false,
    })
}

fn contact(types: &[&str]) -> Value {
    let types: Vec<Value> = types.iter().map(|kind| json!({"type": kind, "primary": true})).collect();
    json!({"firstName": "Test", "lastName": "Contact", "email": "it@harbor.example.com", "phone": "555-0112",
        "types": types})
}

#[tokio::test]
async fn pages_count_from_zero_and_cover_everything_once() {
    let account = Account::open().await;
    let mut seen = BTreeSet::new();
    for number in 0..3 {
        let page = account.get(&format!("/v1/companies?page={number}")).await;
        assert_eq!(page["page"], json!({"size": 10, "totalElements": 25, "totalPages": 3, "number": number}));
        let rows = page["content"].as_array().unwrap();
        assert_eq!(rows.len(), if number == 2 { 5 } else { 10 });
        seen.extend(rows.iter().map(|row| text(row, "id")));
    }
    assert_eq!(seen.len(), 25);
    let past = account.get("/v1/companies?page=3").await;
    assert_eq!(past["content"], json!([]));
    assert_eq!(past["page"]["totalPages"], 3);
    let none = account.get("/v1/companies?city=Nowhere").await;
    assert_eq!(none["page"], json!({"size": 10, "totalElements": 0, "totalPages": 0, "number": 0}));
    assert_eq!(none["content"], json!([]));
}

#[tokio::test]
async fn page_and_size_have_limits() {
    let account = Account::open().await;
    for (query, field) in [
        ("size=201", "size"),
        ("size=0", "size"),
        ("size=x", "size"),
        ("page=-1", "page"),
        ("page=0&page=1", "page"),
        ("sort=phone,asc", "sort"),
        ("sort=name,up", "sort"),
        ("status=active", "status"),
        ("selfServiceAllowed=yes", "selfServiceAllowed"),
        ("name=x", "name"),
        ("limit=5", "limit"),
    ] {
        let reply = account.wire.get(&format!("/v1/companies?{query}")).await;
        assert_eq!(refused_field(&reply), field, "{query}");
    }
    account.pax8.set_strict(false);
    let page = account.get("/v1/companies?size=1000&name=x").await;
    assert_eq!(
        page["page"]["size"], 200,
        "without strictness the maximum counts and the unknown name is ignored"
    );
}

#[tokio::test]
async fn list_rows_lack_what_get_has() {
    let account = Account::open().await;
    for row in account.rows("/v1/companies?size=200").await {
        assert!(row.get("phone").is_none() && row.get("orderApprovalRequired").is_none());
        let full = account.get(&format!("/v1/companies/{}", text(&row, "id"))).await;
        assert!(full["phone"].is_string() && full["orderApprovalRequired"].is_boolean());
        for name in keys(&row) {
            assert_eq!(row[name], full[name], "get contains what the list answered");
        }
        let updated = text(&full, "updatedDate");
        assert!(
            updated.ends_with("-0600") && updated.len() == "2026-02-11T11:33:12.314-0600".len(),
            "{updated}"
        );
    }
}

#[tokio::test]
async fn every_status_is_seeded_and_filters_are_exact() {
    let account = Account::open().await;
    let all = account.rows("/v1/companies?size=200").await;
    for status in ["Active", "Inactive", "Deleted"] {
        let rows = account.rows(&format!("/v1/companies?size=200&status={status}")).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["status"] == status));
        assert_eq!(rows.len(), all.iter().filter(|row| row["status"] == status).count());
    }
    for (query, member) in
        [("city", "city"), ("stateOrProvince", "stateOrProvince"), ("postalCode", "postalCode")]
    {
        let wanted = text(&all[0]["address"], member);
        let rows =
            account.rows(&format!("/v1/companies?size=200&{query}={}", wanted.replace(' ', "%20"))).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["address"][member] == wanted.as_str()));
    }
    let code = account.rows("/v1/companies?size=200&country=US").await;
    assert!(!code.is_empty() && code.iter().all(|row| row["address"]["country"] == "US"));
    assert_eq!(code, account.rows("/v1/companies?size=200&country=United%20States").await);
    for flag in ["selfServiceAllowed", "billOnBehalfOfEnabled"] {
        let rows = account.rows(&format!("/v1/companies?size=200&{flag}=true")).await;
        assert_eq!(rows.len(), all.iter().filter(|row| row[flag] == true).count());
    }
    let mut names: Vec<String> = all.iter().map(|row| text(row, "name")).collect();
    names.sort();
    names.reverse();
    let sorted = account.rows("/v1/companies?size=200&sort=name,desc").await;
    assert_eq!(sorted.iter().map(|row| text(row, "name")).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn a_company_with_primary_contacts_is_active_at_once() {
    let account = Account::open().await;
    let mut body = company("Harbor Supplies");
    body["contacts"] = json!([contact(&["Admin", "Billing", "Technical"])]);
    let created = account.post("/v1/companies", &body).await.expect(200);
    assert_eq!(created["status"], "Active");
    assert_eq!(created["updatedDate"], "2026-03-15T06:00:00.000-0600");
    assert!(created.get("contacts").is_none());
    for name in keys(&company("")) {
        if name != "name" {
            assert_eq!(created[name], company("")[name], "{name}");
        }
    }
    let path = format!("/v1/companies/{}", text(&created, "id"));
    assert_eq!(account.get(&path).await, created);
    assert_eq!(account.rows(&format!("{path}/contacts")).await.len(), 1);
}

#[tokio::test]
async fn a_company_becomes_active_with_its_last_primary_contact() {
    let account = Account::open().await;
    let created = account.post("/v1/companies", &company("Slow Start")).await.expect(200);
    assert_eq!(created["status"], "Inactive");
    let path = format!("/v1/companies/{}", text(&created, "id"));
    for (kind, status) in [("Admin", "Inactive"), ("Billing", "Inactive"), ("Technical", "Active")] {
        account.post(&format!("{path}/contacts"), &contact(&[kind])).await.expect(200);
        assert_eq!(account.get(&path).await["status"], status, "after {kind}");
    }
    let again = account.post("/v1/companies", &company("slow start")).await;
    assert_eq!(rules(&again), ["Company already exists: slow start"]);
}

#[tokio::test]
async fn creation_names_every_field_that_is_missing_or_wrong() {
    let account = Account::open().await;
    let reply = account.post("/v1/companies", &json!({"name": "Half"})).await;
    assert_eq!(
        rules(&reply),
        [
            "address is required",
            "phone is required",
            "website is required",
            "billOnBehalfOfEnabled is required",
            "selfServiceAllowed is required",
            "orderApprovalRequired is required",
        ]
    );
    let mut body = company("Wrong");
    body["address"]["country"] = json!("United States");
    body["contacts"] = json!([{"firstName": "A", "email": "nobody", "phone": "1"}]);
    assert_eq!(
        rules(&account.post("/v1/companies", &body).await),
        [
            "address.country must be two upper-case letters",
            "contacts[0].lastName is required",
            "contacts[0].email must be an e-mail address",
        ]
    );
    for (name, value, field) in [
        ("id", json!("x"), "id"),
        ("status", json!("Active"), "status"),
        ("phone", json!(5), "phone"),
        ("selfServiceAllowed", json!("true"), "selfServiceAllowed"),
        ("address", json!({"zip": "1"}), "address.zip"),
        ("contacts", json!([{"types": [{"type": "Owner"}]}]), "contacts[0].types[0].type"),
    ] {
        let mut body = company("Refused");
        body[name] = value;
        assert_eq!(refused_field(&account.post("/v1/companies", &body).await), field);
    }
    let wire = account.wire.clone().with("content-type", "application/json");
    assert_eq!(refused_field(&wire.send("POST", "/v1/companies", b"{").await.unwrap()), "body");
    assert_eq!(
        refused_field(&account.wire.send("POST", "/v1/companies", b"{}").await.unwrap()),
        "content-type"
    );
    assert!(account.rows("/v1/companies?size=200").await.len() == 25, "nothing was created");
}

#[tokio::test]
async fn an_update_changes_what_is_sent_and_must_change_something() {
    let account = Account::open().await;
    let id = account.company(0).await;
    let path = format!("/v1/companies/{id}");
    let before = account.get(&path).await;
    let change = json!({"phone": "555-0119", "externalId": "CUST-1002-B"});
    let mut expected = before.clone();
    expected["phone"] = json!("555-0119");
    expected["externalId"] = json!("CUST-1002-B");
    expected["updatedDate"] = json!("2026-03-15T06:00:00.000-0600");
    assert_eq!(account.patch(&path, &change).await.expect(200), expected);
    assert_eq!(account.get(&path).await, expected);
    for unchanged in [json!({}), change] {
        let reply = account.patch(&path, &unchanged).await;
        assert_eq!(rules(&reply), ["at least one parameter has to be modified"]);
    }
    assert_eq!(refused_field(&account.patch(&path, &json!({"contacts": []})).await), "contacts");
    let deleted = text(&account.rows("/v1/companies?status=Deleted").await[0], "id");
    let reply = account.patch(&format!("/v1/companies/{deleted}"), &json!({"phone": "1"})).await;
    assert_eq!(rules(&reply), ["the company has been deleted"]);
}

#[tokio::test]
async fn an_unknown_company_is_not_found_in_the_documented_envelope() {
    let account = Account::open().await;
    let id = "6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1aff";
    let expected = json!({
        "type": "NOT_FOUND",
        "message": format!("Company Not Found: {id}"),
        "instance": format!("/public/v1/companies/{id}"),
        "status": 404,
        "details": [],
    });
    let path = format!("/v1/companies/{id}");
    assert_eq!(account.wire.get(&path).await.expect(404), expected);
    assert_eq!(account.patch(&path, &json!({"phone": "1"})).await.expect(404), expected);
}

#[tokio::test]
async fn ten_thousand_companies_start_and_page_quickly() {
    let began = Instant::now();
    let account = Account::with_customers(10_000).await;
    let page = account.get("/v1/companies?size=200&page=49").await;
    assert_eq!(page["page"]["totalElements"], 10_000);
    assert_eq!(page["content"].as_array().unwrap().len(), 200);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    println!("10,000 companies: {:?}", began.elapsed());
}
