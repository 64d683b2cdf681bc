//! Did it happen? Judged by what was before and what is now.

use std::time::Duration;

use provider_core::{
    Attempt, Command, LineOutcome, LineReceipt, NewOrder, Operation, Outcome, ReadOptions, Receipt,
    Reconciliation, Result, SubscriptionId,
};

use super::CrayonProvider;
use super::baseline::{Notes, State, accepted, goal, reached, subscriptions_of, target, with_prefix};
use super::customer::{changes, is_as_wanted, prefix};
use super::lookup::number;
use crate::client::CrayonClient;
use crate::map::offer::Choice;
use crate::map::product;
use crate::model::{self, BillingCycleEnum, Subscription};

/// A request that was cut off may still be on its way, and Cloud-iQ's own work takes a while: nothing is
/// called "not applied" before this has passed.
const SETTLING: Duration = Duration::from_secs(5 * 60);

pub(super) async fn run(provider: &CrayonProvider, attempt: &Attempt) -> Result<Reconciliation> {
    let kind = attempt.command.kind();
    let client = provider.calls(Operation::Reconcile(kind), &ReadOptions::default());
    let notes = attempt.baseline.as_ref().and_then(|notes| serde_json::from_value(notes.state.clone()).ok());
    let Some(notes) = notes else {
        return Ok(Reconciliation::undetermined("nothing was noted down before the command was sent"));
    };
    let settled = settling(provider, attempt);
    match (&attempt.command, notes) {
        (Command::PlaceOrder(command), Notes::Subscriptions(before)) => {
            order(provider, &client, &command.order, &before, settled).await
        }
        (Command::CreateCustomer(command), Notes::Tenants(before)) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            let is_it =
                |tenant: &model::CustomerTenant| tenant.name.as_deref() == Some(command.name.as_str());
            tenant(&client, owner, &label, &before, settled, is_it).await
        }
        (Command::AttachCustomer(command), Notes::Tenants(before)) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            let is_it = |tenant: &model::CustomerTenant| {
                let own = tenant.external_publisher_customer_id.as_deref();
                own.is_some_and(|own| own.eq_ignore_ascii_case(command.tenant_id.trim()))
            };
            tenant(&client, owner, &label, &before, settled, is_it).await
        }
        (Command::RecordConsent(command), Notes::Consents(before)) => {
            let now = accepted(&client, &command.customer).await?;
            let is_it = |entry: &super::baseline::Accepted| {
                let at = entry.at.map(|at| at.timestamp());
                entry.email.eq_ignore_ascii_case(&command.consent.email)
                    && at == Some(command.consent.agreed_at.timestamp())
            };
            let done = Receipt::new(Outcome::Applied).with_customer(&command.customer);
            // Recorded twice it is still the same acceptance, so sending it again harms nobody.
            Ok(if now.iter().any(is_it) {
                Reconciliation::Applied(done)
            } else {
                unchanged(now == before, settled, "the customer's agreements changed in another way")
            })
        }
        (Command::UpdateCustomer(command), Notes::Members(before)) => {
            let edits = changes(command)?;
            let record = client.customer_tenants().document(number("customer", &command.customer)?).await?;
            if is_as_wanted(&record, &edits) {
                let done = Receipt::new(Outcome::Applied).with_customer(&command.customer);
                return Ok(Reconciliation::Applied(done));
            }
            let now = edits.iter().map(|(path, _)| record.get::<serde_json::Value>(path).unwrap_or_default());
            let same = now.eq(before);
            Ok(unchanged(same, settled, "the customer was changed in another way meanwhile"))
        }
        (command, Notes::State(before)) => match (goal(command, &before), target(command)) {
            (Some(goal), Some(id)) => {
                let now = State::of(&client.subscriptions().get(number("subscription", id)?).await?);
                if reached(&goal, &before, &now) {
                    return Ok(Reconciliation::Applied(changed(id)));
                }
                Ok(unchanged(now == before, settled, "the subscription was changed in another way meanwhile"))
            }
            _ => Ok(Reconciliation::undetermined("Cloud-iQ keeps no trace of this command")),
        },
        _ => Ok(Reconciliation::undetermined("what was noted down belongs to another command")),
    }
}

