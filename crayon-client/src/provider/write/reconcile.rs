//! Did it happen? Judged by what was before and what is now.

mod expected;
mod order;

use std::time::Duration;

use provider_core::{
    Attempt, Command, CreateCustomer, LineOutcome, LineReceipt, Operation, Outcome, ReadOptions, Receipt,
    Reconciliation, Result, SubscriptionId,
};

use self::expected::Expected;
use super::baseline::state::State;
use super::baseline::{Accepted, Notes, agreements, with_prefix};
use super::prepare::customer::edit::{changes, is_as_wanted};
use super::prepare::customer::prefix;
use super::prepare::prepared::subscription_of;
use super::send::customer::without_consent;
use crate::model;
use crate::provider::context::refusal::number;
use crate::provider::context::{Context, organizations};
use crate::provider::orders::{self, Waiting};

/// A request that was cut off may still be on its way, and Cloud-iQ's own work takes a while: nothing is
/// called "not applied" before this has passed.
const SETTLING: Duration = Duration::from_secs(5 * 60);

pub(in crate::provider) async fn judge(cx: &Context, attempt: &Attempt) -> Result<Reconciliation> {
    let kind = attempt.command.kind();
    let cx = &cx.during(Operation::Reconcile(kind), &ReadOptions::default());
    let notes = attempt.baseline.as_ref().and_then(|notes| serde_json::from_value(notes.state.clone()).ok());
    let Some(notes) = notes else {
        return Ok(Reconciliation::undetermined("nothing was noted down before the command was sent"));
    };
    let settled = settling(cx, attempt);
    match (&attempt.command, notes) {
        (Command::PlaceOrder(command), Notes::Possessions(before)) => {
            order::order(cx, &command.order, &before, settled).await
        }
        (Command::CreateCustomer(command), Notes::Tenants(before)) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            let is_it =
                |tenant: &model::CustomerTenant| tenant.name.as_deref() == Some(command.name.as_str());
            let found = tenant(cx, owner, &label, &before, settled, is_it).await?;
            with_consent(cx, command, found, settled).await
        }
        (Command::AttachCustomer(command), Notes::Tenants(before)) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            let is_it = |tenant: &model::CustomerTenant| {
                let own = tenant.external_publisher_customer_id.as_deref();
                own.is_some_and(|own| own.eq_ignore_ascii_case(command.tenant_id.trim()))
            };
            tenant(cx, owner, &label, &before, settled, is_it).await
        }
        (Command::RecordConsent(command), Notes::Consents(before)) => {
            let now = agreements(cx, &command.customer).await?;
            let done = Receipt::new(Outcome::Applied).with_customer(&command.customer);
            // Recorded twice it is still the same acceptance, so sending it again harms nobody.
            Ok(if now.iter().any(|entry| is_consent(entry, &command.consent)) {
                Reconciliation::Applied(done)
            } else {
                unchanged(now == before, settled, "the customer's agreements changed in another way")
            })
        }
        (Command::UpdateCustomer(command), Notes::Members(before)) => {
            let edits = changes(command)?;
            let record =
                cx.client.customer_tenants().document(number("customer", &command.customer)?).await?;
            if is_as_wanted(&record, &edits) {
                let done = Receipt::new(Outcome::Applied).with_customer(&command.customer);
                return Ok(Reconciliation::Applied(done));
            }
            let now = edits.iter().map(|(path, _)| record.get::<serde_json::Value>(path).unwrap_or_default());
            let same = now.eq(before);
            Ok(unchanged(same, settled, "the customer was changed in another way meanwhile"))
        }
        (Command::CancelOrder(command), Notes::Waiting(before)) => {
            let now = orders::waiting(cx, command).await?.unwrap_or_default();
            let present = cx.now();
            let early = |line: &Waiting| line.until.is_some_and(|day| day.at() > present);
            // What is gone before its day was taken back; what is gone after it may have been carried out.
            if now.is_empty() && !before.is_empty() && before.iter().all(early) {
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.order = Some(command.order.clone());
                return Ok(Reconciliation::Applied(Receipt::new(Outcome::Applied).with_line(line)));
            }
            Ok(unchanged(now == before, settled, "the order waits no longer, or only in part"))
        }
        (command, Notes::State(before)) => {
            let expected = Expected::of(cx, command).await?;
            match expected.zip(subscription_of(command)) {
                Some((expected, id)) => subscription(cx, id, &expected, &before, settled).await,
                None => Ok(Reconciliation::undetermined("Cloud-iQ keeps no trace of this command")),
            }
        }
        _ => Ok(Reconciliation::undetermined("what was noted down belongs to another command")),
    }
}

