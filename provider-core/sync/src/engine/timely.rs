//! An application that is not waited for without end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_core::clock::Clock;
use serde_json::Value;

use super::SyncEngine;
use super::alarm::Alarm;
use crate::plan::{KindPlan, PlanProblem};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target, TargetError,
    TargetErrorKind, TargetField,
};

/// How long an application may take to answer what it has.
const READ: Duration = Duration::from_secs(30);

impl SyncEngine {
    /// The same over an application that answers in time or is given up. What it writes afterwards under the fence of
    /// before is refused, or was done already: the rules of a target make the next run heal it.
    pub(super) fn timely(&self) -> Self {
        let alarm = Alarm::new(Arc::clone(&self.clock));
        let target = Timely { inner: Arc::clone(&self.target), clock: Arc::clone(&self.clock), alarm };
        Self { target: Arc::new(target), ..self.clone() }
    }
}

#[derive(Debug)]
struct Timely {
    inner: Arc<dyn Target>,
    clock: Arc<dyn Clock>,
    alarm: Alarm,
}

impl Timely {
    /// Waits until then, by the clock of the engine.
    async fn until<T>(
        &self,
        end: DateTime<Utc>,
        answer: impl Future<Output = Result<T, TargetError>> + Send,
        otherwise: impl FnOnce() -> String,
    ) -> Result<T, TargetError> {
        let unanswered = || Err(TargetError::new(TargetErrorKind::Unanswered, otherwise()));
        self.alarm.until(end, answer).await.unwrap_or_else(unanswered)
    }

    async fn read_in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, TargetError>> + Send,
    ) -> Result<T, TargetError> {
        let otherwise = || format!("it did not answer within {} s: look at what keeps it", READ.as_secs());
        self.until(self.clock.now() + READ, answer, otherwise).await
    }
}

#[async_trait]
impl Target for Timely {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        self.inner.problems(kind)
    }

    fn sql_to_add(&self, table: &str, column: &str) -> Option<String> {
        self.inner.sql_to_add(table, column)
    }

    fn is_one_table(&self, one: &str, other: &str) -> bool {
        self.inner.is_one_table(one, other)
    }

    fn marks_by_column(&self) -> bool {
        self.inner.marks_by_column()
    }

    fn at_once(&self) -> usize {
        self.inner.at_once()
    }

    fn holds(&self, kind: EntityKind, field: &str, stored: &Value, wanted: &Value) -> bool {
        self.inner.holds(kind, field, stored, wanted)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let otherwise = || {
            format!(
                "it did not answer by {}, the deadline of its batch of {}: whether any of it was written is not known, \
                 and the next run finds out",
                batch.deadline.format("%T UTC"),
                batch.changes.len()
            )
        };
        self.until(batch.deadline, self.inner.apply(batch), otherwise).await
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.read_in_time(self.inner.find(kind, criteria, limit)).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.read_in_time(self.inner.get(kind, keys)).await
    }

    async fn marked(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalKey>, TargetError> {
        self.read_in_time(self.inner.marked(kind, keys)).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.read_in_time(self.inner.read(kind, after, limit)).await
    }

    async fn read_untied(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.read_in_time(self.inner.read_untied(kind, after, limit)).await
    }
}
