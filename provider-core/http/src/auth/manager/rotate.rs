//! Renewal where the refresh token works once.
//!
//! Under the lease: read the store, take up what another process renewed, otherwise store a mark that says
//! which token is about to be sent, send it once, and store what came before anybody uses it.

use std::time::Duration;

use provider_core::token::{Lease, Stored, TokenStore, Version};
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};

use super::loss;
use super::{Access, Chain, Exchange, Inner, Landing, RenewalFailure, TokenHash, exchange, lock};
use crate::auth::chain::{Loss, Next, Spend};
use crate::auth::grant::{GrantResult, TokenSet};
use crate::auth::validity::{self, Validity};

/// Longer than a request for a token and all reading and writing around it.
pub(super) const LEASE: Duration = Duration::from_secs(60);
/// Another process may hold the lease for as long.
const LEASE_WAIT: Duration = Duration::from_secs(60);
/// How often the store may turn out to have been written by somebody else.
const ROUNDS: u32 = 5;

/// The record as it is stored.
pub(super) struct Record {
    pub(super) version: Option<Version>,
    pub(super) chain: Chain,
}

/// Why a renewal ends without a token.
struct Stop(RenewalFailure, Error);

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self(RenewalFailure::Passing, error)
    }
}

impl Inner {
    pub(super) async fn rotate(&self, store: &dyn TokenStore, landing: &Landing, stale: Option<TokenHash>) {
        if let Err(Stop(failure, error)) = self.try_rotate(store, landing, stale).await {
            self.fail(landing, failure, error);
        }
    }

    async fn try_rotate(
        &self,
        store: &dyn TokenStore,
        landing: &Landing,
        stale: Option<TokenHash>,
    ) -> Result<(), Stop> {
        // Most of the time another process was faster, or nothing changed since the chain was lost; both
        // show without the lease.
        let record = self.read(store).await?;
        self.still_lost(&record)?;
        if let Next::Adopt(access) = self.next(&record.chain, stale.as_ref()) {
            self.adopt(landing, &record.chain, &access);
            return Ok(());
        }
        for _ in 0..ROUNDS {
            let lease = self.lease(store).await?;
            let record = self.read(store).await?;
            let spend = match self.next(&record.chain, stale.as_ref()) {
                Next::Adopt(access) => {
                    self.adopt(landing, &record.chain, &access);
                    return Ok(());
                }
                Next::Lost(loss) => return Err(self.lose(record.version, loss, None)),
                Next::Exchange(spend) => spend,
            };
            let Some(marked) = self.mark(store, &record, &spend).await? else { continue };
            if !lease.is_held() {
                self.restore(store, marked.version, &record.chain).await;
                continue;
            }
            if self.spend(store, landing, lease, &record.chain, marked, spend).await? {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::Conflict, "the token store is being written by others without a pause")
            .into())
    }

    /// Sends the token. `false`: the store has moved on, look again.
    async fn spend(
        &self,
        store: &dyn TokenStore,
        landing: &Landing,
        lease: Box<dyn Lease>,
        before: &Chain,
        marked: Record,
        spend: Spend,
    ) -> Result<bool, Stop> {
        let sent_at = self.clock.now();
        self.scrubber.learn(&spend.token);
        let answer =
            exchange(&*self.transport, &*self.grant, Some(&spend.token), &self.user_agent, self.limit).await;
        match answer {
            Exchange::Answered(GrantResult::Issued(tokens)) => {
                let TokenSet { access_token, expires_in, refresh_token, refresh_expires_in } = tokens;
                refresh_token.iter().for_each(|secret| self.scrubber.learn(secret));
                let access =
                    Access { token: access_token, validity: Validity::starting(sent_at, expires_in) };
                let refresh_expires_at = validity::after(sent_at, refresh_expires_in);
                let chain = marked.chain.advanced(&spend, access, refresh_token, refresh_expires_at);
                let record = Record { version: marked.version, chain };
                self.save(store, landing, lease, record, &spend).await;
                Ok(true)
            }
            Exchange::Answered(GrantResult::Refused(error)) => {
                if self.moved_on(store, &marked).await {
                    return Ok(false);
                }
                Err(self.refused(store, marked, &spend, error).await)
            }
            Exchange::Answered(GrantResult::Unavailable(error)) => {
                self.restore(store, marked.version, &left_by(&error, before, &marked.chain, &spend)).await;
                Err(Stop(RenewalFailure::Passing, error))
            }
            Exchange::NotSent(error) => {
                self.restore(store, marked.version, before).await;
                Err(Stop(RenewalFailure::Passing, error))
            }
            Exchange::Lost(error) if spend.recovery => {
                if self.moved_on(store, &marked).await {
                    return Ok(false);
                }
                Err(self.lose(marked.version, Loss::RepetitionLost, Some(error)))
            }
            // The mark stays: it is what allows the one repetition.
            Exchange::Lost(error) => Err(Stop(RenewalFailure::AnswerLost, error)),
        }
    }