/// How long until the attempt can be judged; `None` once it can.
fn settling(cx: &Context, attempt: &Attempt) -> Option<Duration> {
    attempt.settles_in(SETTLING, cx.now())
}

/// A record that is as it was: the command sets absolute values, so once it cannot be on its way any more it
/// did not happen, and sending it again can do nothing twice.
fn unchanged(same: bool, settling: Option<Duration>, otherwise: &str) -> Reconciliation {
    match (same, settling) {
        (true, None) => Reconciliation::NotApplied,
        (true, Some(rest)) => {
            Reconciliation::undetermined_until("nothing has changed yet; it may still be on its way", rest)
        }
        (false, _) => Reconciliation::undetermined(otherwise),
    }
}

async fn subscription(
    cx: &Context,
    id: &SubscriptionId,
    expected: &Expected,
    before: &State,
    settling: Option<Duration>,
) -> Result<Reconciliation> {
    let now = State::of(&cx.client.subscriptions().get(number("subscription", id)?).await?);
    let line = |at: usize, outcome| {
        let mut line = LineReceipt::new(at, outcome);
        line.subscription = Some(id.clone());
        line
    };
    let done = Receipt::new(Outcome::Applied).with_line(line(0, LineOutcome::Applied));
    if expected.is_shown_by(&now) {
        return Ok(Reconciliation::Applied(done));
    }
    if now != *before && expected.is_half_shown_by(&now) && now.has_the_next_term_of(before) {
        // The second request follows the first only where that was answered.
        return Ok(match settling {
            Some(rest) => Reconciliation::undetermined_until(
                "renewal was switched; what is wanted of the next term may still be on its way",
                rest,
            ),
            None => {
                let mut half = done.with_line(line(1, LineOutcome::NotAttempted));
                half.outcome = Outcome::Partial;
                Reconciliation::Applied(half)
            }
        });
    }
    Ok(unchanged(now == *before, settling, "the subscription was changed in another way meanwhile"))
}

fn is_consent(entry: &Accepted, wanted: &provider_core::Consent) -> bool {
    entry.email.eq_ignore_ascii_case(&wanted.email)
        && entry.at.map(|at| at.timestamp()) == Some(wanted.agreed_at.timestamp())
}

/// A customer that was made has not necessarily the consent that the command came with.
async fn with_consent(
    cx: &Context,
    command: &CreateCustomer,
    found: Reconciliation,
    settling: Option<Duration>,
) -> Result<Reconciliation> {
    let (Reconciliation::Applied(receipt), Some(consent)) = (&found, &command.consent) else {
        return Ok(found);
    };
    let Some(customer) = &receipt.customer else { return Ok(found) };
    if agreements(cx, customer).await?.iter().any(|entry| is_consent(entry, consent)) {
        return Ok(found);
    }
    Ok(match settling {
        Some(rest) => Reconciliation::undetermined_until(
            "the customer was made; its consent may still be on its way",
            rest,
        ),
        None => Reconciliation::Applied(without_consent(
            receipt.clone(),
            LineOutcome::NotAttempted,
            "was not recorded: record it before anything is ordered",
        )),
    })
}

/// A new tenant is known by its domain, which no two tenants share: sending it again cannot make a second one.
async fn tenant(
    cx: &Context,
    organization: i64,
    label: &str,
    before: &[i64],
    settling: Option<Duration>,
    is_it: impl Fn(&model::CustomerTenant) -> bool,
) -> Result<Reconciliation> {
    let now = with_prefix(cx, organization, label).await?;
    let fresh: Vec<_> = now.iter().filter(|tenant| !before.contains(&tenant.id)).collect();
    Ok(match fresh.as_slice() {
        [one] if is_it(one) => {
            Reconciliation::Applied(Receipt::new(Outcome::Applied).with_customer(one.id.to_string()))
        }
        [] => unchanged(true, settling, ""),
        _ => Reconciliation::undetermined(format!("another customer with the domain {label} has appeared")),
    })
}
