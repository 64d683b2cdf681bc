//! Refresh-token chains: single use, rotation, reuse detection.
//!
//! A chain starts with a token that a person requests in the portal. Each exchange spends the token it names
//! and adds a successor with a fresh life. What happened to every token is kept, by hash, so that a test can
//! count replays and find chains whose last token nobody holds any more.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use chrono::{DateTime, TimeDelta, Utc};

use crate::streamone::engine::wire::sha256_hex;

/// Life of an access token: 2 hours.
pub(crate) const ACCESS_LIFE: TimeDelta = TimeDelta::seconds(7_200);
/// Life of a refresh token: 32 days.
pub(crate) const REFRESH_LIFE: TimeDelta = TimeDelta::seconds(2_764_800);
/// The only failure text that the vendor documents for both token endpoints.
pub(crate) const CANNOT_VALIDATE: &str = "cannot validate token: redis: nil";

/// One call of the token endpoint that named a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenExchange {
    /// Lower-case hexadecimal SHA-256 of the token that was presented.
    pub presented_sha256: String,
    /// The same of the token that replaced it; `None` when the exchange was refused.
    pub issued_sha256: Option<String>,
    /// The chain the presented token belongs to; `None` for a token that was never issued.
    pub chain: Option<u64>,
    /// When it happened, on the simulator's clock.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub outcome: ExchangeOutcome,
}

/// What came of presenting a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeOutcome {
    /// The token was current; it is spent now and has a successor.
    Rotated,
    /// The token had been spent before: a replay.
    Replayed,
    /// The token outlived its 32 days.
    Expired,
    /// The token's chain was revoked.
    Revoked,
    /// No such token was ever issued.
    Unknown,
}

/// The tokens that one exchange, or one request in the portal, hands out.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

#[derive(Debug)]
struct Grant {
    chain: u64,
    expires_at: DateTime<Utc>,
    spent: bool,
}

#[derive(Debug)]
struct Access {
    chain: u64,
    expires_at: DateTime<Utc>,
    refresh_expires_at: DateTime<Utc>,
}

/// All chains. Tokens are held by hash only, but for the one that an operator would configure.
pub(crate) struct Tokens {
    /// Sets these tokens apart from those of a simulator that served the same seed at the same address before: what a
    /// client kept of that one must not pass for what this one gave out.
    life: u64,
    first_chain: String,
    issued: u64,
    chains: u64,
    revoked_chains: Vec<u64>,
    refresh: HashMap<String, Grant>,
    access: HashMap<String, Access>,
    history: Vec<TokenExchange>,
    reuse_revokes_family: bool,
    reissue_ends_chains: bool,
}

impl Tokens {
    pub(crate) fn new() -> Self {
        Self {
            life: RandomState::new().hash_one(()),
            first_chain: String::new(),
            issued: 0,
            chains: 0,
            revoked_chains: Vec::new(),
            refresh: HashMap::new(),
            access: HashMap::new(),
            history: Vec::new(),
            reuse_revokes_family: false,
            reissue_ends_chains: false,
        }
    }

    pub(crate) fn set_reuse_revokes_family(&mut self, revokes: bool) {
        self.reuse_revokes_family = revokes;
    }

    pub(crate) fn set_reissue_ends_chains(&mut self, ends: bool) {
        self.reissue_ends_chains = ends;
    }

    /// "Request New Credentials" in the portal: a chain of its own.
    pub(crate) fn start_chain(&mut self, now: DateTime<Utc>) -> Issued {
        if self.reissue_ends_chains {
            self.revoked_chains = (1..=self.chains).collect();
        }
        self.chains += 1;
        self.issue(self.chains, now)
    }

    /// Spends a refresh token for its successor; `None` is the vendor's 400.
    pub(crate) fn exchange(&mut self, presented: &str, now: DateTime<Utc>) -> Option<Issued> {
        let presented_sha256 = sha256_hex(presented);
        let (chain, outcome) = self.judge(&presented_sha256, now);
        if outcome == ExchangeOutcome::Replayed && self.reuse_revokes_family {
            self.revoked_chains.extend(chain);
        }
        let issued = match (outcome, chain) {
            (ExchangeOutcome::Rotated, Some(chain)) => {
                if let Some(grant) = self.refresh.get_mut(&presented_sha256) {
                    grant.spent = true;
                }
                Some(self.issue(chain, now))
            }
            _ => None,
        };
        self.history.push(TokenExchange {
            presented_sha256,
            issued_sha256: issued.as_ref().map(|issued| sha256_hex(&issued.refresh_token)),
            chain,
            at: now,
            outcome,
        });
        issued
    }

