//! A worker that is paused before one of its batches, and comes back when it is woken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use provider_core::EntityKind;
use tokio::sync::Notify;

use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target, TargetError,
    TargetField,
};

/// A target of a worker that is paused before one of its batches.
#[derive(Debug, Clone)]
pub(crate) struct Paused {
    inner: Arc<dyn Target>,
    left: Arc<AtomicU64>,
    reached: Arc<Notify>,
    wake: Arc<Notify>,
}

impl Paused {
    pub(crate) fn new(inner: Arc<dyn Target>, batches: u64) -> Self {
        Self {
            inner,
            left: Arc::new(AtomicU64::new(batches % 4)),
            reached: Arc::default(),
            wake: Arc::default(),
        }
    }

    /// It is paused now, or has had nothing to do.
    pub(crate) async fn reached<T>(&self, worker: &tokio::task::JoinHandle<T>) {
        while self.left.load(Ordering::SeqCst) != u64::MAX && !worker.is_finished() {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

#[async_trait]
impl Target for Paused {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        match self.left.load(Ordering::SeqCst) {
            0 => {
                self.left.store(u64::MAX, Ordering::SeqCst);
                self.reached.notify_one();
                self.wake.notified().await;
            }
            u64::MAX => {}
            left => self.left.store(left - 1, Ordering::SeqCst),
        }
        self.inner.apply(batch).await
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
        self.inner.read(kind, after, limit).await
    }
}
