//! Commands that tests send, and what they are about.

#![allow(dead_code, reason = "not every test binary needs all of it")]

use chrono::DateTime;
use provider_core::command::Consent;
use provider_core::model::{Address, Contact};
use provider_core::{
    BillingCycle, Command, Country, CreateCustomer, IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder,
    Provider, ProviderExt, Subscription, SubscriptionQuery, SubscriptionStatus, Term, WriteOptions,
};

use super::connection::Account;

pub(crate) const SUITE: &str = "CFQ7TTC0LH18:0001";
pub(crate) const LEGACY: &str = "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e01";
pub(crate) const ADD_ON: &str = "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e03";
pub(crate) const AZURE_PLAN: &str = "DZH318Z0BPS6:0001";
pub(crate) const SOFTWARE: &str = "DG7GMGF0SMP8:0002";

pub(crate) fn key(name: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("crayon-tests", [name]))
}

pub(crate) fn new_customer(account: &Account) -> CreateCustomer {
    let mut command = CreateCustomer::new("Harbor Example Ltd");
    command.domain = Some("harborexample.onmicrosoft.com".to_owned());
    command.external_id = Some("CUST-900".to_owned());
    command.organization = Some(account.crayon.organization_ids()[0].to_string().into());
    command.invoice_profile = Some("80001".into());
    let mut contact = Contact::default();
    contact.first_name = Some("Test".to_owned());
    contact.last_name = Some("Contact".to_owned());
    contact.email = Some("it@example.com".to_owned());
    contact.phone = Some("5550100".to_owned());
    command.contacts = vec![contact];
    let mut address = Address::default();
    address.line1 = Some("1 Sample Street".to_owned());
    address.city = Some("Oslo".to_owned());
    address.region = Some("Oslo".to_owned());
    address.postal_code = Some("0150".to_owned());
    address.country = Some(Country::new("NO").unwrap());
    command.address = Some(address);
    command.registration_number = Some("999999999".to_owned());
    command
}

pub(crate) fn consent() -> Consent {
    Consent::new("Test", "Contact", "it@example.com", DateTime::from_timestamp(1_740_000_000, 0).unwrap())
}

pub(crate) fn seats(product: &str, quantity: u32) -> NewOrderLine {
    let mut line = NewOrderLine::new(product, quantity);
    line.billing_cycle = Some(BillingCycle::Monthly);
    line.commitment_term = Some(Term::YEAR);
    line
}

/// An active subscription of this product that a test may change.
pub(crate) async fn active(account: &Account, part_number: &str) -> Subscription {
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = account.provider().subscriptions(query).collect_all().await.unwrap();
    let fits = |s: &Subscription| {
        s.product.sku.as_deref() == Some(part_number)
            && s.parent.is_none()
            && s.auto_renew != Some(false)
            && s.quantity.is_some_and(|seats| seats < 200.into())
    };
    all.into_iter().find(fits).unwrap()
}

pub(crate) fn order(customer: impl Into<String>, line: NewOrderLine) -> Command {
    PlaceOrder::new(NewOrder::new(customer.into()).line(line)).into()
}

pub(crate) fn monthly(part_number: &str, quantity: u32) -> NewOrderLine {
    let mut line = NewOrderLine::new(part_number, quantity);
    line.billing_cycle = Some(BillingCycle::Monthly);
    line
}

/// A customer that has no Azure plan and may buy one.
pub(crate) async fn without_azure_plan(account: &Account) -> String {
    let provider = account.provider();
    for tenant in account.crayon.tenant_ids() {
        let plan = order(tenant.to_string(), NewOrderLine::new(AZURE_PLAN, 1));
        if provider.plan(&plan, &key("look")).await.is_ok() {
            return tenant.to_string();
        }
    }
    panic!("every customer has an Azure plan");
}
