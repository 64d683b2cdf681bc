//! Every write whose answer is lost: reported as unknown, sent once, then judged, never doubled.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::MemoryJournal;
use provider_core::layer::Journaled;
use provider_core::{
    Advice, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CustomerQuery, Delivery,
    NewOrder, Patch, PlaceOrder, Provider, ProviderExt as _, ResumeSubscription, SuspendSubscription,
    UpdateCustomer, WriteOptions,
};
use provider_simulator::{FaultAction, FaultRule};
use rust_decimal::Decimal;

use crate::stage::{Stage, bakery, key, line, suite};

pub(crate) const ORDERS: &str = "/api/v3/accounts/*/customers/*/orders";

/// The commands that become orders, on a fresh subscription each.
pub(crate) async fn commands(stage: &Stage) -> Vec<(&'static str, Command)> {
    let sub = stage.seat_subscription().await;
    let (product, offer) = suite(stage).await;
    let mut off = ChangeRenewal::new(&sub.id);
    off.auto_renew = Some(sub.auto_renew == Some(false));
    vec![
        ("place", PlaceOrder::new(NewOrder::new(&sub.customer).line(line(&product, &offer, 2))).into()),
        ("quantity", ChangeQuantity::new(&sub.id, sub.quantity.unwrap() + Decimal::ONE).into()),
        ("renewal", off.into()),
        ("suspend", SuspendSubscription::new(&sub.id).into()),
        ("resume", ResumeSubscription::new(&sub.id).into()),
        ("cancel", CancelSubscription::new(&sub.id).into()),
    ]
}

pub(crate) fn journaled(stage: &Stage) -> Arc<dyn Provider> {
    let journal = Arc::new(MemoryJournal::new(Arc::new(stage.clock())));
    Arc::new(Journaled::new(stage.shared(), journal).with_clock(Arc::new(RealSleep(stage.clock()))))
}

/// Simulated time that passes only by hand, so that a deadline does not run out at once.
#[derive(Debug)]
struct RealSleep(crate::stage::SimTime);

impl provider_core::clock::Clock for RealSleep {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> provider_core::clock::BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) fn options(name: &str) -> WriteOptions {
    key(name).deadline(Duration::from_secs(20))
}

