//! Plans: what they refuse, and what they say.

use provider_core::command::Effective;
use provider_core::judge::ReducibleUntil;
use provider_core::model::PricePer;
use provider_core::{
    CancelSubscription, ChangeQuantity, Command, Delivery, ErrorKind, NewOrder, NewOrderLine, PlaceOrder,
    Provider, ProviderExt as _, SubscriptionQuery, SubscriptionStatus, Term,
};
use provider_simulator::{FaultAction, FaultRule};
use rust_decimal::Decimal;
use serde_json::json;

use crate::world::World;
use crate::writes::{active_customer, base_order, key};

/// Prices that end at 40.
fn up_to_forty() -> FaultAction {
    FaultAction::rewrite(|mut page| {
        for price in page["content"].as_array_mut().unwrap() {
            for rate in price["rates"].as_array_mut().unwrap() {
                rate["endQuantityRange"] = json!(40);
            }
        }
        page
    })
}

#[tokio::test]
async fn seats_are_refused_like_orders_by_plan_and_command_alike() {
    let world = World::start().await;
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let base = world.pax8().product_ids()[1].clone();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let seats = all.iter().find(|one| one.product.id.as_ref().is_some_and(|id| id.as_str() == base)).unwrap();
    world.pax8().faults().add(FaultRule::new("GET", "/v1/products/*/pricing", up_to_forty()));
    for quantity in [Decimal::from(41), Decimal::new(15, 1), Decimal::ZERO, -Decimal::ONE] {
        let mut order = base_order(&customer, &base, 1);
        order.order.lines[0].quantity = quantity;
        for (command, field) in [
            (Command::from(ChangeQuantity::new(&seats.id, quantity)), "quantity"),
            (order.into(), "lines[0].quantity"),
        ] {
            let planned = provider.plan(&command, &key("plan")).await.unwrap_err();
            let executed = provider.execute(&command, &key("execute")).await.unwrap_err();
            for error in [planned, executed] {
                assert_eq!(error.violations()[0].field, field, "{quantity}: {error}");
                assert_eq!(error.delivery(), Delivery::NotSent, "{quantity}: {error}");
            }
        }
    }
    assert_eq!(world.pax8().count("PUT", "*"), 0);
    assert_eq!(world.pax8().count("POST", "/v1/orders"), 0);
}

#[tokio::test]
async fn what_is_ending_is_not_cancelled_again_by_plan_and_command_alike() {
    let world = World::start().await;
    let provider = world.provider();
    let base = world.pax8().product_ids()[1].clone();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let loose = all.iter().find(|one| one.product.id.as_ref().is_some_and(|id| id.as_str() == base)).unwrap();
    let mut cancel = CancelSubscription::new(&loose.id);
    provider.execute(&cancel.clone().into(), &key("cancel")).await.unwrap();
    world.pax8().reset_counters();
    let tomorrow = world.sim.clock().now().date_naive() + chrono::Days::new(1);
    for effective in [Effective::Now, Effective::On(tomorrow)] {
        cancel.effective = effective;
        let command = Command::from(cancel.clone());
        let planned = provider.plan(&command, &key("plan")).await.unwrap_err();
        let executed = provider.execute(&command, &key("execute")).await.unwrap_err();
        for error in [planned, executed] {
            assert_eq!(
                (error.kind(), error.delivery(), error.violations()[0].field.as_str()),
                (ErrorKind::PreconditionFailed, Delivery::NotSent, "status"),
                "{error}"
            );
        }
    }
    assert_eq!(world.pax8().count("DELETE", "*"), 0);
}

