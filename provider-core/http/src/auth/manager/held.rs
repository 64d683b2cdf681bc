//! The access token that is being served.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::auth::Credential;
use crate::auth::chain::TokenHash;
use crate::auth::validity::Validity;

/// An access token in memory, ready to be sent.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) credential: Credential,
    pub(super) hash: TokenHash,
    pub(super) validity: Validity,
    pub(super) usable_until: DateTime<Utc>,
    pub(super) renew_at: DateTime<Utc>,
    pub(super) refresh_expires_at: Option<DateTime<Utc>>,
}

impl Held {
    pub(super) fn new(
        token: &SecretString,
        validity: Validity,
        refresh_expires_at: Option<DateTime<Utc>>,
        version: u64,
        jitter: u16,
    ) -> Self {
        Self {
            credential: Credential::bearer(token, version),
            hash: TokenHash::of(token),
            validity,
            usable_until: validity.usable_until(),
            renew_at: validity.renew_at(jitter),
            refresh_expires_at,
        }
    }
}
