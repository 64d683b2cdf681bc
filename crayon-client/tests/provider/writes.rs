//! Writes that meet faults and refusals, and what can be said of them afterwards.

use std::time::Duration;

use provider_core::receipt::LineOutcome;
use provider_core::{
    Advice, Attempt, ChangeQuantity, Command, Delivery, ErrorKind, IdempotencyKey, NewOrder, Outcome,
    PlaceOrder, Provider, ProviderExt, Reconciliation, SubscriptionQuery, SubscriptionStatus,
};
use provider_simulator::{FaultAction, FaultRule};

use super::commands::{SUITE, key, seats};
use super::connection::Account;

/// An active new commerce subscription whose seats can still be changed, with its quantity.
async fn active(account: &Account) -> (String, u32) {
    let provider = account.provider();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let fits = |s: &&provider_core::Subscription| {
        s.product.sku.as_deref() == Some(SUITE)
            && s.auto_renew == Some(true)
            && s.quantity.is_some_and(|seats| seats < 200.into())
    };
    let found = all.iter().find(fits).unwrap();
    (found.id.to_string(), found.quantity.unwrap().to_string().parse().unwrap())
}

#[tokio::test]
async fn no_fault_makes_a_write_go_out_twice() {
    for action in [
        FaultAction::DisconnectBefore,
        FaultAction::DisconnectAfter,
        FaultAction::TornBody,
        FaultAction::EmptyBody,
        FaultAction::Html,
        FaultAction::status(http::StatusCode::INTERNAL_SERVER_ERROR, ""),
        FaultAction::status(http::StatusCode::GATEWAY_TIMEOUT, "<html>"),
        FaultAction::status_after(http::StatusCode::SERVICE_UNAVAILABLE, "retry-after", "0"),
        FaultAction::status_after(http::StatusCode::TEMPORARY_REDIRECT, "location", "/elsewhere"),
        FaultAction::status_after(http::StatusCode::PERMANENT_REDIRECT, "location", "/elsewhere"),
    ] {
        let account = Account::start().await;
        account.crayon.set_order_delay(Duration::ZERO);
        let provider = account.provider();
        let customer = account.crayon.tenant_ids()[0].to_string();
        let command: Command = PlaceOrder::new(NewOrder::new(customer.as_str()).line(seats(SUITE, 7))).into();
        let path = "/api/v1/subscriptions/new-commerce-orders";
        account.crayon.faults().add(FaultRule::new("POST", path, action.clone()));
        let error = provider.execute(&command, &key("fault")).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{action:?}: {error}"
        );
        assert_eq!(account.crayon.count("POST", path), 1, "{action:?}");
    }
}

#[tokio::test]
async fn throttled_writes_wait_and_go_out() {
    let account = Account::start().await;
    let provider = account.provider();
    let (subscription, quantity) = active(&account).await;
    let wait = FaultAction::RateLimited { retry_after: Some(Duration::from_secs(1)) };
    account.crayon.faults().add(FaultRule::new("PUT", "/api/v1/subscriptions/*", wait).once());
    let command = ChangeQuantity::new(subscription.as_str(), quantity + 2);
    provider.execute(&command.into(), &key("throttled")).await.unwrap();
    let (seats, _) = account.crayon.subscription(subscription.parse().unwrap()).unwrap();
    assert_eq!(seats, i64::from(quantity) + 2);
}

#[tokio::test]
async fn once_a_line_took_effect_the_rest_is_reported_beside_it() {
    let account = Account::start().await;
    account.crayon.set_order_delay(Duration::ZERO);
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let lines = vec![seats(SUITE, 1), seats("CFQ7TTC0SMP4:0001", 2), seats("CFQ7TTC0SMP3:0002", 3)];
    let command: Command = PlaceOrder::new(NewOrder::new(customer.as_str()).lines(lines)).into();
    let refusal = r#"{"IsSuccessful":false,"ErrorReasonCode":"QuantityOutOfRange","ErrorDescription":"Too few.","NewCommerceOrderId":null,"ScheduledDate":null}"#;
    let path = "/api/v1/subscriptions/new-commerce-orders";
    let action = FaultAction::status(http::StatusCode::OK, refusal);
    account.crayon.faults().add(FaultRule::new("POST", path, action).skip(1).once());
    let receipt = provider.execute(&command, &key("partial")).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Partial);
    let outcomes: Vec<LineOutcome> = receipt.lines.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes[1..], [LineOutcome::Rejected, LineOutcome::NotAttempted]);
    assert!(matches!(outcomes[0], LineOutcome::Accepted | LineOutcome::Applied));
    let violation = &receipt.lines[1].violations[0];
    assert_eq!(
        (violation.field.as_str(), violation.code.as_deref()),
        ("quantity", Some("QuantityOutOfRange"))
    );
    assert_eq!(account.crayon.purchases(), 1);
}