#[tokio::test]
async fn a_plan_says_until_when_what_can_be_given_back() {
    let world = World::start().await;
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let [suite, base, ..] = world.pax8().product_ids();
    let mut committed = NewOrderLine::new(suite.as_str(), Decimal::from(2));
    committed.billing_cycle = Some(provider_core::BillingCycle::Annual);
    committed.attributes.insert("exCustExists".to_owned(), "no, create one".to_owned());
    committed.attributes.insert("exDomain".to_owned(), "harbor-example".to_owned());
    let mut loose = NewOrderLine::new(base.as_str(), Decimal::ONE);
    loose.billing_cycle = Some(provider_core::BillingCycle::Monthly);
    let order = Command::from(PlaceOrder::new(NewOrder::new(&customer).line(committed).line(loose)));
    let plan = provider.plan(&order, &key("plan")).await.unwrap();
    let told: Vec<_> = plan.reducible.iter().map(|one| (one.what.as_str(), one.until)).collect();
    assert_eq!(told, [("lines[0]", ReducibleUntil::TermEnd(None)), ("lines[1]", ReducibleUntil::Always)]);
    // Lines have the same numbers everywhere.
    let starts: Vec<_> = plan.changes.iter().map(|change| &change.what[..8]).collect();
    assert_eq!(starts, ["lines[0]", "lines[1]"]);

    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let committed = all.iter().find(|one| one.commitment_ends_at.is_some()).unwrap();
    let more = Command::from(ChangeQuantity::new(&committed.id, Decimal::from(9)));
    let plan = provider.plan(&more, &key("plan")).await.unwrap();
    let told = plan.reducible.first().unwrap();
    assert_eq!(told.what, format!("subscription {}", committed.id));
    assert_eq!(told.until, ReducibleUntil::TermEnd(committed.commitment_ends_at));
}

/// Every price for one unit, and so much.
fn for_each(amount: &'static str) -> FaultAction {
    FaultAction::rewrite(move |mut page| {
        for price in page["content"].as_array_mut().unwrap() {
            price["type"] = json!("Flat");
            for rate in price["rates"].as_array_mut().unwrap() {
                rate["partnerBuyRate"] = serde_json::from_str(amount).unwrap();
                rate["chargeType"] = json!("Per Unit");
            }
        }
        page
    })
}

#[tokio::test]
async fn what_is_bought_for_good_is_paid_once_and_what_is_paid_ahead_says_its_months() {
    let mut world = World::start().await;
    world.config.currency = "EUR".parse().ok();
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let [suite, base, _, _, _, migration, _] = world.pax8().product_ids();
    world.pax8().faults().add(FaultRule::new("GET", "/v1/products/*/pricing", for_each("912.50")));
    let mut annual = NewOrderLine::new(suite.as_str(), 3);
    annual.billing_cycle = Some(provider_core::BillingCycle::Annual);
    annual.attributes.insert("exCustExists".to_owned(), "no, create one".to_owned());
    annual.attributes.insert("exDomain".to_owned(), "harbor-example".to_owned());
    let mut monthly = NewOrderLine::new(base.as_str(), 3);
    monthly.billing_cycle = Some(provider_core::BillingCycle::Monthly);
    let once = NewOrderLine::new(migration.as_str(), 3);
    for (line, period) in
        [(once.clone(), None), (annual, Some(Term::YEAR)), (monthly.clone(), Some(Term::MONTH))]
    {
        let order = PlaceOrder::new(NewOrder::new(&customer).line(line));
        let plan = provider.plan(&order.into(), &key("plan")).await.unwrap();
        let cost = plan.cost.unwrap_or_else(|| panic!("{period:?} has no cost"));
        assert_eq!((cost.amount, cost.period), (Decimal::new(273_750, 2), period));
        assert_eq!((cost.per, cost.currency), (PricePer::Flat, "EUR".parse().ok()));
    }
    // What is paid once and what is paid every month cannot be added up.
    let both = PlaceOrder::new(NewOrder::new(&customer).line(once).line(monthly));
    let plan = provider.plan(&both.into(), &key("both")).await.unwrap();
    assert_eq!(plan.cost, None);
    assert!(plan.warnings.iter().any(|warning| warning.contains("do not add up")), "{:?}", plan.warnings);
}

#[tokio::test]
async fn another_number_of_seats_says_what_it_costs_each_time_it_is_paid() {
    let world = World::start().await;
    let provider = world.provider();
    let base = world.pax8().product_ids()[1].clone();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let seats = all.iter().find(|one| one.product.id.as_ref().is_some_and(|id| id.as_str() == base)).unwrap();
    let unit = seats.cost.clone().unwrap();
    let plan = provider.plan(&ChangeQuantity::new(&seats.id, 7).into(), &key("plan")).await.unwrap();
    let cost = plan.cost.unwrap();
    assert_eq!((cost.amount, cost.period), (unit.amount * Decimal::from(7), unit.period));
    assert_eq!((cost.currency, cost.per), (unit.currency, PricePer::Flat));
    assert!(cost.period.is_some());
}
