//! Access tokens with an expiry on the simulated clock.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::clock::SimClock;
use super::lock::lock;
use super::prng::Prng;

/// Why a request carries no usable bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// No `Authorization` header.
    Missing,
    /// An `Authorization` header of another scheme, or one that is not text.
    NotBearer,
    /// A token that this simulator did not issue, or that was revoked.
    Unknown,
    /// The token's lifetime is over.
    Expired,
}

#[derive(Clone, Debug)]
struct Issued {
    subject: String,
    expires_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Issuer {
    prng: Prng,
    live: HashMap<String, Issued>,
}

/// The access tokens that one distributor has issued.
#[derive(Debug)]
pub(crate) struct AccessTokens {
    clock: SimClock,
    issuer: Mutex<Issuer>,
}

impl AccessTokens {
    pub(crate) fn new(clock: SimClock, prng: Prng) -> Self {
        Self { clock, issuer: Mutex::new(Issuer { prng, live: HashMap::new() }) }
    }

    /// A new token for `subject` (an audience, an account, a user) with its expiry.
    pub(crate) fn issue(&self, subject: &str, lifetime: Duration) -> (String, DateTime<Utc>) {
        let now = self.clock.now();
        let expires_at = now + lifetime;
        let mut issuer = lock(&self.issuer);
        issuer.live.retain(|_, token| token.expires_at > now);
        let token = format!("sim.{}.token", issuer.prng.hex(48));
        issuer.live.insert(token.clone(), Issued { subject: subject.to_owned(), expires_at });
        (token, expires_at)
    }

    /// The subject of the request's bearer token.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<String, TokenRefusal> {
        let header = headers.get(AUTHORIZATION).ok_or(TokenRefusal::Missing)?;
        let text = header.to_str().map_err(|_| TokenRefusal::NotBearer)?;
        let token = text.strip_prefix("Bearer ").ok_or(TokenRefusal::NotBearer)?;
        let issuer = lock(&self.issuer);
        let issued = issuer.live.get(token).ok_or(TokenRefusal::Unknown)?;
        if issued.expires_at <= self.clock.now() {
            return Err(TokenRefusal::Expired);
        }
        Ok(issued.subject.clone())
    }

    /// Forgets every issued token: the next call with one is answered 401.
    pub(crate) fn revoke_all(&self) {
        lock(&self.issuer).live.clear();
    }
}
