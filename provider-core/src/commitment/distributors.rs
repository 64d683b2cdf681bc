//! The rules of each distributor, on the record alone.

use chrono::{DateTime, Days, Months, Utc};

use super::{CommitmentAnswer, CommitmentRule};
use crate::model::{Subscription, SubscriptionStatus};
use crate::term::{BillingCycle, Term};

/// Days from the start of a term in which Microsoft takes new-commerce seats back.
const MICROSOFT_WINDOW: u64 = 7;
/// Terms that a subscription may have renewed for: more than anybody has.
const RENEWALS: u32 = 1_200;

/// Whether units can be given back, and whether it can be cancelled.
pub(super) fn answers(
    distributor: &str,
    seats: &Subscription,
    now: DateTime<Utc>,
) -> (CommitmentAnswer, CommitmentAnswer) {
    if has_ended(distributor, seats) {
        return both(CommitmentAnswer::closed(None, CommitmentRule::Ended));
    }
    match distributor {
        "crayon" => both(crayon(seats, now)),
        "pax8" => pax8(seats, now),
        "streamone" => streamone(seats, now),
        _ => both(
            window(seats, now, CommitmentRule::Told)
                .unwrap_or(CommitmentAnswer::unknown(CommitmentRule::NothingTold)),
        ),
    }
}

const fn both(answer: CommitmentAnswer) -> (CommitmentAnswer, CommitmentAnswer) {
    (answer, answer)
}

/// Whether nothing of it is left to leave. A trial that became a paid subscription goes on as `Converted` at Pax8;
/// elsewhere that state says that another one took its place.
pub(super) fn has_ended(distributor: &str, seats: &Subscription) -> bool {
    use SubscriptionStatus as S;
    match seats.status {
        S::Cancelled | S::Expired | S::Deleted | S::Failed => true,
        S::Converted => distributor != "pax8",
        _ => false,
    }
}

/// By the date that the distributor tells.
fn window(seats: &Subscription, now: DateTime<Utc>, rule: CommitmentRule) -> Option<CommitmentAnswer> {
    let until = seats.cancellable_until?;
    Some(if now <= until {
        CommitmentAnswer::open(Some(until), rule)
    } else {
        CommitmentAnswer::closed(term_end(seats, now), rule)
    })
}

/// The end of the running term, where it is told.
fn term_end(seats: &Subscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let told = [seats.renews_at, seats.commitment_ends_at, seats.ends_at];
    told.into_iter().flatten().find(|at| *at > now)
}

fn crayon(seats: &Subscription, now: DateTime<Utc>) -> CommitmentAnswer {
    use SubscriptionStatus as S;
    match seats.status {
        S::Active | S::Trial => {}
        S::Pending => return CommitmentAnswer::unknown(CommitmentRule::NotProvisioned),
        S::Suspended | S::Disabled | S::PendingCancellation => {
            return CommitmentAnswer::closed(None, CommitmentRule::CrayonActiveOnly);
        }
        _ => return CommitmentAnswer::unknown(CommitmentRule::StateUnknown),
    }
    window(seats, now, CommitmentRule::CrayonNewCommerce)
        .unwrap_or(CommitmentAnswer::unknown(CommitmentRule::CrayonLegacy))
}

fn pax8(seats: &Subscription, now: DateTime<Utc>) -> (CommitmentAnswer, CommitmentAnswer) {
    use SubscriptionStatus as S;
    match seats.status {
        S::Active | S::Trial | S::Converted => {}
        S::Pending => return both(CommitmentAnswer::unknown(CommitmentRule::NotProvisioned)),
        S::PendingCancellation => {
            return (
                CommitmentAnswer::unknown(CommitmentRule::StateUnknown),
                CommitmentAnswer::closed(None, CommitmentRule::CancellationUnderWay),
            );
        }
        _ => return both(CommitmentAnswer::unknown(CommitmentRule::StateUnknown)),
    }
    if let Some(start) = seats.starts_at.filter(|start| *start > now) {
        return (
            CommitmentAnswer::closed(Some(start), CommitmentRule::Pax8NotBegun),
            CommitmentAnswer::unknown(CommitmentRule::StateUnknown),
        );
    }
    let committed = seats.commitment_term.is_some() || seats.commitment_ends_at.is_some();
    match (committed, &seats.billing_cycle) {
        (false, Some(BillingCycle::Monthly)) => {
            both(CommitmentAnswer::open(None, CommitmentRule::Pax8Uncommitted))
        }
        (false, _) => both(CommitmentAnswer::unknown(CommitmentRule::Pax8PaidAhead)),
        (true, _) if is_new_commerce(seats) => new_commerce(seats, now),
        (true, _) => both(CommitmentAnswer::unknown(CommitmentRule::Pax8Commitment)),
    }
}

