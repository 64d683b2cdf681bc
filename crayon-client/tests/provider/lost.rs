//! Every write whose answer is lost, after it took effect and before: reported as unknown, sent once, and settled
//! by looking.

use std::time::Duration;

use provider_core::clock::{Clock, SystemClock};
use provider_core::command::Effective;
use provider_core::model::Parent;
use provider_core::receipt::{Judgement, LineOutcome};
use provider_core::{
    Advice, AttachCustomer, Attempt, BillingCycle, CancelOrder, CancelSubscription, ChangeQuantity,
    ChangeRenewal, Command, Delivery, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine, Outcome, Patch,
    PlaceOrder, Provider, Receipt, Reconciliation, RecordConsent, ResumeSubscription, SuspendSubscription,
    UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};

use super::commands::{
    ADD_ON, AZURE_PLAN, LEGACY, SOFTWARE, SUITE, active, consent, key, monthly, new_customer, order, seats,
    without_azure_plan,
};
use super::connection::Account;

const SUBSCRIPTION: &str = "/api/v1/subscriptions/*";
const CHECKOUT: &str = "/api/v1/purchaserequest/checkout";
const NEXT_TERM: &str = "/api/v1/subscriptions/*/next-term-instructions";

/// One write: what it is, and the request that carries it.
pub(crate) struct Case {
    pub(crate) command: Command,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Whether what is there afterwards proves that it was not carried out.
    provable: bool,
}

const NAMES: [&str; 17] = [
    "create a customer",
    "take a customer over",
    "update a customer",
    "record a consent",
    "order new commerce",
    "order a legacy offer",
    "order software",
    "order an Azure plan",
    "order an add-on",
    "change seats now",
    "change seats at the end of the term",
    "change the next term",
    "switch renewal off",
    "suspend",
    "resume",
    "cancel at the end of the term",
    "take an order back",
];

pub(crate) async fn case(account: &Account, name: &str) -> Case {
    let customer = account.crayon.tenant_ids()[0].to_string();
    let write = |command: Command, method, path| Case { command, method, path, provable: true };
    let buy = |command: Command, path| Case { command, method: "POST", path, provable: false };
    let suite = active(account, SUITE).await;
    let more = suite.quantity.unwrap() + rust_decimal::Decimal::ONE;
    match name {
        "create a customer" => write(new_customer(account).into(), "POST", "/api/v1/CustomerTenants"),
        "take a customer over" => {
            let mut attach = AttachCustomer::new("3b9d6c0e-4f1a-4a8b-9c57-0d2e4f6a8b1c");
            attach.domain = Some("takenover.onmicrosoft.com".to_owned());
            attach.name = Some("Taken Over Example Ltd".to_owned());
            attach.organization = Some(account.crayon.organization_ids()[0].to_string().into());
            attach.invoice_profile = Some("80001".into());
            write(attach.into(), "POST", "/api/v1/CustomerTenants/existing")
        }
        "update a customer" => {
            let mut update = UpdateCustomer::new(customer);
            update.name = Patch::Set("Renamed Example Ltd".to_owned());
            update.registration_number = Patch::Set("888888888".to_owned());
            write(update.into(), "PUT", "/api/v1/CustomerTenants/*")
        }
        "record a consent" => {
            let record = RecordConsent::new(customer, consent());
            write(record.into(), "POST", "/api/v1/customertenants/*/agreements")
        }
        "order new commerce" => {
            buy(order(customer, seats(SUITE, 7)), "/api/v1/subscriptions/new-commerce-orders")
        }
        "order a legacy offer" => buy(order(customer, monthly(LEGACY, 3)), CHECKOUT),
        "order software" => buy(order(customer, NewOrderLine::new(SOFTWARE, 2)), CHECKOUT),
        "order an Azure plan" => {
            let customer = without_azure_plan(account).await;
            buy(order(customer, NewOrderLine::new(AZURE_PLAN, 1)), "/api/v1/subscriptions")
        }
        "order an add-on" => {
            let parent = active(account, LEGACY).await;
            let mut line = NewOrderLine::new(ADD_ON, 2);
            line.parent = Some(Parent::Subscription(parent.id));
            buy(order(parent.customer.to_string(), line), "/api/v1/subscriptions/*/addons")
        }
        "change seats now" => write(ChangeQuantity::new(suite.id, more).into(), "PUT", SUBSCRIPTION),
        "change seats at the end of the term" => {
            let mut change = ChangeQuantity::new(suite.id, more);
            change.effective = Effective::TermEnd;
            write(change.into(), "POST", NEXT_TERM)
        }
        "change the next term" => {
            let mut change = ChangeRenewal::new(suite.id);
            change.billing_cycle = Patch::Set(BillingCycle::Annual);
            change.commitment_term = Patch::Set(provider_core::Term::YEAR);
            write(change.into(), "POST", NEXT_TERM)
        }
        "switch renewal off" => {
            let mut change = ChangeRenewal::new(suite.id);
            change.auto_renew = Some(false);
            write(change.into(), "PUT", SUBSCRIPTION)
        }
        "suspend" => write(SuspendSubscription::new(suite.id).into(), "PUT", SUBSCRIPTION),
        "resume" => {
            let suspend = SuspendSubscription::new(&suite.id);
            account.provider().execute(&suspend.into(), &key("before")).await.unwrap();
            write(ResumeSubscription::new(suite.id).into(), "PUT", SUBSCRIPTION)
        }
        "cancel at the end of the term" => {
            let mut cancel = CancelSubscription::new(suite.id);
            cancel.effective = Effective::TermEnd;
            write(cancel.into(), "PUT", SUBSCRIPTION)
        }
        "take an order back" => {
            let mut later = NewOrder::new(customer).line(seats(SUITE, 7));
            later.effective = Some((SystemClock.now() + chrono::TimeDelta::days(10)).date_naive());
            let placed = account.provider().execute(&PlaceOrder::new(later).into(), &key("later")).await;
            let order = placed.unwrap().order().unwrap().clone();
            let back = CancelOrder::new(order);
            write(back.into(), "PUT", "/api/v1/scheduledpurchaserequest/cancel-order/*")
        }
        other => panic!("no case is called {other}"),
    }
}

