//! Why an application could not be read or written.

use std::fmt;

/// What is wrong with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetErrorKind {
    /// Somebody with a later fence has written for this connection.
    Fenced {
        /// The latest one.
        latest: u64,
    },
    /// Somebody else kept it for too long.
    Locked,
    /// It did not answer in time. Whether anything of a batch was done is not known.
    Unanswered,
    /// It can be read and not written.
    ReadOnly,
    /// There is no room left, or no connection.
    Full,
    /// It is not as the plan says: a table, a column or an index is missing.
    Misfit,
    /// It is there, and damaged.
    Corrupt,
    /// It cannot be reached.
    Unreachable,
    /// It does not let this user in.
    Denied,
}

/// Nothing was done in the application, and why. Of [`Unanswered`](TargetErrorKind::Unanswered) alone nobody knows.
#[derive(Debug)]
pub struct TargetError {
    /// What is wrong.
    pub kind: TargetErrorKind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TargetError {
    /// An error of this kind, with what to do about it.
    #[must_use]
    pub fn new(kind: TargetErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Adds what it was noticed by.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TargetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
