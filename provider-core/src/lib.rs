//! The common models and the [`Provider`] trait for cloud distributors.
//!
//! A managed service provider (MSP) buys cloud subscriptions from distributors and bills its customers through its own
//! system. With this crate that system reads customers, products, prices, subscriptions, orders, invoices and usage of
//! every distributor in one form, and sends new customers and orders in one form. It has no HTTP, no runtime and no TLS:
//! the clients for Crayon Cloud-iQ, Pax8 and TD SYNNEX StreamOne ION build on it, and so can yours.
//!
//! # Reading
//!
//! A [`Provider`] answers pages; [`ProviderExt`] makes streams of them over any `Arc`.
//!
//! ```
//! # use std::sync::Arc;
//! use provider_core::{Customer, CustomerQuery, MemoryProvider, ProviderExt, Result};
//!
//! async fn names(provider: Arc<MemoryProvider>) -> Result<Vec<String>> {
//!     let mut customers = provider.customers(CustomerQuery::default());
//!     let report = customers.report();
//!     let mut names = Vec::new();
//!     while let Some(customer) = customers.next().await {
//!         match customer {
//!             Ok(customer) => names.push(customer.name),
//!             // One record could not be read. The others can.
//!             Err(error) if error.is_item() => eprintln!("{error}"),
//!             Err(error) => return Err(error),
//!         }
//!     }
//!     // Only now may anybody conclude that a customer which was not named is gone.
//!     println!("{}", report.completeness());
//!     Ok(names)
//! }
//! # let provider = Arc::new(MemoryProvider::new("docs").with_customers([Customer::new("1", "Bakery")]));
//! # let mut work = std::pin::pin!(names(provider));
//! # let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
//! # assert!(matches!(work.as_mut().poll(&mut cx), std::task::Poll::Ready(Ok(names)) if names == ["Bakery"]));
//! ```
//!
//! A listing fetches pages ahead, drops records that come twice, and ends with a proof: as many distinct
//! records as the distributor declared, or [`ErrorKind::Incomplete`]. [`Listing::pages`] yields each page with
//! the [`ResumePoint`] to store once it was dealt with; [`Listing::resume_from`] goes on from there, in
//! another process if need be. Resuming repeats, it never skips.
//!
//! # Writing
//!
//! A write is a value, a [`Command`], carried out by [`Provider::execute`] under an [`IdempotencyKey`] that
//! the caller made and keeps. [`Provider::plan`] says what it would do.
//!
//! ```
//! # use std::sync::Arc;
//! use provider_core::journal::MemoryJournal;
//! use provider_core::{Advice, ChangeQuantity, IdempotencyKey, Provider, ProviderExt, Result, WriteOptions};
//!
//! async fn five_more(provider: Arc<dyn Provider>) -> Result<()> {
//!     // `MemoryJournal` forgets with the process: it is for tests. In production use the journal of
//!     // provider-store, or one of your own (`Journal`, `JournalBook`), or the same key orders twice after
//!     // a crash.
//!     let provider = provider.journaled(Arc::new(MemoryJournal::default()));
//!     // The intent's name: the same after a restart, and never used for another intent.
//!     let key = IdempotencyKey::derive("tickets", ["4711"]);
//!     let mut change = ChangeQuantity::new("subscription-1", 15);
//!     change.expected = Some(10.into());
//!     match provider.change_quantity(change, &WriteOptions::new(key)).await {
//!         Ok(receipt) => println!("{receipt}"),
//!         // Nobody knows. Calling again with the same key reconciles first; it never sends blindly.
//!         Err(error) if error.advice() == Advice::AfterReconcile => println!("ask again: {error}"),
//!         Err(error) => return Err(error),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Every [`Error`] says three things apart: what went wrong ([`Error::kind`]), whether the distributor may
//! have acted ([`Error::delivery`]), and what to do next ([`Error::advice`]). [`Journaled`] turns that into
//! a promise, as far as its journal lasts: never two; exactly one where the distributor's reference or a
//! comparison of before and after decides; everything else is reported as unknown, for a person. A provider
//! without a journal promises nothing about a second call.
//!
//! # Writing a provider
//!
//! Implement [`Provider`] for what the distributor has, and declare exactly that. Only `info` and
//! `capabilities` are required; whatever is not written answers [`ErrorKind::Unsupported`] without any I/O.
//!
//! ```
//! use provider_core::{
//!     async_trait, Capabilities, Cursor, Customer, CustomerQuery, EntityKind, Operation, Page, PageRequest,
//!     Provider, ProviderInfo, Result,
//! };
//!
//! #[derive(Debug)]
//! struct Acme {
//!     info: ProviderInfo,
//!     capabilities: Capabilities,
//! }
//!
//! impl Acme {
//!     fn new() -> Self {
//!         let capabilities = Capabilities::builder()
//!             .native(Operation::List(EntityKind::Customer))
//!             .fields(EntityKind::Customer, ["id", "name"])
//!             .build();
//!         Self { info: ProviderInfo::new("acme", "main"), capabilities }
//!     }
//! }
//!
//! #[async_trait]
//! impl Provider for Acme {
//!     fn info(&self) -> &ProviderInfo {
//!         &self.info
//!     }
//!
//!     fn capabilities(&self) -> &Capabilities {
//!         &self.capabilities
//!     }
//!
//!     async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
//!         // Acme has no filters: refuse them, or a caller acts on customers it excluded.
//!         query.only(&[])?;
//!         let number = match &page.cursor {
//!             Some(cursor) => cursor.open(&self.info, query)?.parse().unwrap_or(0),
//!             None => 0,
//!         };
//!         // Fetch page `number` here.
//!         let mut answer = Page::new(vec![Customer::new(format!("{number}"), "Example Bakery")]);
//!         answer.total = Some(2);
//!         answer.next = (number == 0).then(|| Cursor::tagged(&self.info, query, "1"));
//!         Ok(answer)
//!     }
//! }
//! ```
//!
//! - Fill [`Page::ahead`] where further pages are known: a listing then fetches them concurrently.
//! - A record that cannot be read becomes an [`ItemError`] in its page; the page survives.
//! - Read numbers and dates with [`wire`]: exact decimals, every shape of date.
//! - Keep unknown values: declare enums with [`open_enum!`].
//! - Name the setting or field in every error, and set its [`Delivery`].
//! - For writes, answer [`Provider::baseline`] and [`Provider::reconcile`] as far as the distributor lets
//!   you know anything.
//!
//! A [`ProviderFactory`] describes the settings as a [`SettingsForm`](settings::SettingsForm) and builds the provider; a
//! [`Registry`] keeps factories by kind and puts the layers around what they build. The conformance suite
//! in provider-testkit checks a provider against all of this; [`MemoryProvider`] is the reference.
//!
//! # Where distributors differ
//!
//! | | Crayon Cloud-iQ | Pax8 | StreamOne ION |
//! |---|---|---|---|
//! | customer | customer tenant | company | customer |
//! | paging | page numbers with a total | page numbers with a total | tokens without a total; offsets with one for subscriptions |
//! | an order is | one call a line, asynchronous | one call, all lines or none | one call, asynchronous |
//! | proof after a lost answer | subscriptions before and after | orders and subscriptions before and after | the reference |
//! | suspend and resume | through the subscription's status | no | through an order |
//!
//! Ask [`Capabilities::support`] instead of remembering this table: it gives the reason too.
//!
//! # Where to go next
//!
//! - Connect a distributor: `CrayonConfig`, `Pax8Config` or `StreamOneConfig` of its client; with settings that an operator
//!   enters, a [`Registry`] of factories and [`settings`].
//! - Order: [`ProviderExt::place_order`] with a journal ([`journal`], or the package provider-store, which keeps it in a
//!   file).
//! - Write a provider over HTTP: the package provider-http. Test one: provider-testkit.
//! - Keep tables of an application in step: the package provider-sync.
//! - The folder `docs` of the repository has a guide for each of these.
//!
//! # Features
//!
//! `schema`: JSON Schema of every model, through `schemars`, and the types of paths into them (`schema::path`).