pub(crate) async fn account() -> Account {
    let account = Account::start().await;
    account.crayon.set_order_delay(Duration::ZERO);
    account
}

/// An attempt at a command, made so many minutes ago.
async fn attempt(account: &Account, command: &Command, minutes: i64) -> Attempt {
    let baseline = account.provider().baseline(command).await.unwrap();
    assert!(baseline.is_some(), "{command:?}");
    let started = SystemClock.now() - chrono::TimeDelta::minutes(minutes);
    let key = IdempotencyKey::derive("crayon-tests", ["attempt"]);
    Attempt::new("crayon", command.clone(), key, started).with_baseline(baseline)
}

#[tokio::test]
async fn an_answer_lost_after_the_effect_is_found_again_and_sent_once() {
    for name in NAMES {
        let account = account().await;
        let Case { command, method, path, .. } = case(&account, name).await;
        let provider = account.journaled();
        account.crayon.reset_counters();
        account.crayon.faults().add(FaultRule::new(method, path, FaultAction::DisconnectAfter).once());
        let error = provider.execute(&command, &key(name)).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{name}: {error}"
        );
        // The same key again: it is looked up, not sent.
        let receipt: Receipt =
            provider.execute(&command, &key(name)).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(receipt.replayed, "{name}");
        // Somebody else who did the same cannot be told from it.
        assert_eq!(receipt.judged_by, Judgement::Comparison, "{name}");
        // Software becomes no subscription: its purchase request is the proof.
        let outcome = if name == "order software" { Outcome::Accepted } else { Outcome::Applied };
        assert_eq!(receipt.outcome, outcome, "{name}");
        let says_what = receipt.customer.is_some()
            || receipt.lines.iter().any(|line| line.subscription.is_some() || line.order.is_some());
        assert!(says_what, "{name}: {receipt:?}");
        assert_eq!(account.crayon.count(method, path), 1, "{name}");
        assert!(account.crayon.refused().is_empty(), "{name}: {:#?}", account.crayon.refused());
    }
}

#[tokio::test]
async fn an_answer_lost_before_the_effect_is_never_called_done() {
    for name in NAMES {
        let account = account().await;
        let Case { command, method, path, provable } = case(&account, name).await;
        let (young, old) = (attempt(&account, &command, 0).await, attempt(&account, &command, 10).await);
        let provider = account.journaled();
        account.crayon.reset_counters();
        account.crayon.faults().add(FaultRule::new(method, path, FaultAction::DisconnectBefore).once());
        let error = provider.execute(&command, &key(name)).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{name}: {error}"
        );
        // It may still be on its way: the same key is not sent again.
        let again = provider.execute(&command, &key(name)).await.unwrap_err();
        assert_eq!(
            (again.kind(), again.delivery()),
            (ErrorKind::Conflict, Delivery::Unknown),
            "{name}: {again}"
        );
        assert_eq!(account.crayon.count(method, path), 1, "{name}");
        let found = account.provider().reconcile(&young).await.unwrap();
        assert!(
            matches!(found, Reconciliation::Undetermined { retry_after: Some(_), .. }),
            "{name}: {found:?}"
        );
        let found = account.provider().reconcile(&old).await.unwrap();
        if !provable {
            // An order that has not appeared may still appear, however long ago it was.
            assert!(matches!(found, Reconciliation::Undetermined { .. }), "{name}: {found:?}");
            continue;
        }
        assert!(matches!(found, Reconciliation::NotApplied), "{name}: {found:?}");
        let receipt = account.provider().execute(&command, &key(name)).await;
        assert_eq!(receipt.unwrap_or_else(|e| panic!("{name}: {e}")).outcome, Outcome::Applied, "{name}");
        let found = account.provider().reconcile(&old).await.unwrap();
        assert!(matches!(found, Reconciliation::Applied(_)), "{name}: {found:?}");
    }
}

