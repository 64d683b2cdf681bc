//! Answers that are lost: every write goes out once, and is found again or reported as unknown.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::MemoryJournal;
use provider_core::layer::Journaled;
use provider_core::receipt::Judgement;
use provider_core::{
    Advice, CancelSubscription, ChangeQuantity, Command, Delivery, Patch, Provider, ProviderExt,
    Reconciliation, SubscriptionQuery, SubscriptionStatus, UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};
use rust_decimal::Decimal;

use crate::world::World;
use crate::writes::{active_customer, base_order, harbor, key};

#[derive(Clone)]
pub(crate) struct Write {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) command: Command,
}

pub(crate) async fn writes(world: &World) -> Vec<Write> {
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let mut create = harbor();
    create.address.as_mut().unwrap().country = Some("US".parse().unwrap());
    let mut update = UpdateCustomer::new(&customer);
    update.phone = Patch::Set("555-0177".to_owned());
    let base = world.pax8().product_ids()[1].clone();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let subscriptions = provider.subscriptions(query).collect_all().await.unwrap();
    let loose: Vec<_> = subscriptions
        .iter()
        .filter(|one| one.product.id.as_ref().is_some_and(|id| id.as_str() == base))
        .collect();
    let (first, second) = (loose[0], loose[1]);
    vec![
        Write { name: "create", method: "POST", path: "/v1/companies", command: create.into() },
        Write { name: "update", method: "PATCH", path: "/v1/companies/*", command: update.into() },
        Write {
            name: "order",
            method: "POST",
            path: "/v1/orders",
            command: base_order(&customer, &base, 7).into(),
        },
        Write {
            name: "seats",
            method: "PUT",
            path: "/v1/subscriptions/*",
            command: ChangeQuantity::new(&first.id, first.quantity.unwrap() + Decimal::from(3)).into(),
        },
        Write {
            name: "cancel",
            method: "DELETE",
            path: "/v1/subscriptions/*",
            command: CancelSubscription::new(&second.id).into(),
        },
    ]
}

#[tokio::test]
async fn a_write_that_took_effect_is_found_and_never_repeated() {
    for fault in [
        FaultAction::DisconnectAfter,
        FaultAction::status_after(http::StatusCode::SERVICE_UNAVAILABLE, "retry-after", "0"),
        FaultAction::status_after(http::StatusCode::TEMPORARY_REDIRECT, "location", "/elsewhere"),
        FaultAction::status_after(http::StatusCode::PERMANENT_REDIRECT, "location", "/elsewhere"),
    ] {
        found_and_never_repeated(fault).await;
    }
}

async fn found_and_never_repeated(action: FaultAction) {
    let world = World::start().await;
    for write in writes(&world).await {
        let provider = Journaled::new(world.bare(), Arc::new(MemoryJournal::default()));
        world.pax8().reset_counters();
        let fault = FaultRule::new(write.method, write.path, action.clone()).once();
        let fault = world.pax8().faults().add(fault);
        let error = provider.execute(&write.command, &key(write.name)).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{}: {error:?}",
            write.name
        );
        assert_eq!(world.pax8().faults().hits(fault), 1, "{}", write.name);
        let receipt = provider
            .execute(&write.command, &key(write.name))
            .await
            .unwrap_or_else(|e| panic!("{}: {e:?}", write.name));
        assert!(receipt.replayed, "{}", write.name);
        // Somebody else who did the same cannot be told from it.
        assert_eq!(receipt.judged_by, Judgement::Comparison, "{}", write.name);
        assert_eq!(world.pax8().count(write.method, write.path), 1, "{}: sent once", write.name);
        if write.name == "order" {
            assert!(receipt.order().is_some());
        }
        world.clean();
    }
}

#[tokio::test]
async fn a_write_that_took_no_effect_is_unknown_and_never_repeated_unasked() {
    let world = World::start().await;
    for action in
        [FaultAction::DisconnectBefore, FaultAction::status(http::StatusCode::BAD_GATEWAY, "<html>")]
    {
        for write in writes(&world).await {
            world.pax8().reset_counters();
            let provider = world.bare();
            let id =
                world.pax8().faults().add(FaultRule::new(write.method, write.path, action.clone()).once());
            let attempt = Arc::new(provider.clone()).attempt(&write.command, &key(write.name)).await.unwrap();
            let error = provider.execute(&write.command, &key(write.name)).await.unwrap_err();
            assert_eq!(
                (error.delivery(), error.advice()),
                (Delivery::Unknown, Advice::AfterReconcile),
                "{}: {error:?}",
                write.name
            );
            assert_eq!(world.pax8().count(write.method, write.path), 1, "{}: sent once", write.name);
            let verdict = provider.reconcile(&attempt).await.unwrap();
            assert!(
                matches!(verdict, Reconciliation::Undetermined { retry_after: Some(_), .. }),
                "{}: {verdict:?}",
                write.name
            );
            world.pax8().faults().remove(id);
        }
    }
}

#[tokio::test]
async fn absence_counts_for_what_may_be_repeated_and_never_for_orders() {
    let world = World::start().await;
    for write in writes(&world).await {
        let provider = world.bare();
        let mut attempt = Arc::new(provider.clone()).attempt(&write.command, &key(write.name)).await.unwrap();
        attempt.started_at -= Duration::from_secs(3600);
        let verdict = provider.reconcile(&attempt).await.unwrap();
        match write.name {
            "order" | "create" => {
                assert!(
                    matches!(verdict, Reconciliation::Undetermined { .. }),
                    "{}: {verdict:?}",
                    write.name
                );
            }
            _ => assert!(matches!(verdict, Reconciliation::NotApplied), "{}: {verdict:?}", write.name),
        }
    }
}

#[tokio::test]
async fn a_throttled_write_is_sent_again_because_it_was_refused() {
    let world = World::start().await;
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let order = base_order(&customer, &world.pax8().product_ids()[1], 1);
    let throttled = FaultAction::RateLimited { retry_after: Some(Duration::from_secs(1)) };
    world.pax8().faults().add(FaultRule::new("POST", "/v1/orders", throttled).once());
    provider.place_order(order, &key("throttled")).await.unwrap();
    assert_eq!(world.pax8().count("POST", "/v1/orders"), 2);
}

#[tokio::test]
async fn two_equal_orders_at_once_decide_nothing() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let customer = active_customer(&world.provider()).await;
    let order = base_order(&customer, &world.pax8().product_ids()[1], 4);
    let attempt = provider.attempt(&order.clone().into(), &key("one")).await.unwrap();
    provider.place_order(order.clone(), &key("two")).await.unwrap();
    provider.place_order(order, &key("three")).await.unwrap();
    let verdict = provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(verdict, Reconciliation::Undetermined { .. }), "{verdict:?}");
}
