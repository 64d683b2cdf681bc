//! When a connection stops, when it is tried again, and when it goes on. The store carries it out, inside the
//! transaction that ends a run, with its own time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::{Error, ErrorKind};

use crate::engine::SyncError;
use crate::fingerprint::Fingerprint;
use crate::notify::{Alert, AlertKind, StopCause, StopReason};
use crate::plan::{BreakerPlan, Mailbox};
use crate::report::SyncOutcome;
use crate::store::{ConnectionState, RunWeight, SessionEnd, Standing};
use crate::target::TargetErrorKind;

/// What the end of a session makes of a connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) after: Standing,
    /// How the session ended, as it is told.
    pub(crate) outcome: SyncOutcome,
    /// What people are told.
    pub(crate) letter: Option<AlertKind>,
}

/// How much a run that failed with this counts.
pub(crate) fn weigh(error: &SyncError) -> RunWeight {
    match error {
        SyncError::Provider(error) => of_provider(error),
        // A table or a column of the plan is gone.
        SyncError::Target(error) if error.kind == TargetErrorKind::Misfit => {
            RunWeight::AtOnce(StopReason::Plan)
        }
        SyncError::Cancelled => RunWeight::Nothing,
        SyncError::Target(_) | SyncError::Store(_) | SyncError::Refused(_) => RunWeight::Counts,
    }
}

pub(crate) fn of_provider(error: &Error) -> RunWeight {
    match error.kind() {
        ErrorKind::ReauthRequired => RunWeight::AtOnce(StopReason::Credentials),
        ErrorKind::Config => RunWeight::AtOnce(StopReason::Setting),
        // What is forbidden of one record does not end a run: this was a whole list.
        ErrorKind::PermissionDenied => RunWeight::AtOnce(StopReason::Right),
        // Five faces of a distributor that is not there: what covers minutes has given up already.
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::CircuitOpen => RunWeight::Outage,
        ErrorKind::Cancelled => RunWeight::Nothing,
        _ => RunWeight::Counts,
    }
}

/// Whether so many records of a run were rejected that it is no run to go on with.
pub(crate) fn too_many(rules: &BreakerPlan, listed: u64, rejected: u64) -> bool {
    let share = u128::from(rejected) * 100;
    rejected > u64::from(rules.rejected_at_least) && share > u128::from(listed) * u128::from(rules.rejected)
}

/// The pause before the trial that follows so many.
pub(crate) fn pause(rules: &BreakerPlan, trials: u32) -> chrono::Duration {
    let longest = i64::from(rules.probe_at_most) * 60;
    let doubled = 2_i64.checked_pow(trials).and_then(|times| times.checked_mul(i64::from(rules.probe)));
    chrono::Duration::minutes(doubled.map_or(longest, |minutes| minutes.min(longest)))
}

