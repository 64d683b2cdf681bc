//! What can go wrong on the wire, named by the question "was it sent?".

use std::error::Error as StdError;
use std::fmt;

use provider_core::{Delivery, ErrorKind};

/// What went wrong on the wire. Each kind answers whether the request may have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be put together. Not sent.
    Unsendable,
    /// No connection: name resolution, TCP, proxy or TLS. Not sent.
    Connect,
    /// The connection broke after it stood and before the head of the answer. Perhaps sent.
    Request,
    /// A time limit passed after the connection stood. Perhaps sent.
    Timeout,
    /// The body of the answer broke off or did not keep to its declared length. Sent.
    Interrupted,
    /// The body's content coding (gzip) could not be undone. Sent.
    Decode,
    /// The body, after decompression, is larger than the caller accepts. Sent.
    TooLarge,
}

impl TransportErrorKind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Unsendable,
        Self::Connect,
        Self::Request,
        Self::Timeout,
        Self::Interrupted,
        Self::Decode,
        Self::TooLarge,
    ];

    /// Whether the distributor may have acted.
    #[must_use]
    pub const fn delivery(self) -> Delivery {
        match self {
            Self::Unsendable | Self::Connect => Delivery::NotSent,
            Self::Request | Self::Timeout | Self::Interrupted | Self::Decode | Self::TooLarge => {
                Delivery::Unknown
            }
        }
    }

    /// How the kind reads in the error type of every provider.
    #[must_use]
    pub const fn error_kind(self) -> ErrorKind {
        match self {
            Self::Unsendable => ErrorKind::Internal,
            Self::Connect | Self::Request | Self::Interrupted => ErrorKind::Transport,
            Self::Timeout => ErrorKind::Timeout,
            Self::Decode | Self::TooLarge => ErrorKind::Decode,
        }
    }

    /// The stable snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsendable => "unsendable",
            Self::Connect => "connect",
            Self::Request => "request",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Decode => "content_coding",
            Self::TooLarge => "too_large",
        }
    }
}

/// One exchange failed.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind. The message is fixed text, so that no URL or header slips into it.
    #[must_use]
    pub const fn new(kind: TransportErrorKind, message: &'static str) -> Self {
        Self { kind, message, source: None }
    }

    /// Keeps the cause, which must name neither URL nor credential.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The message alone.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// The innermost cause in words: what an operator needs to know about a failed connection.
    #[must_use]
    pub fn root_cause(&self) -> Option<String> {
        let mut cause: &dyn StdError = self.source.as_deref()?;
        while let Some(next) = cause.source() {
            cause = next;
        }
        Some(cause.to_string())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
