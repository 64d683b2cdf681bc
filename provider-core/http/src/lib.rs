//! Transport, tokens, retry and limits for people who write a provider over HTTP.
//!
//! A provider describes each call as a [`RequestSpec`] and gives it to an [`HttpClient`]. Whether it may
//! be sent again, how long it may take, which credential it carries and what its failure means is
//! decided here, once, for every provider.
//!
//! ```
//! use provider_core::{EntityKind, Operation, Result};
//! use provider_http::{Answer, CallOptions, HttpClient, RequestSpec};
//!
//! async fn company(http: &HttpClient, id: &str) -> Result<Answer> {
//!     let spec = RequestSpec::get("/v1/companies/{companyId}")
//!         .path("companyId", id)
//!         .operation(Operation::Get(EntityKind::Customer));
//!     http.send(spec, &CallOptions::default()).await
//! }
//! ```

mod account;
mod answer;
pub mod auth;
mod breaker;
mod call;
mod client;
mod clock;
mod deadline;
pub mod decode;
mod limit;
mod options;
mod pipeline;
mod problem;
pub mod redact;
mod request;
mod retry;
pub mod token;
pub mod transport;

pub use answer::Answer;
pub use auth::{Authenticator, Basic, Credential, NoAuth};
pub use call::CallOptions;
pub use client::{Downloaded, DownloadedEmbedded, HttpClient, HttpClientBuilder};
pub use clock::TokioClock;
pub use deadline::{Deadline, Elapsed};
pub use decode::{Embedded, Envelope, Keys, PageDecoder};
pub use limit::RateLimit;
pub use options::{HttpOptions, ProxySetting};
pub use problem::{Problem, ProblemInput, ProblemParser, kind_of};
pub use request::RequestSpec;
pub use retry::Safety;
pub use transport::{Body, ReqwestTransport, Transport, TransportError, TransportErrorKind};
