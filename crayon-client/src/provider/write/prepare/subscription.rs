//! Changes of subscriptions: the whole record is read, edited and written back.

pub(in crate::provider::write) mod renewal;

use provider_core::{ChangeQuantity, Effective, Error, Result, SubscriptionId};
use rust_decimal::Decimal;

use super::prepared::{Prepared, simulated};
use crate::map;
use crate::map::subscription::{seats, status as name};
use crate::model::{NextTermInstructions, Subscription, SubscriptionStatus};
use crate::provider::context::refusal::{number, refused};
use crate::provider::context::{Context, organizations};
use crate::provider::write::send::call::{Change, Send, Shown};
use crate::wire::Document;

/// A subscription that is about to be changed.
struct Target {
    id: i64,
    record: Document,
    typed: Subscription,
}

impl Target {
    async fn read(cx: &Context, id: &SubscriptionId) -> Result<Self> {
        let id = number("subscription", id)?;
        let record = cx.client.subscriptions().document(id).await?;
        let typed: Subscription = record.read()?;
        organizations::within(cx, "subscription", typed.organization.as_ref().map(|owner| owner.id))?;
        Ok(Self { id, record, typed })
    }

    /// Refuses what the documents refuse: an update of a subscription that is not active.
    fn check_active(&self) -> Result<()> {
        match self.typed.status {
            Some(SubscriptionStatus::ACTIVE) | None => Ok(()),
            Some(other) => {
                let problem =
                    format!("the subscription is {}; only an active one can be changed", name(other));
                Err(refused("status", problem))
            }
        }
    }

    /// What changes of it, as it is shown.
    fn change(&self, field: &str, from: Option<String>, to: Option<String>) -> provider_core::Change {
        provider_core::Change::new(format!("subscription {}: {field}", self.id), from, to)
    }
}

/// What can be said of a change of the quantity without the network.
pub(in crate::provider::write) fn check_quantity(command: &ChangeQuantity) -> Result<i64> {
    let wanted = seats("quantity", command.quantity)?;
    if let Effective::On(_) = command.effective {
        return Err(Error::invalid_input(
            "effective",
            "Cloud-iQ changes seats now or at the end of the term",
        ));
    }
    Ok(wanted)
}

pub(super) async fn quantity(cx: &Context, command: &ChangeQuantity) -> Result<Prepared> {
    let wanted = check_quantity(command)?;
    let mut target = Target::read(cx, &command.subscription).await?;
    target.check_active()?;
    let typed = &target.typed;
    let current = typed.quantity;
    let has = current.map(Decimal::from);
    if let Some(expected) = command.expected.filter(|expected| has != Some(*expected)) {
        let has = current.map_or_else(|| "an unknown number of".to_owned(), |seats| seats.to_string());
        return Err(refused("expected", format!("the subscription has {has} seats, not {expected}")));
    }
    let now = cx.now();
    if command.effective == Effective::Now
        && current.is_some_and(|current| wanted < current)
        && let Some(until) = typed.cancellation_allowed_until_date.filter(|until| *until < now)
    {
        return Err(refused(
            "quantity",
            format!(
                "seats could be given back until {until}; order the smaller number for the end of the term"
            ),
        ));
    }
    let shown = target.change(
        "quantity",
        typed.quantity.map(|quantity| quantity.to_string()),
        Some(wanted.to_string()),
    );
    let mut plan = simulated().with_change(shown);
    let unit = typed.pricing.as_ref().and_then(|pricing| pricing.purchase_price);
    let code = typed.pricing.as_ref().and_then(|pricing| pricing.currency_code.as_deref());
    plan.cost = unit.and_then(|unit| {
        let price =
            map::subscription::price(typed, code, unit.checked_mul(wanted.into())?, cx.settings.currency);
        Some(price.flat())
    });
    let (record, next_term) = if command.effective == Effective::TermEnd {
        (None, Some(NextTermInstructions { quantity: Some(wanted), ..Default::default() }))
    } else {
        target.record.set(&["Quantity"], &wanted)?;
        (Some(target.record), None)
    };
    let subscription = command.subscription.clone();
    let shown = Shown::Quantity(wanted);
    Ok(Prepared {
        plan,
        send: Send::Change(Change { subscription, id: target.id, record, shown, next_term }),
    })
}

/// The step to a status from the only one that leads there, or why it cannot be taken.
pub(super) async fn status(cx: &Context, id: &SubscriptionId, to: SubscriptionStatus) -> Result<Prepared> {
    let from = match to {
        SubscriptionStatus::SUSPENDED => SubscriptionStatus::ACTIVE,
        _ => SubscriptionStatus::SUSPENDED,
    };
    let mut target = Target::read(cx, id).await?;
    let is = target.typed.status;
    if let Some(is) = is.filter(|is| *is != from && *is != to) {
        return Err(refused("status", format!("the subscription is {}, not {}", name(is), name(from))));
    }
    let shown = |status| name(status).to_string();
    let plan = simulated().with_change(target.change("status", is.map(shown), Some(shown(to))));
    target.record.set(&["Status"], &to)?;
    let record = (is != Some(to)).then_some(target.record);
    let (subscription, shown) = (id.clone(), Shown::Status(to));
    Ok(Prepared {
        plan,
        send: Send::Change(Change { subscription, id: target.id, record, shown, next_term: None }),
    })
}
