//! Keeps an application in step with its cloud distributors: customers, products, subscriptions, orders, invoices,
//! their lines and usage go from any [`Provider`](provider_core::Provider) into the application's own tables, or through
//! its own code, and customers and subscriptions back where the plan says so.
//!
//! ```
//! use std::sync::Arc;
//!
//! use provider_core::{Customer, MemoryProvider};
//! use provider_sync::{EntityKind, LocalType, MemoryStore, MemoryTarget, RunControl, SyncEngine, SyncPlan, TargetField};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let provider = MemoryProvider::new("docs").with_customers([Customer::new("c-1", "Example Bakery")]);
//! // In production: `TableTarget::open("sqlite:app.db", &plan)`, or `"postgres://…"`, or a `Target` of your own.
//! let target = MemoryTarget::new([(EntityKind::Customer, vec![TargetField::new("name", LocalType::Text)])]);
//! let plan = SyncPlan::from_toml(r#"
//!     version = 1
//!     connection = "docs"
//!     enabled = true
//!
//!     [[kinds]]
//!     kind = "customer"
//!     enabled = true
//!     updates = ["create", "update", "remove"]
//!     key = { remote = "id", local = "remote" }
//!     unmatched = "create"
//!     removal = { how = "delete" }
//!     fields = [{ remote = "name", local = "name" }]
//! "#)?;
//! let plan = plan.check(&provider, &target)?;
//! // In production: `SqlStore::open("sqlite:sync.db")`, or `"postgres://…"`.
//! let store = Arc::new(MemoryStore::default());
//! let engine = SyncEngine::new(Arc::new(provider), Arc::new(target.clone()), store, plan);
//! let report = engine.run(&RunControl::default()).await?;
//! assert_eq!(report.kind(EntityKind::Customer).unwrap().created, 1);
//! // The second run finds nothing to do, and writes nothing.
//! let report = engine.run(&RunControl::default()).await?;
//! assert_eq!(report.kind(EntityKind::Customer).unwrap().unchanged, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! - **Nothing is removed by mistake.** A record goes by the distributor's word, or by its absence from a whole listing and
//!   a control read: others that were listed answer, and it does not. Where the list has no total, or there is no such
//!   read, it has to be missing from two whole listings that lie hours apart. Never more than a tenth of the records (or
//!   3, where they are few), and never over 50, without a person's word. Orders, invoices, lines and usage are never
//!   removed; what has no id is kept as a set, which loses its last rows where its document or month has become smaller.
//! - **Nothing is doubled.** A record that is made is known by the distributor's id, so that what is done again is done
//!   once; a store that was lost finds what it had tied before.
//! - **A crash at any point heals.** A page is applied and then remembered, in one transaction, together with the place
//!   where the run goes on. What was applied and not remembered is applied again, which changes nothing.
//! - **One works at a time.** A lease per account, with a fence that the store and the application compare. Whoever comes
//!   back late is refused by both.
//! - **Nobody's work is written over.** A row that the application changed is compared inside the transaction that writes
//!   it; each field has an owner, or a person decides.
//! - **Nothing is sent twice.** What goes to a distributor stands in the store first, as an [`Intent`], and is carried out
//!   by the journal under one key, however often a process ends. What nobody can know waits for a person.
//! - **Changes cost what changed.** A record that is as it was costs a fingerprint and a bit.
//!
//! # The parts
//!
//! A [`SyncPlan`] says what goes where; it is TOML or JSON, and [`SyncPlan::check`] names every mistake by its place. A
//! [`Target`] is the application: [`TableTarget`] for tables, or five rules to keep and
//! [`target_conformance!`](crate::target_conformance) to try them. A [`SyncStore`] remembers. A [`SyncEngine`] runs, on no
//! runtime in particular. What no rule decides waits in a queue for a person ([`SyncEngine::queue`],
//! [`SyncEngine::resolve`]). A connection that cannot work stops by itself, tells its people through a [`Notifier`] what to
//! change, and goes on when it works again. [`reconcile`] compares what was ordered, invoiced and billed in a month; it only reads.
//!
//! `docs/sync.md` in the repository explains every key of a plan, `docs/two-way.md` what goes to a distributor, and the
//! example `sync` runs plans from the command line.
//!
//! # Features
//!
//! `sqlite` (default): [`SqlStore`] and [`TableTarget`] in files. `postgres`: both in PostgreSQL databases, for several
//! machines; `postgres-tls`: the same over TLS. `email`: letters by SMTP when a connection stops (`SmtpNotifier`), on
//! tokio.

#![cfg_attr(
    not(any(feature = "postgres", feature = "sqlite")),
    allow(dead_code, reason = "some of what all stores share only a database needs")
)]

mod decide;
mod engine;
mod fingerprint;
mod notify;
mod part;
mod plan;
mod promise;
pub mod reconcile;
mod report;
mod store;
mod target;

#[cfg(test)]
mod tests;

pub use engine::{
    Activation, CancelHandle, CredentialSink, NewCredentials, RunControl, SyncEngine, SyncError, SyncEvent,
    SyncObserver, SyncResult, resolve_all,
};
pub use fingerprint::Fingerprint;
pub use notify::{
    Alert, AlertKind, Delivered, Notifier, NotifyError, NotifyErrorKind, SettingToFix, StopCause, StopReason,
    deliver,
};
#[cfg(feature = "email")]
pub use notify::{SmtpConfig, SmtpNotifier, SmtpSecurity};
pub use plan::{
    BreakerPlan, CapPlan, CheckedPlan, DetailPlan, Direction, Each, FieldMap, KeyField, KindPlan, Mailbox,
    MatchRule, Owner, PlanProblem, PlanProblems, Position, RemovalHow, RemovalPlan, SyncPlan, TargetPlan,
    Transform, Unmatched, Update,
};
pub use provider_core::error::Violation;
pub use provider_core::{EntityKind, FieldPath};
pub use report::{IntentCounts, KindReport, Preview, Proof, RunFailure, Spent, SyncOutcome, SyncReport};
pub use serde_json::Value;
#[cfg(feature = "postgres")]
pub use store::PostgresStore;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use store::SqlStore;
#[cfg(feature = "sqlite")]
pub use store::SqliteStore;
pub use store::{
    AlertEnd, Checkpoint, ConnectionState, ConnectionStatus, Decision, DueAlert, Gate, Intent, IntentCommit,
    IntentEnd, IntentState, KindRun, KindScope, Known, MemoryStore, NewIntent, NewPending, PageCommit,
    Pending, PendingId, PendingType, QueueQuery, RunId, RunLease, RunWeight, Session, SessionClosed,
    SessionEnd, SessionStart, Shadow, ShadowState, Standing, StoreError, StoreErrorKind, StoreResult,
    SyncStore,
};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use target::TableTarget;
pub use target::conformance;
pub use target::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, LocalType,
    MemoryTarget, RemoteRef, Target, TargetError, TargetErrorKind, TargetField,
};

/// The samples of the README are compiled as tests.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
mod readme {}
