//! Attempts and what is remembered before sending, so that a lost answer can be judged.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use crate::idempotency::IdempotencyKey;
pub use crate::sending::{SendGate, Sending};

use crate::capability::Operation;
use crate::command::Command;
use crate::error::{Error, ErrorKind, Result};
use crate::info::{AccountKey, ProviderInfo};
use crate::query::{Priority, ReadOptions};
use crate::receipt::{LineReceipt, Receipt};

/// How a command is executed: under which key, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// The caller's key for this intent. With a journal, the same key never orders twice.
    pub key: IdempotencyKey,
    /// How long it may take at most, retries and waiting included. `None`: the provider's default, 120 s.
    pub deadline: Option<Duration>,
    /// Whether a person waits for it or a background job.
    pub priority: Priority,
    /// The gate that the requests of the write pass. A journal sets it; hand it on unchanged.
    pub sending: Sending,
}

impl WriteOptions {
    /// Writes under this key. There is no default: whoever writes has to say which intent it is.
    #[must_use]
    pub fn new(key: IdempotencyKey) -> Self {
        Self { key, deadline: None, priority: Priority::default(), sending: Sending::default() }
    }

    /// Bounds how long the call may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets whether a person waits for it or a background job.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// How what has to be read on the way is read: within the same deadline, in the same turn.
    #[must_use]
    pub fn reading(&self) -> ReadOptions {
        ReadOptions { raw: false, deadline: self.deadline, priority: self.priority }
    }

    /// Sends through this gate.
    #[must_use]
    pub fn sending(mut self, sending: Sending) -> Self {
        self.sending = sending;
        self
    }
}

/// What a provider wants to remember before a command is sent, so that it can tell afterwards whether
/// the command happened: the ids of the customer's subscriptions, the quantity before a change.
///
/// Only the provider that made it understands it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Baseline {
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// The provider's own notes.
    pub state: serde_json::Value,
    /// The comparison of before and after decides, so that no other attempt may be open on the same
    /// record. False where the distributor keeps a reference and the notes only check its answers.
    #[serde(default = "decides", skip_serializing_if = "is_true")]
    pub decides: bool,
}

fn decides() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(decides: &bool) -> bool {
    *decides
}

impl Baseline {
    /// Notes taken at this moment.
    #[must_use]
    pub fn new(taken_at: DateTime<Utc>, state: serde_json::Value) -> Self {
        Self { taken_at, state, decides: true }
    }

    /// Notes that only check what the distributor answers: attempts beside this one disturb nothing.
    #[must_use]
    pub fn witness(taken_at: DateTime<Utc>, state: serde_json::Value) -> Self {
        Self { decides: false, ..Self::new(taken_at, state) }
    }
}

/// One attempt to carry out a command: what a journal stores before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Attempt {
    /// The connection it goes out on. An attempt of one connection means nothing on another.
    pub connection: String,
    /// What is to be done.
    pub command: Command,
    /// The caller's name for the intent.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub key: IdempotencyKey,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// What was remembered before sending; `None` where the distributor keeps a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The account that it is charged to; `None` in attempts that were stored by versions before this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKey>,
    /// Who makes it, for people who meet its key: a process and its machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The steps that were let through, with what came of those that were answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The last moment at which anything of it may have been sent, by the journal's clock. The journal sets
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_until: Option<DateTime<Utc>>,
    /// How long ago [`sent_until`](Self::sent_until) was when the journal handed the attempt out, by the
    /// journal's own clock; `None` while it has not come. Settling times count from it and from nothing
    /// else: clocks of machines differ.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub unsent_for: Option<Duration>,
}

/// A step of an attempt that was let through to the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Step {
    /// Which step; the index of the line where each line is a request of its own.
    pub step: u32,
    /// What came of it; `None` while no answer is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineReceipt>,
}

impl Step {
    /// A step without an answer.
    #[must_use]
    pub fn new(step: u32) -> Self {
        Self { step, line: None }
    }
}