#[tokio::test]
async fn an_answer_that_is_lost_is_unknown_and_the_same_key_finds_the_order() {
    for index in 0..6 {
        for fault in [
            FaultAction::DisconnectAfter,
            FaultAction::TornBody,
            FaultAction::EmptyBody,
            FaultAction::rewrite(|_| serde_json::json!({})),
            FaultAction::status_after(http::StatusCode::SERVICE_UNAVAILABLE, "retry-after", "0"),
            FaultAction::status_after(http::StatusCode::TEMPORARY_REDIRECT, "location", "/elsewhere"),
            FaultAction::status_after(http::StatusCode::PERMANENT_REDIRECT, "location", "/elsewhere"),
        ] {
            let stage = Stage::start().await;
            let (name, command) = commands(&stage).await.swap_remove(index);
            let provider = journaled(&stage);
            let before = stage.ion.orders().len();
            stage.ion.faults().add(FaultRule::new("POST", ORDERS, fault.clone()).once());
            let error = provider.execute(&command, &options(name)).await.unwrap_err();
            assert_eq!(
                (error.delivery(), error.advice()),
                (Delivery::Unknown, Advice::AfterReconcile),
                "{name} {fault:?}: {error}"
            );
            assert_eq!(
                (stage.ion.count("POST", ORDERS), stage.ion.orders().len()),
                (1, before + 1),
                "{name} {fault:?}"
            );
            let receipt = provider.execute(&command, &options(name)).await.unwrap();
            assert!(receipt.replayed && receipt.order().is_some(), "{name}: {receipt:?}");
            assert_eq!(
                (stage.ion.count("POST", ORDERS), stage.ion.orders().len()),
                (1, before + 1),
                "{name} {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_order_that_never_arrived_is_proven_absent_and_sent_once_more() {
    for (fault, delivery) in [
        (FaultAction::DisconnectBefore, Delivery::Unknown),
        (FaultAction::status(http::StatusCode::INTERNAL_SERVER_ERROR, "{}"), Delivery::Unknown),
        (FaultAction::Html, Delivery::Unknown),
    ] {
        for index in 0..6 {
            let stage = Stage::start().await;
            let (name, command) = commands(&stage).await.swap_remove(index);
            let provider = journaled(&stage);
            let before = stage.ion.orders().len();
            stage.ion.faults().add(FaultRule::new("POST", ORDERS, fault.clone()).once());
            let error = provider.execute(&command, &options(name)).await.unwrap_err();
            assert_eq!(error.delivery(), delivery, "{name} {fault:?}: {error}");
            assert_eq!(stage.ion.count("POST", ORDERS), 1, "{name} {fault:?}: sent once");
            assert_eq!(stage.ion.orders().len(), before);
            let early = provider.execute(&command, &options(name)).await.unwrap_err();
            assert_eq!(early.kind(), provider_core::ErrorKind::Conflict, "{early}");
            let wait = early.retry_after().unwrap();
            assert_eq!(stage.ion.orders().len(), before);
            stage.sim.clock().advance(wait + Duration::from_secs(1));
            let receipt = provider.execute(&command, &options(name)).await.unwrap();
            assert!(!receipt.replayed);
            assert_eq!(stage.ion.orders().len(), before + 1, "{name} {fault:?}");
        }
    }
}

/// The two writes that are no orders, where they go, and what the service counts them by.
async fn customer_writes(stage: &Stage) -> [(&'static str, Command, &'static str, &'static str); 2] {
    let first = stage.shared().customers(CustomerQuery::default()).limit(1).collect_all().await.unwrap();
    let mut update = UpdateCustomer::new(&first[0].id);
    update.name = Patch::Set("Lost Ltd".into());
    [
        ("create", bakery("lost@example.com").into(), "POST", "/api/v3/accounts/*/customers"),
        ("update", update.into(), "PUT", "/api/v3/accounts/*/customers/*"),
    ]
}

#[tokio::test]
async fn a_customer_whose_answer_is_lost_is_written_once_and_found_or_proven_absent() {
    for index in 0..2 {
        for (fault, happened) in [
            (FaultAction::DisconnectAfter, true),
            (FaultAction::TornBody, true),
            (FaultAction::EmptyBody, true),
            (FaultAction::rewrite(|_| serde_json::json!({})), true),
            (FaultAction::DisconnectBefore, false),
            (FaultAction::Html, false),
        ] {
            let stage = Stage::start().await;
            let (name, command, method, path) = customer_writes(&stage).await[index].clone();
            let provider = journaled(&stage);
            let before = stage.ion.customer_count();
            // The customer's own time tells a change apart from what was before.
            stage.sim.clock().advance(Duration::from_secs(1));
            stage.ion.faults().add(FaultRule::new(method, path, fault.clone()).once());
            let error = provider.execute(&command, &options(name)).await.unwrap_err();
            assert_eq!(
                (error.delivery(), error.advice()),
                (Delivery::Unknown, Advice::AfterReconcile),
                "{name} {fault:?}: {error}"
            );
            assert_eq!(stage.ion.count(method, path), 1, "{name} {fault:?}");
            stage.sim.clock().advance(Duration::from_secs(600));
            let receipt = provider.execute(&command, &options(name)).await.unwrap();
            assert_eq!(receipt.replayed, happened, "{name} {fault:?}");
            assert_eq!(stage.ion.count(method, path), if happened { 1 } else { 2 }, "{name} {fault:?}");
            let id = receipt.customer.unwrap();
            let wanted = if name == "create" { "Example Bakery Ltd" } else { "Lost Ltd" };
            let read = stage.shared().get_customer(&id, &Default::default()).await.unwrap();
            assert_eq!(read.name, wanted, "{name} {fault:?}");
            let made = usize::from(name == "create");
            assert_eq!(stage.ion.customer_count(), before + made, "{name} {fault:?}: never two");
        }
    }
}

#[tokio::test]
async fn what_is_refused_or_throttled_is_not_in_doubt() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(1);
    let provider = journaled(&stage);
    let before = stage.ion.orders().len();
    let throttled = FaultAction::RateLimited { retry_after: Some(Duration::from_secs(1)) };
    stage.ion.faults().add(FaultRule::new("POST", ORDERS, throttled).once());
    let receipt = provider.execute(&command, &options(name)).await.unwrap();
    assert!(receipt.order().is_some());
    assert_eq!((stage.ion.count("POST", ORDERS), stage.ion.orders().len()), (2, before + 1));

    let refusal = r#"{"error":"BAD_REQUEST: Invalid provisioning data","message":"BAD_REQUEST: Invalid provisioning data","code":3,"details":[{"requestId":"1890aa","errors":[{"code":"COMM-VL-002 ","detail":"quantity must be at least 1"}]}]}"#;
    stage.ion.faults().add(
        FaultRule::new("POST", ORDERS, FaultAction::status(http::StatusCode::BAD_REQUEST, refusal)).once(),
    );
    let error = provider.execute(&command, &options("another")).await.unwrap_err();
    assert_eq!(
        (error.delivery(), error.code(), error.request_id()),
        (Delivery::Rejected, Some("COMM-VL-002"), Some("1890aa"))
    );
    assert_eq!((error.violations()[0].field.as_str(), error.http_status()), ("", Some(400)));
    let receipt = provider.execute(&command, &options("another")).await.unwrap();
    assert!(!receipt.replayed);
}

#[tokio::test]
async fn a_read_that_fails_while_a_command_is_prepared_leaves_nothing_in_doubt() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(1);
    stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*/subscriptions/*", FaultAction::DisconnectBefore));
    let error = stage.provider.execute(&command, &options(name)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
    assert_eq!(error.operation(), Some(provider_core::Operation::Execute(command.kind())));
    assert_eq!(stage.ion.count("POST", ORDERS), 0);
}

#[tokio::test]
async fn a_failed_order_with_the_reference_waits_for_the_settling_time_like_none() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(1);
    stage.ion.fail_next_order("MSFT_CR_099", "no credit");
    let mut attempt = stage.shared().attempt(&command, &options(name)).await.unwrap();
    attempt.started_at = provider_core::clock::Clock::now(&stage.clock());
    stage.provider.execute(&command, &options(name)).await.unwrap();
    stage.sim.clock().advance(Duration::from_secs(60));
    let found = stage.provider.reconcile(&attempt).await.unwrap();
    let provider_core::Reconciliation::Undetermined { retry_after: Some(wait), .. } = found else {
        panic!("a second order may still be on its way: {found:?}")
    };
    stage.sim.clock().advance(wait + Duration::from_secs(1));
    let found = stage.provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, provider_core::Reconciliation::NotApplied), "{found:?}");
}

#[tokio::test]
async fn a_cancellation_of_an_order_whose_answer_is_lost_is_judged_by_the_orders_state() {
    const CANCEL: &str = "/api/v3/accounts/*/customers/*/orders/*";
    for (fault, happened) in [
        (FaultAction::DisconnectAfter, true),
        (FaultAction::TornBody, true),
        (FaultAction::EmptyBody, true),
        (FaultAction::rewrite(|_| serde_json::json!({})), true),
        (FaultAction::DisconnectBefore, false),
    ] {
        let stage = Stage::start().await;
        stage.ion.hold_orders(true);
        let (_, place) = commands(&stage).await.swap_remove(0);
        let provider = journaled(&stage);
        let held = provider.execute(&place, &options("place")).await.unwrap();
        let command: Command = CancelOrder::new(held.order().unwrap()).into();
        let sent = || stage.ion.requests().iter().filter(|r| r.path.ends_with(":cancel")).count();

        stage.ion.faults().add(FaultRule::new("POST", CANCEL, fault.clone()).once());
        let error = provider.execute(&command, &options("cancel")).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{fault:?}: {error}"
        );
        assert_eq!(sent(), 1, "{fault:?}");

        stage.sim.clock().advance(Duration::from_secs(600));
        let receipt = provider.execute(&command, &options("cancel")).await.unwrap();
        assert_eq!(receipt.replayed, happened, "{fault:?}");
        assert_eq!(sent(), if happened { 1 } else { 2 }, "{fault:?}");
        let order = stage.shared().get_order(held.order().unwrap(), &Default::default()).await.unwrap();
        assert_eq!(order.status, provider_core::model::OrderStatus::Cancelled, "{fault:?}");
    }
}
