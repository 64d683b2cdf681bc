//! Changes of subscriptions: read the whole record, edit it, write it back; or instructions for the next term.

mod renewal;
mod status;

use provider_core::{
    ChangeQuantity, Delivery, Effective, Error, ErrorKind, LineOutcome, LineReceipt, Outcome, Receipt,
    Result, SubscriptionId, Violation,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

pub(super) use renewal::{Renewal, cancellable};
pub(super) use status::Step;

use super::CrayonProvider;
use super::execute::before_sending;
use super::lookup::number;
use crate::api::request;
use crate::client::CrayonClient;
use crate::error::{field_of_code, kind_of_code};
use crate::model::{
    BillingCycleType, BusinessResult, NextTermInstructions, Subscription, SubscriptionStatus,
};
use crate::wire::Document;

/// A number of seats: whole, and at least one.
pub(super) fn seats(field: &str, quantity: Decimal) -> Result<i64> {
    let whole = quantity.fract().is_zero().then(|| quantity.to_i64()).flatten();
    match whole {
        Some(seats) if seats >= 1 && seats <= i64::from(i32::MAX) => Ok(seats),
        Some(0) => Err(Error::invalid_input(field, "is 0: end the subscription instead")),
        _ => Err(Error::invalid_input(field, format!("{quantity} is not a whole number of seats"))),
    }
}

/// What can be said of a change of the quantity without the network.
pub(super) fn check_change(command: &ChangeQuantity) -> Result<()> {
    seats("quantity", command.quantity)?;
    if let Effective::On(_) = command.effective {
        return Err(Error::invalid_input(
            "effective",
            "Cloud-iQ changes seats now or at the end of the term",
        ));
    }
    Ok(())
}

/// A refusal by the state of a record; nothing was sent.
pub(super) fn refused(field: &str, problem: impl Into<String>) -> Error {
    let problem = problem.into();
    Error::new(ErrorKind::PreconditionFailed, format!("{field}: {problem}"))
        .with_delivery(Delivery::NotSent)
        .with_violation(Violation::new(field, problem))
}

/// The error behind a refusal that came with HTTP 200.
pub(super) fn business_error(code: Option<&str>, words: Option<&str>) -> Error {
    let code = code.unwrap_or_default();
    let words = words.filter(|words| !words.is_empty()).unwrap_or("Cloud-iQ refused without a reason");
    let kind = kind_of_code(code).unwrap_or(ErrorKind::InvalidInput);
    let mut violation = Violation::new(field_of_code(code).unwrap_or_default(), words);
    violation.code = Some(code.to_owned()).filter(|code| !code.is_empty());
    let error = Error::new(kind, words.to_owned())
        .with_delivery(Delivery::Rejected)
        .with_http_status(200)
        .with_violation(violation);
    if code.is_empty() { error } else { error.with_code(code) }
}

/// An answer that says neither yes nor no: whether something happened is for a look at the records to say.
pub(super) fn undecided(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not say whether {what} was accepted"))
        .with_delivery(Delivery::Unknown)
        .with_http_status(200)
}

fn applied(id: &SubscriptionId, outcome: LineOutcome) -> Receipt {
    let mut line = LineReceipt::new(0, outcome);
    line.subscription = Some(id.clone());
    let whole = if outcome == LineOutcome::Accepted { Outcome::Accepted } else { Outcome::Applied };
    Receipt::new(whole).with_line(line)
}

impl CrayonProvider {
    /// The whole record and its typed reading.
    pub(super) async fn record(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
    ) -> Result<(i64, Document, Subscription)> {
        let id = number("subscription", id)?;
        let record = client.subscriptions().document(id).await?;
        let typed: Subscription = record.read()?;
        self.within("subscription", typed.organization.as_ref().map(|organization| organization.id))?;
        Ok((id, record, typed))
    }

    /// Refuses what the documents refuse: an update of a subscription that is not active.
    fn check_active(typed: &Subscription) -> Result<()> {
        match typed.status {
            Some(SubscriptionStatus::ACTIVE) | None => Ok(()),
            Some(other) => {
                let name = crate::map::subscription::status(other);
                Err(refused(
                    "status",
                    format!("the subscription is {name}; only an active one can be changed"),
                ))
            }
        }
    }

    /// Checks a change of the quantity against the record, and answers the seats to send.
    pub(super) fn check_quantity(&self, typed: &Subscription, command: &ChangeQuantity) -> Result<i64> {
        let wanted = seats("quantity", command.quantity)?;
        Self::check_active(typed)?;
        let current = typed.quantity.unwrap_or_default();
        if let Some(expected) = command.expected.filter(|expected| *expected != Decimal::from(current)) {
            return Err(refused("expected", format!("the subscription has {current} seats, not {expected}")));
        }
        let now = self.client.http().clock().now();
        if command.effective == Effective::Now
            && wanted < current
            && let Some(until) = typed.cancellation_allowed_until_date.filter(|until| *until < now)
        {
            return Err(refused(
                "quantity",
                format!(
                    "seats could be given back until {until}; order the smaller number for the end of the term"
                ),
            ));
        }
        Ok(wanted)
    }

    pub(super) async fn change_quantity(
        &self,
        client: &CrayonClient,
        command: &ChangeQuantity,
    ) -> Result<Receipt> {
        let prepared = async {
            check_change(command)?;
            let (id, mut record, typed) = self.record(client, &command.subscription).await?;
            let wanted = self.check_quantity(&typed, command)?;
            record.set(&["Quantity"], &wanted)?;
            Ok((id, record, wanted))
        };
        let (id, record, wanted) = before_sending(prepared.await)?;
        if command.effective == Effective::TermEnd {
            let instructions = NextTermInstructions { quantity: Some(wanted), ..Default::default() };
            return self.instruct(client, id, &command.subscription, &instructions).await;
        }
        let answer = update(client, id, &record).await?;
        let done = answer.and_then(|answer| answer.quantity).is_none_or(|quantity| quantity == wanted);
        Ok(applied(&command.subscription, if done { LineOutcome::Applied } else { LineOutcome::Accepted }))
    }

    async fn instruct(
        &self,
        client: &CrayonClient,
        id: i64,
        subscription: &SubscriptionId,
        instructions: &NextTermInstructions,
    ) -> Result<Receipt> {
        let result: BusinessResult = client.subscriptions().instruct_next_term(id, instructions).await?;
        match result.is_successful {
            Some(true) => Ok(applied(subscription, LineOutcome::Applied)),
            Some(false) => {
                Err(business_error(result.error_reason_code.as_deref(), result.error_description.as_deref()))
            }
            None => Err(undecided("the change")),
        }
    }
}

/// Writes the whole record back.
async fn update(client: &CrayonClient, id: i64, record: &Document) -> Result<Option<Subscription>> {
    client.written(request::subscriptions::update(id, record)?).await
}

pub(super) fn for_orders(field: &str, cycle: Option<BillingCycleType>) -> Result<BillingCycleType> {
    cycle.ok_or_else(|| Error::invalid_input(field, "Cloud-iQ's orders know no such billing cycle"))
}
