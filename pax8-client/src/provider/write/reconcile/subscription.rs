//! Reconciliation of quantities and cancellations: whether they were applied shows in the subscription.

use chrono::{DateTime, Utc};
use provider_core::command::Effective;
use provider_core::judge::agreed_record;
use provider_core::receipt::LineOutcome;
use provider_core::{CancelSubscription, ChangeQuantity, Reconciliation, Result, SubscriptionId};
use rust_decimal::Decimal;

use super::{Lost, found};
use crate::model::{Subscription, SubscriptionStatus};
use crate::provider::subscriptions;
use crate::provider::write::send::receipt::of_change;

async fn agreed(lost: &Lost<'_>, id: &SubscriptionId) -> Result<Result<Subscription, Reconciliation>> {
    agreed_record("subscription", || subscriptions::record(lost.cx, lost.op, id)).await
}

pub(super) async fn resized(
    lost: &Lost<'_>,
    command: &ChangeQuantity,
    before: Option<Decimal>,
) -> Result<Reconciliation> {
    let now = match agreed(lost, &command.subscription).await? {
        Ok(record) => record.quantity,
        Err(undetermined) => return Ok(undetermined),
    };
    Ok(if now == Some(command.quantity) {
        found(of_change(&command.subscription, LineOutcome::Applied))
    } else if now.is_none() || before.is_none() {
        lost.unproven("the subscription tells no quantity")
    } else if now == before {
        lost.absent("the quantity is as it was")
    } else {
        lost.unproven("the quantity is neither the old nor the wanted one: somebody else changed it")
    })
}

pub(super) async fn cancelled(
    lost: &Lost<'_>,
    command: &CancelSubscription,
    before: Option<&str>,
    ended_before: Option<DateTime<Utc>>,
) -> Result<Reconciliation> {
    let record = match agreed(lost, &command.subscription).await? {
        Ok(record) => record,
        Err(undetermined) => return Ok(undetermined),
    };
    let Some(status) = &record.status else { return Ok(lost.unproven("the subscription tells no state")) };
    let same = Some(status.as_str()) == before;
    let end = record.end_date.map(|end| end.at());
    let outcome = match status {
        SubscriptionStatus::Cancelled | SubscriptionStatus::PendingCancel if same => {
            return Ok(lost.unproven("the subscription was ending before it was to be cancelled"));
        }
        SubscriptionStatus::Cancelled => Some(LineOutcome::Applied),
        SubscriptionStatus::PendingCancel => Some(LineOutcome::Accepted),
        // A cancellation to come may show in the end date alone.
        _ => match command.effective {
            Effective::On(day)
                if end != ended_before && record.end_date.is_some_and(|end| end.day() == day) =>
            {
                Some(LineOutcome::Accepted)
            }
            _ => None,
        },
    };
    Ok(match outcome {
        Some(outcome) => found(of_change(&command.subscription, outcome)),
        None if same && end == ended_before => lost.absent("the subscription is as it was"),
        None => lost.unproven("the subscription is neither as it was nor cancelled"),
    })
}
