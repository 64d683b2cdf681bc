//! What happens when a term ends.

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{ACTIVE, CANCELLATION_WINDOW, EXPIRED, Subscription, term_end};
use crate::crayon::state::State;

/// Renews or ends every active subscription whose term is over.
///
/// Terms end with a day, so one look per simulated day is enough; ten thousand customers make the look expensive.
pub(crate) fn renew(state: &mut State, now: DateTime<Utc>) {
    if state.renewed_on == Some(now.date_naive()) {
        return;
    }
    state.renewed_on = Some(now.date_naive());
    let catalog = &state.catalog;
    let over = |row: &Subscription| row.status == ACTIVE && row.ends.is_some_and(|ends| ends < now);
    for row in state.subscriptions.all_mut() {
        while over(row) {
            let Some(ends) = row.ends else {
                break;
            };
            if row.auto_renew == Some(false) {
                row.status = EXPIRED;
                break;
            }
            let starts = ends + TimeDelta::seconds(1);
            let next = row.next_term.take();
            if let Some(next) = &next {
                row.variant = next.variant;
                row.cycle = next.cycle;
                row.quantity = next.quantity;
            }
            let months = catalog.variant(row.variant).map_or(12, |variant| variant.term.months);
            row.starts = Some(starts);
            row.ends = next
                .and_then(|next| next.custom_end)
                .or_else(|| Some(term_end(starts, if months == 0 { 12 } else { months })));
            if row.cancellable_until.is_some() {
                row.cancellable_until = Some(starts + CANCELLATION_WINDOW);
            }
        }
    }
}
