//! Periods and states of time.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveTime, Timelike, Utc};
use provider_core::model::InvoiceLineKind;
use provider_core::{InvoiceLine, Period, SubscriptionStatus};

use super::Found;
use crate::conformance::verdict::Verdict;
use crate::conformance::world::World;

/// Periods are half-open, so that those which follow one another touch: none ends within its last day, or on the last
/// day of the months that it means, and no two terms of one thing on different documents overlap in part.
pub(super) fn periods_touch(world: &World) -> Verdict {
    let mut found = Found::default();
    let all = &mut found;
    let lines = &world.invoice_lines.records;
    let periods = world
        .invoices
        .records
        .iter()
        .filter_map(|invoice| Some((format!("invoice `{}`", invoice.id), invoice.period?)))
        .chain(lines.iter().filter_map(|line| Some((format!("a line of `{}`", line.invoice), line.period?))))
        .chain(
            world.usage.records.iter().filter_map(|usage| Some(("a usage record".to_owned(), usage.period?))),
        );
    for (from, period) in periods {
        all.check(is_half_open(&period), || {
            format!("{from} is for {} until {}, which leaves its last day out", period.start, period.end)
        });
    }
    let mut terms: BTreeMap<(&str, &str), Vec<(&InvoiceLine, Period)>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind == InvoiceLineKind::Subscription) {
        let (Some(key), Some(period)) = (thing(line), line.period) else { continue };
        terms.entry(key).or_default().push((line, period));
    }
    for ((thing, _), mut terms) in terms {
        terms.sort_by_key(|(_, period)| (period.start, period.end));
        for pair in terms.windows(2) {
            let [(one, first), (other, next)] = pair else { continue };
            // The same time twice is another matter: a statement beside its invoice, an amount in two parts.
            let apart = next.start >= first.end || first == next || one.invoice == other.invoice;
            all.check(apart, || {
                format!(
                    "`{thing}` is charged until {} on `{}` and from {} on `{}`",
                    first.end, one.invoice, next.start, other.invoice
                )
            });
        }
    }
    found.verdict("periods")
}

/// What a line charges for.
fn thing(line: &InvoiceLine) -> Option<(&str, &str)> {
    let own = line.subscription.as_ref().map(|id| id.as_str());
    let what = own.or(line.vendor_subscription_id.as_deref())?;
    let product = line.product.as_ref().map(|id| id.as_str());
    Some((what, product.or(line.sku.as_deref()).or(line.description.as_deref()).unwrap_or_default()))
}

fn is_half_open(period: &Period) -> bool {
    let within_its_last_day = period.end.hour() == 23 && period.end.minute() == 59;
    let first_of_month = |moment: DateTime<Utc>| moment.day() == 1 && moment.time() == NaiveTime::MIN;
    let after = period.end.checked_add_days(Days::new(1));
    let a_day_short = period.end.time() == NaiveTime::MIN
        && period.end.day() >= 28
        && first_of_month(period.start)
        && after.is_some_and(first_of_month);
    period.start < period.end && !within_its_last_day && !a_day_short
}

/// What is in use and a trial is `Trial`, and what is `Trial` is one.
pub(super) fn trials_are_trials(world: &World) -> Verdict {
    let mut found = Found::default();
    for subscription in &world.subscriptions.records {
        let (status, trial) = (&subscription.status, subscription.trial);
        let contrary = (*status == SubscriptionStatus::Trial && trial != Some(true))
            || (*status == SubscriptionStatus::Active && trial == Some(true));
        found.check(!contrary, || {
            format!("subscription `{}` is {status}, and its trial is told as {trial:?}", subscription.id)
        });
    }
    found.verdict("subscriptions")
}
