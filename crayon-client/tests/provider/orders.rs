//! Orders by each of the calls that Cloud-iQ sells by: new commerce, Azure plans, purchase requests, add-ons.

use std::time::Duration;

use chrono::Days;
use provider_core::clock::{Clock, SystemClock};
use provider_core::model::{OrderStatus, Parent};
use provider_core::receipt::LineOutcome;
use provider_core::{
    BillingCycle, CancelOrder, ChangeQuantity, ChangeRenewal, Command, Delivery, ErrorKind, NewOrder,
    NewOrderLine, OrderQuery, Outcome, PlaceOrder, Provider, ProviderExt, ReadOptions, Receipt,
    ResumeSubscription, SubscriptionQuery, SubscriptionStatus, SuspendSubscription,
};
use provider_simulator::{FaultAction, FaultRule};

use super::commands::{
    ADD_ON, AZURE_PLAN, LEGACY, SOFTWARE, SUITE, active, key, monthly, order, seats, without_azure_plan,
};
use super::connection::Account;

const RESERVATION: &str = "DZH318Z0SMP7:0003";
const NEW_COMMERCE: &str = "/api/v1/subscriptions/new-commerce-orders";
const VERIFY: &str = "/api/v1/purchaserequest/verify";
const CHECKOUT: &str = "/api/v1/purchaserequest/checkout";

async fn account() -> Account {
    let account = Account::start().await;
    account.crayon.set_order_delay(Duration::ZERO);
    account
}

async fn place(account: &Account, command: &Command, name: &str) -> Receipt {
    let receipt = account.provider().execute(command, &key(name)).await;
    let receipt = receipt.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(account.crayon.refused().is_empty(), "{name}: {:#?}", account.crayon.refused());
    receipt
}

#[tokio::test]
async fn an_azure_plan_is_bought_as_a_subscription_and_only_once() {
    let account = account().await;
    account.crayon.set_azure_delay(Duration::from_secs(2));
    let customer = without_azure_plan(&account).await;
    let command = order(&customer, NewOrderLine::new(AZURE_PLAN, 1));
    let receipt = place(&account, &command, "azure").await;
    assert_eq!(account.crayon.count("POST", "/api/v1/subscriptions"), 1);
    assert_eq!(account.crayon.count("POST", NEW_COMMERCE), 0);
    // The publisher has yet to make it.
    assert_eq!((receipt.outcome, receipt.lines[0].outcome), (Outcome::Accepted, LineOutcome::Accepted));
    let id = receipt.lines[0].subscription.clone().unwrap();
    let waiting = account.provider().get_subscription(&id, &ReadOptions::default()).await.unwrap();
    assert_eq!(waiting.vendor_subscription_id, None);
    account.crayon.clock().advance(Duration::from_secs(3));
    let made = account.provider().get_subscription(&id, &ReadOptions::default()).await.unwrap();
    assert_eq!(made.status, SubscriptionStatus::Active);
    assert!(made.vendor_subscription_id.is_some());
    // There is one for each customer: a second is refused before anything is sent.
    let again = account.provider().execute(&command, &key("again")).await.unwrap_err();
    assert_eq!(
        (again.kind(), again.violations()[0].field.as_str()),
        (ErrorKind::PreconditionFailed, "lines[0].product")
    );
    assert_eq!(account.crayon.purchases(), 1);
}

#[tokio::test]
async fn a_subscription_that_its_publisher_has_not_named_waits() {
    let account = account().await;
    let customer = without_azure_plan(&account).await;
    let unnamed = FaultAction::rewrite(|mut made| {
        made["PublisherSubscriptionId"] = "".into();
        made
    });
    account.crayon.faults().add(FaultRule::new("POST", "/api/v1/subscriptions", unnamed));
    let receipt = place(&account, &order(&customer, NewOrderLine::new(AZURE_PLAN, 1)), "unnamed").await;
    assert_eq!(receipt.lines[0].outcome, LineOutcome::Accepted);
}

