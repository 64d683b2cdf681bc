//! A durable [`Journal`] and [`TokenStore`] in one SQLite file or one PostgreSQL database: so that an order is never placed
//! twice under one key, and no refresh token that works once is lost, whatever happens to a process.
//!
//! None of the distributors takes an idempotency key. So a journal has to remember each order before it is
//! sent, across crashes and processes, and a token that works once has to be where the next process finds it.
//! Both are here: on SQLite, which is compiled in, for the processes of one machine, and with the feature `postgres` on
//! PostgreSQL, for those of many. The rules are the same code.
//!
//! ```
//! use std::sync::Arc;
//!
//! use provider_core::{ChangeQuantity, IdempotencyKey, Provider, ProviderExt, Receipt, Result, WriteOptions};
//! use provider_store::Store;
//!
//! async fn five_more(provider: Arc<dyn Provider>, store: &Store) -> Result<Receipt> {
//!     // Or build the provider with `store.services()`, which holds the tokens too.
//!     let provider = provider.journaled(store.journal());
//!     // The intent's name. Whatever happens to this process, calling again with it never orders twice.
//!     let key = IdempotencyKey::derive("tickets", ["4711"]);
//!     provider.change_quantity(ChangeQuantity::new("S-1", 15), &WriteOptions::new(key)).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! # use provider_core::{Customer, MemoryProvider, Subscription, SubscriptionStatus};
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("orders.db").display().to_string();
//! # let mut seats = Subscription::new("S-1", "C-1", 10);
//! # seats.status = SubscriptionStatus::Active;
//! # let provider: Arc<dyn Provider> = Arc::new(
//! #     MemoryProvider::new("docs")
//! #         .with_customers([Customer::new("C-1", "Bakery")])
//! #         .with_subscriptions([seats]),
//! # );
//! let store = Store::open(format!("sqlite:{path}")).await?;
//! let receipt = five_more(Arc::clone(&provider), &store).await?;
//! assert!(!receipt.replayed);
//!
//! // Another process, tomorrow: the key is known, and nothing is sent.
//! let store = Store::open(format!("sqlite:{path}")).await?;
//! assert!(five_more(provider, &store).await?.replayed);
//!
//! // What was sent, and nobody knows what came of it: for a person to look at.
//! for attempt in store.journal().open_attempts(None).await? {
//!     println!("{} on {}: {}", attempt.key, attempt.connection, attempt.command.kind());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # One file, many processes
//!
//! All processes of one machine that work on the same accounts use the same file: two journals know nothing
//! of each other, and two token stores end each other's chains. Every step is one transaction, flushed to the
//! disk before it answers. Leases end by this machine's clock, or the one given to
//! [`Opening::clock`]; a process that is killed while it holds one leaves it until its end: what it was
//! sending for at most the deadline of the command and 30 s, a token for a minute.
//!
//! The file is made with mode 0600 and lies on a disk of this machine, never on a network file system, whose
//! locks cannot be trusted. Beside it SQLite keeps `-wal` and `-shm`, which belong to it: never move, copy
//! or remove one without the others. It may be the database of an application: the tables here begin with
//! `provider_`, and the file is switched to write-ahead logging.
//!
//! # One database, many machines
//!
//! With the feature `postgres` the address of a database does instead of a file's:
//!
//! ```
//! # #[cfg(feature = "postgres")]
//! # async fn open() -> provider_core::Result<()> {
//! use provider_store::Store;
//!
//! let store = Store::open("postgres://orders@localhost/orders").await?;
//! # let _ = store;
//! # Ok(())
//! # }
//! ```
//!
//! Everything above holds, for all processes of all machines that use that database (PostgreSQL 12 or later). The
//! database has to be there; its tables are made when it is first opened, in the schema that comes first in the user's
//! `search_path`. Every step is one transaction, behind an advisory lock. **Leases end by the database's clock**: those of
//! the machines may differ by hours.
//!
//! - *A connection that is lost, a session that is ended by an operator, a server that was restarted* between two steps
//!   is not noticed: a step of which nothing was stored yet is done again, at once and on another connection. A server that
//!   cannot be reached is told as [`Unreachable`](StoreErrorKind::Unreachable); the next call tries anew.
//! - *A connection that is lost while a step is being stored*: the server is asked what became of it, and that is the
//!   answer. Only where that server is gone too does the call fail with its outcome unknown. What was begun may then be
//!   held until its lease ends; nothing is ever fresh twice.
//! - *A process that is cut off* from the server keeps a lock for a minute at most.
//! - *A standby* is followed with several hosts:
//!   `postgres://app@one,two/orders?target_session_attrs=read-write`. Have it replicate synchronously, or a failover is
//!   the same as restoring a copy ([below](#copies)): what it has lost is refused where it is gone on with, kept where its
//!   answer comes, and new where it is begun.
//! - *pgbouncer* pools sessions, or transactions with `max_prepared_statements` set.
//!
//! To another machine the connection is encrypted (feature `postgres-tls`), and the server's certificate and name are
//! always checked, against the roots of the system or those in `sslrootcert=FILE`. Without the feature, or for a
//! network that is your own, the address has to say so: `?sslmode=disable`. The address may hold a password; it is in no
//! message, no `Debug` and no log. Each store uses at most 8 connections.
//!
//! # Tokens
//!
//! They are sealed with a [`SealingKey`], each bound to its account and version: a row that is copied to
//! another does not open. Without a key the store keeps none, unless [`Opening::unsealed`] is chosen. A
//! wrong key is an error that names `PROVIDER_TOKEN_KEY`; nothing is overwritten then.
//!
//! # Housekeeping
//!
//! [`Journal::forget`] removes what ended before a moment, and what was begun and never sent. What is open
//! stays. A key that was forgotten is new when it is used again, and orders again: keep entries for longer
//! than anything that may repeat a call.
//!
//! ```
//! # async fn tidy(store: &provider_store::Store) -> provider_core::Result<()> {
//! use provider_core::clock::{Clock, SystemClock};
//!
//! let a_year_ago = SystemClock.now() - std::time::Duration::from_secs(365 * 86_400);
//! let forgotten = store.journal().forget(a_year_ago).await?;
//! # let _ = forgotten;
//! # Ok(())
//! # }
//! ```
//!
//! # Copies
//!
//! A database on a server is copied and restored with the server's own tools; what follows of lost entries holds for it
//! alike. [`Store::copy_to`] writes a copy of a file while everybody goes on working. To restore one, stop every process on
//! the store, move `-wal` and `-shm` away together with the old file, and put the copy in its place. A
//! process that still has the old file open notices and refuses to go on.
//!
//! **What a restored copy has lost is everything since it was made**, and that has consequences:
//!
//! - *Keys that were used since then are new.* A call that is repeated with one of them orders a second time,
//!   but where the distributor keeps the reference. Before anything is repeated, compare with what the
//!   distributor shows, and settle or skip what is there.
//! - *An attempt that was open in the copy and has ended since is open again.* The next call with its key
//!   looks it up at the distributor; [`Journal::settle`] takes a person's word.
//! - *What was forgotten since then is there again*, which harms nothing.
//! - *A refresh token that works once was spent since then.* The distributor refuses it, and may end the
//!   chain: the error is `ReauthRequired`, and a person has to issue new credentials.
//! - *Leases in the copy* have long ended, or end by themselves.
//!
//! So a copy is for a disk that was lost. It is no way to undo anything. A copy of a later release is refused
//! by an earlier one; a copy of an earlier release is migrated when it is opened.
//!
//! # What can go wrong
//!
//! Every failure is an [`Error`](provider_core::Error) that names the file or the database and what to do, and
//! [`StoreErrorKind::of`] tells programs which it is. A step happens whole or not at all: when a journal
//! cannot remember, nothing is sent.
//!
//! # Where to go next
//!
//! [`Store::open`] and [`Opening`] for the settings; [`Store::services`] for the clients' `connect`; `docs/placing-orders.md`
//! in the repository for what a journal promises, and for what to do after a crash.
//!
//! # Features
//!
//! `sqlite` (default): one file on this machine. `postgres`: one database for many machines. `postgres-tls`: the same,
//! encrypted, by rustls. Without any of them there is no database to open.

#![cfg_attr(
    not(any(feature = "postgres", feature = "sqlite")),
    allow(
        clippy::needless_pass_by_value,
        dead_code,
        unused_imports,
        unused_variables,
        reason = "all logic is written over the seam, and without a database nobody calls it"
    )
)]

mod database;
mod error;
mod journal;
#[cfg(feature = "sqlite")]
mod lite;
#[cfg(feature = "postgres")]
mod pg;
mod place;
mod schema;
mod seal;
#[doc(hidden)]
pub mod seam;
mod store;
mod tokens;
mod tx;

#[cfg(all(test, feature = "sqlite"))]
mod tests;

pub use error::StoreErrorKind;
pub use seal::SealingKey;
pub use store::{Opening, Store};

#[cfg(doc)]
use provider_core::{journal::Journal, token::TokenStore};

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
