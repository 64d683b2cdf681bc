//! Odd answers to the question whether an order is there: none of them proves that it is not.

use std::time::Duration;

use provider_core::attempt::Baseline;
use provider_core::{Delivery, ErrorKind, Provider as _, ProviderExt as _, Reconciliation};
use provider_simulator::{FaultAction, FaultRule};
use serde_json::json;

use crate::faults::{ORDERS, commands, journaled, options};
use crate::stage::Stage;

/// Answers with status 200 that are no list of the customer's orders, or not all of it.
fn odd() -> Vec<(&'static str, FaultAction)> {
    vec![
        ("nothing", FaultAction::rewrite(|_| json!({}))),
        ("only a token", FaultAction::rewrite(|_| json!({"nextPageToken": ""}))),
        ("another name", FaultAction::rewrite(|mut page| json!({"orderList": page["orders"].take()}))),
        ("an empty list", FaultAction::rewrite(|_| json!({"orders": []}))),
        ("null", FaultAction::rewrite(|_| json!({"orders": null}))),
        ("an error", FaultAction::rewrite(|_| json!({"error": "INTERNAL_ERROR", "code": 13}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        (
            "a list without its newest",
            FaultAction::rewrite(|mut page| {
                page["orders"].as_array_mut().unwrap().remove(0);
                page
            }),
        ),
    ]
}

#[tokio::test]
async fn no_odd_answer_about_orders_leads_to_a_second_order() {
    for (what, fault) in odd() {
        for index in [0, 1] {
            let stage = Stage::start().await;
            let (name, command) = commands(&stage).await.swap_remove(index);
            let provider = journaled(&stage);
            let before = stage.ion.orders().len();
            stage.ion.faults().add(FaultRule::new("POST", ORDERS, FaultAction::DisconnectAfter).once());
            provider.execute(&command, &options(name)).await.unwrap_err();
            stage.sim.clock().advance(Duration::from_secs(3600));
            let once = stage.ion.faults().add(FaultRule::new("GET", ORDERS, fault.clone()).once());
            // Unknown, or found by the second reading; never sent again.
            match provider.execute(&command, &options(name)).await {
                Ok(receipt) => assert!(receipt.replayed, "{what}, {name}: {receipt:?}"),
                Err(error) => assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {name}: {error}"),
            }
            assert_eq!(stage.ion.faults().hits(once), 1, "{what}, {name}");
            assert_eq!(stage.ion.count("POST", ORDERS), 1, "{what}, {name}");
            let receipt = provider.execute(&command, &options(name)).await.unwrap();
            assert!(receipt.replayed && receipt.order().is_some(), "{what}, {name}");
            assert_eq!(
                (stage.ion.count("POST", ORDERS), stage.ion.orders().len()),
                (1, before + 1),
                "{what}"
            );
        }
    }
}

#[tokio::test]
async fn a_reference_that_cannot_be_read_is_not_taken_for_none() {
    for twisted in [json!({}), json!(["", 7])] {
        let stage = Stage::start().await;
        let (name, command) = commands(&stage).await.swap_remove(0);
        let provider = journaled(&stage);
        stage.ion.faults().add(FaultRule::new("POST", ORDERS, FaultAction::DisconnectAfter).once());
        provider.execute(&command, &options(name)).await.unwrap_err();
        stage.sim.clock().advance(Duration::from_secs(3600));
        let fault = FaultAction::rewrite(move |mut page| {
            page["orders"][0]["referenceId"] = twisted.clone();
            page
        });
        let fault = stage.ion.faults().add(FaultRule::new("GET", ORDERS, fault));
        let error = provider.execute(&command, &options(name)).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
        assert_eq!(stage.ion.count("POST", ORDERS), 1, "{error}");
        stage.ion.faults().remove(fault);
        assert!(provider.execute(&command, &options(name)).await.unwrap().replayed);
        assert_eq!(stage.ion.count("POST", ORDERS), 1);
    }
}

#[tokio::test]
async fn an_answer_without_its_list_is_a_decode_error() {
    for (what, fault) in odd() {
        let stage = Stage::start().await;
        let (name, command) = commands(&stage).await.swap_remove(0);
        let attempt = stage.shared().attempt(&command, &options(name)).await.unwrap();
        stage.ion.faults().add(FaultRule::new("GET", ORDERS, fault));
        stage.sim.clock().advance(Duration::from_secs(3600));
        let found = stage.provider.reconcile(&attempt).await;
        if ["an empty list", "a list without its newest"].contains(&what) {
            let Ok(Reconciliation::Undetermined { reason, .. }) = found else { panic!("{what}: {found:?}") };
            assert!(reason.contains("missing"), "{what}: {reason}");
        } else {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::Decode, "{what}");
        }
    }
}

#[tokio::test]
async fn an_empty_list_proves_nothing_where_what_was_there_before_is_not_known() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(0);
    let attempt = stage.shared().attempt(&command, &options(name)).await.unwrap().with_baseline(None);
    stage.sim.clock().advance(Duration::from_secs(3600));
    let found = stage.provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::NotApplied), "a list that holds orders proves it: {found:?}");
    let empty = FaultAction::rewrite(|_| json!({"orders": []}));
    stage.ion.faults().add(FaultRule::new("GET", ORDERS, empty));
    let found = stage.provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
}

#[tokio::test]
async fn orders_are_not_kept_apart_by_what_only_checks_the_answer() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(0);
    let baseline: Baseline = stage.provider.baseline(&command).await.unwrap().unwrap();
    assert!(!baseline.decides && !baseline.state["orders"].as_array().unwrap().is_empty());
    let provider = journaled(&stage);
    stage.ion.faults().add(FaultRule::new("POST", ORDERS, FaultAction::DisconnectAfter).once());
    provider.execute(&command, &options(name)).await.unwrap_err();
    provider.execute(&command, &options("the next order of the customer")).await.unwrap();
}
