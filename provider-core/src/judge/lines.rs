//! Lines that are requests of their own: answered, under way when the answer was lost, or never sent.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::attempt::{Attempt, Reconciliation};
use crate::error::Violation;
use crate::receipt::{LineOutcome, LineReceipt};

/// What is known of one line of an attempt whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFate {
    /// It was answered, and this is what came of it.
    Answered(LineReceipt),
    /// It was let through to the wire, and no answer is known: it has to be judged.
    InFlight,
    /// It was never let through.
    NeverSent,
}

impl Attempt {
    /// What is known of each of so many lines, where each is a request of its own. Where no step is known,
    /// as in attempts of before, every line may have been sent.
    #[must_use]
    pub fn fates(&self, lines: usize) -> Vec<LineFate> {
        let fate = |line: usize| {
            let step = u32::try_from(line).ok().and_then(|step| self.step(step));
            match step.map(|step| &step.line) {
                Some(Some(answered)) => LineFate::Answered(answered.clone()),
                Some(None) => LineFate::InFlight,
                None if self.steps.is_empty() => LineFate::InFlight,
                None => LineFate::NeverSent,
            }
        };
        (0..lines).map(fate).collect()
    }

    /// `NotApplied` once nothing of the attempt can still appear; until then undetermined. For what shows no
    /// effect by readings that agree; `what` says so.
    #[must_use]
    pub fn absent(&self, settling: Duration, now: DateTime<Utc>, what: &str) -> Reconciliation {
        match self.settles_in(settling, now) {
            Some(rest) => {
                Reconciliation::undetermined_until(format!("{what}, but it may still arrive"), rest)
            }
            None => Reconciliation::NotApplied,
        }
    }

    /// Undetermined, with the time to ask again while something may still appear.
    #[must_use]
    pub fn unproven(
        &self,
        settling: Duration,
        now: DateTime<Utc>,
        reason: impl Into<String>,
    ) -> Reconciliation {
        match self.settles_in(settling, now) {
            Some(rest) => Reconciliation::undetermined_until(reason, rest),
            None => Reconciliation::undetermined(reason),
        }
    }
}

/// The lines of a receipt that was put together after a crash. Each says what can be done about it.
impl LineReceipt {
    /// A line that was never sent.
    #[must_use]
    pub fn never_sent(line: usize) -> Self {
        let what = "was never sent, because the call ended before: send it again under a new key";
        Self::new(line, LineOutcome::NotAttempted).because(what)
    }

    /// A line that was under way, and of which it is proven that nothing came.
    #[must_use]
    pub fn without_effect(line: usize) -> Self {
        let what = "was sent and had no effect: send it again under a new key";
        Self::new(line, LineOutcome::NotAttempted).because(what)
    }

    /// A line that was under way, and of which nobody can say what came of it.
    #[must_use]
    pub fn in_doubt(line: usize, why: &str) -> Self {
        let what = format!(
            "it is not known whether it was carried out ({why}): look at the distributor, and send it again \
             under a new key only if it is not there"
        );
        Self::new(line, LineOutcome::Unknown).because(what)
    }

    fn because(mut self, what: impl Into<String>) -> Self {
        self.violations.push(Violation::new(format!("lines[{}]", self.line), what));
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::attempt::Step;
    use crate::command::SuspendSubscription;
    use crate::idempotency::IdempotencyKey;

    fn attempt() -> Attempt {
        let key = IdempotencyKey::derive("test", ["lines"]);
        Attempt::new("main", SuspendSubscription::new("s").into(), key, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn lines_are_told_apart_by_their_steps() {
        let mut attempt = attempt();
        assert_eq!(attempt.fates(2), [LineFate::InFlight, LineFate::InFlight], "an attempt of before");
        let done = LineReceipt::new(0, LineOutcome::Accepted);
        let mut first = Step::new(0);
        first.line = Some(done.clone());
        attempt.steps = vec![first, Step::new(1)];
        assert_eq!(attempt.fates(3), [LineFate::Answered(done), LineFate::InFlight, LineFate::NeverSent]);
    }

    #[test]
    fn absence_waits_for_the_settling_time_by_the_journals_clock() {
        let settling = Duration::from_secs(300);
        let mut attempt = attempt();
        // By the wall it is long ago; the journal says that it was a minute.
        let now = DateTime::UNIX_EPOCH + Duration::from_secs(86_400);
        attempt.sent_until = Some(DateTime::UNIX_EPOCH);
        attempt.unsent_for = Some(Duration::from_secs(60));
        let early = attempt.absent(settling, now, "nothing shows");
        assert!(
            matches!(early, Reconciliation::Undetermined { retry_after: Some(rest), .. } if rest == Duration::from_secs(240))
        );
        attempt.unsent_for = Some(settling);
        assert!(matches!(attempt.absent(settling, now, "nothing shows"), Reconciliation::NotApplied));
        let unproven = attempt.unproven(settling, now, "nobody knows");
        assert!(matches!(unproven, Reconciliation::Undetermined { retry_after: None, .. }));
    }
}