#[tokio::test]
async fn a_legacy_offer_is_verified_and_checked_out() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    let query = || SubscriptionQuery::default().customer(customer.as_str());
    let before = account.provider().subscriptions(query()).collect_all().await.unwrap().len();
    let receipt = place(&account, &order(&customer, monthly(LEGACY, 3)), "legacy").await;
    assert_eq!(receipt.lines[0].outcome, LineOutcome::Accepted);
    for path in [VERIFY, CHECKOUT] {
        assert_eq!(account.crayon.count("POST", path), 1, "{path}");
    }
    // It is found by its number, and has become a subscription.
    let id = receipt.lines[0].order.clone().unwrap();
    let found = account.provider().get_order(&id, &ReadOptions::default()).await.unwrap();
    assert_eq!((found.status, found.customer.as_str()), (OrderStatus::Completed, customer.as_str()));
    let offer = format!("{LEGACY}/none/monthly");
    assert_eq!(found.lines[0].offer.as_ref().map(|offer| offer.as_str()), Some(offer.as_str()));
    let after = account.provider().subscriptions(query()).collect_all().await.unwrap();
    assert_eq!(after.len(), before + 1);
    let listed = account
        .provider()
        .orders(OrderQuery::default().customer(customer.as_str()))
        .collect_all()
        .await
        .unwrap();
    assert_eq!(listed.iter().map(|order| &order.id).collect::<Vec<_>>(), [&id]);
}

#[tokio::test]
async fn software_and_reservations_are_carts_of_their_own() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    let mut reserved = NewOrderLine::new(RESERVATION, 1);
    reserved.commitment_term = Some(provider_core::Term::YEAR);
    reserved.billing_cycle = Some(BillingCycle::OneTime);
    // What the cart's own verification refuses was not bought.
    let refused =
        account.provider().execute(&order(&customer, reserved.clone()), &key("nowhere")).await.unwrap_err();
    assert_eq!(refused.code(), Some("ArmRegionNameMissing"), "{refused}");
    assert_eq!(refused.delivery(), Delivery::NotSent);
    // Nor was the line before it, and a plan says the same.
    let mixed = NewOrder::new(customer.as_str()).line(NewOrderLine::new(SOFTWARE, 2)).line(reserved.clone());
    let mixed = Command::from(PlaceOrder::new(mixed));
    let planned = account.provider().plan(&mixed, &key("planned")).await.unwrap_err();
    let executed = account.provider().execute(&mixed, &key("executed")).await.unwrap_err();
    for error in [planned, executed] {
        assert_eq!(error.code(), Some("ArmRegionNameMissing"), "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
    }
    assert_eq!(account.crayon.count("POST", CHECKOUT), 0);

    reserved.attributes.insert("ArmRegionName".to_owned(), "westeurope".to_owned());
    reserved.attributes.insert("Scope".to_owned(), "Shared".to_owned());
    let both = NewOrder::new(customer.as_str()).line(NewOrderLine::new(SOFTWARE, 2)).line(reserved);
    let receipt = place(&account, &PlaceOrder::new(both).into(), "both").await;
    assert_eq!(receipt.lines.len(), 2);
    assert_eq!(account.crayon.count("POST", CHECKOUT), 2);
    let orders: Vec<_> = receipt.lines.iter().map(|line| line.order.clone().unwrap()).collect();
    assert_ne!(orders[0], orders[1]);
}

#[tokio::test]
async fn a_cart_that_is_faulted_at_the_till_was_bought_only_if_it_has_a_number() {
    for (number, delivery) in [(true, Delivery::Unknown), (false, Delivery::Rejected)] {
        let account = account().await;
        let customer = account.crayon.tenant_ids()[0].to_string();
        let fault = FaultAction::rewrite(move |mut cart| {
            cart["errors"] =
                serde_json::json!([{"orderGroupId": "0", "code": 7, "description": "Out of stock."}]);
            if !number {
                cart["externalOrderId"] = serde_json::Value::Null;
            }
            cart
        });
        account.crayon.faults().add(FaultRule::new("POST", CHECKOUT, fault));
        let command = order(customer, NewOrderLine::new(SOFTWARE, 2));
        let error = account.provider().execute(&command, &key("till")).await.unwrap_err();
        assert_eq!((error.delivery(), error.code()), (delivery, Some("7")), "{error}");
    }
}

