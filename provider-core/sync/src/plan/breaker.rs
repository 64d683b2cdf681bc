//! When a connection stops by itself, when it is tried again, and who is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::PlanProblem;

/// The longest that a pause between two trials may be, in hours: a week.
const WEEK: u32 = 7 * 24;

/// When a connection stops by itself, and when it is tried again.
///
/// Credentials that need a new value, a setting that is wrong and a list that is forbidden stop it at once, whatever
/// stands here: no repetition helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct BreakerPlan {
    /// It stops after so many runs in a row that failed.
    pub failures: u32,
    /// It stops after a run of which more than so many percent of the records were rejected.
    pub rejected: u32,
    /// And more than so many records: of three records, one is a third.
    pub rejected_at_least: u32,
    /// A distributor that is down or throttles counts as a failure once no run has succeeded for so many hours.
    pub outage: u32,
    /// It is first tried again so many minutes after it stopped; the pause doubles with each trial that fails.
    pub probe: u32,
    /// The longest pause between two trials, in hours.
    pub probe_at_most: u32,
}

impl Default for BreakerPlan {
    fn default() -> Self {
        Self { failures: 5, rejected: 20, rejected_at_least: 20, outage: 24, probe: 15, probe_at_most: 24 }
    }
}

impl BreakerPlan {
    /// What is wrong with it.
    pub(super) fn problems(&self) -> Vec<PlanProblem> {
        let mut problems = Vec::new();
        let mut wrong = |key: &str, message: String| {
            problems.push(PlanProblem::new(format!("breaker.{key}"), message));
        };
        if self.failures == 0 {
            wrong("failures", "at least one run has to fail".to_owned());
        }
        if !(1..=100).contains(&self.rejected) {
            wrong("rejected", "is a share in percent, from 1 to 100".to_owned());
        }
        if !(1..=WEEK).contains(&self.outage) {
            wrong("outage", format!("is a number of hours, from 1 to {WEEK}"));
        }
        if !(1..=WEEK).contains(&self.probe_at_most) {
            wrong("probe_at_most", format!("is a number of hours, from 1 to {WEEK}"));
        } else if !(1..=self.probe_at_most * 60).contains(&self.probe) {
            let most = self.probe_at_most * 60;
            wrong("probe", format!("is a number of minutes, from 1 to the longest pause, which is {most}"));
        }
        problems
    }
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Mailbox(pub String);

impl Mailbox {
    /// Whether a mail could be sent there.
    pub(crate) fn is_address(&self) -> bool {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "@<>,;".contains(c))
        };
        self.0.split_once('@').is_some_and(|(user, host)| {
            plain(user) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
    }
}