/// How long until the attempt can be judged; `None` once it can.
fn settling(provider: &CrayonProvider, attempt: &Attempt) -> Option<Duration> {
    let passed = provider.client.http().clock().now() - attempt.started_at;
    let passed = passed.to_std().unwrap_or_default();
    SETTLING.checked_sub(passed).filter(|rest| !rest.is_zero())
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

fn changed(id: &SubscriptionId) -> Receipt {
    let mut line = LineReceipt::new(0, LineOutcome::Applied);
    line.subscription = Some(id.clone());
    Receipt::new(Outcome::Applied).with_line(line)
}

/// A new tenant is known by its domain, which no two tenants share: sending it again cannot make a second one.
async fn tenant(
    client: &CrayonClient,
    organization: i64,
    label: &str,
    before: &[i64],
    settling: Option<Duration>,
    is_it: impl Fn(&model::CustomerTenant) -> bool,
) -> Result<Reconciliation> {
    let now = with_prefix(client, organization, label).await?;
    let fresh: Vec<_> = now.iter().filter(|tenant| !before.contains(&tenant.id)).collect();
    Ok(match fresh.as_slice() {
        [one] if is_it(one) => {
            Reconciliation::Applied(Receipt::new(Outcome::Applied).with_customer(one.id.to_string()))
        }
        [] => unchanged(true, settling, ""),
        _ => Reconciliation::undetermined(format!("another customer with the domain {label} has appeared")),
    })
}

/// An order is judged by the subscriptions that are new. Only if they match every line is it called done; that
/// there are none proves nothing, because orders are carried out later and cannot be listed.
async fn order(
    provider: &CrayonProvider,
    client: &CrayonClient,
    order: &NewOrder,
    before: &[i64],
    settling: Option<Duration>,
) -> Result<Reconciliation> {
    let now = subscriptions_of(provider, client, &order.customer).await?;
    let mut fresh: Vec<&Subscription> = now.iter().filter(|known| !before.contains(&known.id)).collect();
    if fresh.is_empty() {
        let reason = "no subscription has appeared; Cloud-iQ carries orders out later and does not list them";
        return Ok(match settling {
            Some(rest) => Reconciliation::undetermined_until(reason, rest),
            None => Reconciliation::undetermined(reason),
        });
    }
    let mut receipts = Vec::with_capacity(order.lines.len());
    for (at, line) in order.lines.iter().enumerate() {
        let part = part_number(provider, client, line).await?;
        let seats = super::change::seats("quantity", line.quantity)?;
        let choice = line.offer.as_ref().and_then(|offer| Choice::parse("offer", offer).ok());
        let term = choice.as_ref().map_or(line.commitment_term, |choice| choice.term);
        let cycle = choice.as_ref().map(|choice| choice.cycle);
        let cycle = cycle.or_else(|| line.billing_cycle.as_ref().and_then(crate::map::offer::wire_cycle));
        let fits = |known: &&Subscription| is_line(known, &part, seats, term, cycle);
        let Some(found) = fresh.iter().position(fits) else {
            return Ok(Reconciliation::undetermined(format!(
                "of the subscriptions that have appeared none fits line {at} of the order"
            )));
        };
        let mut receipt = LineReceipt::new(at, LineOutcome::Applied);
        receipt.subscription = Some(fresh.remove(found).id.to_string().into());
        receipts.push(receipt);
    }
    if !fresh.is_empty() {
        return Ok(Reconciliation::undetermined(
            "more subscriptions have appeared than the order has lines: somebody else bought as well",
        ));
    }
    Ok(match Receipt::from_lines(receipts) {
        Some(receipt) => Reconciliation::Applied(receipt.with_customer(&order.customer)),
        None => Reconciliation::undetermined("the order has no lines"),
    })
}

async fn part_number(
    provider: &CrayonProvider,
    client: &CrayonClient,
    line: &provider_core::NewOrderLine,
) -> Result<String> {
    if let Some(offer) = &line.offer {
        return Ok(Choice::parse("offer", offer)?.part_number);
    }
    if line.product.as_str().contains(':') {
        return Ok(line.product.to_string());
    }
    let row = provider.row(client, &line.product).await?;
    let part = row.product_variant.as_ref().and_then(product::part_number);
    Ok(part.unwrap_or_default().to_owned())
}

fn is_line(
    known: &Subscription,
    part: &str,
    seats: i64,
    term: Option<provider_core::Term>,
    cycle: Option<BillingCycleEnum>,
) -> bool {
    let own = known.part_number.as_deref().filter(|part| !part.is_empty());
    let own = own.or_else(|| known.product.as_ref().and_then(|product| product.part_number.as_deref()));
    let own_term = crate::map::subscription::term(known.term_duration.as_ref());
    own.is_some_and(|own| own.eq_ignore_ascii_case(part))
        && known.quantity == Some(seats)
        && (term.is_none() || term == own_term)
        && (cycle.is_none() || cycle == known.billing_cycle)
}
