//! The plan: what is kept in step, where to, and by whose word.

mod breaker;
mod cap;
mod check;
mod checked;
mod constant;
mod field;
mod fields;
mod kind;
mod parse;
mod problem;
mod pushed;
pub(crate) mod queries;
mod removal;
mod source;
mod transform;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use breaker::{BreakerPlan, Mailbox};
pub(crate) use cap::Cap;
pub use cap::CapPlan;
pub use checked::CheckedPlan;
#[cfg(test)]
pub(crate) use checked::Ways;
pub(crate) use checked::{CheckedField, CheckedKind, Clear, Values};
pub use field::{FieldMap, KeyField, Owner};
pub use kind::{DetailPlan, Direction, Each, KindPlan, MatchRule, Unmatched, Update};
pub use problem::{PlanProblem, PlanProblems, Position};
pub use removal::{RemovalHow, RemovalPlan};
pub use transform::Transform;
pub(crate) use transform::plain;

use crate::reconcile::ReconcilePlan;
use crate::target::Target;
use provider_core::Provider;
use source::Source;

/// What one connection keeps in step, and how. Everything is off until it says otherwise.
///
/// ```
/// use provider_sync::SyncPlan;
///
/// let plan = SyncPlan::from_toml(r#"
///     version = 1
///     connection = "pax8"
///     enabled = true
///
///     [[kinds]]
///     kind = "customer"
///     enabled = true
///     updates = ["create", "update"]
///     table = "accounts"
///     key = { remote = "id", local = "distributor_id" }
///     unmatched = "create"
///     fields = [{ remote = "name", local = "name" }]
/// "#)?;
/// assert_eq!(plan.kinds.len(), 1);
///
/// let problems = SyncPlan::from_toml("version = 1\nconection = 'pax8'").unwrap_err();
/// assert_eq!(problems.first().position.unwrap().to_string(), "2:1");
/// assert_eq!(problems.first().path, "conection");
/// # Ok::<(), provider_sync::PlanProblems>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SyncPlan {
    /// The version of this format: 1.
    pub version: u32,
    /// The connection that it is for: the name of one, or its provider's kind.
    pub connection: String,
    /// Whether anything happens at all.
    #[serde(default)]
    pub enabled: bool,
    /// Where the application's records are, for the target over tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetPlan>,
    /// The data types.
    #[serde(default)]
    pub kinds: Vec<KindPlan>,
    /// The most that one run may do at the distributor.
    #[serde(default)]
    pub cap: CapPlan,
    /// When the connection stops by itself, and when it is tried again.
    #[serde(default)]
    pub breaker: BreakerPlan,
    /// How what was ordered, invoiced and billed is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconcile: Option<ReconcilePlan>,
    /// Who gets a letter when it stops by itself, and when it works again.
    #[serde(default)]
    pub alerts: Vec<Mailbox>,
    #[serde(skip)]
    #[schemars(skip)]
    source: Source,
}

/// Where the application's records are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TargetPlan {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
}

impl SyncPlan {
    /// A plan that does nothing yet.
    #[must_use]
    pub fn new(connection: impl Into<String>) -> Self {
        Self {
            version: 1,
            connection: connection.into(),
            enabled: false,
            target: None,
            kinds: Vec::new(),
            cap: CapPlan::default(),
            breaker: BreakerPlan::default(),
            reconcile: None,
            alerts: Vec::new(),
            source: Source::default(),
        }
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// What cannot be read, with its place and its key.
    pub fn from_toml(text: &str) -> Result<Self, PlanProblems> {
        parse::toml(text)
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// What cannot be read, with its place and its key.
    pub fn from_json(text: &str) -> Result<Self, PlanProblems> {
        parse::json(text)
    }

    /// The JSON Schema of plans, for editors and forms.
    #[must_use]
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }

    /// Holds the plan against what the distributor tells and what the application takes, without any call.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self, provider: &dyn Provider, target: &dyn Target) -> Result<CheckedPlan, PlanProblems> {
        check::check(self, provider, target)
    }

    /// Holds what it says about the [comparison](crate::reconcile) against the distributor, without any call: the kinds
    /// need not be right for it, nor be there.
    ///
    /// # Errors
    /// Everything that is wrong with that part.
    pub fn check_reconcile(&self, provider: &dyn Provider) -> Result<(), PlanProblems> {
        check::of_reconcile(self, provider)
    }

    /// Something that is wrong with this key of the plan, with its place in the text that the plan was read from: that
    /// of the key, or of what the key is missing in.
    ///
    /// ```
    /// let plan = provider_sync::SyncPlan::from_toml("version = 1\nconnection = 'pax8'")?;
    /// let problems = plan.problem("connection", "is not known here");
    /// assert_eq!(problems.in_file("my.toml"), "my.toml:2:1: connection: is not known here");
    /// # Ok::<(), provider_sync::PlanProblems>(())
    /// ```
    #[must_use]
    pub fn problem(&self, path: impl Into<String>, message: impl Into<String>) -> PlanProblems {
        self.source.place(PlanProblem::new(path, message)).into()
    }

    /// Problems of this plan, with their places.
    pub(crate) fn placed(&self, problems: Vec<PlanProblem>) -> Option<PlanProblems> {
        PlanProblems::all(problems.into_iter().map(|problem| self.source.place(problem)).collect())
    }

    /// The data types that are switched on, with their place in the plan.
    pub fn active(&self) -> impl Iterator<Item = (usize, &KindPlan)> {
        self.kinds.iter().enumerate().filter(|(_, kind)| self.enabled && kind.enabled)
    }
}

/// An address may hold a password.
impl fmt::Debug for TargetPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetPlan").finish_non_exhaustive()
    }
}

impl TargetPlan {
    /// The database at this address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }
}
