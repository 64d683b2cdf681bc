//! The rules of a journal as a plain value: whoever can store this value safely has a journal.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Begin, Blocked, Fence};
use crate::attempt::Attempt;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::idempotency::IdempotencyKey;
use crate::receipt::Receipt;

type EntryKey = (String, IdempotencyKey);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Reserved,
    Armed,
    Done(Box<Receipt>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    attempt: Attempt,
    stage: Stage,
    fence: u64,
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
            Stage::Armed => self.attempt.baseline.as_ref().is_some_and(|baseline| baseline.decides),
            Stage::Done(_) => false,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done(_))
    }
}

/// The rules of a [`Journal`](super::Journal) as a plain value.
///
/// Each method is one step of the protocol and answers what the journal has to answer. A journal in a
/// file or a database row loads the value, takes one step, and stores it again, under a lock.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct JournalBook {
    entries: HashMap<EntryKey, Entry>,
}

impl From<Vec<Entry>> for JournalBook {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry_key(&entry.attempt), entry)).collect() }
    }
}

impl From<JournalBook> for Vec<Entry> {
    fn from(book: JournalBook) -> Self {
        book.entries.into_values().collect()
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

impl JournalBook {
    /// See [`Journal::begin`](super::Journal::begin).
    ///
    /// # Errors
    /// `Refused` when the key was used for another command.
    pub fn begin(&mut self, attempt: &Attempt, now: DateTime<Utc>, ttl: Duration) -> Result<Begin> {
        let key = entry_key(attempt);
        let mut fence = 1;
        if let Some(entry) = self.entries.get_mut(&key) {
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
            fence = entry.fence + 1;
            if matches!(entry.stage, Stage::Armed) {
                entry.fence = fence;
                entry.lease_ends = lease_end(now, ttl);
                return Ok(Begin::Open(Box::new(entry.attempt.clone()), Fence(fence)));
            }
        }
        if let Some(blocked) = self.blocked(attempt, &key, now) {
            return Ok(Begin::Blocked(blocked));
        }
        let lease_ends = lease_end(now, ttl);
        let entry = Entry { attempt: attempt.clone(), stage: Stage::Reserved, fence, lease_ends };
        self.entries.insert(key, entry);
        Ok(Begin::Fresh(Fence(fence)))
    }

    fn blocked(&self, attempt: &Attempt, key: &EntryKey, now: DateTime<Utc>) -> Option<Blocked> {
        let scope = attempt.command.scope()?;
        let (other, entry) = self.entries.iter().find(|(other, entry)| {
            *other != key
                && other.0 == key.0
                && entry.guards(now)
                && entry.attempt.command.scope().as_ref() == Some(&scope)
        })?;
        Some(Blocked::new(other.1.clone(), scope, entry.rest(now)))
    }

    /// See [`Journal::arm`](super::Journal::arm).
    ///
    /// # Errors
    /// `Conflict` when the lease ran out or is held by somebody else by now.
    pub fn arm(&mut self, attempt: &Attempt, fence: Fence, now: DateTime<Utc>, ttl: Duration) -> Result<()> {
        let entry = self
            .entries
            .get_mut(&entry_key(attempt))
            .filter(|entry| entry.fence == fence.0 && entry.rest(now).is_some() && !entry.is_done());
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
    }

    /// See [`Journal::finish`](super::Journal::finish).
    pub fn finish(&mut self, attempt: &Attempt, receipt: &Receipt) {
        if let Some(entry) = self.entries.get_mut(&entry_key(attempt)).filter(|entry| !entry.is_done()) {
            let mut stored = receipt.clone();
            stored.credentials = None;
            entry.stage = Stage::Done(Box::new(stored));
        }
    }

    /// See [`Journal::release`](super::Journal::release).
    pub fn release(&mut self, attempt: &Attempt, fence: Fence) {
        let key = entry_key(attempt);
        if self.entries.get(&key).is_some_and(|entry| entry.fence == fence.0 && !entry.is_done()) {
            self.entries.remove(&key);
        }
    }

    /// See [`Journal::leave_open`](super::Journal::leave_open).
    pub fn leave_open(&mut self, attempt: &Attempt, fence: Fence, now: DateTime<Utc>) {
        if let Some(entry) = self.entries.get_mut(&entry_key(attempt)).filter(|e| e.fence == fence.0) {
            entry.lease_ends = now;
        }
    }

    /// The attempts that may have been sent and were never settled: what a person has to look at.
    #[must_use]
    pub fn open_attempts(&self) -> Vec<Attempt> {
        let open = self.entries.values().filter(|entry| matches!(entry.stage, Stage::Armed));
        open.map(|entry| entry.attempt.clone()).collect()
    }
}
