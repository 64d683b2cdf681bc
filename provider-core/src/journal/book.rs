//! The rules of a journal as a plain value: whoever can store this value safely has a journal.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{JournalEntry, Owner, Settled, Stage};
use super::{Begin, Blocked, Fence, Held, Settlement};
use crate::attempt::Attempt;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::idempotency::IdempotencyKey;
use crate::info::AccountKey;
use crate::receipt::{Judgement, Receipt};

type EntryKey = (Owner, IdempotencyKey);

/// The rules of a [`Journal`](super::Journal) as a plain value.
///
/// Each method is one step of the protocol and answers what the journal has to answer. A journal in a
/// file loads the value, takes one step, and stores it again, under a lock. A journal in a database loads the
/// entries that a step looks at ([`begin`](Self::begin) says which), takes the step, and stores the
/// entry that [`entry`](Self::entry) answers, in one transaction.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<JournalEntry>", into = "Vec<JournalEntry>")]
pub struct JournalBook {
    entries: HashMap<EntryKey, JournalEntry>,
}

impl From<Vec<JournalEntry>> for JournalBook {
    fn from(entries: Vec<JournalEntry>) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry_key(&entry.attempt), entry)).collect() }
    }
}

impl From<JournalBook> for Vec<JournalEntry> {
    fn from(book: JournalBook) -> Self {
        book.entries.into_values().collect()
    }
}

fn entry_key(attempt: &Attempt) -> EntryKey {
    (Owner::of(attempt), attempt.key.clone())
}

fn lease_end(now: DateTime<Utc>, ttl: Duration) -> DateTime<Utc> {
    chrono::Duration::from_std(ttl)
        .ok()
        .and_then(|ttl| now.checked_add_signed(ttl))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The fence of a key that is not known, or not any more. It keeps up with the clock: where the entry was released, one
/// that began to count anew would be that of a holder whose lease ran out long ago.
fn first_fence(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp_micros()).unwrap_or_default().max(1)
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Refused, message.into())
}

