//! An application that fails in the middle of a batch, or answers for another number of changes: the run ends and says so,
//! and the next one finds out what was written.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use provider_core::EntityKind;

use super::town::Town;
use super::world::World;
use crate::engine::RunControl;
use crate::report::{KindReport, RunFailure, SyncOutcome};
use crate::store::ConnectionState;
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetErrorKind, TargetField,
};

/// What is wrong with the answers.
#[derive(Debug, Clone, Copy)]
enum AnswerFlaw {
    /// The first half of a batch is written, and then there is no room.
    Half,
    /// The last change has none.
    Fewer,
    /// The last change has two.
    More,
    /// Behind each page of rows comes the same again.
    Round,
}

#[derive(Debug)]
struct Flawed {
    inner: MemoryTarget,
    flaw: AnswerFlaw,
    reads: AtomicUsize,
}

impl Flawed {
    fn new(inner: MemoryTarget, flaw: AnswerFlaw) -> Self {
        Self { inner, flaw, reads: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl Target for Flawed {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let mut written = batch.clone();
        if matches!(self.flaw, AnswerFlaw::Half) {
            written.changes.truncate(batch.changes.len() / 2);
        }
        let mut answers = self.inner.apply(&written).await?;
        match self.flaw {
            AnswerFlaw::Half => Err(TargetError::new(TargetErrorKind::Full, "there is no room")),
            AnswerFlaw::Fewer => {
                answers.pop();
                Ok(answers)
            }
            AnswerFlaw::More => {
                let last = answers.last().cloned();
                answers.extend(last);
                Ok(answers)
            }
            AnswerFlaw::Round => Ok(answers),
        }
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        if !matches!(self.flaw, AnswerFlaw::Round) {
            return self.inner.read(kind, after, limit).await;
        }
        if self.reads.fetch_add(1, Ordering::SeqCst) > 100 {
            return Err(TargetError::new(TargetErrorKind::Unanswered, "it is read for ever"));
        }
        let mut page = self.inner.read(kind, None, limit).await?;
        page.next = Some(LocalCursor("round".to_owned()));
        Ok(page)
    }
}

#[tokio::test]
async fn a_batch_that_is_not_answered_change_by_change_ends_the_run_and_the_next_one_heals() {
    for (flaw, kind, written) in [
        (AnswerFlaw::Half, TargetErrorKind::Full, 1),
        (AnswerFlaw::Fewer, TargetErrorKind::Misfit, 2),
        (AnswerFlaw::More, TargetErrorKind::Misfit, 2),
    ] {
        let world = World::new();
        world.shop.customers(5);
        world.shop.subscription("s0", "c00", 1);
        let target = Arc::new(Flawed::new(world.target.clone(), flaw));
        let engine = world.over(world.shop.clone(), target, Arc::clone(&world.store));
        let report = engine.run(&RunControl::default()).await.unwrap();
        assert_ne!(report.outcome, SyncOutcome::Completed, "{flaw:?}: {report:?}");
        assert_eq!(report.failure, Some(RunFailure::Target(kind)), "{flaw:?}: {report:?}");
        assert_eq!(world.ids(EntityKind::Customer).len(), written, "{flaw:?}: of a page of two");
        // An application that is not as the plan says is for a person to look at.
        world.store.switch("shop", ConnectionState::Active, None).await.unwrap();
        let healed = world.run().await;
        assert_eq!((healed.outcome, healed.error.clone()), (SyncOutcome::Completed, None), "{flaw:?}");
        world.assert_in_step(&format!("{flaw:?}"));
        let quiet = world.run().await;
        assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{flaw:?}: {quiet:?}");
    }
}

#[tokio::test]
async fn rows_that_are_read_in_a_circle_end_the_run() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.clock.pass(chrono::Duration::hours(1));
    let round = Arc::new(Flawed::new(town.target.clone(), AnswerFlaw::Round));
    let engine = town.over(town.market.clone(), town.journal.clone(), round, Arc::clone(&town.store));
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.failure, Some(RunFailure::Target(TargetErrorKind::Misfit)), "{report:?}");
    assert!(report.error.is_some_and(|error| error.contains("never ends")));
}
