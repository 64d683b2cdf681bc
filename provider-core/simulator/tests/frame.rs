//! What the three distributors of the simulator have in common: faults, records, strictness, ports, time, seeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod wire;

use std::io::ErrorKind;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use provider_simulator::{FaultAction, FaultRule, Handle, Pax8, RefusedPart, Simulator};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use wire::{Reply, Wire};

/// 2026-03-15 12:00 UTC.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_773_576_000, 0).unwrap()
}

async fn start() -> Simulator {
    Simulator::builder().fixed_time(noon()).start().await.unwrap()
}

async fn token(pax8: &Handle<Pax8>) -> String {
    let body = json!({
        "client_id": pax8.client_id(),
        "client_secret": pax8.client_secret(),
        "audience": "https://api.pax8.com",
        "grant_type": "client_credentials",
    });
    let reply = Wire::new(pax8.base_url()).json("POST", "/v1/token", &body).await;
    reply.expect(200)["access_token"].as_str().unwrap().to_owned()
}

async fn client(pax8: &Handle<Pax8>) -> Wire {
    let token = token(pax8).await;
    Wire::new(pax8.base_url()).with("authorization", &format!("Bearer {token}"))
}

fn rows(reply: &Reply) -> Vec<Value> {
    reply.json()["content"].as_array().unwrap().clone()
}

#[tokio::test]
async fn answers_of_faults_replace_the_handler() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let faults = pax8.faults();
    let hit = async |action| {
        let id = faults.add(FaultRule::new("GET", "/v1/companies", action).once());
        let reply = wire.get("/v1/companies").await;
        assert_eq!(faults.hits(id), 1);
        reply
    };

    let reply = hit(FaultAction::Status {
        code: StatusCode::BAD_GATEWAY,
        headers: vec![("x-seen".to_owned(), "yes".to_owned())],
        body: "{\"down\":true}".to_owned(),
    })
    .await;
    assert_eq!((reply.status, reply.text().as_str()), (502, "{\"down\":true}"));
    assert_eq!(reply.header("x-seen"), Some("yes"));

    let reply = hit(FaultAction::Html).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(reply.text().starts_with("<!DOCTYPE html>"));

    let reply = hit(FaultAction::EmptyBody).await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));

    let reply = hit(FaultAction::Redirect("http://elsewhere.example.com/v1".to_owned())).await;
    assert_eq!(reply.status, 302);
    assert_eq!(reply.header("location"), Some("http://elsewhere.example.com/v1"));

    let reply = hit(FaultAction::RateLimited { retry_after: Some(Duration::from_millis(1500)) }).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("2")));
    assert_eq!(reply.json()["type"], "TOO_MANY_REQUESTS");

    assert_eq!(wire.get("/v1/companies").await.status, 200, "every fault was for one request");
}

#[tokio::test]
async fn a_cut_connection_gives_no_answer_and_the_write_decides_which_cut_it_was() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let company = |name: &str| {
        json!({
            "name": name, "address": {}, "phone": "555-0100", "website": "example.com",
            "billOnBehalfOfEnabled": false, "selfServiceAllowed": false, "orderApprovalRequired": false,
        })
    };
    let total = async || wire.get("/v1/companies").await.json()["page"]["totalElements"].as_u64().unwrap();
    let before = total().await;

    pax8.faults().add(FaultRule::new("POST", "/v1/companies", FaultAction::DisconnectBefore).once());
    let error = wire.try_json("POST", "/v1/companies", &company("Before")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset), "{error}");
    assert_eq!(total().await, before);

    pax8.faults().add(FaultRule::new("POST", "/v1/companies", FaultAction::DisconnectAfter).once());
    let error = wire.try_json("POST", "/v1/companies", &company("After")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset), "{error}");
    assert_eq!(total().await, before + 1);

    let posts: Vec<_> = pax8.requests().into_iter().filter(|one| one.path == "/v1/companies").collect();
    let cut: Vec<_> = posts.iter().filter(|one| one.method == "POST").map(|one| one.status).collect();
    assert_eq!(cut, [None, None], "no status was sent");
}

#[tokio::test]
async fn a_torn_body_declares_more_than_it_sends() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let whole = wire.get("/v1/companies").await.body;
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::TornBody).once());

    let mut stream = wire.open("GET", "/v1/companies", b"").await.unwrap();
    let mut received = Vec::new();
    // A connection that is cut ends either way; what came before counts.
    let _ = stream.read_to_end(&mut received).await;
    let text = String::from_utf8(received).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(body.as_bytes(), &whole[..whole.len() / 2]);
}

