//! What a run has done.

use provider_core::{EntityKind, ErrorKind};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SyncError;
use crate::store::StoreErrorKind;
use crate::target::TargetErrorKind;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SyncOutcome {
    /// Everything that the plan names was gone through; something may wait for a person.
    Completed,
    /// The time of its slice was over: the next run goes on.
    Sliced,
    /// It was stopped from outside: the next run goes on.
    Cancelled,
    /// The distributor, the application or the store failed: the next run goes on.
    Failed,
    /// The plan or the connection is switched off.
    Disabled,
    /// It was not begun: another run works on the account, or the account is not the one of before.
    Refused,
}

impl SyncOutcome {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Sliced => "sliced",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
            Self::Refused => "refused",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Completed, Self::Sliced, Self::Cancelled, Self::Failed, Self::Disabled, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// What a run failed at, by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunFailure {
    /// The distributor, or something between here and there.
    Provider(ErrorKind),
    /// The application.
    Target(TargetErrorKind),
    /// The store.
    Store(StoreErrorKind),
    /// The plan asks for what this release does not know.
    Refused,
}

impl RunFailure {
    /// `None` for what was stopped from outside: it did not fail.
    pub(crate) fn of(error: &SyncError) -> Option<Self> {
        match error {
            SyncError::Provider(error) => Some(Self::Provider(error.kind())),
            SyncError::Target(error) => Some(Self::Target(error.kind)),
            SyncError::Store(error) => Some(Self::Store(error.kind)),
            SyncError::Refused(_) => Some(Self::Refused),
            SyncError::Cancelled => None,
        }
    }
}

/// Whether a listing was complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// As many records came as were declared.
    Proven,
    /// It was read to its end, and the distributor declares no total.
    NoTotal,
    /// Nothing can be concluded from what did not come.
    #[default]
    Unproven,
}

/// What a run has done with one kind of records, in all its parts together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct KindReport {
    /// Which kind.
    pub kind: EntityKind,
    /// Records that the distributor listed, those that could not be read included.
    pub listed: u64,
    /// Records made in the application.
    pub created: u64,
    /// Records changed in the application.
    pub updated: u64,
    /// Records that are as they were.
    pub unchanged: u64,
    /// Records removed, or marked as removed.
    pub removed: u64,
    /// Records that are missing in the listing and not proven to be gone: nothing was removed.
    pub suspected: u64,
    /// Records that wait for a person to say what they are.
    pub queued: u64,
    /// Records of which both sides changed a field of `owner = "ask"`: a person decides.
    pub conflicts: u64,
    /// Records in quarantine: they could not be read, transformed or written. Each run tries them again.
    pub quarantined: u64,
    /// Records that wait for their parent record, such as subscriptions of a customer that is not linked yet.
    pub held: u64,
    /// Records changed at the distributor.
    pub pushed: u64,
    /// Changes at the distributor with an unknown outcome: for a person.
    pub unknown: u64,
    /// Records whose change the distributor does not take, or that lack what it needs.
    #[serde(default)]
    pub refused: u64,
    /// Records whose change waits for the next run, or for the day on which it is possible.
    #[serde(default)]
    pub waiting: u64,
    /// Whether the listing was complete.
    pub completeness: Proof,
    /// Pages that were dealt with.
    pub pages: u64,
    /// How often the run was interrupted and resumed.
    pub resumed: u64,
    /// What was ordered and changed at the distributor, as the plan's `cap` counts it.
    #[serde(default, skip_serializing_if = "Spent::is_none")]
    pub spent: Spent,
}

/// What a run orders and changes at a distributor, as the plan's `cap` counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Spent {
    /// Records that are made.
    pub creates: u64,
    /// Records that are changed.
    pub changes: u64,
    /// Units that are added and given back.
    #[serde(with = "provider_core::wire::decimal")]
    #[schemars(with = "String")]
    pub units: Decimal,
    /// What those cost that are added, in the currency of the cap.
    #[serde(with = "provider_core::wire::decimal")]
    #[schemars(with = "String")]
    pub total: Decimal,
}

impl Spent {
    pub(crate) const NONE: Self = Self { creates: 0, changes: 0, units: Decimal::ZERO, total: Decimal::ZERO };

    fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Both together.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            creates: self.creates.saturating_add(other.creates),
            changes: self.changes.saturating_add(other.changes),
            units: self.units.saturating_add(other.units),
            total: self.total.saturating_add(other.total),
        }
    }
}

impl KindReport {
    /// Nothing yet.
    #[must_use]
    pub const fn new(kind: EntityKind) -> Self {
        Self {
            kind,
            listed: 0,
            created: 0,
            updated: 0,
            unchanged: 0,
            removed: 0,
            suspected: 0,
            queued: 0,
            conflicts: 0,
            quarantined: 0,
            held: 0,
            pushed: 0,
            unknown: 0,
            refused: 0,
            waiting: 0,
            completeness: Proof::Unproven,
            pages: 0,
            resumed: 0,
            spent: Spent::NONE,
        }
    }

    /// Whether the run wrote anything to the application.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.created == 0 && self.updated == 0 && self.removed == 0
    }
}

/// The commands that were sent to the distributor, by their outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct IntentCounts {
    /// They took effect.
    pub applied: u64,
    /// The distributor refused them.
    pub rejected: u64,
    /// Their outcome is unknown: for a person.
    pub unknown: u64,
}

/// The report of a run: what was done with each data type, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SyncReport {
    /// The connection.
    pub connection: String,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// What was done with each data type, in the order of the run.
    pub kinds: Vec<KindReport>,
    /// The commands that were sent to the distributor, by their outcome.
    pub intents: IntentCounts,
    /// Why it failed or was refused, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it failed at, for programs: whether somebody has to log in again, or it is enough to wait.
    #[serde(skip)]
    #[schemars(skip)]
    pub failure: Option<RunFailure>,
}

/// What a run would do, in the shape of what it did.
pub type Preview = SyncReport;

impl SyncReport {
    pub(crate) fn new(connection: &str, outcome: SyncOutcome, kinds: Vec<KindReport>) -> Self {
        let connection = connection.to_owned();
        let (error, failure) = (None, None);
        Self { connection, outcome, kinds, intents: IntentCounts::default(), error, failure }
    }

    /// Counts what became of commands: those of its kinds, and these.
    pub(crate) fn count(&mut self, others: &IntentCounts) {
        let sum = |count: fn(&KindReport) -> u64| self.kinds.iter().map(count).sum::<u64>();
        self.intents = IntentCounts {
            applied: sum(|kind| kind.pushed) + others.applied,
            rejected: sum(|kind| kind.refused) + others.rejected,
            unknown: sum(|kind| kind.unknown) + others.unknown,
        };
    }

    /// What it did with one kind.
    #[must_use]
    pub fn kind(&self, kind: EntityKind) -> Option<&KindReport> {
        self.kinds.iter().find(|report| report.kind == kind)
    }
}
