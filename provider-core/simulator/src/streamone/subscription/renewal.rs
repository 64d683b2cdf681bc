//! The end of a term: renewal, or the end of the subscription.

use chrono::{DateTime, Months, Utc};

use super::provisioning::{CANCELLATION_WINDOW, record};
use crate::streamone::state::State;

/// Renews or ends one subscription whose term ends at `at`.
pub(crate) fn end_term(state: &mut State, id: u64, at: DateTime<Utc>) {
    let Some(found) = state.subscriptions.get_mut(id) else {
        return;
    };
    // An end that was moved has a time of its own.
    if found.end != at || (found.live.status != "active" && found.live.status != "suspended") {
        return;
    }
    if !found.live.auto_renew {
        found.change(at, at, |live| live.status = "expired");
        record(found, "Subscription Expired", at, true);
        return;
    }
    let months = match found.term {
        "P3Y" => 36,
        "P1Y" => 12,
        _ => 1,
    };
    found.end = at.checked_add_months(Months::new(months)).unwrap_or(at);
    found.cancel_until = if found.is_new_commerce() { at + CANCELLATION_WINDOW } else { found.end };
    found.updated = at;
    record(found, "Subscription Renewed", at, true);
    state.subscriptions.schedule(id);
}
