//! What happens when a term ends: renewal on or off, and instructions for the next term.

use provider_core::command::Effective;
use provider_core::{CancelSubscription, ChangeRenewal, Error, Patch, Result};

use super::Target;
use crate::map::offer::{Choice, cycle, order_cycle, wire_cycle};
use crate::map::product::part_number;
use crate::map::subscription::seats;
use crate::model::{BillingCycleEnum, NextTermInstructions, Subscription, TermDuration};
use crate::provider::context::Context;
use crate::provider::context::refusal::{missing, refused};
use crate::provider::write::prepare::prepared::{Prepared, simulated};
use crate::provider::write::send::call::{Send, Shown, SubscriptionChange};
use crate::provider::{capabilities, products};

/// What a renewal command asks of the next term. `None` when it only switches automatic renewal.
pub(in crate::provider::write) async fn instructions(
    cx: &Context,
    command: &ChangeRenewal,
) -> Result<Option<NextTermInstructions>> {
    let mut wanted = NextTermInstructions::default();
    match &command.quantity {
        Patch::Keep => {}
        Patch::Set(quantity) => wanted.quantity = Some(seats("quantity", *quantity)?),
        Patch::Clear => return Err(cannot_clear("quantity")),
    }
    match &command.offer {
        Patch::Keep => {}
        Patch::Set(offer) => {
            let choice = Choice::parse("offer", offer)?;
            wanted.billing_cycle = Some(order_cycle("offer", choice.cycle.for_orders())?);
            wanted.term_duration = choice.term.map(|term| TermDuration::from(term.to_string()));
            wanted.part_number = Some(choice.part_number);
        }
        Patch::Clear => return Err(cannot_clear("offer")),
    }
    match &command.commitment_term {
        Patch::Keep => {}
        Patch::Set(term) => wanted.term_duration = Some(TermDuration::from(term.to_string())),
        Patch::Clear => return Err(cannot_clear("commitment_term")),
    }
    match &command.billing_cycle {
        Patch::Keep => {}
        Patch::Set(cycle) => {
            let cycle = wire_cycle(cycle).and_then(BillingCycleEnum::for_orders);
            wanted.billing_cycle = Some(order_cycle("billing_cycle", cycle)?);
        }
        Patch::Clear => return Err(cannot_clear("billing_cycle")),
    }
    match &command.ends_at {
        Patch::Keep => {}
        Patch::Set(end) => wanted.custom_term_end_date = Some(*end),
        Patch::Clear => return Err(cannot_clear("ends_at")),
    }
    match &command.product {
        Patch::Keep => {}
        Patch::Set(product) if product.as_str().contains(':') => {
            wanted.part_number = Some(product.to_string());
        }
        Patch::Set(product) => {
            let row = products::row(cx, product).await.map_err(|error| missing("product", error))?;
            let part = row.product_variant.as_ref().and_then(part_number);
            wanted.part_number = part.map(str::to_owned);
        }
        Patch::Clear => return Err(cannot_clear("product")),
    }
    Ok((wanted != NextTermInstructions::default()).then_some(wanted))
}

pub(in crate::provider::write::prepare) async fn change(
    cx: &Context,
    command: &ChangeRenewal,
) -> Result<Prepared> {
    let instructions = instructions(cx, command).await?;
    if instructions.is_none() && command.auto_renew.is_none() {
        return Err(Error::invalid_input("subscription", "nothing is to be changed"));
    }
    if instructions.is_some() && command.auto_renew == Some(false) {
        return Err(Error::invalid_input(
            "auto_renew",
            "a subscription that does not renew has no next term",
        ));
    }
    let target = Target::read(cx, &command.subscription).await?;
    switched(target, command, instructions)
}

/// At the end of the term, by switching automatic renewal off.
pub(in crate::provider::write::prepare) async fn cancel(
    cx: &Context,
    command: &CancelSubscription,
) -> Result<Prepared> {
    // Whether it exists is said first, as for every other change.
    let target = Target::read(cx, &command.subscription).await?;
    cancellable(command)?;
    let mut renewal_off = ChangeRenewal::new(&command.subscription);
    renewal_off.auto_renew = Some(false);
    switched(target, &renewal_off, None)
}

fn switched(
    mut target: Target,
    command: &ChangeRenewal,
    next_term: Option<NextTermInstructions>,
) -> Result<Prepared> {
    target.check_active()?;
    let is = target.typed.auto_renew_enabled;
    if next_term.is_some() && command.auto_renew.or(is) == Some(false) {
        return Err(refused("auto_renew", "the subscription does not renew; switch that on as well"));
    }
    let mut plan = simulated();
    let mut note = |field: &str, from: Option<String>, to: Option<String>| {
        if to.is_some() {
            plan.changes.push(target.change(field, from, to));
        }
    };
    let text = |flag: bool| flag.to_string();
    note("auto_renew", is.map(text), command.auto_renew.map(text));
    if let Some(wanted) = &next_term {
        let Subscription { quantity, part_number, term_duration, .. } = &target.typed;
        note("next term: quantity", quantity.map(|q| q.to_string()), wanted.quantity.map(|q| q.to_string()));
        note("next term: product", part_number.clone(), wanted.part_number.clone());
        note(
            "next term: commitment",
            term_duration.as_ref().map(ToString::to_string),
            wanted.term_duration.as_ref().map(ToString::to_string),
        );
        let cycle = wanted.billing_cycle.and_then(|of_orders| cycle(of_orders.for_subscriptions(), false));
        note("next term: billing cycle", None, cycle.map(|cycle| cycle.to_string()));
        note("next term: end", None, wanted.custom_term_end_date.map(|end| end.to_rfc3339()));
    }
    let record = match command.auto_renew.filter(|renew| is != Some(*renew)) {
        Some(renew) => {
            target.record.set(&["AutoRenewEnabled"], &renew)?;
            Some(target.record)
        }
        None => None,
    };
    let subscription = command.subscription.clone();
    let change =
        SubscriptionChange { subscription, id: target.id, record, shown: Shown::Anything, next_term };
    Ok(Prepared { plan, send: Send::Change(change) })
}

/// Ending at once is not documented; ending with the term is.
pub(in crate::provider::write) fn cancellable(command: &CancelSubscription) -> Result<()> {
    if command.effective == Effective::TermEnd {
        return Ok(());
    }
    Err(Error::invalid_input("effective", capabilities::NO_CANCEL))
}

fn cannot_clear(field: &str) -> Error {
    Error::invalid_input(field, "cannot be emptied: what is left out of the instructions stays as it is")
}
