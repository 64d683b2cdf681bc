//! The application's side: where what was pulled goes.

pub mod conformance;
mod error;
mod memory;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod table;
mod types;

use std::fmt::Debug;

use async_trait::async_trait;
use provider_core::EntityKind;
use serde_json::Value;

use crate::plan::{KindPlan, PlanProblem};

pub use error::{TargetError, TargetErrorKind};
pub use memory::MemoryTarget;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use table::TableTarget;
pub use types::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, LocalType,
    RemoteRef, TargetField,
};

/// An application that is kept in step.
///
/// What is promised about removal, doubling and crashes rests on five rules, which
/// [`target_conformance!`](crate::target_conformance) tries:
///
/// - **T1** The same change twice has one effect.
/// - **T2** A record that is made is known by its [`RemoteRef`], whatever key the application gives it: made again, it
///   is the same record.
/// - **T3** A batch with an older fence than the connection's last is refused, whole.
/// - **T4** `expected` is compared inside the transaction that writes, over the fields of the plan: a record that holds
///   the `values` already, or is removed already, is [`Done`](Applied::Done); one that is neither as expected nor as
///   wanted is [`Stale`](Applied::Stale).
/// - **T5** A change that is rejected does not fail the others.
#[async_trait]
pub trait Target: Debug + Send + Sync + 'static {
    /// What the records of a kind can hold, constants of the scope and the key included.
    fn fields(&self, kind: EntityKind) -> Vec<TargetField>;

    /// The connection whose records it holds, where it knows of one alone.
    fn connection(&self) -> Option<&str> {
        None
    }

    /// What the application lacks for this data type. Paths are those of the data type, such as `table`.
    fn problems(&self, _kind: &KindPlan) -> Vec<PlanProblem> {
        Vec::new()
    }

    /// The SQL that adds a column, where that is what is missing.
    fn sql_to_add(&self, _table: &str, _column: &str) -> Option<String> {
        None
    }

    /// Whether two names of a plan are those of one table.
    fn is_one_table(&self, one: &str, other: &str) -> bool {
        one == other
    }

    /// Whether a record is marked as removed through a column of the plan.
    fn marks_by_column(&self) -> bool {
        false
    }

    /// How many changes it takes best at once. Pages that have come already are then put together, up to so many records
    /// in one [`apply`](Self::apply), more and more of them as long as that is quick. 0, the default, leaves each page as
    /// the distributor sent it.
    fn at_once(&self) -> usize {
        0
    }

    /// Whether a field that holds `stored` is what it makes of `wanted`, such as the day of a moment, or an amount with two
    /// digits. Where it is, nobody has edited it.
    fn holds(&self, _kind: EntityKind, _field: &str, _stored: &Value, _wanted: &Value) -> bool {
        false
    }

    /// Carries out changes, and answers one word for each, in their order.
    ///
    /// # Errors
    /// When nothing of the batch was done: a fence of before, a database that cannot be written.
    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError>;

    /// Records that one of a criterion's values fits, for each of the criteria; records of other scopes are not seen.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError>;

    /// Records by their keys. Those that are not there are left out.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError>;

    /// Those of these records that are marked as removed by something that their fingerprints leave out.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn marked(&self, _kind: EntityKind, _keys: &[LocalKey]) -> Result<Vec<LocalKey>, TargetError> {
        Ok(Vec::new())
    }

    /// All records of a kind in a stable order, from after the last one of the page before.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError>;

    /// Those of them that are tied to no record of the distributor, in the same order; pages may be smaller than `limit`.
    /// Answer it where the application finds them faster than by reading all.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn read_untied(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let mut page = self.read(kind, after, limit).await?;
        page.records.retain(|record| record.remote.is_none());
        Ok(page)
    }
}
