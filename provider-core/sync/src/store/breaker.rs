//! How a connection stands, and the letters that wait.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::status::ConnectionState;
use crate::decide::breaker::Step;
use crate::notify::{Alert, AlertKind, SettingToFix, StopCause, StopReason};
use crate::plan::{BreakerPlan, Mailbox};
use crate::report::SyncOutcome;

/// How a connection stands: what decides whether it is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Whether it is worked on.
    pub state: ConnectionState,
    /// Why not.
    pub cause: Option<StopCause>,
    /// How many runs in a row failed.
    pub failures: u32,
    /// Since when an outage is counted: the last success, or when a person switched it on.
    pub since: DateTime<Utc>,
    /// When a run was last completed.
    pub last_good: Option<DateTime<Utc>>,
    /// How often it has been tried again since it stopped.
    pub probes: u32,
    /// When it is tried again; never by itself where a person switched it off.
    pub next_probe: Option<DateTime<Utc>>,
    /// How often it has stopped by itself.
    pub stops: u64,
    /// When it last did.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Why it last did, for the letter that says that it works again: `None` once that was written.
    pub told: Option<StopCause>,
}

impl Standing {
    /// Of a connection that is new at this moment.
    pub(crate) const fn new(now: DateTime<Utc>) -> Self {
        Self {
            state: ConnectionState::Active,
            cause: None,
            failures: 0,
            since: now,
            last_good: None,
            probes: 0,
            next_probe: None,
            stops: 0,
            stopped_at: None,
            told: None,
        }
    }

    /// Why it is not worked on, in a line.
    pub(crate) fn why(&self) -> String {
        let cause = self.cause.as_ref().map_or("it was switched off", |cause| cause.message.as_str());
        match self.next_probe {
            Some(next) => format!("{cause} (it is tried again after {})", next.format("%F %T UTC")),
            None => cause.to_owned(),
        }
    }
}

/// Whether a run may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// It may.
    Open,
    /// It may once the distributor has answered: the connection has stopped, and is tried again.
    Trial,
    /// It may not.
    Shut(Box<Standing>),
}

/// How much a run that failed counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunWeight {
    /// The connection stops: no repetition helps.
    AtOnce(StopReason),
    /// It counts as one of those in a row.
    Counts,
    /// It counts once no run has succeeded for long.
    Outage,
    /// It says nothing.
    Nothing,
}

/// How a session ended, and what follows from it for the connection.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SessionEnd {
    /// The connection.
    pub connection: String,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// Why it failed, or what was rejected.
    pub error: Option<String>,
    /// How much it counts where it failed.
    pub weight: RunWeight,
    /// The one thing to change.
    pub setting: Option<SettingToFix>,
    /// How many records were listed.
    pub listed: u64,
    /// How many of them were rejected.
    pub rejected: u64,
    /// When the connection stops.
    pub rules: BreakerPlan,
    /// Who is told.
    pub recipients: Vec<Mailbox>,
}

impl SessionEnd {
    /// A session that ended like this, with nothing rejected, and counts where it failed.
    pub(crate) fn new(connection: impl Into<String>, outcome: SyncOutcome) -> Self {
        Self {
            connection: connection.into(),
            outcome,
            error: None,
            weight: RunWeight::Counts,
            setting: None,
            listed: 0,
            rejected: 0,
            rules: BreakerPlan::default(),
            recipients: Vec::new(),
        }
    }
}

/// What a store made of the end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionClosed {
    /// How it ended: `disabled` where it was completed and the connection has stopped all the same.
    pub outcome: SyncOutcome,
    /// Why the connection has stopped by this.
    pub stopped: Option<StopCause>,
}

impl SessionClosed {
    pub(crate) fn of(step: Step) -> Self {
        let stopped = step.after.cause.filter(|_| step.letter == Some(AlertKind::Stopped));
        Self { outcome: step.outcome, stopped }
    }
}

/// A letter that one process has to itself for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DueAlert {
    /// Its number.
    pub number: i64,
    /// How often it was tried.
    pub tries: u32,
    /// Until when it is held.
    pub held_until: DateTime<Utc>,
    /// The letter.
    pub alert: Alert,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlertEnd {
    /// It was taken.
    Sent,
    /// It is given up.
    Refused(String),
    /// It is tried again.
    Later {
        /// Why it was not taken.
        why: String,
        /// How long it waits.
        pause: Duration,
    },
}
