//! What goes between an engine and an application.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use provider_core::{EntityKind, Violation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fingerprint::Fingerprint;
use crate::plan::Update;

/// A record of the distributor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RemoteRef {
    /// What it is one of.
    pub kind: EntityKind,
    /// Its id there; of a member of a record, both ids joined by `/`.
    pub id: String,
}

impl RemoteRef {
    /// The record of this kind with this id.
    #[must_use]
    pub fn new(kind: EntityKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl fmt::Display for RemoteRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// The application's own key of a record, as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalKey(pub String);

impl LocalKey {
    /// A key.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a field of the application holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalType {
    /// Text, of any length.
    Text,
    /// Whole numbers.
    Integer,
    /// Exact numbers.
    Numeric,
    /// Floats.
    Real,
    /// Yes or no.
    Boolean,
    /// Dates or moments.
    Date,
    /// Whatever comes.
    Any,
    /// Something else, which nothing that a distributor tells goes into.
    Other,
}

/// One field of the application's records.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetField {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: LocalType,
    /// Whether a new record needs it from outside.
    pub required: bool,
    /// Whether no two records have the same, within the scope.
    pub unique: bool,
    /// Whether it can be written.
    pub writable: bool,
}

impl TargetField {
    /// A field that can be left out and written.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: LocalType) -> Self {
        Self { name: name.into(), kind, required: false, unique: false, writable: true }
    }

    /// A new record needs it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// No two records have the same.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
}

/// A record as the application has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalRecord {
    /// Its key.
    pub key: LocalKey,
    /// The distributor's record that it is tied to.
    pub remote: Option<String>,
    /// The fields of the plan.
    pub values: BTreeMap<String, Value>,
    /// Of what it holds: whatever the application answers here is what it compares `expected` with.
    pub fingerprint: Fingerprint,
}

/// What a record is looked for by.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// The field.
    pub field: String,
    /// One of these is in it.
    pub values: Vec<Value>,
    /// Whether case and blanks do not matter.
    pub folded: bool,
}

/// Where a reading of all records goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalCursor(pub String);

/// Some records, and where it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalPage {
    /// The records.
    pub records: Vec<LocalRecord>,
    /// Where the next ones begin; `None` after the last.
    pub next: Option<LocalCursor>,
}

impl LocalPage {
    /// These records; where there are as many as were asked for, there may be more behind them.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn of(records: Vec<LocalRecord>, limit: usize) -> Self {
        let full = records.len() == limit;
        let next = records.last().filter(|_| full).map(|last| LocalCursor(last.key.0.clone()));
        Self { records, next }
    }
}

/// Changes that are carried out together.
#[derive(Debug, Clone)]
pub struct ApplyBatch {
    /// The connection that the changes are for.
    pub connection: String,
    /// The fence of the worker: refuse a batch with a smaller one than the connection's last.
    pub fence: u64,
    /// After this moment the batch must not be begun: somebody else may have taken over.
    pub deadline: DateTime<Utc>,
    /// The changes.
    pub changes: Vec<ApplyChange>,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct ApplyChange {
    /// The distributor's record that it is about.
    pub remote: RemoteRef,
    /// The application's record: `None` for one that is to be made.
    pub local: Option<LocalKey>,
    /// What is to be done. An update of a record that is tied to nothing ties it.
    pub op: Update,
    /// What is to be in it. What is not named is left as it is.
    pub values: BTreeMap<String, Value>,
    /// What the record is expected to be like, where that matters.
    pub expected: Option<Fingerprint>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// The record is as wanted.
    Done {
        /// Its key.
        local: LocalKey,
        /// What it is like now.
        fingerprint: Fingerprint,
    },
    /// It is neither as expected nor as wanted, and was left as it is: `None` where it is gone.
    Stale(Option<LocalRecord>),
    /// The application does not take it.
    Rejected(Vec<Violation>),
}
