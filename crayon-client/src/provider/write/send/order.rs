//! Orders are sent line by line; what took effect is reported beside what did not.

use provider_core::error::Violation;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{CustomerId, Delivery, Error, ErrorKind, OrderId, Outcome, Receipt, Result};

use super::call::Purchase;
use super::outcome::{business_error, of_step, undecided, without_errors};
use crate::map::subscription::publisher_id;
use crate::model::{NewAddOn, NewCommerceOrder, NewSubscription};
use crate::provider::context::Context;
use crate::wire::Document;

pub(super) async fn place(cx: &Context, customer: &CustomerId, lines: &[Purchase]) -> Result<Receipt> {
    let mut receipts: Vec<LineReceipt> = Vec::with_capacity(lines.len());
    let mut failure = None;
    for (at, line) in lines.iter().enumerate() {
        if failure.is_some() {
            receipts.push(LineReceipt::new(at, LineOutcome::NotAttempted));
            continue;
        }
        let cx = cx.step(step_of(at));
        match buy(&cx, customer, line).await {
            Ok(mut receipt) => {
                receipt.line = at;
                // After a crash only the line without an answer is left to be judged, so the answer is
                // remembered before anything else is asked.
                cx.answered(&receipt).await;
                if look(&cx, line, &mut receipt).await {
                    cx.answered(&receipt).await;
                }
                receipts.push(receipt);
            }
            Err(error) => {
                let mut receipt = LineReceipt::new(at, of_step(&error));
                receipt.violations = error.violations().to_vec();
                if receipt.violations.is_empty() {
                    receipt.violations.push(Violation::new("", error.message()));
                }
                if receipt.outcome == LineOutcome::Rejected {
                    cx.answered(&receipt).await;
                }
                receipts.push(receipt);
                failure = Some(error);
            }
        }
    }
    match (Receipt::from_lines(receipts), failure) {
        // Once a line took effect an error would hide it.
        (Some(receipt), _) => Ok(receipt.with_customer(customer)),
        (None, Some(error)) => Err(error),
        (None, None) => Err(Error::new(ErrorKind::Internal, "the order took no effect and did not fail")),
    }
}

async fn buy(cx: &Context, customer: &CustomerId, line: &Purchase) -> Result<LineReceipt> {
    match line {
        Purchase::NewCommerce(order) => new_commerce(cx, customer, order).await,
        Purchase::Subscription(wanted) => subscription(cx, wanted).await,
        Purchase::Cart(verified) => cart(cx, customer, verified).await,
        Purchase::AddOn { parent, add_on, .. } => self::add_on(cx, *parent, add_on).await,
    }
}

/// One look at what a line became, where the answer does not tell it. True if that is known now; a look that
/// fails changes nothing.
async fn look(cx: &Context, line: &Purchase, receipt: &mut LineReceipt) -> bool {
    match line {
        // In case it was carried out at once.
        Purchase::NewCommerce(order) if order.scheduled_date.is_none() => {
            let Some(guid) = receipt.order.as_ref().map(|order| order.own().to_owned()) else { return false };
            let became = cx.client.subscriptions().of_order(&guid).await.unwrap_or_default();
            let Some(first) = became.records().next() else { return false };
            receipt.subscription = Some(first.to_string().into());
            receipt.outcome = LineOutcome::Applied;
            true
        }
        Purchase::AddOn { parent, known, .. } => {
            let Ok(subscription) = cx.client.subscriptions().get(*parent).await else { return false };
            let ids = subscription.subscriptions.iter().filter_map(|add_on| add_on.id);
            let mut fresh = ids.filter(|id| !known.contains(id));
            let (Some(only), None) = (fresh.next(), fresh.next()) else { return false };
            receipt.subscription = Some(only.to_string().into());
            true
        }
        _ => false,
    }
}

/// The step that a line is.
fn step_of(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

async fn new_commerce(cx: &Context, customer: &CustomerId, order: &NewCommerceOrder) -> Result<LineReceipt> {
    let result = cx.client.subscriptions().order(order).await?;
    let guid = result.new_commerce_order_id.filter(|id| !id.is_empty());
    match result.is_successful {
        Some(true) => {}
        Some(false) => {
            let (code, words) = (result.error_reason_code, result.error_description);
            return Err(business_error(code.as_deref(), words.as_deref()));
        }
        None if guid.is_some() => {}
        None => return Err(undecided("the order")),
    }
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    receipt.order = guid.map(|guid| OrderId::composite([customer.as_str(), guid.as_str()]));
    Ok(receipt)
}

async fn subscription(cx: &Context, wanted: &NewSubscription) -> Result<LineReceipt> {
    let made = cx.client.subscriptions().create(wanted).await?;
    if made.id <= 0 {
        return Err(undecided("the subscription"));
    }
    // It has its number at once, and comes to life by itself when the publisher has made it.
    let waits = publisher_id(made.publisher_subscription_id).is_none();
    let outcome = if waits { LineOutcome::Accepted } else { LineOutcome::Applied };
    let mut receipt = LineReceipt::new(0, outcome);
    receipt.subscription = Some(made.id.to_string().into());
    Ok(receipt)
}

async fn cart(cx: &Context, customer: &CustomerId, verified: &Document) -> Result<LineReceipt> {
    let done = cx.client.purchase_requests().check_out_verified(verified).await?;
    let number = done.external_order_id.clone().filter(|number| !number.is_empty());
    without_errors(&done).map_err(|error| match number {
        // What has a number was ordered, whatever else is said of it.
        Some(_) => error.with_delivery(Delivery::Unknown),
        None => error,
    })?;
    let Some(number) = number else { return Err(undecided("the purchase request")) };
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    receipt.order = Some(OrderId::composite([customer.as_str(), number.as_str()]));
    Ok(receipt)
}

async fn add_on(cx: &Context, parent: i64, add_on: &NewAddOn) -> Result<LineReceipt> {
    if !cx.client.subscriptions().add(parent, add_on).await? {
        let problem = "Cloud-iQ did not sell the add-on and does not say why";
        return Err(Error::new(ErrorKind::InvalidInput, problem)
            .with_delivery(Delivery::Rejected)
            .with_http_status(200)
            .with_violation(Violation::new("product", problem)));
    }
    Ok(LineReceipt::new(0, LineOutcome::Applied))
}

/// Cancels a scheduled order, line by line.
pub(super) async fn cancel(cx: &Context, order: &OrderId, lines: &[String]) -> Result<Receipt> {
    let mut receipts = Vec::with_capacity(lines.len());
    let mut failure: Option<Error> = None;
    for (at, number) in lines.iter().enumerate() {
        let mut receipt = LineReceipt::new(at, LineOutcome::NotAttempted);
        receipt.order = Some(order.clone());
        if failure.is_none() {
            let cx = cx.step(step_of(at));
            match cx.client.scheduled_purchase_requests().cancel(order.own(), number).await {
                Ok(()) => {
                    receipt.outcome = LineOutcome::Applied;
                    cx.answered(&receipt).await;
                }
                Err(error) => {
                    receipt.outcome = of_step(&error);
                    receipt.violations.push(Violation::new("order", error.message()));
                    failure = Some(error);
                }
            }
        }
        receipts.push(receipt);
    }
    match (Receipt::from_lines(receipts), failure) {
        (None, Some(error)) => Err(error),
        (receipt, _) => Ok(receipt.unwrap_or_else(|| Receipt::new(Outcome::Applied))),
    }
}
