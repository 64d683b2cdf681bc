//! What a store keeps.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_core::info::AccountKey;
use provider_core::page::ResumePoint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::intent::{IntentEnd, NewIntent};
use crate::fingerprint::Fingerprint;
use crate::report::KindReport;
use crate::target::LocalKey;

/// One kind of records of one connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindScope {
    /// The connection.
    pub connection: String,
    /// The kind.
    pub kind: EntityKind,
}

impl KindScope {
    /// A kind of a connection.
    #[must_use]
    pub fn new(connection: impl Into<String>, kind: EntityKind) -> Self {
        Self { connection: connection.into(), kind }
    }
}

/// What a store knows of a record that a page tells of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Known {
    /// Nothing.
    New,
    /// It is as it was, and was met in the last run: its place in the bitmap.
    Same(u32),
    /// Everything, since something about it is otherwise.
    Other(Box<Shadow>),
}

/// One run over one kind of records, with all its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub i64);

/// The right to work on an account, until its end or until somebody with a later fence has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLease {
    /// The account.
    pub account: AccountKey,
    /// Whoever comes later has a larger one.
    pub fence: u64,
    /// When it ends unless it is renewed, by the clock of the store.
    pub ends_at: DateTime<Utc>,
    /// How long it is renewed for.
    pub ttl: Duration,
}

/// What is known of a record of the distributor.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// Its id there.
    pub remote: String,
    /// Its place in the bitmap of what was seen; the store gives it one.
    pub slot: Option<u32>,
    /// How it was when it was last dealt with; `None` while it has to be looked at again.
    pub source: Option<Fingerprint>,
    /// What was written of it.
    pub mapped: Option<Fingerprint>,
    /// The application's record.
    pub local: Option<LocalKey>,
    /// How that was when it was written.
    pub applied: Option<Fingerprint>,
    /// The values that were written, where a person may be asked about one of them.
    pub base: Option<Value>,
    /// What it stands for.
    pub state: ShadowState,
    /// What it belongs to at the distributor: what is looked at to know whether a right was withdrawn.
    pub group: Option<String>,
    /// In how many runs it was missing.
    pub absent_runs: u32,
    /// Since when.
    pub absent_since: Option<DateTime<Utc>>,
}

impl Shadow {
    /// Of a record that was not dealt with yet.
    pub(crate) fn new(remote: String, group: Option<String>) -> Self {
        Self {
            remote,
            slot: None,
            source: None,
            mapped: None,
            local: None,
            applied: None,
            base: None,
            state: ShadowState::Held,
            group,
            absent_runs: 0,
            absent_since: None,
        }
    }
}

/// What a record of the distributor stands for in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShadowState {
    /// A record of the application is tied to it.
    Linked,
    /// Nothing yet: it waits for its parent, for a person, or for a mistake to be mended.
    Held,
    /// Nothing, because a person said so.
    Ignored,
    /// Nothing, because the plan leaves out what nothing fits. When it changes it is looked at again.
    Skipped,
    /// It has ended, and its record is removed or marked.
    Ended,
}

/// Where a run goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Which of the listings that the run is made of.
    pub part: String,
    /// Where in it.
    pub point: ResumePoint,
    /// How many records without an id came before, in this part.
    #[serde(default)]
    pub nameless: u64,
    /// The listing was short: nothing is to be had behind its end, and it is read from its beginning.
    #[serde(default)]
    pub again: bool,
}

/// A run over one kind of records, as it was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct KindRun {
    /// Which one.
    pub id: RunId,
    /// Whether it was ended in an earlier part of the same session.
    pub ended: bool,
    /// Where it goes on.
    pub checkpoint: Option<Checkpoint>,
    /// What it has counted.
    pub report: KindReport,
    /// How many records the last whole run met.
    pub listed_before: Option<u64>,
    /// How many records are linked, counted as far as it matters to how many may be removed.
    pub live: u64,
    /// Whether no record was ever kept: whatever is listed is new.
    pub untouched: bool,
}

/// What one page changes: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct PageCommit {
    /// The records that were met and did not change.
    pub seen: Vec<u32>,
    /// The records that did; they were met too.
    pub shadows: Vec<Shadow>,
    /// The records that were not met and about which something else is known now.
    pub unseen: Vec<Shadow>,
    /// The records of which nothing is kept any more.
    pub forgotten: Vec<String>,
    /// What a person has to look at.
    pub pending: Vec<NewPending>,
    /// What no person has to look at any more.
    pub settled: Vec<(String, PendingType)>,
    /// What is to be done at the distributor. Where an intent is open for the record already, that one stays.
    pub intents: Vec<NewIntent>,
    /// What came of what was to be done.
    pub ended: Vec<IntentEnd>,
    /// Hints that were followed.
    pub hints: Vec<String>,
    /// What the run has counted so far.
    pub report: Option<KindReport>,
    /// Where it goes on.
    pub checkpoint: Option<Checkpoint>,
}

