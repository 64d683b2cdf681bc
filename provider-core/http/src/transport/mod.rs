//! What sends requests: reqwest, or a transport of your own.
//!
//! A transport makes one exchange and nothing else: no redirects, no retries, no credentials of its own.
//! It undoes content codings, and it says with each error whether the request may have been sent.

mod body;
mod error;
#[cfg(feature = "reqwest")]
mod reqwest;

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

pub use body::Body;
pub(crate) use body::Pieces;
pub use error::{TransportError, TransportErrorKind};

#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;

/// Sends one request and answers as soon as the head of the response is there; the body streams.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// One exchange. Dropping the future gives it up.
    ///
    /// # Errors
    /// A [`TransportError`] whose kind says whether the request may have been sent.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError>;
}