#[tokio::test]
async fn a_refusal_with_status_200_is_an_error() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let refusal = r#"{"IsSuccessful":false,"ErrorReasonCode":"SAMPLE_REASON","ErrorDescription":"The term and billing cycle do not fit together."}"#;
    let action = FaultAction::status(http::StatusCode::OK, refusal);
    account.crayon.faults().add(FaultRule::new("POST", "/api/v1/subscriptions/new-commerce-orders", action));
    let command: Command = PlaceOrder::new(NewOrder::new(customer.as_str()).line(seats(SUITE, 7))).into();
    let error = provider.execute(&command, &key("business")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    assert_eq!((error.code(), error.http_status()), (Some("SAMPLE_REASON"), Some(200)));
    assert!(error.to_string().contains("do not fit together"), "{error}");
}

#[tokio::test]
async fn what_proves_nothing_is_undetermined() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let command: Command = PlaceOrder::new(NewOrder::new(customer.as_str()).line(seats(SUITE, 7))).into();
    let started = account.crayon.clock().now();
    let baseline = provider.baseline(&command).await.unwrap();
    let at = |minutes: i64| {
        let key = IdempotencyKey::derive("crayon-tests", ["reconcile"]);
        let when = started - chrono::TimeDelta::minutes(minutes);
        Attempt::new("crayon", command.clone(), key, when).with_baseline(baseline.clone())
    };
    // An order that has not appeared may still appear, however long ago it was.
    for minutes in [0, 60] {
        let found = provider.reconcile(&at(minutes)).await.unwrap();
        assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
    }
    // Somebody else's subscription on the same customer is not ours.
    account.crayon.set_order_delay(Duration::ZERO);
    let other: Command = PlaceOrder::new(NewOrder::new(customer.as_str()).line(seats(SUITE, 9))).into();
    provider.execute(&other, &key("somebody-else")).await.unwrap();
    let found = provider.reconcile(&at(60)).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
    let without =
        Attempt::new("crayon", command.clone(), IdempotencyKey::derive("crayon-tests", ["x"]), started);
    assert!(matches!(provider.reconcile(&without).await.unwrap(), Reconciliation::Undetermined { .. }));
}

#[tokio::test]
async fn an_unchanged_record_is_not_applied_once_it_has_settled() {
    let account = Account::start().await;
    let provider = account.provider();
    let (subscription, quantity) = active(&account).await;
    let command: Command = ChangeQuantity::new(subscription.as_str(), quantity + 4).into();
    let baseline = provider.baseline(&command).await.unwrap();
    let now = account.crayon.clock().now();
    let attempt = |minutes: i64| {
        let key = IdempotencyKey::derive("crayon-tests", ["settled"]);
        Attempt::new("crayon", command.clone(), key, now - chrono::TimeDelta::minutes(minutes))
            .with_baseline(baseline.clone())
    };
    let early = provider.reconcile(&attempt(1)).await.unwrap();
    assert!(matches!(early, Reconciliation::Undetermined { retry_after: Some(_), .. }), "{early:?}");
    let late = provider.reconcile(&attempt(10)).await.unwrap();
    assert!(matches!(late, Reconciliation::NotApplied), "{late:?}");
    let other = ChangeQuantity::new(subscription.as_str(), quantity + 9);
    provider.execute(&other.into(), &key("other-seats")).await.unwrap();
    let moved = provider.reconcile(&attempt(10)).await.unwrap();
    assert!(matches!(moved, Reconciliation::Undetermined { .. }), "{moved:?}");
}

#[tokio::test]
async fn a_deadline_holds_for_all_calls_of_an_operation() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let slow = FaultAction::Delay(Duration::from_millis(200));
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/*", slow));
    let command: Command = PlaceOrder::new(NewOrder::new(customer).line(seats(SUITE, 7))).into();
    let options = key("slow").deadline(Duration::from_millis(500));
    let error = provider.execute(&command, &options).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::NotSent), "{error}");
    // Four reads come before the order. Each alone has more time than it needs, and all together have not.
    assert_eq!(account.crayon.purchases(), 0);
}