impl Attempt {
    /// An attempt without a baseline.
    #[must_use]
    pub fn new(
        connection: impl Into<String>,
        command: Command,
        key: IdempotencyKey,
        started_at: DateTime<Utc>,
    ) -> Self {
        Self {
            connection: connection.into(),
            command,
            key,
            started_at,
            baseline: None,
            account: None,
            holder: None,
            steps: Vec::new(),
            sent_until: None,
            unsent_for: None,
        }
    }

    /// Sets the account that it is charged to.
    #[must_use]
    pub fn with_account(mut self, account: AccountKey) -> Self {
        self.account = Some(account);
        self
    }

    /// Checks that this provider's account made the attempt; for providers that reconcile.
    ///
    /// # Errors
    /// `Refused` when it is another's: what is there would be compared with what was somewhere else.
    pub fn belongs_to(&self, info: &ProviderInfo) -> Result<()> {
        let own = match &self.account {
            Some(account) => *account == info.account_key(),
            None => self.connection == info.connection,
        };
        if own {
            return Ok(());
        }
        let whose = match &self.account {
            Some(account) => account.to_string(),
            None => format!("the connection `{}`", self.connection),
        };
        Err(Error::new(ErrorKind::Refused, format!("the attempt belongs to {whose}"))
            .with_provider(info.kind.clone())
            .with_operation(Operation::Reconcile(self.command.kind())))
    }

    /// The step with this number, if it was let through.
    #[must_use]
    pub fn step(&self, step: u32) -> Option<&Step> {
        self.steps.iter().find(|known| known.step == step)
    }

    /// How much of a settling time is left: `None` once it has passed since the last moment at which
    /// anything of the attempt may have been sent. Without a journal that moment is not known, and counts
    /// from the start of the attempt by `now`.
    #[must_use]
    pub fn settles_in(&self, settling: Duration, now: DateTime<Utc>) -> Option<Duration> {
        let passed = match (self.unsent_for, self.sent_until) {
            (Some(passed), _) => passed,
            // The journal says that it may be under way at this moment.
            (None, Some(_)) => Duration::ZERO,
            (None, None) => (now - self.started_at).to_std().unwrap_or_default(),
        };
        settling.checked_sub(passed).filter(|rest| !rest.is_zero())
    }

    /// Adds what was remembered before sending.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Option<Baseline>) -> Self {
        self.baseline = baseline;
        self
    }
}

/// Whether an attempt took effect whose answer was lost.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "reconciliation")]
#[non_exhaustive]
pub enum Reconciliation {
    /// It happened, and this is what came of it: do not send it again.
    Applied(Receipt),
    /// It did not happen, so it may be sent again: the distributor gives proof, and the time in which it could still
    /// appear has passed.
    NotApplied,
    /// Nobody can say yet: do not send it again. Ask once more after `retry_after`; without one a person has to look
    /// and [settle](crate::ProviderExt::settle) it.
    Undetermined {
        /// Why it cannot be said.
        reason: String,
        /// When it is worth asking again; `retry_after_ms` in JSON.
        #[serde(
            rename = "retry_after_ms",
            serialize_with = "millis",
            skip_serializing_if = "Option::is_none"
        )]
        retry_after: Option<Duration>,
    },
}

#[allow(clippy::ref_option, reason = "serde passes a reference")]
fn millis<S: serde::Serializer>(wait: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)).serialize(serializer)
}

impl Reconciliation {
    /// Nobody can say: a person has to look.
    #[must_use]
    pub fn undetermined(reason: impl Into<String>) -> Self {
        Self::Undetermined { reason: reason.into(), retry_after: None }
    }

    /// Nobody can say yet: worth asking again after this long.
    #[must_use]
    pub fn undetermined_until(reason: impl Into<String>, retry_after: Duration) -> Self {
        Self::Undetermined { reason: reason.into(), retry_after: Some(retry_after) }
    }
}
