//! One entry of a journal: an attempt and how far it came.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::attempt::Attempt;
use crate::info::AccountKey;
use crate::receipt::Receipt;

/// How far an attempt came.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// Begun; nothing was sent.
    Reserved,
    /// It may have been sent.
    Armed,
    /// It was done.
    Done(Box<Receipt>),
    /// A person said that it never happened.
    NotApplied,
}

/// A person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settled {
    /// Whose.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One entry of a journal. The JSON form is stable: it is what durable journals store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// What is attempted.
    pub attempt: Attempt,
    /// How far it came.
    pub stage: Stage,
    /// The fence of the last lease.
    pub fence: u64,
    /// When the last lease ends.
    pub lease_ends: DateTime<Utc>,
    /// When it was done or settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// The person who settled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settled>,
}

impl JournalEntry {
    pub(super) fn reserved(attempt: &Attempt, fence: u64, lease_ends: DateTime<Utc>) -> Self {
        let (attempt, stage) = (attempt.clone(), Stage::Reserved);
        Self { attempt, stage, fence, lease_ends, ended_at: None, settled: None }
    }

    /// How long its lease lasts.
    #[must_use]
    pub fn rest(&self, now: DateTime<Utc>) -> Option<Duration> {
        (self.lease_ends - now).to_std().ok().filter(|rest| !rest.is_zero())
    }

    /// Whether it keeps other attempts off the same record.
    #[must_use]
    pub fn guards(&self, now: DateTime<Utc>) -> bool {
        match self.stage {
            Stage::Reserved => self.rest(now).is_some(),
            Stage::Armed => self.attempt.baseline.as_ref().is_some_and(|baseline| baseline.decides),
            Stage::Done(_) | Stage::NotApplied => false,
        }
    }

    /// Whether it may have been sent and was never settled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Armed)
    }

    /// Whether it has come to its end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Done(_) | Stage::NotApplied)
    }

    /// Whether it was made on a connection of this name, kind and address, for another account.
    pub(super) fn is_of_another_account(&self, attempt: &Attempt) -> bool {
        let (Some(own), Some(other)) = (&attempt.account, &self.attempt.account) else { return false };
        self.attempt.connection == attempt.connection
            && own.kind == other.kind
            && own.origin == other.origin
            && own.account != other.account
    }
}

/// What an entry is found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Account(AccountKey),
    /// Entries of before knew the connection's name only.
    Connection(String),
}

impl Owner {
    pub(super) fn of(attempt: &Attempt) -> Self {
        match &attempt.account {
            Some(account) => Self::Account(account.clone()),
            None => Self::Connection(attempt.connection.clone()),
        }
    }
}
