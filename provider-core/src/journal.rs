//! The journal: where attempts are stored before they are sent, so that nothing is ordered twice.

mod book;
mod entry;
mod memory;
mod settle;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use book::JournalBook;
pub use entry::{JournalEntry, Settled, Stage};
pub use memory::MemoryJournal;
pub use settle::settle;

use crate::attempt::Attempt;
use crate::command::Scope;
use crate::error::{Error, ErrorKind, Result};
use crate::idempotency::IdempotencyKey;
use crate::info::AccountKey;
use crate::receipt::Receipt;

/// Proves to a journal that the caller still holds the lease it was given. It grows with every
/// [`Journal::begin`] on the same key, so that a holder whose lease has run out is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence(pub u64);

/// What a journal answers to [`Journal::begin`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Begin {
    /// Send it: the key is new, or nothing was ever sent under it. The caller holds the lease.
    Fresh(Fence),
    /// Do not send it now: another call holds the lease on this key. Come back after [`Held::rest`].
    Busy(Held),
    /// Reconcile first: it may have been sent, and nobody knows what came of it. The caller holds the lease.
    Open(Box<Attempt>, Fence),
    /// Do not send it: it was done, and this is what came of it.
    Done(Box<Receipt>),
    /// Do not send it yet: another attempt on the same record is open and has to be settled first.
    Blocked(Blocked),
}

/// A lease that somebody else holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// For at most this long.
    pub rest: Duration,
    /// Who; `None` where the journal does not know.
    pub by: Option<String>,
}

impl Held {
    /// A lease for at most so long.
    #[must_use]
    pub fn new(rest: Duration) -> Self {
        Self { rest, by: None }
    }

    /// Names the holder.
    #[must_use]
    pub fn by(mut self, holder: Option<String>) -> Self {
        self.by = holder;
        self
    }
}

/// The open attempt on the same record that has to be settled first.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Blocked {
    /// The key of the other attempt.
    pub key: IdempotencyKey,
    /// The record that both are about.
    pub scope: Scope,
    /// How long its lease lasts; `None` when its outcome is unknown and somebody has to settle it.
    pub rest: Option<Duration>,
    /// Who makes or made it; `None` where the journal does not know.
    pub by: Option<String>,
}

impl Blocked {
    /// The attempt under this key is open on this record.
    #[must_use]
    pub fn new(key: IdempotencyKey, scope: Scope, rest: Option<Duration>) -> Self {
        Self { key, scope, rest, by: None }
    }

    /// Names the holder.
    #[must_use]
    pub fn by(mut self, holder: Option<String>) -> Self {
        self.by = holder;
        self
    }
}

/// A person's word on an attempt whose outcome nobody knows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Settlement {
    /// It happened, and this is what came of it.
    Applied(Box<Receipt>),
    /// It never happened: the key may be sent again.
    NotApplied,
}

impl Settlement {
    /// It happened.
    #[must_use]
    pub fn applied(receipt: Receipt) -> Self {
        Self::Applied(Box::new(receipt))
    }
}

/// Stores attempts under (account, key). [`Journaled`](crate::layer::Journaled) drives it.
///
/// An entry passes through these states:
///
/// 1. *reserved* by [`begin`](Self::begin): nothing was sent; it vanishes when its lease runs out;
/// 2. *armed* by [`arm`](Self::arm), at the moment of sending: it may have been sent; it stays open until it
///    is settled;
/// 3. *done* by [`finish`](Self::finish), or gone by [`release`](Self::release).
///
/// Every call is atomic, and durable before it answers. While an entry whose baseline decides, or that is
/// only reserved, is open, no other key may begin an attempt on the same
/// [`scope`](crate::Command::scope) of the same account: otherwise the comparison of before and after
/// would mix two effects.
///
/// [`JournalBook`] is the whole protocol as a value: whoever can store it safely has a journal.
#[async_trait]
pub trait Journal: std::fmt::Debug + Send + Sync + 'static {
    /// Takes or takes over the lease on this attempt's key for `ttl`, or says why not.
    ///
    /// # Errors
    /// `Refused` when the key was used for another command, or the connection's name was used with another
    /// account before; any failure of the store.
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin>;

    /// Stores the attempt as it is about to be sent, with its baseline and its steps, and renews the lease:
    /// nothing of it may be sent later than `ttl` from now. Nothing may be sent before this has answered.
    ///
    /// # Errors
    /// `Conflict` when the lease ran out or is held by somebody else by now; any failure of the store.
    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()>;

    /// Stores what came of it. The receipt's credentials are not stored. An answer is a fact: it is
    /// taken from a holder whose lease ran out too, unless a receipt is stored already.
    ///
    /// # Errors
    /// Any failure of the store; the attempt then stays open.
    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()>;

    /// Forgets an attempt of which nothing took effect. Does nothing once the lease is somebody else's.
    ///
    /// # Errors
    /// Any failure of the store; the attempt then stays open.
    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()>;

    /// Gives the lease back and leaves the attempt open: its outcome is unknown, and nothing more of it is
    /// sent. Does nothing once the lease is somebody else's.
    ///
    /// # Errors
    /// Any failure of the store; the lease then runs out by itself.
    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()>;

    /// The attempts that may have been sent and were never settled, of one account or of all: what a person
    /// has to look at. The oldest first.
    ///
    /// # Errors
    /// `Unsupported` by default; any failure of the store.
    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        let _ = account;
        Err(lacks("list what is open"))
    }

    /// Settles an open attempt by a person's word, which is kept with the entry. It asks nobody: tools for
    /// people call [`settle()`], which asks the distributor first.
    ///
    /// # Errors
    /// `NotFound` when nothing is open under the key; `Conflict` while a call with it is under way; `Refused`
    /// when it is open in several accounts; `Unsupported` by default; any failure of the store.
    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        let _ = (key, settlement, who);
        Err(lacks("settle by a person's word"))
    }

    /// Forgets what ended before this moment, and answers how many entries that were. What is open is never
    /// forgotten. A forgotten key that is used again is a new intent: it orders again.
    ///
    /// # Errors
    /// `Unsupported` by default; any failure of the store.
    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        let _ = before;
        Err(lacks("forget"))
    }

    /// Hands the entries of one account to another and answers how many they were: for an API client that
    /// replaced another of the same account.
    ///
    /// # Errors
    /// `Refused` when a key stands in both; `Unsupported` by default; any failure of the store.
    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        let _ = (from, to);
        Err(lacks("move entries between accounts"))
    }
}

fn lacks(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("this journal cannot {what}"))
}

/// Forwards everything, so that a shared journal is a journal too.
#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<J: Journal + ?Sized> Journal for Arc<J> {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        (**self).begin(attempt, ttl).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        (**self).arm(attempt, fence, ttl).await
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        (**self).finish(attempt, fence, receipt).await
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        (**self).release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        (**self).leave_open(attempt, fence).await
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        (**self).open_attempts(account).await
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        (**self).settle(key, settlement, who).await
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        (**self).forget(before).await
    }

    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        (**self).move_account(from, to).await
    }
}
