//! The client against a server made of the vendor's files.

use std::collections::BTreeSet;

use pax8_client::Pax8Provider;
use provider_core::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, PageRequest, ProductQuery, Provider,
    SubscriptionQuery, UsageQuery,
};
use provider_http::RequestSpec;
use serde_json::json;

use super::case::ID;
use super::judge::success;
use super::mock::{Mock, SeenRequest};
use super::reply::{Source, examples};
use super::spec::Specs;
use super::{all, listed};

/// Where the files contradict themselves or the live API, and what the client does about it. A line that
/// no longer matches anything fails the test.
const TOLERATED: [(&str, &str); 9] = [
    (
        "\"companyId\" is a required property",
        "order lines must not carry the company, although `required` names it",
    ),
    ("?sort=", "the enum holds bare fields where the text requires a direction"),
    ("?page: is not declared", "usage lines are paged, although the parameters are not declared"),
    ("?size: is not declared", "usage lines are paged, although the parameters are not declared"),
    ("?query: is required", "webhook logs declare an object as a required query parameter"),
    ("?status=draft,changes_requested", "the enum holds single states where the text takes a list"),
    ("?download=true", "a boolean whose only allowed value is text"),
    ("?downloadZip=true", "a boolean whose only allowed value is text"),
    ("is valid under more than one", "nothing tells the kinds of quote lines apart: all allow every `type`"),
];

/// Divides what the files hold against requests: tolerated lines that matched, and the rest.
fn divide(seen: &[SeenRequest], used: &mut BTreeSet<usize>) -> Vec<String> {
    let mut rest = Vec::new();
    for one in seen {
        for fault in &one.violations {
            match TOLERATED.iter().position(|(known, _)| fault.contains(known)) {
                Some(at) => {
                    used.insert(at);
                }
                None => rest.push(format!("{} {}: {fault}", one.method, one.template)),
            }
        }
    }
    rest
}

