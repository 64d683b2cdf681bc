//! What to remember before a command is sent.

use std::collections::BTreeSet;

use provider_core::{Baseline, Command, CustomerId, Delivery, Result};
use serde_json::json;

use crate::api::TokenPage;
use crate::provider::context::Context;
use crate::provider::subscriptions::customer_of;

/// Records of a page of a list that is read whole.
pub(super) const PAGE: u32 = 200;
/// The member of a baseline that holds the ids of the orders before.
pub(super) const ORDERS: &str = "orders";
/// The member of a baseline that says when the customer last changed.
pub(super) const UPDATED: &str = "updated";

/// What to remember before sending: of a customer when it last changed, of an order, which carries the key
/// itself, the orders that any later list must still hold.
pub(in crate::provider) async fn baseline(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    let customer = match command {
        Command::UpdateCustomer(update) => {
            let present = cx.client.customers().get(update.customer.as_str()).await?;
            let state = json!({ UPDATED: present.update_time.map(|at| at.to_rfc3339()) });
            return Ok(Some(Baseline::new(cx.now(), state)));
        }
        Command::PlaceOrder(place) => Ok(place.order.customer.clone()),
        Command::ChangeQuantity(change) => customer_of(&change.subscription),
        Command::ChangeRenewal(change) => customer_of(&change.subscription),
        Command::Suspend(suspend) => customer_of(&suspend.subscription),
        Command::Resume(resume) => customer_of(&resume.subscription),
        Command::CancelSubscription(cancel) => customer_of(&cancel.subscription),
        _ => return Ok(None),
    };
    match customer {
        Ok(customer) => before(cx, &customer).await,
        // The preparation refuses the id, and says why.
        Err(_) => Ok(None),
    }
}

/// The orders of a customer before a command is sent. They decide nothing: they are what any later answer
/// to the same question must still hold.
async fn before(cx: &Context, customer: &CustomerId) -> Result<Option<Baseline>> {
    let mut known = BTreeSet::new();
    let mut page = TokenPage::first(PAGE);
    loop {
        let listed = match cx.client.orders().list_of_customer(customer.as_str(), None, &page).await {
            Ok(listed) => listed,
            // The preparation is refused as well, and says what is wrong with the command.
            Err(error) if error.delivery() == Delivery::Rejected => return Ok(None),
            Err(error) => return Err(error),
        };
        known.extend(listed.records().filter_map(|order| order.id().map(|id| id.to_string())));
        match listed.next {
            Some(next) if page.token.as_ref() != Some(&next) => page = TokenPage::at(PAGE, next),
            _ => break,
        }
    }
    Ok(Some(Baseline::witness(cx.now(), json!({ ORDERS: known }))))
}
