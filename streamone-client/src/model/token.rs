//! What is told about a token.

use provider_core::records;

records! {
    #![derive(Copy, Default, PartialEq, Eq)]

    /// How long an access token and the refresh token issued with it live on: `POST /oauth/validateAccess`.
    pub struct AccessValidity {
        /// Seconds left for the access token.
        pub access_expires_in: Option<i64>,
        /// Seconds left for the refresh token.
        pub refresh_expires_in: Option<i64>,
    }
}

impl AccessValidity {
    /// Whole days left for the refresh token.
    #[must_use]
    pub fn refresh_days_left(&self) -> Option<i64> {
        self.refresh_expires_in.map(|seconds| seconds.div_euclid(86_400))
    }
}