/// Drives every operation and answers what was refused and what could not be read.
async fn drive(mock: &Mock) -> (Vec<SeenRequest>, Vec<String>) {
    let client = mock.client();
    let mut unreadable = Vec::new();
    for case in all() {
        if let Err(error) = (case.run)(&client).await {
            unreadable.push(format!("{}: {error}", case.name()));
        }
    }
    (mock.take(), unreadable)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_called_as_the_files_say() {
    let Some(specs) = Specs::load() else { return };
    let mock = Mock::start(specs, Source::Example).await;
    let (seen, unreadable) = drive(&mock).await;
    let mut used = BTreeSet::new();
    let violations = divide(&seen, &mut used);
    assert!(violations.is_empty(), "{violations:#?}");
    assert!(unreadable.is_empty(), "{unreadable:#?}");
    let idle: Vec<_> =
        (0..TOLERATED.len()).filter(|at| !used.contains(at)).map(|at| TOLERATED[at].0).collect();
    assert!(idle.is_empty(), "tolerated for nothing: {idle:?}");
    let called: BTreeSet<_> = seen.iter().map(|one| (one.method.as_str(), one.template.as_str())).collect();
    assert_eq!(called, listed(), "all of them, on one origin");

    let mut audiences: Vec<_> = seen.into_iter().filter_map(|one| one.audience).collect();
    audiences.sort_unstable();
    assert_eq!(audiences, ["api://provisioning", "api://usage", "https://api.pax8.com"], "a token for each");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_made_of_the_schemas_are_read() {
    let Some(specs) = Specs::load() else { return };
    let mock = Mock::start(specs, Source::Schema).await;
    let (_, unreadable) = drive(&mock).await;
    assert!(unreadable.is_empty(), "{unreadable:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_asks_for_nothing_that_the_files_do_not_know() {
    let Some(specs) = Specs::load() else { return };
    let mock = Mock::start(specs, Source::Example).await;
    let config = mock.config();
    let provider: std::sync::Arc<dyn Provider> =
        std::sync::Arc::new(Pax8Provider::new(mock.client(), &config));
    let verification = provider.verify().await;
    assert!(verification.checks.iter().any(|check| check.name == "customers"), "{verification:?}");
    // Examples hold ids that belong to nothing; what is asked counts, not what comes of it.
    let page = PageRequest::default();
    let _ = provider.list_customers(&CustomerQuery::default().with_contacts(true), &page).await;
    let _ = provider.list_products(&ProductQuery::default().with_offers(true).search("a b"), &page).await;
    let _ = provider.list_subscriptions(&SubscriptionQuery::default().customer(ID), &page).await;
    let _ = provider.list_orders(&OrderQuery::default().customer(ID), &page).await;
    let _ = provider.list_invoices(&InvoiceQuery::default().customer(ID), &page).await;
    let _ = provider.list_invoice_lines(&InvoiceLineQuery::default(), &page).await;
    let _ = provider.list_usage(&UsageQuery::default().customer(ID), &page).await;
    let seen = mock.take();
    assert!(seen.len() > 20, "{}", seen.len());
    // Ids of the examples are malformed here and there, and the client sends back what it was given.
    let violations: Vec<_> = divide(&seen, &mut BTreeSet::new())
        .into_iter()
        .filter(|fault| !fault.contains("is not a \"uuid\""))
        .collect();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_notices_what_is_wrong() {
    let Some(specs) = Specs::load() else { return };
    let mock = Mock::start(specs, Source::Example).await;
    let client = mock.client();
    let company = json!({"name": "Harbor", "status": "Active", "color": "blue"});
    let order =
        json!({"companyId": ID, "lineItems": [{"lineItemNumber": 1, "productId": "p", "quantity": "2"}]});
    for (spec, fault) in [
        (RequestSpec::get("/v1/companies").query("nme", "x"), "?nme: is not declared"),
        (RequestSpec::get("/v1/companies").query("size", 201), "?size=201: 201 is greater than"),
        (
            RequestSpec::get("/v1/companies").query("status", "active"),
            "?status=active: \"active\" is not one of",
        ),
        (RequestSpec::get("/v2/quotes/{id}").path("id", "7"), "is not a \"uuid\""),
        (RequestSpec::get("/v1/Companies"), "is in none of the files"),
        (RequestSpec::post("/v1/companies"), "body: is missing"),
        (RequestSpec::post("/v1/companies").json(&company).unwrap(), "\"phone\" is a required property"),
        (RequestSpec::post("/v1/companies").json(&company).unwrap(), "body/status: False schema"),
        (RequestSpec::post("/v1/companies").json(&company).unwrap(), "'color' was unexpected"),
        (
            RequestSpec::post("/v1/orders").json(&order).unwrap(),
            "body/lineItems/0/quantity: \"2\" is not of type",
        ),
        (RequestSpec::post("/v1/orders").body("{}", "text/plain"), "body: `text/plain` is not declared"),
        (RequestSpec::get("/v2/provisioners"), "authorization: is not the token of this surface"),
        (RequestSpec::get("/v1/products").accept("application/xml"), "accept: `application/xml`"),
    ] {
        let _ = client.request(spec).await;
        let violations = divide(&mock.take(), &mut BTreeSet::new());
        assert!(violations.iter().any(|found| found.contains(fault)), "{fault}: {violations:#?}");
    }
}

#[test]
fn the_files_and_the_table_list_the_same_operations() {
    let Some(specs) = Specs::load() else { return };
    let listed = listed().into_iter().map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(specs.declared(), listed.collect());
}

#[tokio::test]
async fn every_example_of_the_vendor_is_read() {
    let Some(specs) = Specs::load() else { return };
    let mut read = 0;
    let mut unreadable = Vec::new();
    for case in all().into_iter().filter(|case| case.accept == "application/json") {
        let target = case.target();
        let path = target.split('?').next().unwrap();
        let found = specs.find(case.method, path).unwrap();
        let (_, response) = success(&found);
        for (_, content) in response["content"].as_object().into_iter().flatten() {
            for example in examples(&found, content) {
                read += 1;
                if let Err(error) = case.send(&example.to_string()).await {
                    unreadable.push(format!("{}: {error}", case.name()));
                }
            }
        }
    }
    assert!(unreadable.is_empty(), "{unreadable:#?}");
    assert!(read > 10, "only {read} examples were found");
}