#[tokio::test]
async fn an_endless_body_does_not_end() {
    let sim = start().await;
    let pax8 = sim.pax8();
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::Endless));
    let mut stream = Wire::new(pax8.base_url()).open("GET", "/v1/companies", b"").await.unwrap();
    let mut seen = 0;
    let mut chunk = vec![0; 64 * 1024];
    while seen < 1_000_000 {
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "it ended after {seen} bytes");
        seen += count;
    }
    drop(sim);
    let rest = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut chunk)).await;
    assert!(rest.is_ok(), "dropping the simulator ends its connections");
}

#[tokio::test]
async fn pages_lie_on_demand() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let path = "/v1/companies?size=10&page=";
    let honest = wire.get(&format!("{path}0")).await;

    let id = pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::LieTotal(-7)));
    let reply = wire.get(&format!("{path}0")).await;
    assert_eq!(reply.json()["page"]["totalElements"], 18);
    assert_eq!(rows(&reply), rows(&honest));
    pax8.faults().remove(id);

    let id = pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::DuplicateRows));
    let doubled = rows(&wire.get(&format!("{path}0")).await);
    assert_eq!(doubled.len(), 11);
    assert_eq!(doubled[0], doubled[10]);
    pax8.faults().remove(id);

    let id = pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::RepeatCursor));
    let first = wire.get(&format!("{path}0")).await.json();
    assert_eq!(wire.get(&format!("{path}1")).await.json(), first);
    assert_eq!(wire.get(&format!("{path}2")).await.json(), first);
    pax8.faults().remove(id);

    let change = FaultAction::rewrite(|mut page| {
        page["content"] = json!("not a list");
        page
    });
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", change).when_query("page", "1").once());
    assert_eq!(rows(&wire.get(&format!("{path}0")).await), rows(&honest));
    assert_eq!(wire.get(&format!("{path}1")).await.json()["content"], "not a list");
}

#[tokio::test]
async fn delays_pass_in_tokios_time_and_combine_with_other_faults() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let rule = FaultRule::new("*", "*", FaultAction::Delay(Duration::from_millis(30)))
        .then(FaultAction::status(StatusCode::SERVICE_UNAVAILABLE, "{}"));
    pax8.faults().add(rule);
    let began = std::time::Instant::now();
    assert_eq!(Wire::new(pax8.base_url()).get("/v1/companies").await.status, 503);
    assert!(began.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn every_answer_of_every_distributor_takes_the_latency() {
    const LATENCY: Duration = Duration::from_millis(30);
    let sim = Simulator::builder().latency(LATENCY).start().await.unwrap();
    let (crayon, pax8, streamone) = (sim.crayon(), sim.pax8(), sim.streamone());
    for url in [crayon.base_url(), pax8.base_url(), streamone.base_url()] {
        let began = std::time::Instant::now();
        Wire::new(url).get("/").await;
        assert!(began.elapsed() >= LATENCY, "{url}");
    }
    // One of them while it runs.
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::Html));
    pax8.set_latency(2 * LATENCY);
    let began = std::time::Instant::now();
    assert_eq!(Wire::new(pax8.base_url()).get("/v1/companies").await.status, 200);
    assert!(began.elapsed() >= 2 * LATENCY, "an answer of a fault takes as long");
}

#[tokio::test]
async fn the_date_header_follows_the_simulated_clock_and_can_be_skewed() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let date = async || wire.get("/v1/products").await.header("date").unwrap().to_owned();
    assert_eq!(date().await, "Sun, 15 Mar 2026 12:00:00 GMT");
    sim.clock().advance(Duration::from_secs(61));
    assert_eq!(date().await, "Sun, 15 Mar 2026 12:01:01 GMT");
    pax8.faults().add(FaultRule::new("*", "*", FaultAction::ClockSkew(TimeDelta::hours(-2))));
    assert_eq!(date().await, "Sun, 15 Mar 2026 10:01:01 GMT");
}

#[tokio::test]
async fn requests_are_recorded_without_secrets() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    wire.get("/v1/companies?size=3&status=Active").await;
    wire.json("POST", "/api/v2/webhooks", &json!({"displayName": "x", "authorization": "Bearer planted"}))
        .await;

    let requests = pax8.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!((requests[0].path.as_str(), requests[0].body.as_str()), ("/v1/token", "[redacted]"));
    assert_eq!(requests[1].header("authorization"), Some("[redacted]"));
    assert_eq!(requests[1].query, [("size".into(), "3".into()), ("status".into(), "Active".into())]);
    assert_eq!((requests[1].query_value("size"), requests[1].status), (Some("3"), Some(200)));
    assert_eq!(requests[1].at, noon());
    let text = format!("{requests:?} {pax8:?} {sim:?}");
    for secret in [pax8.client_secret(), "planted", "sim."] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }

    assert_eq!(pax8.count("GET", "/v1/companies"), 1);
    assert_eq!(pax8.count("*", "/v1/*"), 2);
    pax8.reset_counters();
    assert_eq!((pax8.count("*", "*"), pax8.requests().len()), (0, 0));
}

