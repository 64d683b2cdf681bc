//! The whole walk, and what is refused before anything is sent.

use std::time::Duration;

use chrono::Days;
use provider_core::command::Effective;
use provider_core::model::{
    Address, Contact, ContactRole, ContactRoleKind, CustomerStatus, OrderStatus, Parent,
};
use provider_core::receipt::{Fidelity, LineOutcome};
use provider_core::{
    BillingCycle, CancelSubscription, ChangeQuantity, Command, CreateCustomer, CustomerId, CustomerQuery,
    Delivery, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine, Outcome, Patch, PlaceOrder, Provider,
    ProviderExt, ReadOptions, SubscriptionStatus, SuspendSubscription, Term, UpdateCustomer, WriteOptions,
};
use rust_decimal::Decimal;

use crate::world::World;

pub(crate) fn key(text: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::new(format!("pax8-tests-{text}-0001")).unwrap())
}

pub(crate) fn person() -> Contact {
    let mut contact = Contact::default();
    contact.first_name = Some("Test".to_owned());
    contact.last_name = Some("Contact".to_owned());
    contact.email = Some("it@harbor.example.com".to_owned());
    contact.phone = Some("555-0112".to_owned());
    contact.roles = [ContactRoleKind::Admin, ContactRoleKind::Billing, ContactRoleKind::Technical]
        .map(|kind| ContactRole::new(kind, true))
        .to_vec();
    contact
}

pub(crate) fn harbor() -> CreateCustomer {
    let mut command = CreateCustomer::new("Harbor Supplies of the Test");
    let mut address = Address::default();
    address.line1 = Some("5 Quay Road".to_owned());
    address.city = Some("Portland".to_owned());
    address.region = Some("ME".to_owned());
    address.postal_code = Some("04101".to_owned());
    command.address = Some(address);
    command.phone = Some("555-0111".to_owned());
    command.website = Some("https://harbor.example.com".to_owned());
    command.external_id = Some("CUST-1002".to_owned());
    command.contacts = vec![person()];
    command
}

pub(crate) async fn active_customer(provider: &std::sync::Arc<dyn Provider>) -> CustomerId {
    let query = CustomerQuery::default().status(CustomerStatus::Active);
    provider.customers(query).collect_all().await.unwrap()[0].id.clone()
}

pub(crate) fn base_order(customer: &CustomerId, product: &str, quantity: u32) -> PlaceOrder {
    let mut line = NewOrderLine::new(product, Decimal::from(quantity));
    line.billing_cycle = Some(BillingCycle::Monthly);
    PlaceOrder::new(NewOrder::new(customer).line(line))
}

#[tokio::test]
async fn from_a_new_company_to_a_dated_cancellation() {
    let mut world = World::start().await;
    world.config.country = Some("US".parse().unwrap());
    world.config.currency = Some("USD".parse().unwrap());
    world.config.company_defaults.self_service_allowed = true;
    let provider = world.provider();
    let receipt = provider.create_customer(harbor(), &key("create")).await.unwrap();
    let customer = receipt.customer.unwrap();
    let company = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    assert_eq!(company.status, Some(CustomerStatus::Active));
    assert_eq!(company.flags.self_service_allowed, Some(true), "the connection's default");
    assert_eq!(company.address.unwrap().country.unwrap().as_str(), "US", "the connection's country");

    let [suite, _, shield, ..] = world.pax8().product_ids();
    let mut first = NewOrderLine::new(suite.as_str(), Decimal::from(12));
    first.billing_cycle = Some(BillingCycle::Annual);
    first.attributes.insert("exCustExists".to_owned(), "no, create one".to_owned());
    let second = NewOrderLine::new(shield.as_str(), Decimal::from(12));
    let mut order = NewOrder::new(&customer).line(first).line(second);
    let incomplete: Command = PlaceOrder::new(order.clone()).into();
    let error = provider.plan(&incomplete, &key("plan")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.violations()[0].field, "lines[0]", "{error:?}");
    assert!(error.to_string().contains("exDomain"), "{error}");

    order.lines[0].attributes.insert("exDomain".to_owned(), "harbor-example".to_owned());
    let command = PlaceOrder::new(order);
    let plan = provider.plan(&command.clone().into(), &key("plan")).await.unwrap();
    assert_eq!(plan.fidelity, Fidelity::Native);
    assert_eq!(plan.changes.len(), 2);
    let orders =
        world.pax8().requests().iter().filter(|one| one.path == "/v1/orders" && one.method == "POST").count();
    assert_eq!(orders, 2, "two dry runs");
    assert!(
        world
            .pax8()
            .requests()
            .iter()
            .filter(|one| one.method == "POST" && one.path == "/v1/orders")
            .all(|one| one.query_value("isMock") == Some("true"))
    );

    let receipt = provider.place_order(command, &key("order")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.lines.len()), (Outcome::Accepted, 2));
    world.sim.clock().advance(Duration::from_secs(60));
    let order = provider.get_order(receipt.order().unwrap(), &ReadOptions::default()).await.unwrap();
    assert_eq!(order.status, OrderStatus::Completed);
    let seats = order.lines[0].subscription.clone().unwrap();
    let subscription = provider.get_subscription(&seats, &ReadOptions::default()).await.unwrap();
    assert_eq!(
        (subscription.status, subscription.commitment_term),
        (SubscriptionStatus::Active, Some(Term::YEAR))
    );
    let add_on = order.lines[1].subscription.clone().unwrap();
    let add_on = provider.get_subscription(&add_on, &ReadOptions::default()).await.unwrap();
    assert_eq!(add_on.parent.as_ref(), Some(&seats), "the parent was found among the lines");

    let mut change = ChangeQuantity::new(&seats, Decimal::from(15));
    change.expected = Some(Decimal::from(11));
    let error = provider.change_quantity(change.clone(), &key("seats")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
    change.expected = Some(Decimal::from(12));
    let receipt = provider.change_quantity(change, &key("seats")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.lines[0].outcome), (Outcome::Applied, LineOutcome::Applied));
    let put = world.pax8().requests().into_iter().find(|one| one.method == "PUT").unwrap();
    assert_eq!(put.body, r#"{"quantity":15}"#);

    let mut cancel = CancelSubscription::new(&seats);
    cancel.effective = Effective::On(subscription.commitment_ends_at.unwrap().date_naive() + Days::new(1));
    let plan = provider.plan(&cancel.clone().into(), &key("cancel")).await.unwrap();
    assert!(plan.warnings.iter().any(|warning| warning.contains("final")), "{:?}", plan.warnings);
    let receipt = provider.cancel_subscription(cancel, &key("cancel")).await.unwrap();
    assert_eq!(receipt.lines[0].outcome, LineOutcome::Accepted);
    let subscription = provider.get_subscription(&seats, &ReadOptions::default()).await.unwrap();
    assert_eq!(subscription.status, SubscriptionStatus::PendingCancellation);
    world.clean();
}