    /// Whether somebody wrote in spite of the lease: then their token may be newer than ours.
    async fn moved_on(&self, store: &dyn TokenStore, marked: &Record) -> bool {
        self.read(store).await.is_ok_and(|record| record.version != marked.version)
    }

    async fn refused(&self, store: &dyn TokenStore, marked: Record, spend: &Spend, error: Error) -> Stop {
        let mut chain = marked.chain;
        if let Some(intent) = chain.mark_of(spend) {
            intent.refused = true;
        }
        // Stored so that no other process sends the token once more. Where that fails they will, once.
        let _ = self.write(store, marked.version, &chain).await;
        let version = self.read(store).await.map_or(marked.version, |record| record.version);
        let loss = match (spend.recovery, spend.first) {
            (true, _) => Loss::RepetitionRefused,
            (false, true) => Loss::FirstRefused,
            (false, false) => Loss::Refused,
        };
        self.lose(version, loss, Some(error))
    }

    /// From now on nothing is sent until the store changes.
    fn lose(&self, version: Option<Version>, loss: Loss, cause: Option<Error>) -> Stop {
        let mut error = loss::error(loss, self.grant.names());
        if let Some(cause) = cause {
            if let Some(status) = cause.http_status() {
                error = error.with_http_status(status);
            }
            error = error.with_source(cause);
        }
        *lock(&self.lost) = Some((version, self.sign(error.clone())));
        Stop(RenewalFailure::ChainLost, error)
    }

    fn still_lost(&self, record: &Record) -> Result<(), Stop> {
        match &*lock(&self.lost) {
            Some((version, error)) if *version == record.version => {
                Err(Stop(RenewalFailure::StillLost, error.clone()))
            }
            _ => Ok(()),
        }
    }

    fn next(&self, chain: &Chain, stale: Option<&TokenHash>) -> Next {
        chain.next(self.grant.first_token(), stale, self.clock.now(), |validity, now| {
            now < validity.renew_at(self.jitter)
        })
    }

    fn adopt(&self, landing: &Landing, chain: &Chain, access: &Access) {
        let held = self.publish(access, chain.refresh_expires_at);
        landing.land(Ok(held));
    }

    async fn lease(&self, store: &dyn TokenStore) -> Result<Box<dyn Lease>> {
        tokio::time::timeout(LEASE_WAIT, store.lease(&self.key, LEASE)).await.map_err(|_| {
            Error::new(
                ErrorKind::Unavailable,
                "another process has been renewing this token for a minute: does it fail to save one?",
            )
        })?
    }

    pub(super) async fn read(&self, store: &dyn TokenStore) -> Result<Record> {
        match store.load(&self.key).await? {
            Some(Stored { version, value, .. }) => {
                let chain = Chain::read(&value)?;
                chain.secrets().for_each(|secret| self.scrubber.learn(secret));
                Ok(Record { version: Some(version), chain })
            }
            None => Ok(Record { version: None, chain: Chain::default() }),
        }
    }

    pub(super) async fn write(
        &self,
        store: &dyn TokenStore,
        version: Option<Version>,
        chain: &Chain,
    ) -> Result<bool> {
        store.compare_and_swap(&self.key, version, chain.write()?).await
    }

    /// Stores that `spend` is about to be sent. `None`: somebody else wrote in between.
    async fn mark(&self, store: &dyn TokenStore, record: &Record, spend: &Spend) -> Result<Option<Record>> {
        let chain = record.chain.marked(spend, self.clock.now());
        let text = chain.write()?;
        if !store.compare_and_swap(&self.key, record.version, text.clone()).await? {
            return Ok(None);
        }
        // The version that the write made is only to be had by reading.
        let stored = store.load(&self.key).await?;
        let ours = |stored: &Stored| same(&stored.value, &text);
        Ok(stored.filter(ours).map(|stored| Record { version: Some(stored.version), chain }))
    }

    /// Takes a mark back where the token was not exchanged. Where that fails the mark stays, which costs
    /// no more than that the next exchange counts as a repetition.
    async fn restore(&self, store: &dyn TokenStore, marked: Option<Version>, chain: &Chain) {
        let _ = self.write(store, marked, chain).await;
    }
}

/// The record after an answer that neither issued nor refused. Where the endpoint did not look at the
/// token, all is as before. After a server error or an answer by something else the token may be spent: it
/// is sent again, marked as a repetition, and because an answer did come that does not use up the right to
/// one.
fn left_by(error: &Error, before: &Chain, marked: &Chain, spend: &Spend) -> Chain {
    let in_doubt = matches!(
        (error.kind(), error.http_status()),
        (ErrorKind::Decode, _) | (ErrorKind::Unavailable, None | Some(500..=502 | 504..))
    );
    if !in_doubt {
        return before.clone();
    }
    let mut chain = marked.clone();
    if let Some(intent) = chain.mark_of(spend) {
        intent.recovery_used = false;
    }
    chain
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
