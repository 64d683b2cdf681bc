//! Why a run stopped.

use std::fmt;

use provider_core::Error;

use crate::report::{RunFailure, SyncOutcome, SyncReport};
use crate::store::{StoreError, StoreErrorKind};
use crate::target::TargetError;

/// How a failure of the application begins.
const APPLICATION: &str = "the application: ";
/// How one of the store begins.
const STORE: &str = "the store: ";

/// How a refusal begins that the distributor's answer is the reason of.
pub(super) const DOES_NOT_WORK: &str = "the connection does not work";

/// Why something could not be done.
#[derive(Debug)]
#[non_exhaustive]
pub enum SyncError {
    /// The distributor, or something between here and there.
    Provider(Error),
    /// The application.
    Target(TargetError),
    /// The store.
    Store(StoreError),
    /// It was not begun.
    Refused(String),
    /// It was stopped from outside.
    Cancelled,
}

impl SyncError {
    /// What a run that ends like this has come to, in the words of its report.
    #[must_use]
    pub fn outcome(&self) -> SyncOutcome {
        match self {
            Self::Refused(message) if !message.starts_with(DOES_NOT_WORK) => SyncOutcome::Refused,
            Self::Store(error) if error.kind == StoreErrorKind::OtherAccount => SyncOutcome::Refused,
            Self::Cancelled => SyncOutcome::Cancelled,
            _ => SyncOutcome::Failed,
        }
    }

    /// The failure that a report tells of, where that is one of the application or of the store.
    pub(super) fn of_own_side(report: &SyncReport) -> Option<Self> {
        let told = report.error.as_deref().unwrap_or_default();
        let without = |begin: &str| told.strip_prefix(begin).unwrap_or(told).to_owned();
        match report.failure? {
            RunFailure::Target(kind) => Some(Self::Target(TargetError::new(kind, without(APPLICATION)))),
            RunFailure::Store(kind) => Some(Self::Store(StoreError::new(kind, without(STORE)))),
            RunFailure::Provider(_) | RunFailure::Refused => None,
        }
    }

    /// Whether somebody else has taken over: nothing more may be written, not even that this was so.
    pub(crate) fn is_fenced(&self) -> bool {
        matches!(self, Self::Store(error) if error.kind == StoreErrorKind::Fenced)
    }
}

impl From<Error> for SyncError {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl From<TargetError> for SyncError {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

impl From<StoreError> for SyncError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => error.fmt(f),
            Self::Target(error) => write!(f, "{APPLICATION}{error}"),
            Self::Store(error) => write!(f, "{STORE}{error}"),
            Self::Refused(message) => f.write_str(message),
            Self::Cancelled => f.write_str("it was stopped"),
        }
    }
}

impl std::error::Error for SyncError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Provider(error) => Some(error),
            Self::Target(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Refused(_) | Self::Cancelled => None,
        }
    }
}
