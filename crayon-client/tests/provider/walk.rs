//! A customer from its creation to the end of its subscription.

use std::time::Duration;

use provider_core::command::Effective;
use provider_core::model::OrderStatus;
use provider_core::receipt::LineOutcome;
use provider_core::{
    CancelSubscription, Capabilities, ChangeQuantity, ChangeRenewal, CommandKind, Delivery, ErrorKind,
    NewOrder, Operation, Outcome, Patch, PlaceOrder, Provider, ReadOptions, RecordConsent,
    ResumeSubscription, SubscriptionStatus, Support, SuspendSubscription, UpdateCustomer,
};

use super::commands::{SUITE, consent, key, new_customer, seats};
use super::connection::Account;

#[tokio::test]
async fn from_creation_to_the_end() {
    let account = Account::start().await;
    account.crayon.set_order_delay(Duration::ZERO);
    let provider = account.journaled();
    let created = provider.execute(&new_customer(&account).into(), &key("create")).await.unwrap();
    let customer = created.customer.clone().unwrap();
    let credentials = created.credentials.unwrap();
    assert!(credentials.username.contains("harborexample"));

    let full = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    assert_eq!(full.external_id.as_deref(), Some("CUST-900"));
    assert_eq!(full.registration_number.as_deref(), Some("999999999"));

    let mut update = UpdateCustomer::new(&customer);
    update.name = Patch::Set("Harbor Example AS".to_owned());
    update.external_id = Patch::Clear;
    provider.execute(&update.into(), &key("update")).await.unwrap();
    let updated = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    assert_eq!((updated.name.as_str(), &updated.external_id), ("Harbor Example AS", &None));
    assert_eq!((&updated.address, &updated.contacts), (&full.address, &full.contacts));
    assert_eq!(updated.registration_number, full.registration_number);

    let order = NewOrder::new(&customer).line(seats(SUITE, 12));
    let without = provider.execute(&PlaceOrder::new(order.clone()).into(), &key("early")).await.unwrap_err();
    assert_eq!(without.kind(), ErrorKind::PreconditionFailed);
    assert_eq!(without.violations()[0].field, "consent");
    assert_eq!(account.crayon.purchases(), 0);
    provider.execute(&RecordConsent::new(&customer, consent()).into(), &key("consent")).await.unwrap();

    let plan = provider.plan(&PlaceOrder::new(order.clone()).into(), &key("plan")).await.unwrap();
    assert_eq!(plan.cost.unwrap().amount.to_string(), "51.84");
    let placed = provider.execute(&PlaceOrder::new(order).into(), &key("order")).await.unwrap();
    assert_eq!(account.crayon.purchases(), 1);
    let line = &placed.lines[0];
    let order_id = line.order.clone().unwrap();
    let order = provider.get_order(&order_id, &ReadOptions::default()).await.unwrap();
    assert_eq!((order.status.clone(), &order.customer), (OrderStatus::Completed, &customer));
    let subscription = order.lines[0].subscription.clone().unwrap();
    if line.outcome == LineOutcome::Applied {
        assert_eq!(line.subscription.as_ref(), Some(&subscription));
    }

    let mut change = ChangeQuantity::new(&subscription, 15);
    change.expected = Some(12.into());
    provider.execute(&change.clone().into(), &key("seats")).await.unwrap();
    let changed = provider.get_subscription(&subscription, &ReadOptions::default()).await.unwrap();
    assert_eq!(changed.quantity, Some(15.into()));
    let wrong = provider.execute(&change.into(), &key("seats-again")).await.unwrap_err();
    assert_eq!(
        (wrong.kind(), wrong.violations()[0].field.as_str()),
        (ErrorKind::PreconditionFailed, "expected")
    );

    let mut renewal = ChangeRenewal::new(&subscription);
    renewal.quantity = Patch::Set(10.into());
    provider.execute(&renewal.into(), &key("renewal")).await.unwrap();
    let scheduled = provider.get_subscription(&subscription, &ReadOptions::default()).await.unwrap();
    assert_eq!(scheduled.next_term.unwrap().quantity, Some(10.into()));

    provider.execute(&SuspendSubscription::new(&subscription).into(), &key("suspend")).await.unwrap();
    let stopped = provider.get_subscription(&subscription, &ReadOptions::default()).await.unwrap();
    assert_eq!(stopped.status, SubscriptionStatus::Suspended);
    provider.execute(&ResumeSubscription::new(&subscription).into(), &key("resume")).await.unwrap();

    let now = CancelSubscription::new(&subscription);
    let refused = provider.execute(&now.clone().into(), &key("cancel-now")).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.violations()[0].field.as_str()),
        (ErrorKind::InvalidInput, "effective")
    );
    let mut at_end = now;
    at_end.effective = Effective::TermEnd;
    let ended = provider.execute(&at_end.into(), &key("cancel")).await.unwrap();
    assert_eq!(ended.outcome, Outcome::Applied);
    let last = provider.get_subscription(&subscription, &ReadOptions::default()).await.unwrap();
    assert_eq!((last.auto_renew, last.status), (Some(false), SubscriptionStatus::Active));
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

#[tokio::test]
async fn capabilities_say_what_execute_does() {
    let account = Account::start().await;
    let provider = account.provider();
    let capabilities: &Capabilities = provider.capabilities();
    for kind in CommandKind::ALL {
        let support = capabilities.support(Operation::Execute(kind));
        assert!(!matches!(support, Support::Unsupported(_)), "{kind:?}");
    }
    let error =
        provider.execute(&provider_core::CancelOrder::new("51001/2").into(), &key("none")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::NotFound, Delivery::NotSent), "{error}");
    assert!(capabilities.asynchronous(CommandKind::PlaceOrder));
}
