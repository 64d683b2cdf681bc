//! What to remember before a command is sent.

use std::collections::BTreeSet;

use provider_core::attempt::Baseline;
use provider_core::{Command, CreateCustomer, CustomerId, Delivery, Result, SubscriptionId};
use serde_json::json;

use super::prepare;
use super::send::Send;
use crate::api::{CustomerFilter, TokenPage};
use crate::model::{Customer, CustomerStatus, Order};
use crate::provider::context::Context;
use crate::provider::page::TokenWalk;
use crate::provider::subscriptions::customer_of;

/// Records of a page of a list that is read whole.
pub(super) const PAGE: u32 = 200;
/// The member of a baseline that holds the ids of the orders before.
pub(super) const ORDERS: &str = "orders";
/// The member of a baseline that holds the ids of the customers that had the e-mail address before.
pub(super) const CUSTOMERS: &str = "customers";
/// The member of a baseline that says when the customer last changed.
pub(super) const UPDATED: &str = "updated";

/// What to remember before sending: of a new customer who has its e-mail address, of a customer when it last
/// changed, of an order, which carries the key
/// itself, the orders that any later list must still hold.
pub(in crate::provider) async fn baseline(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    command.check_ids().map_err(|error| error.with_provider(crate::KIND))?;
    // It is asked for first, so it names what is not there as the preparation would.
    taken(cx, command).await.map_err(|error| command.name_missing(error))
}

async fn taken(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    match command {
        Command::CreateCustomer(create) => namesakes(cx, create).await,
        Command::UpdateCustomer(update) => {
            let present = cx.client.customers().get(update.customer.as_str()).await?;
            let state = json!({ UPDATED: present.update_time.map(|at| at.to_rfc3339()) });
            Ok(Some(Baseline::new(cx.now(), state)))
        }
        _ => match ordered(command) {
            Some((customer, _)) => before(cx, &customer).await,
            None => Ok(None),
        },
    }
}

/// The customer among whose orders a command will be, and the subscription that it changes. `None` for
/// commands that are no orders, and for those that the preparation refuses without asking anybody, with the
/// reason.
pub(super) fn ordered(command: &Command) -> Option<(CustomerId, Option<&SubscriptionId>)> {
    prepare::check(command).ok()?;
    let subscription = match command {
        Command::PlaceOrder(place) => return Some((place.order.customer.clone(), None)),
        Command::ChangeQuantity(change) => &change.subscription,
        Command::ChangeRenewal(change) => &change.subscription,
        Command::Suspend(suspend) => &suspend.subscription,
        Command::Resume(resume) => &resume.subscription,
        Command::CancelSubscription(cancel) => &cancel.subscription,
        _ => return None,
    };
    Some((customer_of(subscription).ok()?, Some(subscription)))
}

/// The customers that have the e-mail address already. One that comes later was made by the command, whatever
/// the clocks say.
async fn namesakes(cx: &Context, create: &CreateCustomer) -> Result<Option<Baseline>> {
    // The preparation refuses it, and says why.
    let Ok(prepared) = prepare::customer::create(cx, create) else { return Ok(None) };
    let Send::Create(body) = prepared.send else { return Ok(None) };
    let mut known = BTreeSet::new();
    for status in [CustomerStatus::Active, CustomerStatus::Inactive] {
        let filter = CustomerFilter::default().status(status).email(&body.customer_email);
        let mut page = TokenPage::first(PAGE);
        let mut walk = TokenWalk::over("customers");
        loop {
            let listed = match cx.client.customers().list(filter.clone().page(page.clone())).await {
                Ok(listed) => listed,
                // Whoever may create customers need not be allowed to list them.
                Err(error) if error.delivery() == Delivery::Rejected => return Ok(None),
                Err(error) => return Err(error),
            };
            let alike = listed.records().filter(|customer| is_by_email(customer, &body.customer_email));
            known.extend(alike.filter_map(|customer| customer.id().map(|id| id.to_string())));
            walk.page(&listed, Customer::id)?;
            match listed.next {
                Some(next) if page.token.as_ref() != Some(&next) => page = TokenPage::at(PAGE, next),
                _ => break,
            }
        }
    }
    Ok(Some(Baseline::new(cx.now(), json!({ CUSTOMERS: known }))))
}

/// Whether a customer has this e-mail address.
pub(super) fn is_by_email(customer: &Customer, email: &str) -> bool {
    customer.customer_email.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(email))
}

/// The orders of a customer before a command is sent. They decide nothing: they are what any later answer
/// to the same question must still hold.
async fn before(cx: &Context, customer: &CustomerId) -> Result<Option<Baseline>> {
    let mut known = BTreeSet::new();
    let mut page = TokenPage::first(PAGE);
    let mut walk = TokenWalk::over("orders");
    loop {
        let listed = match cx.client.orders().list_of_customer(customer.as_str(), None, &page).await {
            Ok(listed) => listed,
            // The preparation is refused as well, and says what is wrong with the command.
            Err(error) if error.delivery() == Delivery::Rejected => return Ok(None),
            Err(error) => return Err(error),
        };
        known.extend(listed.records().filter_map(|order| order.id().map(|id| id.to_string())));
        walk.page(&listed, Order::id)?;
        match listed.next {
            Some(next) if page.token.as_ref() != Some(&next) => page = TokenPage::at(PAGE, next),
            _ => break,
        }
    }
    Ok(Some(Baseline::witness(cx.now(), json!({ ORDERS: known }))))
}
