//! Pax8's webhooks into a sync: what is delivered is in the tables after one run.

use std::collections::BTreeMap;
use std::sync::Arc;

use pax8_client::model::{AddWebhookTopic, CreateWebhook};
use pax8_client::{Pax8Config, Pax8Provider};
use provider_core::{
    ChangeQuantity, IdempotencyKey, Provider, ProviderExt as _, SubscriptionQuery, SubscriptionStatus,
    WriteOptions,
};
use provider_simulator::Simulator;
use rust_decimal::Decimal;

use super::Person;
use super::run::{err, out};
use super::running::Running;

const AUTHORIZATION: &str = "Bearer EXAMPLE-STORM-VALUE";

/// What somebody else at this partner works with.
pub(super) fn provider(simulator: &Simulator) -> Arc<Pax8Provider> {
    let variables = simulator.pax8().env();
    let lookup = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone());
    Arc::new(Pax8Provider::from_config(Pax8Config::from_vars(lookup).unwrap().unwrap()).unwrap())
}

async fn subscribe(provider: &Pax8Provider, url: &str) {
    let mut webhook = CreateWebhook::new("storm");
    webhook.url = Some(url.to_owned());
    webhook.authorization = Some(AUTHORIZATION.into());
    webhook.active = true;
    webhook.webhook_topics = vec![AddWebhookTopic::new("SUBSCRIPTION")];
    provider.client().webhooks().create(&webhook).await.unwrap();
}

/// Four subscriptions change five times each, while the receiver gathers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_deliveries_is_one_run_and_in_the_tables_after_it() {
    let simulator = Simulator::start().await.unwrap();
    let mut variables = simulator.env();
    variables.push(("PAX8_CURRENCY".to_owned(), "USD".to_owned()));
    let person = Person::new("pax8", variables);
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let (db, target) = (person.at("sync.db"), person.at("app.db"));
    let args =
        ["--sync", &person.plan, "--db", &db, "--target", &target, "--deliveries", "20", "--gather", "60"];
    let (receiver, listening) =
        Running::start(&person.shell, "webhooks", &args, ("PAX8_WEBHOOK_AUTHORIZATION", AUTHORIZATION)).await;
    let provider = provider(&simulator);
    subscribe(&provider, listening.strip_prefix("listening on ").unwrap()).await;

    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let mut wanted = BTreeMap::new();
    let mut subscriptions = provider.subscriptions(query);
    while let Some(subscription) = subscriptions.next().await {
        let subscription = subscription.unwrap();
        let Some(mut quantity) = subscription.quantity else { continue };
        for _ in 0..5 {
            let more = ChangeQuantity::new(&subscription.id, quantity + Decimal::ONE);
            let options = WriteOptions::new(IdempotencyKey::random().unwrap());
            // Some cannot be changed.
            if provider.execute(&more.into(), &options).await.is_err() {
                break;
            }
            quantity += Decimal::ONE;
            wanted.insert(subscription.id.to_string(), quantity);
        }
        if wanted.len() == 4 {
            break;
        }
    }
    let (code, said) = receiver.finish().await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("SUBSCRIPTION: fetch again from subscriptions: ").count(), 20, "{said}");
    let runs: Vec<_> = said.lines().filter(|line| line.starts_with("a run ")).collect();
    assert_eq!(runs.len(), 2, "{said}");
    assert!(runs[0].starts_with("a run at the beginning: "), "{said}");
    assert_eq!(runs[1], "a run after 20 deliveries: 0 created, 4 updated, 0 removed");
    let application = rusqlite::Connection::open(person.shell.file("app.db")).unwrap();
    for (id, quantity) in wanted {
        let query = "SELECT quantity FROM seats WHERE distributor_id = ?1";
        let kept: String = application.query_row(query, [&id], |row| row.get(0)).unwrap();
        assert_eq!(kept.parse::<Decimal>().unwrap(), quantity, "{id}");
    }
}

/// With nothing configured: against the embedded simulator, which changes a quantity.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_of_the_embedded_simulator_is_followed() {
    let person = Person::new("pax8", Vec::new());
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let (db, target) = (person.at("sync.db"), person.at("app.db"));
    let args = ["--sync", &person.plan, "--db", &db, "--target", &target];
    let output = person.shell.run("webhooks", &args).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let said = out(&output);
    assert!(said.ends_with("a run after 1 delivery: 0 created, 1 updated, 0 removed\n"), "{said}");
    // It is the sync of the command too.
    let status = person.json(&["status"]).await;
    assert_eq!(status[0]["last_outcome"], "completed", "{status:#}");
}

/// A plan in JSON is one for both: what is wrong with it here is its tables, and not its form.
#[tokio::test]
async fn a_plan_in_json_is_read_by_its_name() {
    let person = Person::new("pax8", Vec::new());
    let plan = person.shell.file("plan.json");
    std::fs::create_dir_all(plan.parent().unwrap()).unwrap();
    std::fs::write(&plan, r#"{ "version": 1, "connection": "pax8", "enabled": true }"#).unwrap();
    let (plan, target) = (plan.display().to_string(), person.at("app.db"));
    let output = person.shell.run("webhooks", &["--sync", &plan, "--target", &target]).await;
    assert_eq!(output.status.code(), Some(2), "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("--target") && !err(&output).contains("plan.json:"), "{}", err(&output));
}

#[tokio::test]
async fn a_plan_that_is_wrong_is_told_before_anything_is_taken() {
    let person = Person::new("pax8", Vec::new());
    let (db, target) = (person.at("sync.db"), person.at("app.db"));
    let args = ["--sync", &person.plan, "--db", &db, "--target", &target];
    let output = person.shell.run("webhooks", &args).await;
    assert_eq!(output.status.code(), Some(2), "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("--target"), "{}", err(&output));
}
