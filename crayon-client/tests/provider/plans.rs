//! Plans: what they refuse, what they say, and what is not sent where nothing is to change.

use provider_core::judge::ReducibleUntil;
use provider_core::model::PricePer;
use provider_core::{
    BillingCycle, ChangeQuantity, Command, Delivery, NewOrder, NewOrderLine, Outcome, Patch, PlaceOrder,
    Provider as _, ReadOptions, Term, UpdateCustomer,
};
use rust_decimal::Decimal;

use super::commands::{SOFTWARE, SUITE, active, key, order, seats};
use super::lost::account;

const TENANT: &str = "/api/v1/CustomerTenants/*";
const RESERVATION: &str = "DZH318Z0SMP7:0003";
const SUBSCRIPTION: &str = "/api/v1/subscriptions/*";

#[tokio::test]
async fn seats_are_refused_like_orders_by_plan_and_command_alike() {
    let account = account().await;
    let suite = active(&account, SUITE).await;
    for quantity in [Decimal::from(301), Decimal::new(15, 1), Decimal::ZERO, -Decimal::ONE] {
        let mut line = seats(SUITE, 1);
        line.quantity = quantity;
        let order = PlaceOrder::new(NewOrder::new(suite.customer.clone()).line(line));
        for (command, field) in [
            (Command::from(ChangeQuantity::new(&suite.id, quantity)), "quantity"),
            (Command::from(order), "lines[0].quantity"),
        ] {
            let planned = account.provider().plan(&command, &key("plan")).await.unwrap_err();
            let executed = account.provider().execute(&command, &key("execute")).await.unwrap_err();
            for error in [planned, executed] {
                assert_eq!(error.violations()[0].field, field, "{quantity}: {error}");
                assert_eq!(error.delivery(), Delivery::NotSent, "{quantity}: {error}");
            }
        }
    }
    assert_eq!(account.crayon.count("PUT", SUBSCRIPTION), 0);
}

#[tokio::test]
async fn a_plan_says_until_when_what_can_be_given_back() {
    let account = account().await;
    let suite = active(&account, SUITE).await;
    let lines = vec![seats(SUITE, 2), NewOrderLine::new(SOFTWARE, 1)];
    let order = Command::from(PlaceOrder::new(NewOrder::new(suite.customer.clone()).lines(lines)));
    let plan = account.provider().plan(&order, &key("plan")).await.unwrap();
    let told: Vec<_> = plan.reducible.iter().map(|one| (one.what.as_str(), one.until)).collect();
    assert_eq!(told, [("lines[0]", ReducibleUntil::FirstDays(7)), ("lines[1]", ReducibleUntil::Unknown)]);
    // Lines have the same numbers everywhere.
    let starts: Vec<_> = plan.changes.iter().map(|change| &change.what[..8]).collect();
    assert_eq!(starts, ["lines[0]", "lines[1]"]);

    let read = account.provider().get_subscription(&suite.id, &ReadOptions::default()).await.unwrap();
    let (is, _) = account.crayon.subscription(suite.id.as_str().parse().unwrap()).unwrap();
    let more = ChangeQuantity::new(&suite.id, is + 1).into();
    let plan = account.provider().plan(&more, &key("plan")).await.unwrap();
    let told = plan.reducible.first().unwrap();
    assert_eq!(told.what, format!("subscription {}", suite.id));
    let window = read.cancellable_until.unwrap();
    match told.until {
        ReducibleUntil::Moment(until) => assert_eq!(until, window),
        ReducibleUntil::TermEnd(end) => assert_eq!(end, read.commitment_ends_at.or(read.ends_at)),
        other => panic!("{other:?}, and the window ends at {window}"),
    }
}

