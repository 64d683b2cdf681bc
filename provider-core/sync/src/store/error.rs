//! Why a store failed.

use std::fmt;

use provider_core::Error;

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Somebody else has taken over.
    Fenced,
    /// Another process kept it for too long.
    Locked,
    /// It can be read and not written.
    ReadOnly,
    /// There is no room left.
    Full,
    /// A later release wrote it.
    NewerSchema {
        /// The schema that was found.
        found: u32,
        /// The newest one that this release knows.
        known: u32,
    },
    /// It is damaged, or no store.
    Corrupt,
    /// It cannot be reached.
    Unreachable,
    /// It does not let this user in.
    Denied,
    /// There is none.
    Absent,
    /// The connection belonged to another account when it was last worked on.
    OtherAccount,
    /// Nothing of that name waits for anybody.
    Unknown,
    /// What waited has changed since it was looked at.
    Stale,
    /// That word does not decide it.
    Refused,
}

/// A store failed, and nothing was stored.
#[derive(Debug)]
pub struct StoreError {
    /// What is wrong.
    pub kind: StoreErrorKind,
    message: String,
    source: Option<Error>,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(crate) fn fenced() -> Self {
        Self::new(StoreErrorKind::Fenced, "another worker has taken over this account: this one has stopped")
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// The settings of the store below have other names here.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        use provider_store::StoreErrorKind as Below;
        use std::error::Error as _;
        let mut cause = error.source();
        while let Some(found) = cause {
            if let Some(own) = found.downcast_ref::<Inside>() {
                return Self::new(own.kind, own.message.clone());
            }
            cause = found.source();
        }
        let kind = match Below::of(&error) {
            Some(Below::ReadOnly) => StoreErrorKind::ReadOnly,
            Some(Below::Full) => StoreErrorKind::Full,
            Some(Below::Locked) => StoreErrorKind::Locked,
            Some(Below::NewerSchema { found, known }) => StoreErrorKind::NewerSchema { found, known },
            Some(Below::Corrupt | Below::Replaced) => StoreErrorKind::Corrupt,
            Some(Below::Denied) => StoreErrorKind::Denied,
            Some(Below::Absent) => StoreErrorKind::Absent,
            _ => StoreErrorKind::Unreachable,
        };
        let message = error.message().trim_start_matches("PROVIDER_STORE: ").to_owned();
        Self { kind, message, source: Some(error) }
    }
}

/// An error of this crate on its way through the store below, which knows its own only.
#[derive(Debug)]
pub(crate) struct Inside {
    kind: StoreErrorKind,
    message: String,
}

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Inside {}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let StoreError { kind, message, .. } = error;
        Self::new(provider_core::ErrorKind::Internal, message.clone()).with_source(Inside { kind, message })
    }
}
