//! The whole Pax8 API, typed, and a [`Provider`](provider_core::Provider) over it.
//!
//! - [`Pax8Client`] speaks Pax8: every endpoint, every field, its own models in [`model`].
//! - [`Pax8Provider`] speaks the common language of all distributors.
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
//!     println!("{:?}", company.website);
//! }
//! # Ok(())
//! # }
//! ```

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
