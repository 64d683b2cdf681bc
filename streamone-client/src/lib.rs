//! Typed client for the TD SYNNEX StreamOne ION partner API, and a [`Provider`](provider_core::Provider)
//! over it.
//!
//! - [`StreamOneClient`] is the vendor's API, all of it: every endpoint a method, every record a type.
//! - [`StreamOneProvider`] is a [`Provider`](provider_core::Provider) over it: customers, products, subscriptions, orders,
//!   invoices and usage as [`provider_core`] models, writes as commands.
//!
//! ION's refresh tokens work once and live 32 days. The client exchanges them one at a time, across
//! processes too, and stores each successor before it uses what came with it, so that a connection lives
//! for as long as it is used at least once a month. Nothing needs to be done for that but to keep the
//! directory of the token files (`PROVIDER_TOKEN_DIR`), or to give a token store of one's own.
//!
//! ```no_run
//! use provider_core::{CustomerQuery, ProviderExt, Services};
//! use streamone_client::StreamOneConfig;
//!
//! # async fn run() -> provider_core::Result<()> {
//! let Some(config) = StreamOneConfig::from_env()? else { return Ok(()) };
//! let ion = config.connect(&Services::default())?;
//! let mut customers = ion.customers(CustomerQuery::default());
//! while let Some(customer) = customers.next().await {
//!     println!("{}", customer?.name);
//! }
//! ion.close().await
//! # }
//! ```
//!
//! What the common models do not have is in the typed client:
//!
//! ```no_run
//! use streamone_client::api::{CustomerFilter, TokenPage};
//! use streamone_client::{StreamOneClient, StreamOneConfig};
//!
//! # async fn run() -> provider_core::Result<()> {
//! let Some(config) = StreamOneConfig::from_env()? else { return Ok(()) };
//! let client = StreamOneClient::new(config)?;
//! let page = client.customers().list(CustomerFilter::default().page(TokenPage::first(200))).await?;
//! for customer in page.records() {
//!     println!("{}", customer.customer_organization.as_deref().unwrap_or_default());
//! }
//! client.close().await
//! # }
//! ```
//!
//! To order, give [`Services`](provider_core::Services) a journal, such as that of the package provider-store. Which setting
//! is found where, which rights the user needs and what each command sends: `docs/streamone.md` in the repository.

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
mod wire;

pub use client::{StreamOneClient, StreamOneClientBuilder};
pub use config::{DEFAULT_BASE_URL, StreamOneConfig};
pub use factory::StreamOneFactory;
pub use provider::StreamOneProvider;

/// The provider kind.
pub const KIND: &str = "streamone";

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
