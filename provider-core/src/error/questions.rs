//! The questions that callers ask most.

use super::{Delivery, Error, ErrorKind};

impl Error {
    /// True when the credentials were refused, or have to be made anew by a person.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        matches!(self.kind(), ErrorKind::Unauthenticated | ErrorKind::ReauthRequired)
    }

    /// True when nobody can say whether the distributor acted: find out before anything is sent again.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.delivery() == Delivery::Unknown
    }

    /// There is no such record. [`ErrorKind::NotFound`]
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// There is such a record already. [`ErrorKind::AlreadyExists`]
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.kind() == ErrorKind::AlreadyExists
    }

    /// Something else is in flight on the same record. [`ErrorKind::Conflict`]
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// The input is wrong; [`violations`](Self::violations) names the fields. [`ErrorKind::InvalidInput`]
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// A setting is missing or wrong. [`ErrorKind::Config`]
    #[must_use]
    pub fn is_config(&self) -> bool {
        self.kind() == ErrorKind::Config
    }

    /// The provider does not have this operation. [`ErrorKind::Unsupported`]
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        self.kind() == ErrorKind::Unsupported
    }

    /// This SDK refused to send it. [`ErrorKind::Refused`]
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.kind() == ErrorKind::Refused
    }

    /// The credentials lack a right. [`ErrorKind::PermissionDenied`]
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.kind() == ErrorKind::PermissionDenied
    }

    /// Too many calls; [`retry_after`](Self::retry_after) where the wait is known. [`ErrorKind::RateLimited`]
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// The deadline passed. [`ErrorKind::Timeout`]
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// A listing ended with fewer records than declared. [`ErrorKind::Incomplete`]
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.kind() == ErrorKind::Incomplete
    }
}