    fn judge(&self, presented_sha256: &str, now: DateTime<Utc>) -> (Option<u64>, ExchangeOutcome) {
        let Some(grant) = self.refresh.get(presented_sha256) else {
            return (None, ExchangeOutcome::Unknown);
        };
        let outcome = if grant.spent {
            ExchangeOutcome::Replayed
        } else if self.revoked_chains.contains(&grant.chain) {
            ExchangeOutcome::Revoked
        } else if grant.expires_at <= now {
            ExchangeOutcome::Expired
        } else {
            ExchangeOutcome::Rotated
        };
        (Some(grant.chain), outcome)
    }

    /// The last token of the first chain.
    pub(crate) fn first_chain(&self) -> &str {
        &self.first_chain
    }

    /// Whether presenting this token now would succeed.
    pub(crate) fn is_current(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.judge(&sha256_hex(token), now).1 == ExchangeOutcome::Rotated
    }

    /// Whether a bearer opens the v3 API.
    pub(crate) fn accepts_bearer(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.seconds_left(token, now).is_some()
    }

    /// Seconds left for an access token and for the refresh token issued with it; `None` once it is worthless.
    pub(crate) fn seconds_left(&self, token: &str, now: DateTime<Utc>) -> Option<(i64, i64)> {
        let access = self.access.get(&sha256_hex(token))?;
        let left = (access.expires_at - now).num_seconds();
        let alive = left > 0 && !self.revoked_chains.contains(&access.chain);
        alive.then(|| (left, (access.refresh_expires_at - now).num_seconds().max(0)))
    }

    /// Makes every access token issued so far worthless.
    pub(crate) fn expire_access_tokens(&mut self) {
        self.access.clear();
    }

    pub(crate) fn history(&self) -> &[TokenExchange] {
        &self.history
    }

    pub(crate) fn count(&self, outcome: ExchangeOutcome) -> u64 {
        self.history.iter().filter(|exchange| exchange.outcome == outcome).map(|_| 1_u64).sum()
    }

    fn issue(&mut self, chain: u64, now: DateTime<Utc>) -> Issued {
        let issued = Issued { access_token: self.token("access"), refresh_token: self.token("refresh") };
        let refresh_expires_at = now + REFRESH_LIFE;
        self.refresh.insert(
            sha256_hex(&issued.refresh_token),
            Grant { chain, expires_at: refresh_expires_at, spent: false },
        );
        if chain == 1 {
            self.first_chain.clone_from(&issued.refresh_token);
        }
        self.access.insert(
            sha256_hex(&issued.access_token),
            Access { chain, expires_at: now + ACCESS_LIFE, refresh_expires_at },
        );
        issued
    }

    fn token(&mut self, purpose: &str) -> String {
        self.issued += 1;
        let digest = sha256_hex(&format!("{}/{purpose}/{}", self.life, self.issued));
        digest.chars().take(48).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn start() -> (Tokens, String, DateTime<Utc>) {
        let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let mut tokens = Tokens::new();
        let first = tokens.start_chain(now).refresh_token;
        (tokens, first, now)
    }

    #[test]
    fn each_exchange_spends_its_token_and_names_a_successor() {
        let (mut tokens, first, now) = start();
        let second = tokens.exchange(&first, now).unwrap().refresh_token;
        assert!(!tokens.is_current(&first, now));
        assert!(tokens.is_current(&second, now));
        assert!(tokens.exchange(&first, now).is_none());
        assert!(tokens.exchange(&second, now).is_some());
        let outcomes: Vec<_> = tokens.history().iter().map(|exchange| exchange.outcome).collect();
        use ExchangeOutcome::{Replayed, Rotated};
        assert_eq!(outcomes, [Rotated, Replayed, Rotated]);
        assert_eq!(tokens.history().first().unwrap().issued_sha256, Some(sha256_hex(&second)));
    }

    #[test]
    fn reuse_ends_the_chain_only_where_configured() {
        let (mut tokens, first, now) = start();
        let second = tokens.exchange(&first, now).unwrap();
        tokens.set_reuse_revokes_family(true);
        assert!(tokens.exchange(&first, now).is_none());
        assert!(!tokens.is_current(&second.refresh_token, now));
        assert!(!tokens.accepts_bearer(&second.access_token, now));
        assert!(tokens.exchange(&second.refresh_token, now).is_none());
        assert_eq!(tokens.count(ExchangeOutcome::Revoked), 1);
        let other = tokens.start_chain(now).refresh_token;
        assert!(tokens.is_current(&other, now));
    }

    #[test]
    fn lives_are_counted_on_the_given_clock() {
        let (mut tokens, first, now) = start();
        let issued = tokens.exchange(&first, now).unwrap();
        assert_eq!(tokens.seconds_left(&issued.access_token, now), Some((7_200, 2_764_800)));
        assert!(!tokens.accepts_bearer(&issued.access_token, now + ACCESS_LIFE));
        assert!(tokens.is_current(&issued.refresh_token, now + REFRESH_LIFE - TimeDelta::seconds(1)));
        assert!(tokens.exchange(&issued.refresh_token, now + REFRESH_LIFE).is_none());
        assert_eq!(tokens.count(ExchangeOutcome::Expired), 1);
    }
}
