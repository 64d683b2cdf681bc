//! Transport, tokens, retry and limits for people who write a provider over HTTP.

pub mod auth;
mod deadline;
mod options;
pub mod token;
pub mod transport;

pub use auth::{Authenticator, Basic, Credential, NoAuth};
pub use deadline::{Deadline, Elapsed};
pub use options::{HttpOptions, ProxySetting};
pub use transport::{Body, ReqwestTransport, Transport, TransportError, TransportErrorKind};
