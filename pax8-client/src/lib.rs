//! The whole Pax8 API, typed, and a [`Provider`](provider_core::Provider) over it.
//!
//! - [`Pax8Client`] is Pax8's API, typed: every endpoint, every field, with models of its own in [`model`].
//! - [`Pax8Provider`] is the same account as a [`Provider`](provider_core::Provider) with the common models and commands.
//! - [`Pax8Config`] holds the settings; [`Pax8Factory`] makes connections of what an operator entered.
//! - [`webhook`] reads what Pax8 delivers to a receiver of yours.
//!
//! ```no_run
//! use provider_core::{CustomerQuery, ProviderExt, Services};
//! use pax8_client::Pax8Config;
//!
//! # async fn example() -> provider_core::Result<()> {
//! let Some(config) = Pax8Config::from_env()? else { return Ok(()) };
//! let pax8 = config.connect(&Services::default())?;
//! let mut customers = pax8.customers(CustomerQuery::default());
//! while let Some(customer) = customers.next().await {
//!     println!("{}", customer?.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What the common models do not have is in the typed client:
//!
//! ```no_run
//! use pax8_client::api::CompanyFilter;
//! use pax8_client::{Pax8Client, Pax8Config};
//!
//! # async fn example() -> provider_core::Result<()> {
//! let client = Pax8Client::builder(Pax8Config::new("client-id", "client-secret")).build()?;
//! let page = client.companies().list(CompanyFilter::default().city("Oslo")).await?;
//! for company in page.records() {
//!     println!("{}", company.website.as_deref().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! To order, give [`Services`](provider_core::Services) a journal, such as that of the package provider-store. Which setting
//! is found where, what each command sends and how webhooks are received: `docs/pax8.md` in the repository.

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
pub mod webhook;
mod wire;

pub use auth::Audience;
pub use client::{Pax8Client, Pax8ClientBuilder};
pub use config::{CompanyDefaults, Pax8Config};
pub use factory::Pax8Factory;
pub use provider::Pax8Provider;
pub use wire::envelope::{Listed, PageNumbers, PageOf};

/// The provider kind.
pub(crate) const KIND: &str = "pax8";
/// What the client calls itself.
pub(crate) const USER_AGENT: &str = concat!("pax8-client/", env!("CARGO_PKG_VERSION"));

/// The samples of the guide, compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/pax8.md")]
struct Guide;

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
