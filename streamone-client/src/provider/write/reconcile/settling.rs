//! How long an attempt may still take effect.

use std::time::Duration;

use chrono::TimeDelta;
use provider_core::{Attempt, Reconciliation};

use crate::provider::context::Context;

/// What was sent may still arrive for so long: the longest call, and some.
const SETTLING: Duration = Duration::from_secs(5 * 60);
/// Clocks differ. Only attempts of before, which remember no records, are compared by time.
pub(super) const SKEW: TimeDelta = TimeDelta::minutes(5);

/// `NotApplied` once nothing of the attempt can still arrive.
pub(super) fn absent(cx: &Context, attempt: &Attempt, what: &str) -> Reconciliation {
    match attempt.settles_in(SETTLING, cx.now()) {
        Some(rest) => Reconciliation::undetermined_until(format!("{what}, but it may still arrive"), rest),
        None => Reconciliation::NotApplied,
    }
}
