//! Orders are sent line by line; what took effect is reported beside what did not.

use provider_core::{
    CustomerId, Delivery, Error, ErrorKind, LineOutcome, LineReceipt, OrderId, Outcome, Receipt, Result,
    Violation,
};

use super::call::Purchase;
use super::outcome::{business_error, faultless, of_step, undecided};
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
        let cx = cx.step(u32::try_from(at).unwrap_or(u32::MAX));
        match buy(&cx, customer, line).await {
            Ok(mut receipt) => {
                receipt.line = at;
                // After a crash only the line without an answer is left to be judged.
                if let Some(operation) = cx.client.operation() {
                    operation.sending().answered(&receipt).await;
                }
                receipts.push(receipt);
            }
            Err(error) => {
                let mut receipt = LineReceipt::new(at, of_step(&error));
                receipt.violations = error.violations().to_vec();
                if receipt.violations.is_empty() {
                    receipt.violations.push(Violation::new("", error.message()));
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
        Purchase::AddOn { parent, known, add_on } => self::add_on(cx, *parent, known, add_on).await,
    }
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
    let Some(guid) = guid else { return Ok(receipt) };
    receipt.order = Some(OrderId::composite([customer.as_str(), guid.as_str()]));
    if order.scheduled_date.is_none() {
        // One look, in case it was carried out at once. A look that fails changes nothing.
        if let Ok(became) = cx.client.subscriptions().of_order(&guid).await
            && let Some(first) = became.items.first()
        {
            receipt.subscription = Some(first.to_string().into());
            receipt.outcome = LineOutcome::Applied;
        }
    }
    Ok(receipt)
}

async fn subscription(cx: &Context, wanted: &NewSubscription) -> Result<LineReceipt> {
    let made = cx.client.subscriptions().create(wanted).await?;
    // It has its number at once, and comes to life by itself when the publisher has made it.
    let waits = made.publisher_subscription_id.is_none_or(|id| id.eq_ignore_ascii_case("pending"));
    let outcome = if waits { LineOutcome::Accepted } else { LineOutcome::Applied };
    let mut receipt = LineReceipt::new(0, outcome);
    receipt.subscription = Some(made.id.to_string().into());
    Ok(receipt)
}

async fn cart(cx: &Context, customer: &CustomerId, verified: &Document) -> Result<LineReceipt> {
    let done = cx.client.purchase_requests().check_out_verified(verified).await?;
    let number = done.external_order_id.clone().filter(|number| !number.is_empty());
    faultless(&done).map_err(|error| match number {
        // What has a number was ordered, whatever else is said of it.
        Some(_) => error.with_delivery(Delivery::Unknown),
        None => error,
    })?;
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    receipt.order = number.map(|number| OrderId::composite([customer.as_str(), number.as_str()]));
    Ok(receipt)
}

async fn add_on(cx: &Context, parent: i64, known: &[i64], add_on: &NewAddOn) -> Result<LineReceipt> {
    if !cx.client.subscriptions().add(parent, add_on).await? {
        let problem = "Cloud-iQ did not sell the add-on and does not say why";
        return Err(Error::new(ErrorKind::InvalidInput, problem)
            .with_delivery(Delivery::Rejected)
            .with_http_status(200)
            .with_violation(Violation::new("product", problem)));
    }
    let mut receipt = LineReceipt::new(0, LineOutcome::Applied);
    // The answer does not tell the add-on's number. A look that fails changes nothing.
    if let Ok(subscription) = cx.client.subscriptions().get(parent).await {
        let ids = subscription.subscriptions.iter().filter_map(|add_on| add_on.id);
        let fresh: Vec<_> = ids.filter(|id| !known.contains(id)).collect();
        if let [only] = fresh.as_slice() {
            receipt.subscription = Some(only.to_string().into());
        }
    }
    Ok(receipt)
}

/// Takes a waiting order back, line by line.
pub(super) async fn cancel(cx: &Context, order: &OrderId, lines: &[String]) -> Result<Receipt> {
    let mut receipts = Vec::with_capacity(lines.len());
    let mut failure: Option<Error> = None;
    for (at, number) in lines.iter().enumerate() {
        let mut receipt = LineReceipt::new(at, LineOutcome::NotAttempted);
        receipt.order = Some(order.clone());
        if failure.is_none() {
            match cx.client.scheduled_purchase_requests().cancel(order.own(), number).await {
                Ok(()) => receipt.outcome = LineOutcome::Applied,
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