/// Why a person has to look at something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PendingType {
    /// A record of the distributor may be one that the application has.
    Match,
    /// Both sides changed a field of `owner = "ask"`.
    Conflict,
    /// The application's record is gone, or tied to nothing.
    Vanished,
    /// A record could not be read, changed, or taken.
    Quarantine,
    /// A record of the application may be one that the distributor has, or that the application has twice.
    Twin,
    /// The distributor does not take a change, or the record lacks what it needs.
    Refused,
    /// A change waits: for the next run, or for the day on which it is possible.
    Waits,
    /// Nobody knows what came of a command.
    Unknown,
}

impl PendingType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Match,
        Self::Conflict,
        Self::Vanished,
        Self::Quarantine,
        Self::Twin,
        Self::Refused,
        Self::Waits,
        Self::Unknown,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Conflict => "conflict",
            Self::Vanished => "vanished",
            Self::Quarantine => "quarantine",
            Self::Twin => "twin",
            Self::Refused => "refused",
            Self::Waits => "waits",
            Self::Unknown => "unknown",
        }
    }

    /// Whether this decision is one about it.
    #[must_use]
    pub const fn takes(self, decision: &Decision) -> bool {
        match self {
            Self::Match => matches!(decision, Decision::Link(_) | Decision::Create | Decision::Ignore),
            Self::Conflict => matches!(decision, Decision::TakeRemote | Decision::TakeLocal),
            Self::Vanished => {
                matches!(decision, Decision::Link(_) | Decision::Create | Decision::Ignore | Decision::Retry)
            }
            Self::Quarantine | Self::Refused => matches!(decision, Decision::Retry | Decision::Ignore),
            Self::Twin => matches!(decision, Decision::Create | Decision::Ignore),
            Self::Waits => matches!(decision, Decision::Ignore),
            Self::Unknown => {
                matches!(decision, Decision::Happened(_) | Decision::NeverHappened | Decision::Retry)
            }
        }
    }
}

impl fmt::Display for PendingType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something for a person, before it has a number.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPending {
    /// The distributor's record; of what is to go there, the application's key behind `local:`, and the field behind `#`
    /// where it has a command of its own.
    pub subject: String,
    /// Why.
    pub kind: PendingType,
    /// Of what a decision rests on. A decision about other facts is stale.
    pub facts: Fingerprint,
    /// What a person needs to know.
    pub body: Value,
}

/// The name of something that waits for a person: its number, and a mark of what it was about when it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PendingId {
    /// The number.
    pub number: i64,
    /// The mark.
    pub mark: String,
}

impl fmt::Display for PendingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.number, self.mark)
    }
}

impl FromStr for PendingId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, mark) = text.split_once('-').unwrap_or((text, ""));
        let number = number.parse().map_err(|_| format!("`{text}` is no id such as `17-3fa92c`"))?;
        Ok(Self { number, mark: mark.to_owned() })
    }
}

impl Serialize for PendingId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for PendingId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PendingId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+-[0-9a-f]{6}$" })
    }
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Pending {
    /// Its name.
    pub id: PendingId,
    /// The connection.
    pub connection: String,
    /// What the record is one of.
    pub kind: EntityKind,
    /// The distributor's id of the record; of what is to go there, the application's key behind `local:`, and the field
    /// behind `#` where it has a command of its own.
    pub subject: String,
    /// Why it waits.
    #[serde(rename = "type")]
    pub why: PendingType,
    /// What a person needs to know.
    pub body: Value,
    /// Since when.
    #[schemars(with = "String")]
    pub opened: DateTime<Utc>,
    /// What was decided; the next run carries it out.
    pub decision: Option<Decision>,
    /// By whom.
    pub who: Option<String>,
}

/// A person's decision about something that waits in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// Link it to this record of the application.
    Link(#[schemars(with = "String")] LocalKey),
    /// Create a new record for it.
    Create,
    /// Leave it out.
    Ignore,
    /// The distributor's value holds.
    TakeRemote,
    /// The application's value holds.
    TakeLocal,
    /// The command took effect: this is what it made.
    Happened(String),
    /// The command never took effect.
    NeverHappened,
    /// Try it again.
    Retry,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(key) => write!(f, "link {key}"),
            Self::Create => f.write_str("create"),
            Self::Ignore => f.write_str("ignore"),
            Self::TakeRemote => f.write_str("take-remote"),
            Self::TakeLocal => f.write_str("take-local"),
            Self::Happened(id) => write!(f, "happened {id}"),
            Self::NeverHappened => f.write_str("never-happened"),
            Self::Retry => f.write_str("retry"),
        }
    }
}

/// Which of what waits.
///
/// ```
/// use provider_sync::QueueQuery;
///
/// let query = QueueQuery::default().connection("pax8").after(17).limit(100);
/// assert_eq!((query.after, query.limit), (Some(17), Some(100)));
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct QueueQuery {
    /// Only of this connection.
    pub connection: Option<String>,
    /// After this number.
    pub after: Option<i64>,
    /// At most so many; all without it.
    pub limit: Option<usize>,
}

impl QueueQuery {
    /// Only of this connection.
    #[must_use]
    pub fn connection(mut self, connection: impl Into<String>) -> Self {
        self.connection = Some(connection.into());
        self
    }

    /// After this number.
    #[must_use]
    pub fn after(mut self, number: i64) -> Self {
        self.after = Some(number);
        self
    }

    /// At most so many.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }
}