#[macro_use]
mod open_enum;
mod records;

pub mod attempt;
pub mod capability;
pub mod clock;
pub mod command;
pub mod commitment;
pub mod error;
mod ext;
mod id;
mod idempotency;
pub mod info;
mod iso;
pub mod journal;
pub mod judge;
pub mod layer;
pub mod memory;
pub mod model;
mod named;
pub mod observe;
pub mod page;
mod patch;
mod path;
mod period;
mod price;
mod provider;
pub mod query;
mod raw;
pub mod receipt;
mod reducible;
mod registry;
#[cfg(feature = "schema")]
pub mod schema;
mod sending;
mod services;
mod setters;
pub mod settings;
mod term;
pub mod token;
pub mod verification;
pub mod wire;

#[doc(no_inline)]
pub use async_trait::async_trait;
// The crates whose types stand in signatures, in the versions that they are of.
#[doc(no_inline)]
pub use {chrono, rust_decimal, secrecy};

// At most 80 names: what most programs name. Everything else is in the module of its subject (`tests/root.rs`).
#[doc(inline)]
pub use attempt::{Attempt, Reconciliation, WriteOptions};
#[doc(inline)]
pub use capability::{Capabilities, CommandKind, EntityKind, Operation, Support};
#[doc(inline)]
pub use command::{
    AttachCustomer, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CreateCustomer,
    PlaceOrder, RecordConsent, ResumeSubscription, SuspendSubscription, UpdateCustomer,
};
#[doc(inline)]
pub use error::{Advice, Delivery, Error, ErrorKind, Result};
pub use ext::ProviderExt;
pub use id::{CustomerId, OrderId, ProductId, SubscriptionId};
pub use idempotency::IdempotencyKey;
#[doc(inline)]
pub use info::ProviderInfo;
pub use iso::{Country, Currency};
#[doc(inline)]
pub use memory::MemoryProvider;
#[doc(inline)]
pub use model::{
    Customer, Invoice, InvoiceLine, NewOrder, NewOrderLine, Order, Product, Subscription, SubscriptionStatus,
    UsageRecord,
};
#[doc(inline)]
pub use page::{Completeness, Cursor, ItemError, Listing, Page, PageRequest};
pub use patch::Patch;
pub use path::{FieldPath, PathError};
pub use period::Period;
pub use price::Price;
pub use provider::Provider;
#[doc(inline)]
pub use query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, ProductQuery, Query, ReadOptions,
    SubscriptionQuery, UsageQuery,
};
#[doc(inline)]
pub use receipt::{Outcome, Plan, Receipt};
pub use registry::{ProviderFactory, Registry};
pub use services::Services;
#[doc(inline)]
pub use settings::ConnectionSettings;
pub use term::{BillingCycle, Term};
#[doc(inline)]
pub use verification::Verification;

#[doc(hidden)]
pub use named::*;

/// For the macros of this crate.
#[doc(hidden)]
pub mod __private {
    pub use chrono;
    pub use rust_decimal::Decimal;
    pub use secrecy::SecretString;
    pub use serde;
}

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
