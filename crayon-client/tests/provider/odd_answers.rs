//! Odd answers to the question whether a write took effect: none of them proves that it did not.

use std::time::Duration;

use provider_core::{Delivery, ErrorKind, Provider, ProviderExt as _, Reconciliation};
use provider_simulator::{FaultAction, FaultRule};
use serde_json::{Value, json};

use super::commands::key;
use super::connection::Account;
use super::lost::{Case, account, case};

/// Answers with status 200 that are no list, or not all of it.
fn odd_lists() -> Vec<(&'static str, FaultAction)> {
    vec![
        ("nothing", FaultAction::rewrite(|_| json!({}))),
        ("only a total", FaultAction::rewrite(|_| json!({"TotalHits": 0}))),
        ("another name", FaultAction::rewrite(|mut page| json!({"Records": page["Items"].take()}))),
        ("an empty list", FaultAction::rewrite(|_| json!({"Items": []}))),
        ("null", FaultAction::rewrite(|_| json!({"Items": null, "TotalHits": 0}))),
        ("an error", FaultAction::rewrite(|_| json!({"ErrorCode": "Unexpected", "Message": "Try again."}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        ("a list without its newest", FaultAction::rewrite(|page| without_newest(page, false))),
    ]
}

/// Answers with status 200 that are not the record that was asked for.
fn odd_records() -> Vec<(&'static str, FaultAction)> {
    vec![
        ("nothing", FaultAction::rewrite(|_| json!({}))),
        ("another name", FaultAction::rewrite(|record| json!({"Subscription": record}))),
        ("an error", FaultAction::rewrite(|_| json!({"ErrorCode": "Unexpected", "Message": "Try again."}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        (
            "another record",
            FaultAction::rewrite(|mut record| {
                record["Id"] = json!(1);
                record
            }),
        ),
    ]
}

fn without_newest(mut page: Value, lowers_the_total: bool) -> Value {
    page["Items"].as_array_mut().unwrap().pop();
    if lowers_the_total {
        page["TotalHits"] = json!(page["TotalHits"].as_i64().unwrap() - 1);
    }
    page
}

/// A write, and the reads that it is judged by.
struct Judged {
    name: &'static str,
    reads: &'static str,
    odd: Vec<(&'static str, FaultAction)>,
}

fn judged() -> Vec<Judged> {
    const SUBSCRIPTIONS: &str = "/api/v1/Subscriptions";
    const SUBSCRIPTION: &str = "/api/v1/Subscriptions/*";
    let list = |name, reads| Judged { name, reads, odd: odd_lists() };
    let record = |name| Judged { name, reads: SUBSCRIPTION, odd: odd_records() };
    vec![
        list("order new commerce", SUBSCRIPTIONS),
        list("order an Azure plan", SUBSCRIPTIONS),
        list("create a customer", "/api/v1/CustomerTenants"),
        list("take a customer over", "/api/v1/CustomerTenants"),
        record("change seats now"),
        record("suspend"),
        record("cancel at the end of the term"),
    ]
}

async fn lose(account: &Account, provider: &dyn Provider, case: &Case, name: &str, fault: FaultAction) {
    account.crayon.reset_counters();
    account.crayon.faults().add(FaultRule::new(case.method, case.path, fault).once());
    let error = provider.execute(&case.command, &key(name)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{name}: {error}");
    account.crayon.clock().advance(Duration::from_secs(3600));
}

#[tokio::test]
async fn no_odd_answer_leads_to_a_second_write() {
    for Judged { name, reads, odd } in judged() {
        let lagging = ("a copy that lags", FaultAction::rewrite(|page| without_newest(page, true)));
        let lagging = reads.ends_with('s').then_some(lagging);
        for (what, fault) in odd.into_iter().chain(lagging) {
            let account = account().await;
            let lost = case(&account, name).await;
            let provider = account.over(account.journal());
            lose(&account, &*provider, &lost, name, FaultAction::DisconnectAfter).await;
            let once = account.crayon.faults().add(FaultRule::new("GET", reads, fault).once());
            // Unknown, or found by another reading; never sent again.
            match provider.execute(&lost.command, &key(name)).await {
                Ok(receipt) => assert!(receipt.replayed, "{what}, {name}: {receipt:?}"),
                Err(error) => assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {name}: {error}"),
            }
            assert_eq!(account.crayon.faults().hits(once), 1, "{what}, {name}");
            let receipt = provider.execute(&lost.command, &key(name)).await.unwrap();
            assert!(receipt.replayed, "{what}, {name}");
            assert_eq!(account.crayon.count(lost.method, lost.path), 1, "{what}, {name}");
        }
    }
}

#[tokio::test]
async fn odd_answers_for_ever_decide_nothing() {
    for Judged { name, reads, odd } in judged() {
        for lose_it in [FaultAction::DisconnectAfter, FaultAction::DisconnectBefore] {
            let account = account().await;
            let lost = case(&account, name).await;
            let provider = account.over(account.journal());
            lose(&account, &*provider, &lost, name, lose_it).await;
            for (what, fault) in &odd {
                let odd = account.crayon.faults().add(FaultRule::new("GET", reads, fault.clone()));
                let error = provider.execute(&lost.command, &key(name)).await.unwrap_err();
                assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {name}: {error}");
                assert!(account.crayon.faults().hits(odd) > 0, "{what}, {name}");
                assert_eq!(account.crayon.count(lost.method, lost.path), 1, "{what}, {name}");
                account.crayon.faults().remove(odd);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_its_list_is_a_decode_error_before_and_afterwards() {
    for Judged { name, reads, odd } in judged() {
        let account = account().await;
        let lost = case(&account, name).await;
        let provider = account.provider();
        let attempt = provider.attempt(&lost.command, &key(name)).await.unwrap();
        account.crayon.reset_counters();
        for (what, fault) in odd {
            let odd = account.crayon.faults().add(FaultRule::new("GET", reads, fault));
            let before = provider.baseline(&lost.command).await.unwrap_err();
            let incomplete = what == "a list without its newest";
            let kind = if incomplete { ErrorKind::Incomplete } else { ErrorKind::Decode };
            assert_eq!(before.kind(), kind, "{what}, {name}: {before}");
            let found = provider.reconcile(&attempt).await;
            if incomplete {
                assert!(matches!(found, Ok(Reconciliation::Undetermined { .. })), "{name}: {found:?}");
            } else {
                assert_eq!(found.unwrap_err().kind(), ErrorKind::Decode, "{what}, {name}");
            }
            // Nothing is sent where nothing could be noted down.
            let journaled = account.over(account.journal());
            let error = journaled.execute(&lost.command, &key("another")).await.unwrap_err();
            assert_eq!(error.delivery(), Delivery::NotSent, "{what}, {name}: {error}");
            assert_eq!(account.crayon.count(lost.method, lost.path), 0, "{what}, {name}");
            account.crayon.faults().remove(odd);
        }
    }
}

#[tokio::test]
async fn an_answer_that_does_not_name_what_was_written_is_unknown() {
    for name in [
        "create a customer",
        "update a customer",
        "record a consent",
        "order software",
        "order an Azure plan",
        "change seats now",
        "suspend",
    ] {
        let account = account().await;
        let Case { command, method, path, .. } = case(&account, name).await;
        account.crayon.faults().add(FaultRule::new(method, path, FaultAction::rewrite(|_| json!({}))).once());
        let error = account.provider().execute(&command, &key(name)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::Unknown),
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn an_attempt_of_another_account_is_refused() {
    let account = account().await;
    let lost = case(&account, "suspend").await;
    let mut attempt = account.provider().attempt(&lost.command, &key("suspend")).await.unwrap();
    attempt.account.as_mut().unwrap().account = "somebody else".to_owned();
    let error = account.provider().reconcile(&attempt).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{error}");
}

#[tokio::test]
async fn an_order_that_was_not_taken_back_is_not_said_to_be() {
    for (answer, delivery) in [
        (json!(false), Delivery::Rejected),
        (json!({"IsSuccessful": false, "ErrorDescription": "it is under way"}), Delivery::Rejected),
        (json!({"isSuccessful": "False", "errorDescription": "it is under way"}), Delivery::Rejected),
        (json!({"ErrorCode": "Locked", "Message": "it is under way"}), Delivery::Unknown),
        (json!({"Message": {}, "Error": {"Message": "it is under way"}}), Delivery::Unknown),
    ] {
        let account = account().await;
        let Case { command, method, path, .. } = case(&account, "take an order back").await;
        let said = answer.clone();
        let fault = FaultAction::rewrite(move |_| said.clone());
        account.crayon.faults().add(FaultRule::new(method, path, fault).once());
        let error = account.provider().execute(&command, &key("back")).await.unwrap_err();
        assert_eq!(error.delivery(), delivery, "{answer}: {error}");
        assert_eq!(error.to_string().contains("it is under way"), answer.is_object(), "{answer}: {error}");
    }
}

#[tokio::test]
async fn a_write_that_is_answered_with_an_error_tells_its_words_and_is_not_known() {
    let errors = [
        json!({"status": "ERROR", "message": "credit limit exceeded"}),
        json!({"ErrorCode": "CreditLimit", "Message": "credit limit exceeded"}),
        json!({"error": {"code": "X1", "message": "credit limit exceeded"}}),
    ];
    for name in
        ["order new commerce", "order an Azure plan", "create a customer", "change seats now", "suspend"]
    {
        for body in errors.clone() {
            let account = account().await;
            let write = case(&account, name).await;
            let fault = FaultAction::rewrite(move |_| body.clone());
            account.crayon.faults().add(FaultRule::new(write.method, write.path, fault).once());
            let error = account.provider().execute(&write.command, &key(name)).await.unwrap_err();
            assert_eq!(error.delivery(), Delivery::Unknown, "{name}: {error}");
            assert!(error.to_string().contains("credit limit exceeded"), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_said_against_a_new_customer_is_told() {
    let account = account().await;
    let write = case(&account, "create a customer").await;
    let body = r#"{"ErrorCode":"DomainPrefixTaken","Message":"The domain prefix is in use."}"#;
    let refused = FaultAction::status(http::StatusCode::BAD_REQUEST, body);
    account.crayon.faults().add(FaultRule::new(write.method, write.path, refused).once());
    let error = account.provider().execute(&write.command, &key("taken")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::AlreadyExists, Delivery::Rejected));
    assert!(error.to_string().contains("The domain prefix is in use."), "{error}");
}