fn later(now: DateTime<Utc>, wait: chrono::Duration) -> DateTime<Utc> {
    now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether a connection that has stopped is to be tried again.
pub(crate) fn is_due(standing: &Standing, now: DateTime<Utc>) -> bool {
    standing.state != ConnectionState::Active && standing.next_probe.is_some_and(|next| next <= now)
}

/// It is tried now. Where that process dies, the next trial waits all the same.
pub(crate) fn trial(rules: &BreakerPlan, before: &Standing, now: DateTime<Utc>) -> Standing {
    let probes = before.probes.saturating_add(1);
    let next_probe = Some(later(now, pause(rules, probes)));
    Standing { state: ConnectionState::Probing, probes, next_probe, ..before.clone() }
}

/// The trial failed. `cause`: where more is known than before.
pub(crate) fn still_stopped(before: &Standing, cause: Option<StopCause>) -> Standing {
    if before.state != ConnectionState::Probing {
        return before.clone();
    }
    let cause = cause.or_else(|| before.cause.clone());
    Standing { state: ConnectionState::Disabled, cause, ..before.clone() }
}

/// It stops by itself.
pub(crate) fn stopped(
    rules: &BreakerPlan,
    before: &Standing,
    cause: StopCause,
    now: DateTime<Utc>,
) -> Standing {
    Standing {
        state: ConnectionState::Disabled,
        told: Some(cause.clone()),
        cause: Some(cause),
        probes: 0,
        next_probe: Some(later(now, pause(rules, 0))),
        stops: before.stops.saturating_add(1),
        stopped_at: Some(now),
        ..before.clone()
    }
}

/// A person switches it on or off.
pub(crate) fn switched(
    before: &Standing,
    to: ConnectionState,
    cause: Option<&str>,
    now: DateTime<Utc>,
) -> Standing {
    let stay = Standing { probes: 0, next_probe: None, ..before.clone() };
    if to == ConnectionState::Active {
        return Standing { state: to, cause: None, failures: 0, since: now, ..stay };
    }
    let cause = StopCause::new(StopReason::Person, cause.unwrap_or("it was switched off"));
    Standing { state: ConnectionState::Disabled, cause: Some(cause), ..stay }
}

fn cause_of(end: &SessionEnd, reason: StopReason, failures: u32) -> StopCause {
    let error = end.error.as_deref().unwrap_or("it is not known why");
    let message = match reason {
        StopReason::Credentials => format!("the credentials need a new value: {error}"),
        StopReason::Setting => format!("a setting is wrong: {error}"),
        StopReason::Runs if failures > 1 => {
            format!("{failures} runs in a row failed; the last one because of this: {error}")
        }
        StopReason::Runs => format!("a run failed: {error}"),
        StopReason::Rejected if end.error.is_none() => {
            format!("{} of {} records were rejected", end.rejected, end.listed)
        }
        StopReason::Plan => format!("the plan no longer fits: {error}"),
        StopReason::Right | StopReason::Rejected | StopReason::Person => error.to_owned(),
    };
    StopCause::new(reason, message).with_setting(end.setting.clone())
}

/// What the end of a session makes of a connection.
pub(crate) fn ended(before: &Standing, end: &SessionEnd, now: DateTime<Utc>) -> Step {
    let rules = &end.rules;
    let completed = end.outcome == SyncOutcome::Completed;
    let stay = |after: Standing| Step { after, outcome: end.outcome, letter: None };
    let mut after = before.clone();
    let rejected = completed && too_many(rules, end.listed, end.rejected);
    if completed && !rejected {
        (after.failures, after.since, after.last_good) = (0, now, Some(now));
        if before.state == ConnectionState::Disabled {
            // A person has switched it off meanwhile.
            return stay(after);
        }
        let letter = after.told.take().map(|_| AlertKind::WorksAgain);
        (after.state, after.cause) = (ConnectionState::Active, None);
        (after.probes, after.next_probe) = (0, None);
        return Step { after, outcome: end.outcome, letter };
    }
    let reason = if rejected {
        Some(StopReason::Rejected)
    } else if end.outcome == SyncOutcome::Failed {
        let counts = match end.weight {
            RunWeight::AtOnce(_) | RunWeight::Counts => true,
            RunWeight::Outage => now - before.since >= chrono::Duration::hours(i64::from(rules.outage)),
            RunWeight::Nothing => false,
        };
        if counts {
            after.failures = after.failures.saturating_add(1);
        }
        match end.weight {
            RunWeight::AtOnce(reason) => Some(reason),
            _ if counts && after.failures >= rules.failures => Some(StopReason::Runs),
            _ => None,
        }
    } else {
        None
    };
    let outcome = if rejected { SyncOutcome::Disabled } else { end.outcome };
    match (before.state, reason) {
        (ConnectionState::Active, Some(reason)) => {
            let cause = cause_of(end, reason, after.failures);
            let after = stopped(rules, &after, cause, now);
            Step { after, outcome, letter: Some(AlertKind::Stopped) }
        }
        (ConnectionState::Probing, _) if rejected || end.outcome == SyncOutcome::Failed => {
            // Of an outage nothing new is known, and nothing of a process that was stopped.
            let cause = match end.weight {
                _ if rejected => Some(cause_of(end, StopReason::Rejected, 0)),
                RunWeight::AtOnce(reason) => Some(cause_of(end, reason, 0)),
                RunWeight::Counts => Some(cause_of(end, StopReason::Runs, 1)),
                RunWeight::Outage | RunWeight::Nothing => None,
            };
            Step { after: still_stopped(&after, cause), outcome, letter: None }
        }
        (ConnectionState::Probing, _) => {
            // It was cut, and not by a failure: the next run goes on with the trial.
            (after.probes, after.next_probe) = (after.probes.saturating_sub(1), Some(now));
            stay(after)
        }
        _ => Step { after, outcome, letter: None },
    }
}

/// The letters about a step, one for each recipient. Their names are made of what was before it, so that two stores do not
/// give one name to two letters, and a store that a power cut took back a step gives the same one again.
pub(crate) fn letters(
    connection: &str,
    account: &str,
    before: &Standing,
    after: &Standing,
    about: AlertKind,
    recipients: &[Mailbox],
    now: DateTime<Utc>,
) -> Vec<Alert> {
    let told = match about {
        AlertKind::Stopped => after.told.as_ref(),
        AlertKind::WorksAgain => before.told.as_ref(),
    };
    let (Some(cause), Some(stopped_at)) = (told, after.stopped_at) else { return Vec::new() };
    let letter = |recipient: &Mailbox| {
        let facts: [&str; 6] = [
            connection,
            account,
            &before.since.timestamp_micros().to_string(),
            &after.stops.to_string(),
            about.as_str(),
            &recipient.0,
        ];
        let print = Fingerprint::of_text(&facts.join("\n"));
        Alert {
            id: print.bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
            about,
            connection: connection.to_owned(),
            recipient: recipient.clone(),
            cause: cause.clone(),
            last_good: before.last_good,
            stopped_at,
            next_probe: after.next_probe,
            written_at: now,
        }
    };
    recipients.iter().map(letter).collect()
}

/// When a letter that waits is due again.
pub(crate) fn after_pause(now: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    later(now, chrono::Duration::from_std(pause).unwrap_or(chrono::Duration::MAX))
}