#[tokio::test]
async fn what_is_missing_is_named_before_anything_is_sent() {
    let world = World::start().await;
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let [suite, base, ..] = world.pax8().product_ids();
    let mut wrong_answer = NewOrderLine::new(suite.as_str(), Decimal::ONE);
    wrong_answer.billing_cycle = Some(BillingCycle::Monthly);
    wrong_answer.attributes.insert("novel".to_owned(), "x".to_owned());
    let ambiguous = NewOrderLine::new(base.as_str(), Decimal::ONE);
    let unknown = NewOrderLine::new("6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1aff", Decimal::ONE);
    let order = NewOrder::new(&customer).line(wrong_answer).line(ambiguous).line(unknown);
    let error = provider.place_order(PlaceOrder::new(order), &key("wrong")).await.unwrap_err();
    let mut fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["lines[0].attributes.novel", "lines[0].offer", "lines[1].offer", "lines[2].product"]);
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));

    let mut half = NewOrderLine::new(base.as_str(), Decimal::new(15, 1));
    half.parent = Some(Parent::Line(0));
    let order = NewOrder::new(&customer).line(half);
    let error = provider.place_order(PlaceOrder::new(order), &key("half")).await.unwrap_err();
    assert_eq!(error.violations().len(), 2);
    assert_eq!(world.pax8().count("POST", "/v1/orders"), 0);
    world.clean();
}

#[tokio::test]
async fn an_inactive_company_is_told_what_it_lacks() {
    let world = World::start().await;
    let provider = world.provider();
    let query = CustomerQuery::default().status(CustomerStatus::Inactive);
    let customer = provider.customers(query).collect_all().await.unwrap()[0].id.clone();
    let base = &world.pax8().product_ids()[1];
    let error = provider.place_order(base_order(&customer, base, 1), &key("inactive")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
    assert!(error.to_string().contains("primary contact"), "{error}");
    assert_eq!(world.pax8().count("POST", "/v1/orders"), 0);
}

#[tokio::test]
async fn updates_send_what_changes_and_nothing_else() {
    let world = World::start().await;
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let before = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    let mut update = UpdateCustomer::new(&customer);
    update.name = Patch::Set(before.name.clone());
    update.phone = Patch::Set("555-0199".to_owned());
    provider.update_customer(update.clone(), &key("update")).await.unwrap();
    let patch = world.pax8().requests().into_iter().find(|one| one.method == "PATCH").unwrap();
    assert_eq!(patch.body, r#"{"phone":"555-0199"}"#);
    provider.update_customer(update, &key("again")).await.unwrap();
    assert_eq!(world.pax8().count("PATCH", "*"), 1, "nothing changes, so nothing is sent");

    let mut contacts = before.contacts.clone();
    contacts.push({
        let mut new = person();
        new.roles.clear();
        new
    });
    let mut update = UpdateCustomer::new(&customer);
    update.contacts = Patch::Set(contacts.clone());
    let receipt = provider.update_customer(update, &key("contacts")).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Applied);
    let after = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    assert_eq!(after.contacts.len(), contacts.len());
    world.clean();
}

#[tokio::test]
async fn what_pax8_does_not_have_is_unsupported_without_a_call() {
    let world = World::start().await;
    let provider = world.provider();
    let error = provider.execute(&SuspendSubscription::new("s").into(), &key("suspend")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unsupported, Delivery::NotSent));
    let error = provider.plan(&SuspendSubscription::new("s").into(), &key("suspend")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(world.pax8().count("*", "*"), 0);
}

#[tokio::test]
async fn the_sandbox_buys_nothing_and_still_plans() {
    let mut world = World::start().await;
    let customer = active_customer(&world.provider()).await;
    world.config.environment = provider_core::info::Environment::Sandbox;
    let provider = world.provider();
    let order = base_order(&customer, &world.pax8().product_ids()[1], 2);
    let plan = provider.plan(&order.clone().into(), &key("sandbox")).await.unwrap();
    assert_eq!(plan.fidelity, Fidelity::Native);
    let error = provider.place_order(order, &key("sandbox")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    assert_eq!(world.pax8().count("POST", "/v1/orders"), 1, "the dry run alone");
}