impl JournalBook {
    /// Every entry, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.values()
    }

    /// The entry of this attempt's key, if there is one.
    #[must_use]
    pub fn entry(&self, attempt: &Attempt) -> Option<&JournalEntry> {
        self.entries.get(&entry_key(attempt))
    }

    /// See [`Journal::begin`](super::Journal::begin). It looks at the entries under the same key, at the
    /// entries on the same connection's name, and at those on the same scope of the same account.
    ///
    /// # Errors
    /// `Refused` when the key was used for another command, or the connection's name with another account.
    pub fn begin(&mut self, attempt: &Attempt, now: DateTime<Utc>, ttl: Duration) -> Result<Begin> {
        self.refuse_another_account(attempt)?;
        let key = entry_key(attempt);
        self.adopt(attempt, &key);
        let mut fence = first_fence(now);
        if let Some(entry) = self.entries.get_mut(&key) {
            if entry.attempt.command != attempt.command {
                return Err(refused(
                    "this idempotency key was used for another command: every intent needs its own key",
                ));
            }
            if let Stage::Done(receipt) = &entry.stage {
                return Ok(Begin::Done(receipt.clone()));
            }
            if let Some(rest) = entry.rest(now).filter(|_| !entry.has_ended()) {
                return Ok(Begin::Busy(Held::new(rest).by(entry.attempt.holder.clone())));
            }
            fence = entry.fence + 1;
            if entry.is_open() {
                let sent_until = *entry.attempt.sent_until.get_or_insert(entry.lease_ends);
                entry.fence = fence;
                entry.lease_ends = lease_end(now, ttl);
                entry.attempt.holder.clone_from(&attempt.holder);
                let mut open = entry.attempt.clone();
                open.unsent_for = (now - sent_until).to_std().ok();
                return Ok(Begin::Open(Box::new(open), Fence(fence)));
            }
        }
        if let Some(blocked) = self.blocked(attempt, &key, now) {
            return Ok(Begin::Blocked(blocked));
        }
        self.entries.insert(key, JournalEntry::reserved(attempt, fence, lease_end(now, ttl)));
        Ok(Begin::Fresh(Fence(fence)))
    }

    /// The keys of an account that was replaced would be new to the next one, and order again.
    fn refuse_another_account(&self, attempt: &Attempt) -> Result<()> {
        let Some(other) = self.entries.values().find(|entry| entry.is_of_another_account(attempt)) else {
            return Ok(());
        };
        let (Some(own), Some(before)) = (&attempt.account, &other.attempt.account) else { return Ok(()) };
        Err(refused(format!(
            "the connection `{}` is {own} now, and was {before} in this journal: name the connections apart, or \
             move the entries where the account is the same and only its API client was replaced",
            attempt.connection
        )))
    }

    /// An entry of before, which knew only the connection's name, becomes the account's own.
    fn adopt(&mut self, attempt: &Attempt, key: &EntryKey) {
        let of_before = (Owner::Connection(attempt.connection.clone()), attempt.key.clone());
        if attempt.account.is_none() || self.entries.contains_key(key) {
            return;
        }
        if let Some(mut entry) = self.entries.remove(&of_before) {
            entry.attempt.account.clone_from(&attempt.account);
            self.entries.insert(key.clone(), entry);
        }
    }

    fn blocked(&self, attempt: &Attempt, key: &EntryKey, now: DateTime<Utc>) -> Option<Blocked> {
        let scope = attempt.command.scope()?;
        let (other, entry) = self.entries.iter().find(|(other, entry)| {
            *other != key
                && (other.0 == key.0 || other.0 == Owner::Connection(attempt.connection.clone()))
                && entry.guards(now)
                && entry.attempt.command.scope().as_ref() == Some(&scope)
        })?;
        let blocked = Blocked::new(other.1.clone(), scope, entry.rest(now));
        Some(blocked.by(entry.attempt.holder.clone()))
    }

    /// See [`Journal::arm`](super::Journal::arm).
    ///
    /// # Errors
    /// `Conflict` when the lease ran out or is held by somebody else by now.
    pub fn arm(&mut self, attempt: &Attempt, fence: Fence, now: DateTime<Utc>, ttl: Duration) -> Result<()> {
        let entry = self
            .entries
            .get_mut(&entry_key(attempt))
            .filter(|entry| entry.fence == fence.0 && entry.rest(now).is_some() && !entry.has_ended());
        let Some(entry) = entry else {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the lease on this attempt ran out before it was sent: call again with the same key",
            )
            .with_delivery(Delivery::NotSent));
        };
        entry.lease_ends = lease_end(now, ttl);
        entry.attempt = attempt.clone();
        entry.attempt.sent_until = Some(entry.lease_ends);
        entry.attempt.unsent_for = None;
        entry.stage = Stage::Armed;
        Ok(())
    }

    /// See [`Journal::finish`](super::Journal::finish). It looks at the entries under the key: one that a person has moved
    /// to another account in the meantime is the attempt's own. One that is not there, because the database was failed
    /// over to a copy of before, is made: what was answered would be sent again otherwise.
    pub fn finish(&mut self, attempt: &Attempt, receipt: &Receipt, now: DateTime<Utc>) {
        let own = entry_key(attempt);
        let key = if self.entries.contains_key(&own) { own } else { self.moved(attempt).unwrap_or(own) };
        let lost = || JournalEntry::reserved(attempt, 1, now);
        let entry = self.entries.entry(key).or_insert_with(lost);
        if !entry.has_ended() {
            let mut stored = receipt.clone();
            stored.credentials = None;
            entry.stage = Stage::Done(Box::new(stored));
            entry.ended_at = Some(now);
        }
    }

    fn moved(&self, attempt: &Attempt) -> Option<EntryKey> {
        let is_it = |(key, entry): &(&EntryKey, &JournalEntry)| {
            let (found, own) = (&entry.attempt, attempt);
            key.1 == own.key && found.connection == own.connection && found.command == own.command
        };
        self.entries.iter().find(is_it).map(|(key, _)| key.clone())
    }

    /// See [`Journal::release`](super::Journal::release).
    pub fn release(&mut self, attempt: &Attempt, fence: Fence) {
        let key = entry_key(attempt);
        if self.entries.get(&key).is_some_and(|entry| entry.fence == fence.0 && !entry.has_ended()) {
            self.entries.remove(&key);
        }
    }

    /// See [`Journal::leave_open`](super::Journal::leave_open).
    pub fn leave_open(&mut self, attempt: &Attempt, fence: Fence, now: DateTime<Utc>) {
        if let Some(entry) = self.entries.get_mut(&entry_key(attempt)).filter(|e| e.fence == fence.0) {
            entry.lease_ends = now;
            entry.attempt.sent_until = entry.attempt.sent_until.map(|until| until.min(now));
        }
    }

    /// See [`Journal::open_attempts`](super::Journal::open_attempts).
    #[must_use]
    pub fn open_attempts(&self, account: Option<&AccountKey>) -> Vec<Attempt> {
        let of_account =
            |entry: &&JournalEntry| account.is_none() || entry.attempt.account.as_ref() == account;
        let open = self.entries.values().filter(|entry| entry.is_open()).filter(of_account);
        let mut open: Vec<Attempt> = open.map(|entry| entry.attempt.clone()).collect();
        open.sort_by(|a, b| (a.started_at, a.key.as_str()).cmp(&(b.started_at, b.key.as_str())));
        open
    }

    /// See [`Journal::settle`](super::Journal::settle). It looks at the entries under the key, and answers
    /// the one that it settled.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` or `Refused` as there.
    pub fn settle(
        &mut self,
        key: &IdempotencyKey,
        settlement: Settlement,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<&JournalEntry> {
        if who.trim().is_empty() {
            return Err(Error::invalid_input("who", "name the person whose word it is"));
        }
        let mut under_key: Vec<_> = self.entries.iter_mut().filter(|(found, _)| found.1 == *key).collect();
        let open = under_key.iter().filter(|(_, entry)| entry.is_open()).count();
        if open > 1 {
            let accounts: Vec<_> = under_key
                .iter()
                .filter(|(_, entry)| entry.is_open())
                .map(|(_, entry)| match &entry.attempt.account {
                    Some(account) => account.to_string(),
                    None => format!("connection {}", entry.attempt.connection),
                })
                .collect();
            return Err(refused(format!(
                "the key {key} is open in several accounts: {}",
                accounts.join(", ")
            )));
        }
        let ended = under_key.iter().any(|(_, entry)| entry.has_ended());
        let position = under_key.iter().position(|(_, entry)| entry.is_open());
        let Some((_, entry)) = position.map(|at| under_key.swap_remove(at)) else {
            let what = if ended { "was settled before" } else { "is not open" };
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("the key {key} {what}: nothing is to be settled"),
            )
            .with_delivery(Delivery::NotSent));
        };
        if let Some(rest) = entry.rest(now) {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("a call with the key {key} is under way, for at most {} s more", rest.as_secs() + 1),
            )
            .with_delivery(Delivery::NotSent)
            .with_retry_after(rest));
        }
        entry.stage = match settlement {
            Settlement::Applied(mut receipt) => {
                receipt.credentials = None;
                receipt.judged_by = Judgement::Person;
                Stage::Done(receipt)
            }
            Settlement::NotApplied => Stage::NotApplied,
        };
        entry.ended_at = Some(now);
        entry.settled = Some(Settled { by: who.trim().to_owned(), at: now });
        Ok(entry)
    }

    /// See [`Journal::forget`](super::Journal::forget).
    pub fn forget(&mut self, before: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
        let had = self.entries.len();
        self.entries.retain(|_, entry| match entry.stage {
            Stage::Reserved => entry.rest(now).is_some(),
            Stage::Armed => true,
            Stage::Done(_) | Stage::NotApplied => entry.ended_at.unwrap_or(entry.lease_ends) >= before,
        });
        u64::try_from(had - self.entries.len()).unwrap_or(u64::MAX)
    }

    /// See [`Journal::move_account`](super::Journal::move_account).
    ///
    /// # Errors
    /// `Refused` when a key stands in both accounts.
    pub fn move_account(&mut self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        let (source, target) = (Owner::Account(from.clone()), Owner::Account(to.clone()));
        if from == to {
            return Ok(0);
        }
        let keys: Vec<IdempotencyKey> =
            self.entries.keys().filter(|(owner, _)| *owner == source).map(|(_, key)| key.clone()).collect();
        if let Some(both) =
            keys.iter().find(|key| self.entries.contains_key(&(target.clone(), (*key).clone())))
        {
            return Err(refused(format!("the key {both} stands in both accounts: nothing was moved")));
        }
        let mut moved = 0;
        for key in keys {
            if let Some(mut entry) = self.entries.remove(&(source.clone(), key.clone())) {
                entry.attempt.account = Some(to.clone());
                self.entries.insert((target.clone(), key), entry);
                moved += 1;
            }
        }
        Ok(moved)
    }
}
