//! Companies: those that were created, and those that were changed.

use provider_core::command::folded_name;
use provider_core::judge::{LineFate, agreed_list, agreed_record};
use provider_core::receipt::LineReceipt;
use provider_core::{CreateCustomer, Outcome, Receipt, Reconciliation, Result, UpdateCustomer};

use super::{Lost, found};
use crate::model::Company;
use crate::provider::write::baseline::{Present, companies, compared};

pub(super) async fn created(
    lost: &Lost<'_>,
    command: &CreateCustomer,
    known: &[String],
) -> Result<Reconciliation> {
    let read = || companies(lost.cx, lost.op);
    let mut new = match agreed_list("companies", known.iter().cloned(), read).await? {
        Ok(companies) => companies,
        Err(undetermined) => return Ok(undetermined),
    };
    let has_name = |company: &Company| {
        company.name.as_deref().is_some_and(|name| folded_name(name) == folded_name(&command.name))
    };
    let has_key = |company: &Company| company.external_id == command.external_id;
    // One that does not tell its name may be it.
    new.retain(|id, company| {
        let is_like = company.name.is_none()
            || has_name(company)
            || (command.external_id.is_some() && has_key(company));
        is_like && !known.contains(id)
    });
    let new: Vec<_> = new.into_values().collect();
    Ok(match new.as_slice() {
        [only] if has_name(only) && (command.external_id.is_none() || has_key(only)) => {
            found(Receipt::new(Outcome::Applied).with_customer(only.id.as_str()))
        }
        [_] => lost.unproven("a new company is like it, but not the same"),
        [] => lost.unproven("no such company shows; that it does not show yet proves nothing"),
        _ => lost.unproven("several new companies are like it"),
    })
}

/// An update is a request for the company and one for each contact, all of which set absolute values.
pub(super) async fn updated(
    lost: &Lost<'_>,
    command: &UpdateCustomer,
    before: Option<&Present>,
) -> Result<Reconciliation> {
    let read = || compared(lost.cx, lost.op, command);
    let (now, is_as_wanted) = match agreed_record("company", read).await? {
        Ok(now) => now,
        Err(undetermined) => return Ok(undetermined),
    };
    let customer = command.customer.clone();
    if is_as_wanted {
        return Ok(found(Receipt::new(Outcome::Applied).with_customer(customer)));
    }
    let Some(before) = before else {
        return Ok(lost.unproven("the company is not as it was wanted, and what it was before is not known"));
    };
    if now == *before {
        return Ok(lost.absent("the company has not changed"));
    }
    let last = lost.attempt.steps.iter().map(|step| step.step as usize + 1).max().unwrap_or_default();
    let fates = lost.attempt.fates(last);
    let was_answered = fates.iter().any(|fate| matches!(fate, LineFate::Answered(_)));
    if !was_answered || lost.is_settling() {
        return Ok(lost.unproven("the company has changed, and is not yet as the command wanted it"));
    }
    // A part of it was answered: that is said, and what is missing may be sent again.
    let lines = fates.into_iter().enumerate().map(|(at, fate)| match fate {
        LineFate::Answered(answered) => answered,
        LineFate::InFlight => LineReceipt::in_doubt(at, "the company is not as it was wanted"),
        _ => LineReceipt::never_sent(at),
    });
    let mut receipt = Receipt::new(Outcome::Partial).with_customer(customer);
    receipt.lines = lines.collect();
    if receipt.lines.iter().all(|line| line.violations.is_empty()) {
        receipt.lines.push(LineReceipt::never_sent(last));
    }
    Ok(found(receipt))
}
