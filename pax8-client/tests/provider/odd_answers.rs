//! Odd answers to the question whether a write took effect: none of them proves that it did not.

use std::sync::Arc;
use std::time::Duration;

use provider_core::{
    Delivery, ErrorKind, Patch, Provider, ProviderExt as _, ReadOptions, Reconciliation, UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::lost::{Write, writes};
use crate::world::World;
use crate::writes::{active_customer, key, person};

/// Answers with status 200 that are no list, or not all of it.
fn odd_lists() -> Vec<(&'static str, FaultAction)> {
    vec![
        ("nothing", FaultAction::rewrite(|_| json!({}))),
        ("only numbers", FaultAction::rewrite(|_| json!({"page": {"number": 0, "size": 200}}))),
        ("another name", FaultAction::rewrite(|mut page| json!({"records": page["content"].take()}))),
        ("an empty list", FaultAction::rewrite(|_| json!({"content": []}))),
        ("null", FaultAction::rewrite(|_| json!({"content": null}))),
        ("an error", FaultAction::rewrite(|_| json!({"status": "ERROR", "message": "try again"}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        ("a list without its newest", FaultAction::rewrite(|page| without_newest(page, false))),
    ]
}

/// Answers with status 200 that are not the record that was asked for.
fn odd_records() -> Vec<(&'static str, FaultAction)> {
    vec![
        ("nothing", FaultAction::rewrite(|_| json!({}))),
        ("another name", FaultAction::rewrite(|record| json!({"subscription": record}))),
        ("an error", FaultAction::rewrite(|_| json!({"status": "ERROR", "message": "try again"}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        (
            "another record",
            FaultAction::rewrite(|mut record| {
                record["id"] = json!("00000000-0000-4000-8000-000000000001");
                record
            }),
        ),
    ]
}

fn without_newest(mut page: Value, lowers_the_total: bool) -> Value {
    page["content"].as_array_mut().unwrap().pop();
    if lowers_the_total {
        let total = page["page"]["totalElements"].as_u64().unwrap();
        page["page"]["totalElements"] = json!(total - 1);
    }
    page
}

/// What a write is judged by, and how that may be answered oddly.
fn odd_for(name: &str) -> (&'static str, Vec<(&'static str, FaultAction)>) {
    match name {
        "order" => ("/v1/orders", odd_lists()),
        "create" => ("/v1/companies", odd_lists()),
        "update" => ("/v1/companies/*", odd_records()),
        _ => ("/v1/subscriptions/*", odd_records()),
    }
}

async fn lose(world: &World, provider: &Arc<dyn Provider>, write: &Write, fault: FaultAction) {
    world.pax8().reset_counters();
    world.pax8().faults().add(FaultRule::new(write.method, write.path, fault).once());
    let error = provider.execute(&write.command, &key(write.name)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{}: {error}", write.name);
    world.sim.clock().advance(Duration::from_secs(3600));
}

#[tokio::test]
async fn no_odd_answer_leads_to_a_second_write() {
    for index in 0..5 {
        let name = writes(&World::start().await).await.swap_remove(index).name;
        let (reads, odd) = odd_for(name);
        let lagging = ("a copy that lags", FaultAction::rewrite(|page| without_newest(page, true)));
        let lagging = (!reads.ends_with('*')).then_some(lagging);
        for (what, fault) in odd.into_iter().chain(lagging) {
            let world = World::start().await;
            let write = writes(&world).await.swap_remove(index);
            let provider = world.over(world.journal());
            lose(&world, &provider, &write, FaultAction::DisconnectAfter).await;
            let once = world.pax8().faults().add(FaultRule::new("GET", reads, fault).once());
            // Unknown, or found by another reading; never sent again.
            match provider.execute(&write.command, &key(name)).await {
                Ok(receipt) => assert!(receipt.replayed, "{what}, {name}: {receipt:?}"),
                Err(error) => assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {name}: {error}"),
            }
            assert_eq!(world.pax8().faults().hits(once), 1, "{what}, {name}");
            let receipt = provider.execute(&write.command, &key(name)).await.unwrap();
            assert!(receipt.replayed, "{what}, {name}");
            assert_eq!(world.pax8().count(write.method, write.path), 1, "{what}, {name}");
        }
    }
}

#[tokio::test]
async fn odd_answers_for_ever_decide_nothing() {
    for index in 0..5 {
        for lose_it in [FaultAction::DisconnectAfter, FaultAction::DisconnectBefore] {
            let world = World::start().await;
            let write = writes(&world).await.swap_remove(index);
            let name = write.name;
            let provider = world.over(world.journal());
            lose(&world, &provider, &write, lose_it).await;
            let (reads, odd) = odd_for(name);
            for (what, fault) in odd {
                let odd = world.pax8().faults().add(FaultRule::new("GET", reads, fault));
                let error = provider.execute(&write.command, &key(name)).await.unwrap_err();
                assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {name}: {error}");
                assert!(world.pax8().faults().hits(odd) > 0, "{what}, {name}");
                assert_eq!(world.pax8().count(write.method, write.path), 1, "{what}, {name}");
                world.pax8().faults().remove(odd);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_its_list_is_a_decode_error_before_and_afterwards() {
    for index in 0..5 {
        let world = World::start().await;
        let write = writes(&world).await.swap_remove(index);
        let name = write.name;
        let provider = Arc::new(world.bare());
        let attempt = provider.attempt(&write.command, &key(name)).await.unwrap();
        world.pax8().reset_counters();
        let (reads, odd) = odd_for(name);
        for (what, fault) in odd {
            let odd = world.pax8().faults().add(FaultRule::new("GET", reads, fault));
            let before = provider.baseline(&write.command).await.unwrap_err();
            let incomplete = what == "a list without its newest";
            let kind = if incomplete { ErrorKind::Incomplete } else { ErrorKind::Decode };
            assert_eq!((before.kind(), before.delivery()), (kind, Delivery::NotSent), "{what}, {name}");
            let found = provider.reconcile(&attempt).await;
            if incomplete {
                assert!(matches!(found, Ok(Reconciliation::Undetermined { .. })), "{name}: {found:?}");
            } else {
                assert_eq!(found.unwrap_err().kind(), ErrorKind::Decode, "{what}, {name}");
            }
            // Nothing is sent where nothing could be noted down.
            let journaled = world.over(world.journal());
            let error = journaled.execute(&write.command, &key("another")).await.unwrap_err();
            assert_eq!(error.delivery(), Delivery::NotSent, "{what}, {name}: {error}");
            assert_eq!(world.pax8().count(write.method, write.path), 0, "{what}, {name}");
            world.pax8().faults().remove(odd);
        }
    }
}

#[tokio::test]
async fn an_answer_that_does_not_name_what_was_written_is_unknown() {
    for index in 0..4 {
        let world = World::start().await;
        let Write { name, method, path, command } = writes(&world).await.swap_remove(index);
        world.pax8().faults().add(FaultRule::new(method, path, FaultAction::rewrite(|_| json!({}))).once());
        let error = world.bare().execute(&command, &key(name)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::Unknown),
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn an_attempt_of_another_account_is_refused() {
    let world = World::start().await;
    let write = writes(&world).await.swap_remove(3);
    let provider = Arc::new(world.bare());
    let mut attempt = provider.attempt(&write.command, &key("seats")).await.unwrap();
    attempt.account.as_mut().unwrap().account = "somebody else".to_owned();
    let error = provider.reconcile(&attempt).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{error}");
}

#[tokio::test]
async fn a_contact_that_the_answer_does_not_name_is_not_known_to_be_written() {
    for answer in [json!({}), json!({"status": "ERROR", "message": "the mailbox is taken"})] {
        for method in ["POST", "PUT"] {
            let world = World::start().await;
            let provider = world.provider();
            let customer = active_customer(&provider).await;
            let before = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
            let mut contacts = before.contacts;
            if method == "PUT" {
                contacts[0].phone = Some("555-0143".to_owned());
            } else {
                let mut new = person();
                new.roles.clear();
                contacts.push(new);
            }
            let mut update = UpdateCustomer::new(&customer);
            update.contacts = Patch::Set(contacts);
            let said = answer.clone();
            let fault = FaultAction::rewrite(move |_| said.clone());
            world.pax8().faults().add(FaultRule::new(method, "/v1/companies/*", fault).once());
            let error = provider.execute(&update.into(), &key("contact")).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Decode, Delivery::Unknown),
                "{method}: {error}"
            );
            let tells = answer["message"].as_str().is_none_or(|words| error.to_string().contains(words));
            assert!(tells, "{method}: {error}");
        }
    }
}

#[tokio::test]
async fn an_end_that_is_refused_with_the_status_of_a_success_is_unknown_and_says_why() {
    for refusal in [
        r#"{"status":"ERROR","message":"not before the term ends"}"#,
        r#"{"type":"BAD_REQUEST","message":"not before the term ends","status":422,"details":[]}"#,
        r#"{"errors":["not before the term ends"]}"#,
        "not before the term ends",
    ] {
        let world = World::start().await;
        let write = writes(&world).await.swap_remove(4);
        let fault = FaultAction::status(http::StatusCode::OK, refusal);
        world.pax8().faults().add(FaultRule::new(write.method, write.path, fault).once());
        let error = world.bare().execute(&write.command, &key(write.name)).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown), "{error}");
        assert!(error.to_string().contains("not before the term ends"), "{error}");
    }
}
