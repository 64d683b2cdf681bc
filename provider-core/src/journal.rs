//! The journal seam: where attempts are stored before they are sent.

mod book;
mod memory;

use std::time::Duration;

use async_trait::async_trait;

pub use book::JournalBook;
pub use memory::MemoryJournal;

use crate::attempt::Attempt;
use crate::command::Scope;
use crate::error::Result;
use crate::idempotency::IdempotencyKey;
use crate::receipt::Receipt;

/// Proves to a journal that the caller still holds the lease it was given. It grows with every
/// [`Journal::begin`] on the same key, so that a holder who slept through its lease is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence(pub u64);

/// What a journal answers to [`Journal::begin`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Begin {
    /// The key is new, or nothing was ever sent under it. The caller holds the lease.
    Fresh(Fence),
    /// Somebody holds the lease on this key, for at most this long.
    Busy(Duration),
    /// It may have been sent and nobody knows what came of it. The caller now holds the lease and has to
    /// reconcile before anything else.
    Open(Box<Attempt>, Fence),
    /// It was done, and this is what came of it.
    Done(Box<Receipt>),
    /// Another attempt on the same record is open and has to be settled first.
    Blocked(Blocked),
}

/// Another attempt stands in the way.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Blocked {
    /// The key of the other attempt.
    pub key: IdempotencyKey,
    /// The record that both are about.
    pub scope: Scope,
    /// How long its lease lasts; `None` when its outcome is unknown and somebody has to settle it.
    pub rest: Option<Duration>,
}

impl Blocked {
    /// The attempt under this key is open on this record.
    #[must_use]
    pub fn new(key: IdempotencyKey, scope: Scope, rest: Option<Duration>) -> Self {
        Self { key, scope, rest }
    }
}

/// Stores attempts under (connection, key). [`Journaled`](crate::Journaled) drives it.
///
/// An entry passes through these states:
///
/// 1. *reserved* by [`begin`](Self::begin): nothing was sent; it vanishes when its lease runs out;
/// 2. *armed* by [`arm`](Self::arm): it may have been sent; it stays open until it is settled;
/// 3. *done* by [`finish`](Self::finish), or gone by [`release`](Self::release).
///
/// Every call is atomic, and durable before it answers. While an entry whose baseline decides, or that is
/// only reserved, is open, no other key may begin an attempt on the same
/// [`scope`](crate::Command::scope) of the same connection: otherwise the comparison of before and after
/// would mix two effects.
#[async_trait]
pub trait Journal: std::fmt::Debug + Send + Sync + 'static {
    /// Takes or takes over the lease on this attempt's key for `ttl`, or says why not.
    ///
    /// # Errors
    /// `Refused` when the key was used for another command; any failure of the store.
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin>;

    /// Stores the attempt as it is about to be sent, with its baseline, and renews the lease. Nothing
    /// may be sent before this has answered.
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

    /// Gives the lease back and leaves the attempt open: its outcome is unknown. Does nothing once the
    /// lease is somebody else's.
    ///
    /// # Errors
    /// Any failure of the store; the lease then runs out by itself.
    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()>;
}
