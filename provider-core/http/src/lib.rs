//! HTTP transport, OAuth tokens, retries and rate limits for people who write a provider over HTTP.
//!
//! A provider describes each call as a [`RequestSpec`] and gives it to an [`HttpClient`]. Whether it may
//! be sent again, how long it may take, which credential it carries and what its failure means is
//! decided here, once, for every provider.
//!
//! ```
//! use provider_core::{EntityKind, Operation, ProviderInfo, Result};
//! use provider_http::{CallOptions, HttpClient, RateLimit, RequestSpec};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Company {
//!     name: String,
//! }
//!
//! fn client(token: &str) -> Result<HttpClient> {
//!     let base = provider_http::base_url("ACME_BASE_URL", "https://api.example.com")?;
//!     HttpClient::builder(&ProviderInfo::new("acme", "main"), base)
//!         .bearer(token)
//!         .rate(RateLimit::per_minute(600))
//!         .build()
//! }
//!
//! async fn name(http: &HttpClient, id: &str) -> Result<String> {
//!     let spec = RequestSpec::get("/v1/companies/{companyId}")
//!         .path("companyId", id)
//!         .operation(Operation::Get(EntityKind::Customer));
//!     let company: Company = http.send(spec, &CallOptions::default()).await?.json()?;
//!     Ok(company.name)
//! }
//! ```
//!
//! # Where to go next
//!
//! - Tokens that expire: [`Tokens`], with one of the grants in [`auth`]; where a refresh token works once, with a store
//!   that survives a restart ([`token::FileTokenStore`]).
//! - The records of a page, one by one, so that a bad record costs one record: [`PageDecoder`].
//! - A client with many endpoints: a table of them, [`endpoints!`].
//! - Several calls that make one operation of a provider: [`OperationContext`] gives them one deadline and one name.
//! - Time limits, proxy, certificates, a transport of your own: [`HttpOptions`].
//! - What an API says about a call that it refused: [`ProblemParser`].
//! - `docs/writing-a-provider.md` in the repository puts all of it together.
//!
//! # Features
//!
//! All by default, each can be left out:
//! - `reqwest`: the transport over reqwest. Without it a client needs
//!   a transport of its own ([`HttpOptions::transport`]).
//! - `rustls`, or `native-tls` in its place: HTTPS for it.
//! - `cipher`: stored tokens are encrypted where the operator gives a key. Without it a key is refused.

mod account;
mod answer;
pub mod auth;
mod breaker;
mod call;
mod client;
mod clock;
mod context;
mod deadline;
pub mod decode;
mod endpoint;
mod limit;
mod options;
mod parameter;
mod pipeline;
mod problem;
pub mod redact;
mod request;
mod retry;
mod shared;
mod task;
pub mod token;
pub mod transport;
mod ttl_cache;

pub use answer::Answer;
pub use auth::{Authenticator, Basic, Bearer, Credential, NoAuth};
pub use call::CallOptions;
pub use client::{Downloaded, DownloadedEmbedded, HttpClient, HttpClientBuilder, Tokens};
pub use clock::TokioClock;
pub use context::OperationContext;
pub use deadline::{Deadline, Elapsed};
pub use decode::{Embedded, Envelope, Keys, PageDecoder};
pub use endpoint::{ApiClient, Endpoint};
pub use limit::RateLimit;
pub use options::{HttpOptions, ProxySetting};
pub use parameter::{Parameter, Setting, Written};
pub use problem::{Problem, ProblemInput, ProblemParser, kind_of};
pub use redact::Quoting;
pub use request::{RequestSpec, base_url, base_url_with};
pub use retry::Safety;
#[cfg(feature = "reqwest")]
pub use transport::ReqwestTransport;
pub use transport::{Body, Transport, TransportError, TransportErrorKind};
pub use ttl_cache::TtlCache;

/// For the macros of this crate.
#[doc(hidden)]
pub mod __private {
    pub use provider_core::{CommandKind, EntityKind, Operation, Result};
}

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
