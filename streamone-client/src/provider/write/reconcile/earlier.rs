//! Whether the service has an order of a key before the key is sent.
//!
//! A journal that is new knows nothing of what another one has sent: the old one was lost, or restored from a
//! copy, or stands on another machine. The references of the orders know. So nothing is sent before the orders
//! of the customer were read, and an answer that cannot be read stops everything.

use provider_core::{
    Command, CustomerId, Error, ErrorKind, IdempotencyKey, ItemError, Receipt, Result, SubscriptionId,
};
use provider_http::OperationContext;

use super::order::{Sought, came_to_nothing};
use super::same;
use crate::api::{Listed, OrderFilter, TokenPage};
use crate::map::order::reference;
use crate::model::Order;
use crate::provider::context::Context;
use crate::provider::page::TokenWalk;
use crate::provider::subscriptions;
use crate::provider::write::baseline::{ORDERS, PAGE, ordered};

/// The receipt of the order that carries the key, if one does that was not given up.
///
/// # Errors
/// `Refused`, naming the order, when it is another command's; `Decode` when an answer cannot be read; any other error
/// of the calls. Nothing was sent.
pub(in crate::provider::write) async fn earlier(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
    key: &IdempotencyKey,
) -> Result<Option<Receipt>> {
    let Some((customer, subscription)) = ordered(command) else { return Ok(None) };
    let search = Search { cx, op, customer: &customer, key };
    let mut found = match search.read(Place::Customer).await {
        Ok(found) => found,
        // Who is not there has no orders: the preparation says what is wrong with the command.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The service leaves an empty list out, and so does a gateway that has none. Another endpoint is asked.
    if found.is_empty {
        match search.read(Place::Account).await {
            Ok(second) => found = second,
            // That this one is closed to the role says nothing against what the other answered.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            Err(error) => return Err(error),
        }
    }
    // The newest come first. What came to nothing decides nothing: the key may be sent again.
    let Some(order) = found.under_key.into_iter().rfind(|order| !came_to_nothing(order)) else {
        return Ok(None);
    };
    let mut difference = same::difference(command, key, &order);
    if let (None, Some(subscription)) = (&difference, subscription) {
        difference = another_subscription(cx, op, &customer, subscription, &order).await?;
    }
    if let Some(difference) = difference {
        return Err(used(&order, &difference));
    }
    let mut receipt =
        Sought { customer, subscription: subscription.cloned() }.receipt(cx, op, &order).await?;
    receipt.replayed = true;
    Ok(Some(receipt))
}

/// What the service calls the subscription may differ from what the caller calls it.
async fn another_subscription(
    cx: &Context,
    op: &OperationContext,
    customer: &CustomerId,
    subscription: &SubscriptionId,
    order: &Order,
) -> Result<Option<String>> {
    let Some(resource) = order.order_items.first().and_then(|item| item.resource_id.as_deref()) else {
        return Ok(None);
    };
    if subscription.own().eq_ignore_ascii_case(resource) {
        return Ok(None);
    }
    let changed = subscriptions::canonical(cx, op, customer, resource).await?;
    Ok(match changed {
        Some(changed) if changed != *subscription => Some(format!("it changes subscription {changed}")),
        _ => None,
    })
}

fn used(order: &Order, difference: &str) -> Error {
    let id = order.id().map(|id| id.to_string()).unwrap_or_default();
    let message = format!(
        "order {id} carries this idempotency key and is another command: {difference}; every intent needs its \
         own key"
    );
    Error::new(ErrorKind::Refused, message).with_provider(crate::KIND)
}

/// Where orders are looked for.
#[derive(Clone, Copy)]
enum Place {
    Customer,
    Account,
}

struct Search<'a> {
    cx: &'a Context,
    op: &'a OperationContext,
    customer: &'a CustomerId,
    key: &'a IdempotencyKey,
}

struct Found {
    under_key: Vec<Order>,
    /// There was no order at all.
    is_empty: bool,
}

impl Search<'_> {
    async fn read(&self, place: Place) -> Result<Found> {
        let filter = OrderFilter { customers: vec![self.customer.to_string()], ..OrderFilter::default() };
        let mut found = Found { under_key: Vec::new(), is_empty: true };
        let mut page = TokenPage::first(PAGE);
        let mut walk = TokenWalk::over("orders");
        loop {
            let orders = self.cx.client.orders().with(self.op);
            let mut listed = match place {
                Place::Customer => orders.list_of_customer(self.customer.as_str(), None, &page).await?,
                Place::Account => orders.list(filter.clone().page(page.clone())).await?,
            };
            if page.token.is_some() {
                listed = listed.with_its_list(ORDERS)?;
            }
            found.is_empty &= listed.items.is_empty();
            self.collect(&listed, &mut found.under_key)?;
            walk.page(&listed, Order::id)?;
            match listed.next {
                Some(next) if page.token.as_ref() == Some(&next) => {
                    return Err(unreadable("the list of orders repeats itself"));
                }
                Some(next) => page = TokenPage::at(PAGE, next),
                None => return Ok(found),
            }
        }
    }

    fn collect(&self, listed: &Listed<Order>, under_key: &mut Vec<Order>) -> Result<()> {
        for item in &listed.items {
            match item {
                Ok(order) => {
                    if order.reference_id.as_deref().is_some_and(|text| reference::carries(text, self.key)) {
                        under_key.push(order.clone());
                    }
                }
                Err(error) if self.is_another(error) => {}
                Err(error) => {
                    let message =
                        format!("an order of the customer cannot be read, and may carry the key ({error})");
                    return Err(unreadable(message));
                }
            }
        }
        Ok(())
    }

    /// A record that cannot be read, and in whose text the key is nowhere. Keys of other signs than these can
    /// be written in several ways.
    fn is_another(&self, error: &ItemError) -> bool {
        let key = reference::of(self.key, None);
        let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
        is_plain && error.raw.as_ref().is_some_and(|raw| !raw.get().contains(&key))
    }
}

fn unreadable(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Decode, message).with_provider(crate::KIND).for_read()
}
