//! A journal that forgets when the process ends: for tests, and as the model of a durable one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Begin, Fence, Journal, JournalBook, Settlement};
use crate::attempt::Attempt;
use crate::clock::{Clock, SystemClock};
use crate::error::Result;
use crate::idempotency::IdempotencyKey;
use crate::info::AccountKey;
use crate::receipt::Receipt;

/// A journal in memory. It protects against repeated and overlapping calls, not against a crash.
#[derive(Debug, Clone)]
pub struct MemoryJournal {
    book: Arc<Mutex<JournalBook>>,
    clock: Arc<dyn Clock>,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl MemoryJournal {
    /// An empty journal on this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { book: Arc::default(), clock }
    }

    fn with<T>(&self, work: impl FnOnce(&mut JournalBook) -> T) -> T {
        work(&mut self.book.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        let now = self.clock.now();
        self.with(|book| book.begin(attempt, now, ttl))
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        let now = self.clock.now();
        self.with(|book| book.arm(attempt, fence, now, ttl))
    }

    async fn finish(&self, attempt: &Attempt, _fence: Fence, receipt: &Receipt) -> Result<()> {
        let now = self.clock.now();
        self.with(|book| book.finish(attempt, receipt, now));
        Ok(())
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.with(|book| book.release(attempt, fence));
        Ok(())
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        let now = self.clock.now();
        self.with(|book| book.leave_open(attempt, fence, now));
        Ok(())
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        Ok(self.with(|book| book.open_attempts(account)))
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        let now = self.clock.now();
        self.with(|book| book.settle(key, settlement, who, now).map(drop))
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        let now = self.clock.now();
        Ok(self.with(|book| book.forget(before, now)))
    }

    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        self.with(|book| book.move_account(from, to))
    }
}
