//! Customers: those that were made or taken over, those that were changed, and their consents.

use provider_core::command::folded_name;
use provider_core::judge::{agreed_list, agreed_record};
use provider_core::receipt::LineOutcome;
use provider_core::{
    AttachCustomer, CreateCustomer, Outcome, Receipt, Reconciliation, RecordConsent, Result, UpdateCustomer,
};
use serde_json::Value;

use super::{Lost, found};
use crate::model::CustomerTenant;
use crate::provider::context::organizations;
use crate::provider::context::refusal::number;
use crate::provider::write::baseline::{Accepted, agreements, tenants_of};
use crate::provider::write::prepare::customer::edit::{changes, is_as_wanted, record};
use crate::provider::write::prepare::customer::prefix;
use crate::provider::write::send::customer::without_consent;

pub(super) async fn created(
    lost: &Lost<'_>,
    command: &CreateCustomer,
    before: &[i64],
) -> Result<Reconciliation> {
    let label = prefix(command.domain.as_deref())?;
    let owner = organizations::owner(lost.cx, command.organization.as_ref()).await?;
    let is_it = |tenant: &CustomerTenant| {
        let same_name = tenant.name.as_deref().map(folded_name) == Some(folded_name(&command.name));
        let other_key = tenant.reference.is_some() && tenant.reference != command.external_id;
        same_name && !other_key
    };
    let found = tenant(lost, owner, &label, before, is_it).await?;
    with_consent(lost, command, found).await
}

pub(super) async fn attached(
    lost: &Lost<'_>,
    command: &AttachCustomer,
    before: &[i64],
) -> Result<Reconciliation> {
    let label = prefix(command.domain.as_deref())?;
    let owner = organizations::owner(lost.cx, command.organization.as_ref()).await?;
    let is_it = |tenant: &CustomerTenant| {
        let own = tenant.external_publisher_customer_id.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(command.tenant_id.trim()))
    };
    tenant(lost, owner, &label, before, is_it).await
}

/// A new tenant is known by its domain, which no two tenants share: sending it again cannot make a second one.
async fn tenant(
    lost: &Lost<'_>,
    organization: i64,
    label: &str,
    before: &[i64],
    is_it: impl Fn(&CustomerTenant) -> bool,
) -> Result<Reconciliation> {
    let known = before.iter().map(ToString::to_string);
    let list = match agreed_list("customers", known, || tenants_of(lost.cx, organization)).await? {
        Ok(list) => list,
        Err(undetermined) => return Ok(undetermined),
    };
    let has_label =
        |tenant: &CustomerTenant| tenant.domain_prefix.as_deref().map(|own| own.eq_ignore_ascii_case(label));
    // One that does not tell its domain may be it.
    let fresh = list.values().filter(|tenant| !before.contains(&tenant.id));
    let fresh: Vec<_> = fresh.filter(|tenant| has_label(tenant) != Some(false)).collect();
    Ok(match fresh.as_slice() {
        [one] if has_label(one) == Some(true) && is_it(one) => {
            found(Receipt::new(Outcome::Applied).with_customer(one.id.to_string()))
        }
        [] => lost.absent("no customer with the domain has appeared"),
        _ => lost.unproven(format!("another customer with the domain {label} has appeared")),
    })
}

/// A customer that was made has not necessarily the consent that the command came with.
async fn with_consent(
    lost: &Lost<'_>,
    command: &CreateCustomer,
    judged: Reconciliation,
) -> Result<Reconciliation> {
    let (Reconciliation::Applied(receipt), Some(consent)) = (&judged, &command.consent) else {
        return Ok(judged);
    };
    let Some(customer) = &receipt.customer else { return Ok(judged) };
    let now = match agreed_record("list of agreements", || agreements(lost.cx, customer)).await? {
        Ok(now) => now,
        Err(undetermined) => return Ok(undetermined),
    };
    if now.iter().any(|entry| is_consent(entry, consent)) {
        return Ok(judged);
    }
    // It is the second request of the creation.
    let never_sent = !lost.attempt.steps.is_empty() && lost.attempt.step(1).is_none();
    if lost.is_settling() && !never_sent {
        return Ok(lost.unproven("the customer was made; its consent may still be on its way"));
    }
    let why = "was not recorded: record it before anything is ordered";
    Ok(found(without_consent(receipt.clone(), LineOutcome::NotAttempted, why)))
}

/// Recorded twice it is still the same acceptance, so sending it again changes nothing.
pub(super) async fn consented(
    lost: &Lost<'_>,
    command: &RecordConsent,
    before: &[Accepted],
) -> Result<Reconciliation> {
    let read = || agreements(lost.cx, &command.customer);
    let now = match agreed_record("list of agreements", read).await? {
        Ok(now) => now,
        Err(undetermined) => return Ok(undetermined),
    };
    if before.iter().any(|known| !now.contains(known)) {
        return Ok(lost.unproven("agreements that were recorded before are missing"));
    }
    let of_command = |list: &[Accepted]| list.iter().filter(|e| is_consent(e, &command.consent)).count();
    Ok(if of_command(&now) > of_command(before) {
        found(Receipt::new(Outcome::Applied).with_customer(&command.customer))
    } else {
        lost.absent("the agreement is not recorded")
    })
}

fn is_consent(entry: &Accepted, wanted: &provider_core::command::Consent) -> bool {
    entry.email.eq_ignore_ascii_case(&wanted.email)
        && entry.at.map(|at| at.timestamp()) == Some(wanted.agreed_at.timestamp())
}

/// Judged by the members that the command sets.
pub(super) async fn updated(
    lost: &Lost<'_>,
    command: &UpdateCustomer,
    before: &[Value],
) -> Result<Reconciliation> {
    let edits = changes(command)?;
    let id = number("customer", &command.customer)?;
    let read = || async {
        let record = record(lost.cx, id).await?;
        let members = edits.iter().map(|(path, _)| record.get::<Value>(path).unwrap_or_default());
        Ok((is_as_wanted(&record, &edits), members.collect::<Vec<_>>()))
    };
    let (is_as_wanted, now) = match agreed_record("customer", read).await? {
        Ok(now) => now,
        Err(undetermined) => return Ok(undetermined),
    };
    Ok(if is_as_wanted {
        found(Receipt::new(Outcome::Applied).with_customer(&command.customer))
    } else if now == before {
        lost.absent("the customer has not changed")
    } else {
        lost.unproven("the customer was changed in another way meanwhile")
    })
}
