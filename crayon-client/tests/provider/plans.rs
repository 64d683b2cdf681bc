//! Plans: what they refuse, what they say, and what is not sent where nothing is to change.

use provider_core::judge::ReducibleUntil;
use provider_core::{
    ChangeQuantity, Command, Delivery, NewOrder, NewOrderLine, Outcome, Patch, PlaceOrder, Provider as _,
    ReadOptions, UpdateCustomer,
};
use rust_decimal::Decimal;

use super::commands::{SOFTWARE, SUITE, active, key, seats};
use super::lost::account;

const TENANT: &str = "/api/v1/CustomerTenants/*";
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