#[tokio::test]
async fn an_update_with_nothing_to_change_sends_nothing() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    let before = account.provider().get_customer(&customer.as_str().into(), &ReadOptions::default()).await;
    let before = before.unwrap();
    let mut update = UpdateCustomer::new(customer);
    update.name = Patch::Set(before.name.clone());
    update.address = before.address.clone().map_or(Patch::Keep, Patch::Set);
    let plan = account.provider().plan(&update.clone().into(), &key("plan")).await.unwrap();
    assert!(plan.changes.is_empty() && plan.warnings[0].contains("nothing is sent"), "{plan:?}");
    let receipt = account.provider().execute(&update.clone().into(), &key("update")).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Applied);
    assert_eq!(account.crayon.count("PUT", TENANT), 0);
    update.name = Patch::Set("Renamed Example Ltd".to_owned());
    let plan = account.provider().plan(&update.clone().into(), &key("plan")).await.unwrap();
    assert_eq!(plan.changes.len(), 1, "{plan:?}");
    account.provider().execute(&update.into(), &key("rename")).await.unwrap();
    assert_eq!(account.crayon.count("PUT", TENANT), 1);

    let suite = active(&account, SUITE).await;
    let (is, _) = account.crayon.subscription(suite.id.as_str().parse().unwrap()).unwrap();
    let mut same = ChangeQuantity::new(&suite.id, is);
    same.expected = Some(is.into());
    let receipt = account.provider().execute(&same.into(), &key("same")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.lines.len()), (Outcome::Applied, 1));
    assert_eq!(account.crayon.count("PUT", SUBSCRIPTION), 0);
}

#[tokio::test]
async fn what_is_bought_for_good_is_paid_once_and_what_is_paid_ahead_says_its_months() {
    let account = account().await;
    let customer = account.crayon.tenant_ids()[0].to_string();
    let mut reservation = NewOrderLine::new(RESERVATION, 1);
    reservation.billing_cycle = Some(BillingCycle::OneTime);
    reservation.commitment_term = Some(Term::YEAR);
    reservation.attributes.insert("ArmRegionName".to_owned(), "westeurope".to_owned());
    let mut twice = reservation.clone();
    twice.quantity = 2.into();
    for (line, amount, period) in [
        (NewOrderLine::new(SOFTWARE, 3), "2737.50", None),
        (reservation, "51.20", Some(Term::MONTH)),
        (twice, "102.40", Some(Term::MONTH)),
        (seats(SUITE, 3), "12.96", Some(Term::MONTH)),
    ] {
        let told = format!("{} x {}", line.quantity, line.product);
        let plan = account.provider().plan(&order(&customer, line), &key("plan")).await.unwrap();
        let cost = plan.cost.unwrap_or_else(|| panic!("{told} has no cost"));
        assert_eq!((cost.amount.to_string().as_str(), cost.period), (amount, period), "{told}");
        assert_eq!(cost.per, PricePer::Flat, "{told}");
        assert_eq!(cost.currency.map(|code| code.to_string()).as_deref(), Some("EUR"), "{told}");
    }
    // What is paid once and what is paid every month cannot be added up.
    let both = NewOrder::new(&*customer).line(NewOrderLine::new(SOFTWARE, 1)).line(seats(SUITE, 1));
    let plan = account.provider().plan(&PlaceOrder::new(both).into(), &key("both")).await.unwrap();
    assert_eq!(plan.cost, None);
}

#[tokio::test]
async fn another_number_of_seats_says_what_it_costs_each_time_it_is_paid() {
    let account = account().await;
    let suite = active(&account, SUITE).await;
    let one = account.provider().get_subscription(&suite.id, &ReadOptions::default()).await.unwrap();
    let (unit, more) = (one.cost.unwrap(), one.quantity.unwrap() + Decimal::ONE);
    let command = ChangeQuantity::new(&suite.id, more).into();
    let cost = account.provider().plan(&command, &key("plan")).await.unwrap().cost.unwrap();
    assert_eq!((cost.amount, cost.period), (unit.amount * more, unit.period));
    assert_eq!((cost.currency, cost.per), (unit.currency, PricePer::Flat));
    assert!(cost.period.is_some());
}