#[tokio::test]
async fn an_order_for_a_later_day_waits_for_it() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    let later = account.crayon.clock().now().date_naive() + Days::new(10);
    for (line, path) in [(seats(SUITE, 2), NEW_COMMERCE), (monthly(LEGACY, 2), CHECKOUT)] {
        let mut scheduled = NewOrder::new(customer.as_str()).line(line);
        scheduled.effective = Some(later);
        let receipt = place(&account, &PlaceOrder::new(scheduled).into(), path).await;
        assert_eq!(receipt.outcome, Outcome::Accepted);
        let id = receipt.lines[0].order.clone().unwrap();
        let found = account.provider().get_order(&id, &ReadOptions::default()).await.unwrap();
        assert!(!found.status.is_final(), "{path}: {:?}", found.status);
        // Until then it can be taken back, once.
        let back = Command::from(CancelOrder::new(&id));
        let plan = account.provider().plan(&back, &key("back")).await.unwrap();
        assert_eq!(plan.changes.len(), 1);
        let taken = place(&account, &back, "back").await;
        assert_eq!((taken.outcome, taken.order()), (Outcome::Applied, Some(&id)));
        let again = account.provider().execute(&back, &key("again")).await.unwrap_err();
        assert_eq!(
            (again.kind(), again.violations()[0].field.as_str()),
            (ErrorKind::PreconditionFailed, "order")
        );
    }
    account.crayon.clock().advance(Duration::from_secs(20 * 24 * 3600));
    assert!(account.crayon.orders().iter().all(|order| order.subscription.is_none()));
    let mut late = NewOrder::new(customer.as_str()).line(seats(SUITE, 2));
    late.effective = Some((SystemClock.now() - Days::new(3)).date_naive());
    let command = PlaceOrder::new(late).into();
    let error = account.provider().execute(&command, &key("late")).await.unwrap_err();
    assert_eq!(error.violations()[0].field, "effective");
}

#[tokio::test]
async fn an_add_on_is_bought_on_its_subscription() {
    let account = account().await;
    let parent = active(&account, LEGACY).await;
    let mut line = NewOrderLine::new(ADD_ON, 2);
    line.parent = Some(Parent::Subscription(parent.id.clone()));
    let command = order(parent.customer.to_string(), line);
    let plan = account.provider().plan(&command, &key("plan")).await.unwrap();
    assert!(plan.cost.is_some());
    let receipt = place(&account, &command, "add-on").await;
    assert_eq!(account.crayon.count("POST", "/api/v1/subscriptions/*/addons"), 1);
    assert_eq!(receipt.outcome, Outcome::Applied);
    let id = receipt.lines[0].subscription.clone().unwrap();
    let all = account
        .provider()
        .subscriptions(SubscriptionQuery::default().customer(&parent.customer))
        .collect_all()
        .await
        .unwrap();
    let made = all.iter().find(|known| known.id == id).unwrap();
    assert_eq!((made.parent.as_ref(), made.quantity), (Some(&parent.id), Some(2.into())));
    assert_eq!(made.product.sku.as_deref(), Some(ADD_ON));
}

#[tokio::test]
async fn an_add_on_that_does_not_fit_names_the_field() {
    let account = account().await;
    let parent = active(&account, LEGACY).await;
    let suite = active(&account, SUITE).await;
    let customer = parent.customer.to_string();
    let on = |part: &str, on: &Parent| {
        let mut line = NewOrderLine::new(part, 1);
        line.parent = Some(on.clone());
        line
    };
    let here = Parent::Subscription(parent.id.clone());
    let mut annual = on(ADD_ON, &here);
    let paid = parent.billing_cycle.clone();
    let other = [BillingCycle::Annual, BillingCycle::Monthly].into_iter().find(|c| Some(c) != paid.as_ref());
    annual.billing_cycle = other;
    let mut later = NewOrder::new(customer.as_str()).line(on(ADD_ON, &here));
    later.effective = Some(account.crayon.clock().now().date_naive() + Days::new(10));
    let mut answered = on(ADD_ON, &here);
    answered.attributes.insert("domain".to_owned(), "example.com".to_owned());
    let mut new_commerce = seats(SUITE, 1);
    new_commerce.parent = Some(Parent::Subscription(suite.id.clone()));
    let stranger =
        account.crayon.tenant_ids().into_iter().map(|id| id.to_string()).find(|id| *id != customer).unwrap();
    for (command, field) in [
        (order(&customer, on(ADD_ON, &Parent::Line(0))), "lines[0].parent"),
        (order(&customer, on(ADD_ON, &Parent::Subscription("x".into()))), "lines[0].parent"),
        (order(&customer, on(ADD_ON, &Parent::Subscription("999999".into()))), "lines[0].parent"),
        (order(stranger, on(ADD_ON, &here)), "lines[0].parent"),
        (order(suite.customer.to_string(), new_commerce), "lines[0].parent"),
        (order(&customer, on(SOFTWARE, &here)), "lines[0].product"),
        (order(&customer, annual), "lines[0].billing_cycle"),
        (order(&customer, answered), "lines[0].attributes.domain"),
        (PlaceOrder::new(later).into(), "effective"),
    ] {
        let error = account.provider().execute(&command, &key("bad")).await.unwrap_err();
        assert_eq!(error.violations()[0].field, field, "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
    }
    assert_eq!(account.crayon.purchases(), 0);
}

#[tokio::test]
async fn a_sale_that_the_service_denies_is_an_error() {
    let account = account().await;
    let parent = active(&account, LEGACY).await;
    let mut line = NewOrderLine::new(ADD_ON, 2);
    line.parent = Some(Parent::Subscription(parent.id.clone()));
    let denied = FaultAction::status(http::StatusCode::OK, "false");
    account.crayon.faults().add(FaultRule::new("POST", "/api/v1/subscriptions/*/addons", denied));
    let command = order(parent.customer.to_string(), line);
    let error = account.provider().execute(&command, &key("denied")).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Rejected);
}

