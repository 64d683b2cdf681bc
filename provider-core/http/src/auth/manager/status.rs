//! What an operator can see of a token without a request to the distributor.

use chrono::{DateTime, Utc};
use provider_core::Error;

/// What is known of a connection's tokens. Looking changes nothing and sends nothing.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TokenStatus {
    /// When the current access token expires; `None` when there is none.
    pub valid_until: Option<DateTime<Utc>>,
    /// When the refresh token expires; `None` where there is none or its life is not known.
    pub refresh_valid_until: Option<DateTime<Utc>>,
    /// Whole days until then, negative once it has passed.
    pub refresh_days_left: Option<i64>,
    /// True while a rotated token could not be saved: if the process ends now, the chain is lost.
    pub unsaved: bool,
    /// Why there is no token and none can be had, where that is known without asking the distributor.
    pub problem: Option<Error>,
}

impl TokenStatus {
    pub(super) fn with_refresh(mut self, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        self.refresh_valid_until = until;
        self.refresh_days_left = until.map(|until| days(until, now));
        self
    }
}

/// Whole days from `now` to `until`.
pub(super) fn days(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (until - now).num_seconds().div_euclid(86_400)
}