#[tokio::test]
async fn what_others_bought_meanwhile_is_not_taken_for_the_order() {
    for (name, other) in [
        ("order software", NewOrderLine::new(SOFTWARE, 3)),
        ("order a legacy offer", monthly(LEGACY, 4)),
        ("order an add-on", monthly(LEGACY, 4)),
    ] {
        let account = account().await;
        let Case { command, .. } = case(&account, name).await;
        let Command::PlaceOrder(place) = &command else { panic!("{name} is no order") };
        let old = attempt(&account, &command, 60).await;
        let other = order(place.order.customer.to_string(), other);
        account.provider().execute(&other, &key("somebody-else")).await.unwrap();
        let found = account.provider().reconcile(&old).await.unwrap();
        assert!(matches!(found, Reconciliation::Undetermined { .. }), "{name}: {found:?}");
        // With its own beside the other it cannot be told who bought what.
        account.provider().execute(&command, &key(name)).await.unwrap();
        let found = account.provider().reconcile(&old).await.unwrap();
        assert!(matches!(found, Reconciliation::Undetermined { .. }), "{name}: {found:?}");
    }
}

#[tokio::test]
async fn a_customer_that_was_made_without_its_consent_is_half_done() {
    let account = account().await;
    let mut create = new_customer(&account);
    let mut agreed = consent();
    agreed.email = "somebody@example.com".to_owned();
    create.consent = Some(agreed);
    let command = Command::from(create);
    let (young, old) = (attempt(&account, &command, 0).await, attempt(&account, &command, 10).await);
    let lost = FaultRule::new("POST", "/api/v1/CustomerTenants", FaultAction::DisconnectAfter).once();
    account.crayon.faults().add(lost);
    account.provider().execute(&command, &key("half")).await.unwrap_err();
    assert_eq!(account.crayon.count("POST", "/api/v1/customertenants/*/agreements"), 0);
    let found = account.provider().reconcile(&young).await.unwrap();
    let found_later = account.provider().reconcile(&old).await.unwrap();
    let Reconciliation::Applied(receipt) = found_later else { panic!("{found_later:?}") };
    if receipt.outcome == Outcome::Applied {
        // The agreement that was sent along with the creation counted.
        assert!(matches!(found, Reconciliation::Applied(_)), "{found:?}");
        return;
    }
    assert!(matches!(found, Reconciliation::Undetermined { retry_after: Some(_), .. }), "{found:?}");
    assert_eq!(receipt.outcome, Outcome::Partial);
    let outcomes: Vec<LineOutcome> = receipt.lines.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [LineOutcome::Applied, LineOutcome::NotAttempted]);
    assert_eq!(receipt.lines[1].violations[0].field, "consent");
}

#[tokio::test]
async fn a_renewal_in_two_steps_of_which_one_was_answered_is_told_in_two_lines() {
    let account = account().await;
    let suite = active(&account, SUITE).await;
    let mut off = ChangeRenewal::new(&suite.id);
    off.auto_renew = Some(false);
    account.provider().execute(&off.into(), &key("off")).await.unwrap();
    let mut both = ChangeRenewal::new(&suite.id);
    both.auto_renew = Some(true);
    both.quantity = Patch::Set(suite.quantity.unwrap() + rust_decimal::Decimal::TWO);
    let command = Command::from(both);
    let old = attempt(&account, &command, 10).await;
    account.crayon.faults().add(FaultRule::new("PUT", SUBSCRIPTION, FaultAction::DisconnectAfter).once());
    let error = account.provider().execute(&command, &key("both")).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(account.crayon.count("POST", NEXT_TERM), 0);
    let Reconciliation::Applied(half) = account.provider().reconcile(&old).await.unwrap() else {
        panic!("renewal was switched")
    };
    assert_eq!(half.outcome, Outcome::Partial);
    let outcomes: Vec<LineOutcome> = half.lines.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [LineOutcome::Applied, LineOutcome::NotAttempted]);
    account.provider().execute(&command, &key("again")).await.unwrap();
    let Reconciliation::Applied(whole) = account.provider().reconcile(&old).await.unwrap() else {
        panic!("both steps were carried out")
    };
    assert_eq!(whole.outcome, Outcome::Applied);
}

#[tokio::test]
async fn who_may_not_read_purchase_requests_may_order_and_learns_less() {
    let account = account().await;
    let Case { command, .. } = case(&account, "order software").await;
    let closed = FaultAction::status(http::StatusCode::FORBIDDEN, "");
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/Assets/orders", closed));
    let old = attempt(&account, &command, 60).await;
    let lost = FaultRule::new("POST", CHECKOUT, FaultAction::DisconnectAfter).once();
    account.crayon.faults().add(lost);
    let provider = account.journaled();
    let error = provider.execute(&command, &key("closed")).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    let found = provider.reconcile(&old).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
    assert_eq!(account.crayon.purchases(), 1);
}
