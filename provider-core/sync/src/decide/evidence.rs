//! Whether something is gone.

use chrono::{DateTime, Utc};

use crate::plan::{CheckedKind, RemovalPlan};
use crate::report::Proof;
use crate::store::Shadow;

/// How a listing ended, as far as it tells about what did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    pub(crate) proof: Proof,
    pub(crate) resumed: bool,
    pub(crate) listed: u64,
    pub(crate) listed_before: Option<u64>,
}

impl Walk {
    /// Whether anything can be concluded from what did not come.
    pub(crate) fn tells(&self) -> bool {
        let many = self.listed_before.is_none_or(|before| self.listed.saturating_mul(2) >= before);
        self.proof != Proof::Unproven && !self.resumed && self.listed > 0 && many
    }
}

/// More linked records than these let no more be removed: nobody has to count further.
pub(crate) const COUNTED: u64 = 500;

/// The most that may be removed in one run, for both reasons together. A person's word lifts it, and never lowers it.
pub(crate) fn most(live: u64, allowed: Option<u64>) -> u64 {
    (live / 10).clamp(3, 50).max(allowed.unwrap_or_default())
}

/// How often and how long something has to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    pub(crate) runs: u32,
    pub(crate) apart: chrono::Duration,
}

/// What the plan and the distributor's word call for. A `get` that only looks into the list proves nothing by itself.
pub(crate) fn patience(rule: &CheckedKind, proof: Proof) -> Patience {
    let least = if proof == Proof::Proven && rule.control { 1 } else { 2 };
    let runs = rule.plan.removal.runs.unwrap_or(least).max(least);
    let hours = rule.plan.removal.apart.unwrap_or(RemovalPlan::APART).max(RemovalPlan::APART);
    let apart = if runs > 1 { chrono::Duration::hours(i64::from(hours)) } else { chrono::Duration::zero() };
    Patience { runs, apart }
}

/// A record that was missing once more, and whether it was missing for long enough.
pub(crate) fn missing_again(mut shadow: Shadow, patience: Patience, now: DateTime<Utc>) -> (Shadow, bool) {
    shadow.absent_runs = shadow.absent_runs.saturating_add(1);
    let since = *shadow.absent_since.get_or_insert(now);
    let ripe = shadow.absent_runs >= patience.runs && now.signed_duration_since(since) >= patience.apart;
    (shadow, ripe)
}
