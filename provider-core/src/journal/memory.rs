//! A journal that forgets when the process ends: for tests, and as the model of a durable one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Begin, Blocked, Fence, Journal};
use crate::attempt::Attempt;
use crate::clock::{Clock, SystemClock};
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::idempotency::IdempotencyKey;
use crate::receipt::Receipt;

type EntryKey = (String, IdempotencyKey);

#[derive(Debug, Clone)]
enum Stage {
    Reserved,
    Armed,
    Done(Box<Receipt>),
}

#[derive(Debug, Clone)]
struct Entry {
    attempt: Attempt,
    stage: Stage,
    fence: Fence,
    lease_ends: DateTime<Utc>,
}

impl Entry {
    fn rest(&self, now: DateTime<Utc>) -> Option<Duration> {
        (self.lease_ends - now).to_std().ok().filter(|rest| !rest.is_zero())
    }

    /// Whether it keeps other attempts off the same record.
    fn guards(&self, now: DateTime<Utc>) -> bool {
        match self.stage {
            Stage::Reserved => self.rest(now).is_some(),
            Stage::Armed => self.attempt.baseline.is_some(),
            Stage::Done(_) => false,
        }
    }
}

/// A journal in memory. It protects against repeated and overlapping calls, not against a crash.
#[derive(Debug, Clone)]
pub struct MemoryJournal {
    entries: Arc<Mutex<HashMap<EntryKey, Entry>>>,
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
        Self { entries: Arc::default(), clock }
    }

    /// The attempts that were armed and never settled: what a person has to look at.
    #[must_use]
    pub fn open_attempts(&self) -> Vec<Attempt> {
        self.with(|entries| {
            entries
                .values()
                .filter(|entry| matches!(entry.stage, Stage::Armed))
                .map(|entry| entry.attempt.clone())
                .collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<EntryKey, Entry>) -> T) -> T {
        work(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn entry_key(attempt: &Attempt) -> EntryKey {
    (attempt.connection.clone(), attempt.key.clone())
}

fn lease_end(now: DateTime<Utc>, ttl: Duration) -> DateTime<Utc> {
    chrono::Duration::from_std(ttl)
        .ok()
        .and_then(|ttl| now.checked_add_signed(ttl))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        let now = self.clock.now();
        self.with(|entries| {
            let key = entry_key(attempt);
            let mut fence = Fence(1);
            if let Some(entry) = entries.get_mut(&key) {
                if entry.attempt.command != attempt.command {
                    return Err(Error::new(
                        ErrorKind::Refused,
                        "this idempotency key was used for another command: every intent needs its own key",
                    ));
                }
                if let Stage::Done(receipt) = &entry.stage {
                    return Ok(Begin::Done(receipt.clone()));
                }
                if let Some(rest) = entry.rest(now) {
                    return Ok(Begin::Busy(rest));
                }
                fence = Fence(entry.fence.0 + 1);
                if matches!(entry.stage, Stage::Armed) {
                    entry.fence = fence;
                    entry.lease_ends = lease_end(now, ttl);
                    return Ok(Begin::Open(Box::new(entry.attempt.clone()), fence));
                }
            }
            if let Some(scope) = attempt.command.scope() {
                let other = entries.iter().find(|(other, entry)| {
                    **other != key
                        && other.0 == key.0
                        && entry.guards(now)
                        && entry.attempt.command.scope().as_ref() == Some(&scope)
                });
                if let Some((other, entry)) = other {
                    return Ok(Begin::Blocked(Blocked::new(other.1.clone(), scope, entry.rest(now))));
                }
            }
            let lease_ends = lease_end(now, ttl);
            let entry = Entry { attempt: attempt.clone(), stage: Stage::Reserved, fence, lease_ends };
            entries.insert(key, entry);
            Ok(Begin::Fresh(fence))
        })
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        let now = self.clock.now();
        self.with(|entries| {
            let entry = entries
                .get_mut(&entry_key(attempt))
                .filter(|entry| entry.fence == fence && entry.rest(now).is_some())
                .filter(|entry| !matches!(entry.stage, Stage::Done(_)));
            let Some(entry) = entry else {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    "the lease on this attempt ran out before it was sent: call again with the same key",
                )
                .with_delivery(Delivery::NotSent));
            };
            entry.attempt = attempt.clone();
            entry.stage = Stage::Armed;
            entry.lease_ends = lease_end(now, ttl);
            Ok(())
        })
    }

    async fn finish(&self, attempt: &Attempt, _fence: Fence, receipt: &Receipt) -> Result<()> {
        self.with(|entries| {
            if let Some(entry) = entries.get_mut(&entry_key(attempt))
                && !matches!(entry.stage, Stage::Done(_))
            {
                let mut stored = receipt.clone();
                stored.credentials = None;
                entry.stage = Stage::Done(Box::new(stored));
            }
            Ok(())
        })
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.with(|entries| {
            let key = entry_key(attempt);
            let mine = |e: &Entry| e.fence == fence && !matches!(e.stage, Stage::Done(_));
            if entries.get(&key).is_some_and(mine) {
                entries.remove(&key);
            }
            Ok(())
        })
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        let now = self.clock.now();
        self.with(|entries| {
            if let Some(entry) = entries.get_mut(&entry_key(attempt)).filter(|e| e.fence == fence) {
                entry.lease_ends = now;
            }
            Ok(())
        })
    }
}