#[tokio::test]
async fn an_answer_that_says_neither_yes_nor_no_is_unknown() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    for body in ["{}", r#"{"IsSuccessful":null}"#, r#"{"Message":"welcome"}"#] {
        account.crayon.faults().clear();
        let action = FaultAction::status(http::StatusCode::OK, body);
        account.crayon.faults().add(FaultRule::new("POST", NEW_COMMERCE, action));
        let command = order(&customer, seats(SUITE, 7));
        let error = account.provider().execute(&command, &key("vague")).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, provider_core::Advice::AfterReconcile),
            "{body}: {error}"
        );
    }
}

#[tokio::test]
async fn a_first_term_ends_only_where_the_service_offers_it() {
    let account = account().await;
    let own = account.crayon.organization_ids()[0];
    let customer = account.crayon.tenant_ids()[0];
    let client = crayon_client::CrayonClient::new(account.config()).unwrap();
    let offered = client.subscriptions().coterminosity(own, customer, "P1Y", None).await.unwrap();
    let end = offered.calendar_month_date.unwrap();
    let ending = |day: String| {
        let mut line = seats(SUITE, 2);
        line.attributes.insert("CustomTermEndDate".to_owned(), day);
        order(customer.to_string(), line)
    };
    let odd = ending((end.day() - Days::new(3)).to_string());
    let error = account.provider().execute(&odd, &key("odd")).await.unwrap_err();
    assert_eq!(error.violations()[0].field, "lines[0].attributes.CustomTermEndDate", "{error}");
    assert!(error.to_string().contains(&end.day().to_string()), "{error}");
    assert_eq!(account.crayon.purchases(), 0);
    let receipt = place(&account, &ending(end.to_string()), "even").await;
    let id = receipt.lines[0].subscription.clone().unwrap();
    let made = account.provider().get_subscription(&id, &ReadOptions::default()).await.unwrap();
    assert_eq!(made.ends_at, Some(end.at()));
}

#[tokio::test]
async fn a_plan_refuses_what_the_command_would_be_refused() {
    let account = account().await;
    let suite = active(&account, SUITE).await;
    let mut nothing = ChangeRenewal::new(&suite.id);
    let mut contrary = nothing.clone();
    contrary.auto_renew = Some(false);
    contrary.quantity = provider_core::Patch::Set(5.into());
    nothing.auto_renew = None;
    let expired = SubscriptionQuery::default().status(SubscriptionStatus::Expired);
    let over = account.provider().subscriptions(expired).collect_all().await.unwrap();
    let over = &over[0].id;
    for (command, field) in [
        (Command::from(nothing), "subscription"),
        (contrary.into(), "auto_renew"),
        (ResumeSubscription::new(over).into(), "status"),
        (SuspendSubscription::new(over).into(), "status"),
        (ChangeQuantity::new(over, 5).into(), "status"),
    ] {
        let planned = account.provider().plan(&command, &key("plan")).await.unwrap_err();
        let executed = account.provider().execute(&command, &key("execute")).await.unwrap_err();
        for error in [planned, executed] {
            assert_eq!(error.violations()[0].field, field, "{error}");
            assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
        }
    }
}
