//! Changes of subscriptions: the whole record is read, edited and written back.

pub(in crate::provider::write) mod renewal;

use chrono::{DateTime, Utc};
use provider_core::command::Effective;
use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::{ChangeQuantity, Error, Result, SubscriptionId};
use rust_decimal::Decimal;

use super::prepared::{Prepared, simulated};
use crate::map;
use crate::map::subscription::{seats, status as name, term};
use crate::model::{AgreementProduct, NextTermInstructions, Subscription, SubscriptionStatus};
use crate::provider::context::refusal::{is_it, number, refused};
use crate::provider::context::{Context, organizations};
use crate::provider::products;
use crate::provider::write::send::call::{Send, Shown, SubscriptionChange};
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
        is_it("subscription", id, Some(typed.id))?;
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
    fn change(
        &self,
        field: &str,
        from: Option<String>,
        to: Option<String>,
    ) -> provider_core::receipt::Change {
        provider_core::receipt::Change::new(format!("subscription {}: {field}", self.id), from, to)
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
    let mut plan = simulated();
    // That it shows already makes a call needless only where the caller relies on it: reads can lag.
    let needless = command.effective == Effective::Now && command.expected == Some(command.quantity);
    if needless {
        plan.warnings.push("the subscription has this quantity already: nothing is sent".to_owned());
    } else {
        within_limits(cx, typed, wanted).await?;
        let shown = target.change(
            "quantity",
            typed.quantity.map(|quantity| quantity.to_string()),
            Some(wanted.to_string()),
        );
        plan = plan.with_change(shown);
    }
    plan.reducible.push(reducible(&command.subscription, typed, now));
    let unit = typed.pricing.as_ref().and_then(|pricing| pricing.purchase_price);
    let code = typed.pricing.as_ref().and_then(|pricing| pricing.currency_code.as_deref());
    plan.cost = unit.and_then(|unit| {
        let price =
            map::subscription::price(typed, code, unit.checked_mul(wanted.into())?, cx.settings.currency);
        Some(price.flat())
    });
    let (record, next_term) = if needless {
        (None, None)
    } else if command.effective == Effective::TermEnd {
        (None, Some(NextTermInstructions { quantity: Some(wanted), ..Default::default() }))
    } else {
        target.record.set(&["Quantity"], &wanted)?;
        (Some(target.record), None)
    };
    let subscription = command.subscription.clone();
    let shown = Shown::Quantity(wanted);
    Ok(Prepared {
        plan,
        send: Send::Change(SubscriptionChange { subscription, id: target.id, record, shown, next_term }),
    })
}

/// Until when the seats can be reduced, by what the subscription says.
fn reducible(id: &SubscriptionId, typed: &Subscription, now: DateTime<Utc>) -> Reducible {
    let ends = typed.commitment_end_date.or(typed.end_date);
    let until = ReducibleUntil::window(typed.cancellation_allowed_until_date, ends, now);
    Reducible::new(format!("subscription {id}"), until)
}

/// Refuses what an order of the same product would be refused for. Where the price list does not say, the
/// service decides.
async fn within_limits(cx: &Context, typed: &Subscription, wanted: i64) -> Result<()> {
    let own = typed.part_number.as_deref().filter(|part| !part.is_empty());
    let part = own.or_else(|| typed.product.as_ref().and_then(|product| product.part_number.as_deref()));
    let owner = typed.organization.as_ref().map(|owner| owner.id).or(cx.settings.organization);
    let (Some(part), Some(owner)) = (part, owner) else { return Ok(()) };
    let Ok(rows) = products::rows_of_part(cx, owner, part).await else { return Ok(()) };
    let term = term(typed.term_duration.as_ref());
    let same_term =
        |row: &&AgreementProduct| row.product_variant.as_ref().and_then(map::product::term) == term;
    let mut refusal = None;
    for row in rows.iter().filter(same_term) {
        match map::product::within_limits("quantity", Decimal::from(wanted), row) {
            // The same product under another agreement may allow it.
            Ok(()) => return Ok(()),
            Err(refused) => refusal = Some(refused),
        }
    }
    refusal.map_or(Ok(()), Err)
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
        send: Send::Change(SubscriptionChange {
            subscription,
            id: target.id,
            record,
            shown,
            next_term: None,
        }),
    })
}
