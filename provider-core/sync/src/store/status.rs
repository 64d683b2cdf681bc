//! How a connection stands, for whoever looks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::breaker::Standing;
use super::rules::lag;
use super::types::PendingType;
use crate::notify::{SettingToFix, StopReason};
use crate::plan::Mailbox;
use crate::report::SyncOutcome;

/// The state of a connection: whether it is worked on, when it last completed, and what waits.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ConnectionStatus {
    /// The connection.
    pub connection: String,
    /// Whether it is worked on.
    pub state: ConnectionState,
    /// Why it is switched off.
    pub cause: Option<String>,
    /// What kind of reason that is.
    pub reason: Option<StopReason>,
    /// The one thing to change for it to go on.
    pub setting: Option<SettingToFix>,
    /// How many runs in a row failed.
    pub failures: u32,
    /// When it is tried again by itself.
    #[schemars(with = "Option<String>")]
    pub next_probe: Option<DateTime<Utc>>,
    /// How many letters about it wait to be sent.
    pub unsent: u64,
    /// Who got no letter about its last stop, because the mail server refuses the address.
    pub refused: Vec<Mailbox>,
    /// When a run last completed.
    #[schemars(with = "Option<String>")]
    pub last_good: Option<DateTime<Utc>>,
    /// How many seconds ago a run last completed.
    pub lag: Option<u64>,
    /// How the last run ended.
    pub last_outcome: Option<SyncOutcome>,
    /// What waits for a person, by type.
    pub queue: BTreeMap<PendingType, u64>,
    /// Commands of which nobody knows what came of them.
    pub unknown: u64,
    /// Since when the oldest of them waits.
    #[schemars(with = "Option<String>")]
    pub unknown_since: Option<DateTime<Utc>>,
    /// How many records are tied to one of the application.
    pub linked: u64,
}

impl ConnectionStatus {
    /// What is known by how it stands alone.
    pub(crate) fn of(connection: String, standing: Standing, now: DateTime<Utc>) -> Self {
        let lag = standing.last_good.map(|then| lag(now, then));
        let Standing { state, cause, failures, next_probe, last_good, .. } = standing;
        let reason = cause.as_ref().map(|cause| cause.reason);
        let (cause, setting) = cause.map_or((None, None), |cause| (Some(cause.message), cause.setting));
        Self {
            connection,
            state,
            cause,
            reason,
            setting,
            failures,
            next_probe,
            unsent: 0,
            refused: Vec::new(),
            last_good,
            lag,
            last_outcome: None,
            queue: BTreeMap::new(),
            unknown: 0,
            unknown_since: None,
            linked: 0,
        }
    }
}

/// Whether a connection is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConnectionState {
    /// Runs work on it.
    Active,
    /// It is switched off: runs do nothing.
    Disabled,
    /// It is tried again, after it had stopped.
    Probing,
}

impl ConnectionState {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Probing => "probing",
        }
    }
}