#[tokio::test]
async fn what_the_reference_does_not_list_is_refused_and_remembered() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    let answer = wire.get("/v1/orders?status=Active").await.expect(400);
    assert_eq!(
        answer,
        json!({
            "type": "BAD_REQUEST",
            "message": "Invalid input: unknown query parameter, field: status",
            "instance": "/public/v1/orders",
            "status": 400,
            "details": [{
                "type": "BAD_REQUEST",
                "message": "Invalid input: unknown query parameter, field: status",
                "status": 400,
            }],
        })
    );
    let refused = pax8.refused();
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].part, refused[0].name.as_str()), (RefusedPart::Query, "status"));
    assert_eq!((refused[0].method.as_str(), refused[0].path.as_str()), ("GET", "/v1/orders"));

    assert_eq!(wire.get("/v1/quotes").await.status, 404);
    assert_eq!(wire.get("/v1/webhooks").await.status, 404);
    assert_eq!(wire.delete("/v1/companies").await.status, 405);
    assert_eq!(pax8.refused().len(), 4);

    pax8.set_strict(false);
    assert_eq!(wire.get("/v1/orders?status=Active").await.status, 200, "the live interface ignores it");
    assert_eq!(pax8.refused().len(), 4);
}

#[tokio::test]
async fn the_rate_limit_counts_calls_in_a_sliding_window() {
    let sim = start().await;
    let pax8 = sim.pax8();
    let wire = client(&pax8).await;
    pax8.set_rate_limit(2, Duration::from_secs(3600));
    assert_eq!(wire.get("/v1/products").await.status, 200);
    assert_eq!(wire.get("/v1/products").await.status, 200);
    let reply = wire.get("/v1/products").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, None));
    token(&pax8).await;
    pax8.clear_rate_limit();
    assert_eq!(wire.get("/v1/products").await.status, 200);
}

#[tokio::test]
async fn the_seed_decides_the_data() {
    let pages = async |seed| {
        let sim = Simulator::builder().seed(seed).customers(30).fixed_time(noon()).start().await.unwrap();
        let pax8 = sim.pax8();
        let wire = client(&pax8).await;
        let mut pages = Vec::new();
        for path in
            ["companies?size=200", "subscriptions?size=200", "orders?size=200", "products", "invoices"]
        {
            pages.push(wire.get(&format!("/v1/{path}")).await.text());
        }
        pages
    };
    let first = pages(7).await;
    assert_eq!(first, pages(7).await);
    assert_ne!(first, pages(8).await);
}

#[tokio::test]
async fn ports_count_up_from_the_given_one_and_are_free_after_the_drop() {
    let free = Simulator::start().await.unwrap();
    let port: u16 = free.crayon().base_url().rsplit(':').next().unwrap().parse().unwrap();
    drop(free);
    // Three neighbouring ports may be taken by others: then the system says so, and another start is tried.
    let mut port = port.min(60_000);
    let sim = loop {
        match Simulator::builder().port(port).start().await {
            Ok(sim) => break sim,
            Err(error) => assert_eq!(error.kind(), ErrorKind::AddrInUse),
        }
        port += 3;
    };
    let url = |port: u16| format!("http://127.0.0.1:{port}");
    assert_eq!(sim.crayon().base_url(), url(port));
    assert_eq!(sim.pax8().base_url(), url(port + 1));
    assert_eq!(sim.streamone().base_url(), url(port + 2));
    let wire = Wire::new(&url(port + 1));
    assert_eq!(wire.get("/v1/companies").await.status, 401);
    drop(sim);
    let refused = async || wire.send("GET", "/v1/companies", b"").await.err().map(|error| error.kind());
    wire::eventually(async || (refused().await == Some(ErrorKind::ConnectionRefused)).then_some(())).await;

    let error = Simulator::builder().port(65_534).start().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::AddrInUse), "{error}");
}

#[tokio::test]
async fn the_environment_names_every_distributor() {
    let sim = start().await;
    let env = sim.env();
    let names: Vec<&str> = env.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "CRAYON_CLIENT_ID",
            "CRAYON_CLIENT_SECRET",
            "CRAYON_USERNAME",
            "CRAYON_PASSWORD",
            "CRAYON_BASE_URL",
            "PAX8_CLIENT_ID",
            "PAX8_CLIENT_SECRET",
            "PAX8_BASE_URL",
            "STREAMONE_ACCOUNT_ID",
            "STREAMONE_REFRESH_TOKEN",
            "STREAMONE_API_KEY",
            "STREAMONE_API_SECRET",
            "STREAMONE_BASE_URL",
        ]
    );
    assert!(env.iter().all(|(_, value)| !value.is_empty()));
    assert_eq!(env[7].1, sim.pax8().base_url());
}
