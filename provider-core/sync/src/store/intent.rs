//! What is to be done at the distributor: remembered before it is sent, until it is known what came of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::{Command, EntityKind, IdempotencyKey, Receipt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::types::{KindScope, NewPending, PendingType};
use crate::fingerprint::Fingerprint;
use crate::target::LocalKey;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntentState {
    /// It is to be done.
    Pending,
    /// It took effect.
    Applied,
    /// It was refused, or taken back before it was sent: nothing happened.
    Rejected,
    /// Nobody knows. The next run asks again, under the same key; a person can settle it.
    Unknown,
}

impl IntentState {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Applied, Self::Rejected, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// Whether anything is still to be done about it. There is one open intent a record at most.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Unknown)
    }
}

/// One command to the distributor, on behalf of one record of the application.
///
/// It is carried out under a key that follows from the store, the connection, the record and the generation, and never
/// under another one: whatever ends a process, the journal answers what was done already.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Intent {
    /// Its number in the store.
    pub id: i64,
    /// The connection.
    pub connection: String,
    /// What the record is one of.
    pub kind: EntityKind,
    /// The application's record; of an order, the caller's key.
    pub local: LocalKey,
    /// It grows with each for this record. Another intent has another key.
    pub generation: u64,
    /// The key that it is carried out under.
    pub key: IdempotencyKey,
    /// What is to be done, as it was decided: what the record says since becomes another intent.
    pub command: Command,
    /// What became of it.
    pub state: IntentState,
    /// The distributor's record, once there is one.
    pub remote: Option<String>,
    /// Why it was refused, why it waits, or why nobody knows.
    pub reason: Option<String>,
    /// What the distributor answered.
    pub receipt: Option<Receipt>,
    /// It is not possible before this moment. It is not sent as it stands: on that day another is made of what the record
    /// says then.
    pub not_before: Option<DateTime<Utc>>,
    /// When it was decided.
    pub opened: DateTime<Utc>,
    /// What the record said, for the fields that the command carries.
    #[serde(skip)]
    pub(crate) said: BTreeMap<String, Value>,
    /// How the record was.
    #[serde(skip)]
    pub(crate) print: Option<Fingerprint>,
}

impl Intent {
    /// Whether it waits for its day, and was never sent: when that comes, everything is looked at anew.
    pub(crate) fn is_ahead(&self) -> bool {
        self.state == IntentState::Pending && self.not_before.is_some()
    }
}

/// An intent before it has a number and a key.
#[derive(Debug, Clone)]
pub struct NewIntent {
    /// The application's record.
    pub local: LocalKey,
    /// The caller's own key.
    pub key: Option<IdempotencyKey>,
    /// What is to be done.
    pub command: Command,
    /// The distributor's record, where there is one.
    pub remote: Option<String>,
    /// What the record said, for the fields that the command carries.
    pub said: BTreeMap<String, Value>,
    /// How the record was.
    pub print: Option<Fingerprint>,
    /// It is not possible before this moment.
    pub not_before: Option<DateTime<Utc>>,
    /// Why it waits.
    pub reason: Option<String>,
}

/// What came of an intent.
#[derive(Debug, Clone)]
pub struct IntentEnd {
    /// Its number.
    pub id: i64,
    /// What came of it; one that is still open has another reason only.
    pub state: IntentState,
    /// The distributor's record.
    pub remote: Option<String>,
    /// What the distributor answered.
    pub receipt: Option<Receipt>,
    /// Why.
    pub reason: Option<String>,
}

impl IntentEnd {
    /// It ended, or stays, like this.
    #[must_use]
    pub fn new(id: i64, state: IntentState) -> Self {
        Self { id, state, remote: None, receipt: None, reason: None }
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// What changes about the intents of a kind outside of a run: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct IntentCommit {
    /// Those that are to be done. Where one is open for the record already, that one stays.
    pub opened: Vec<NewIntent>,
    /// Those that came to an end, or did not.
    pub ended: Vec<IntentEnd>,
    /// What a person has to look at.
    pub pending: Vec<NewPending>,
    /// What no person has to look at any more.
    pub settled: Vec<(String, PendingType)>,
}

/// The generation of the next intent of a record. What changes something keeps up with the clock: a store of which an older
/// copy is put back would come to a key again whose answer the journal has, and nothing would be sent. What makes a record
/// does come to it again, so that the journal knows what was made.
pub(super) fn next_generation(last: u64, command: &Command, now: DateTime<Utc>) -> u64 {
    let next = last.saturating_add(1);
    match command {
        Command::CreateCustomer(_) => next,
        _ => next.max(u64::try_from(now.timestamp()).unwrap_or_default()),
    }
}

/// The key of an intent. The store is part of it, since one that was lost begins to count again; so is the generation,
/// since databases give the key of a row that was deleted to the next one.
pub(super) fn key(store: &str, scope: &KindScope, local: &LocalKey, generation: u64) -> IdempotencyKey {
    let generation = generation.to_string();
    let parts = [store, &scope.connection, scope.kind.plural(), local.as_str(), &generation];
    IdempotencyKey::derive("provider-sync/intent", parts)
}
