//! Crayon Cloud-iQ for Rust: the complete typed API, and a [`Provider`](provider_core::Provider) over it.
//!
//! [`CrayonClient`] has one method for each endpoint, on handles by resource, with
//! [models](model) that hold every known member. [`CrayonProvider`] gives the same account the common models
//! and commands of `provider-core`; [`CrayonFactory`] builds it from stored settings.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use crayon_client::CrayonConfig;
//! use provider_core::{CustomerQuery, ProviderExt, Services};
//!
//! # async fn run() -> provider_core::Result<()> {
//! let config = CrayonConfig::new("client-id", "client-secret", "api.user@example.com", "password");
//! let provider = config.connect(&Services::default())?;
//! let mut customers = provider.customers(CustomerQuery::default());
//! while let Some(customer) = customers.next().await {
//!     println!("{}", customer?.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What the common models do not have is in the typed client, such as the agreements of an organization:
//!
//! ```no_run
//! use crayon_client::api::AgreementFilter;
//! use crayon_client::{CrayonClient, CrayonConfig};
//!
//! # async fn run() -> provider_core::Result<()> {
//! let config = CrayonConfig::new("client-id", "client-secret", "api.user@example.com", "password");
//! let client = CrayonClient::builder(config).build()?;
//! let page = client.agreements().list(AgreementFilter::default().organization_id(7)).await?;
//! for agreement in page.records() {
//!     println!("{}: {}", agreement.id, agreement.name.as_deref().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Two facts about Cloud-iQ to know before you write. A `PUT` replaces a whole record, so changes go through a
//! [`Document`], which keeps what this version does not know. And an order has no idempotency key, so a write
//! whose answer was lost is never sent again: [`reconcile`](provider_core::Provider::reconcile) compares before
//! and after.
//!
//! To order, give [`Services`](provider_core::Services) a journal, such as that of the package provider-store. Which setting
//! is found where, what each command sends and what to do about errors: `docs/crayon.md` in the repository.

#[macro_use]
mod wire;

pub mod api;
mod auth;
mod client;
mod config;
mod connect;
mod error;
mod factory;
mod map;
pub mod model;
mod provider;

pub use client::{CrayonClient, CrayonClientBuilder};
pub use config::{CrayonConfig, DEFAULT_BASE_URL, form};
pub use error::problem;
pub use factory::CrayonFactory;
pub use provider::CrayonProvider;
pub use wire::{Document, Listed, Paging};

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