/// Pax8's catalog says it in the product's name; no vendor but Microsoft has it.
fn is_new_commerce(seats: &Subscription) -> bool {
    let has = |name: &Option<String>| {
        name.as_deref().is_some_and(|name| name.to_ascii_lowercase().contains("new commerce experience"))
    };
    has(&seats.product.name) || has(&seats.name)
}

/// Pax8 tells no window: it is counted from the start of the running term.
fn new_commerce(seats: &Subscription, now: DateTime<Utc>) -> (CommitmentAnswer, CommitmentAnswer) {
    let rule = CommitmentRule::Pax8NewCommerce;
    let Some((start, next)) = running_term(seats, now) else { return both(CommitmentAnswer::unknown(rule)) };
    let told = seats.commitment_ends_at;
    if told.is_some_and(|end| end <= start) {
        // A term has run out, and the record does not say that another one runs.
        return both(CommitmentAnswer::unknown(CommitmentRule::Pax8RenewalUntold));
    }
    if let Some(until) = start.checked_add_days(Days::new(MICROSOFT_WINDOW)).filter(|until| now < *until) {
        return both(CommitmentAnswer::open(Some(until), rule));
    }
    let last_day = told.filter(|end| *end > start && next.is_none_or(|next| *end <= next));
    both(match last_day {
        // The commitment ends with its last day, of which the midnight is told; the next term begins later.
        Some(day) if day <= now => CommitmentAnswer::unknown(CommitmentRule::Pax8LastDay),
        _ => CommitmentAnswer::closed(last_day.or(next), rule),
    })
}

/// When the running term began and when the next one does, counted from the first start: a day that a short month has
/// not is not lost to the months after it.
fn running_term(seats: &Subscription, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let first = seats.starts_at?;
    let Some(months) = seats.commitment_term.map(Term::in_months).filter(|months| *months > 0) else {
        // Without the length of a term nobody knows whether the first one still runs, but in its first days.
        let young = first.checked_add_days(Days::new(MICROSOFT_WINDOW)).is_some_and(|until| now < until);
        return (young && first <= now).then_some((first, None));
    };
    let after = |terms: u32| first.checked_add_months(Months::new(months.checked_mul(terms)?));
    let terms = (0..RENEWALS).take_while(|terms| after(*terms).is_some_and(|start| start <= now)).last()?;
    Some((after(terms)?, after(terms + 1)))
}

fn streamone(seats: &Subscription, now: DateTime<Utc>) -> (CommitmentAnswer, CommitmentAnswer) {
    use SubscriptionStatus as S;
    match seats.status {
        S::Active | S::Trial | S::Suspended => {}
        S::Pending => return both(CommitmentAnswer::unknown(CommitmentRule::NotProvisioned)),
        _ => return both(CommitmentAnswer::unknown(CommitmentRule::StateUnknown)),
    }
    if seats.offer.is_none() {
        return both(CommitmentAnswer::closed(None, CommitmentRule::StreamOneImported));
    }
    let vendor = CommitmentAnswer::unknown(CommitmentRule::StreamOneVendor);
    if is_new_commerce_part(seats) {
        return both(window(seats, now, CommitmentRule::StreamOneNewCommerce).unwrap_or(vendor));
    }
    // Where the date is that of the start it means nothing.
    let until = seats.cancellable_until.filter(|until| *until >= now && seats.starts_at != Some(*until));
    let cancel =
        until.map_or(vendor, |until| CommitmentAnswer::open(Some(until), CommitmentRule::StreamOneDate));
    (vendor, cancel)
}

/// New commerce is told by Microsoft's part number: product, SKU, term and cycle. Usage and older plans have none.
fn is_new_commerce_part(seats: &Subscription) -> bool {
    let microsoft =
        seats.product.vendor.as_deref().is_some_and(|name| name.to_ascii_lowercase().contains("microsoft"));
    let part = seats.product.sku.as_deref().unwrap_or_default();
    let parts: Vec<&str> = part.split(':').collect();
    microsoft
        && matches!(parts.as_slice(), [_, _, term, cycle] if term.parse::<Term>().is_ok() && !cycle.is_empty())
}
