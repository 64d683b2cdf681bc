//! The token cache: served from memory, renewed early, never spent twice.

mod ask;
mod builder;
mod exchange;
mod flight;
mod held;
mod loss;
mod pace;
mod rotate;
mod save;
mod status;

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use http::HeaderValue;
use provider_core::clock::Clock;
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::token::{TokenKey, TokenStore, Version};
use provider_core::{Delivery, Error, ErrorKind, Result};
use tokio::sync::Notify;

pub use builder::TokenManagerBuilder;
pub use status::TokenStatus;

use self::exchange::{Exchange, exchange};
use self::flight::{Flight, Landing, Runway};
use self::held::Held;
use self::pace::{MayRenew, RejectionBudget, RenewalFailure, RenewalPace};
use super::chain::{Access, Chain, TokenHash};
use super::grant::Grant;
use super::{Authenticator, Credential};
use crate::deadline::Deadline;
use crate::redact::Scrubber;
use crate::shared::tell;
use crate::transport::Transport;

/// Callers wait this long for the next attempt after a failure, and are told of the failure otherwise.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Saving gets this long when the application closes.
const CLOSING_TIME: Duration = Duration::from_secs(30);
/// From here on the host is told that a refresh token runs out.
const DAYS_TO_WARN: i64 = 7;
/// A renewal is begun again this often when its task was cut off with the runtime it ran on.
const RESTARTS: u32 = 3;

/// Hands out the access token of one account and keeps it valid.
///
/// - A valid token is served from memory; a renewal in progress holds nothing up.
/// - Shortly before its end one renewal runs in the background while the old token goes on being served,
///   also when the renewal fails.
/// - However many ask, one renewal runs at a time; where the refresh token rotates, across processes too,
///   by the lease of the [`TokenStore`].
/// - A rotated token is stored before it is used. A token is sent once: a mark that is stored before the
///   request shows when its answer was lost, and allows one repetition.
/// - Refused credentials are not sent again and again: the error is repeated from memory for a while, and
///   a lost chain stays lost until the store or the configured token changes.
///
/// Cloning is cheap, and clones share everything. Give the clones to all clients of the account.
#[derive(Clone)]
pub struct TokenManager {
    inner: Arc<Inner>,
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenManager")
            .field("key", &self.inner.key)
            .field("connection", &self.inner.connection)
            .finish_non_exhaustive()
    }
}

struct Inner {
    key: TokenKey,
    connection: String,
    grant: Box<dyn Grant>,
    transport: Arc<dyn Transport>,
    /// Set where the grant rotates.
    store: Option<Arc<dyn TokenStore>>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    user_agent: HeaderValue,
    limit: Duration,
    scrubber: Scrubber,
    jitter: u16,

    /// Locked only to copy or to replace the pointer.
    held: RwLock<Option<Arc<Held>>>,
    versions: AtomicU64,
    runway: Runway,
    pace: Mutex<RenewalPace>,
    /// The access token that the API refused: not to be taken up again from the store.
    rejected: Mutex<Option<TokenHash>>,
    rejections: Mutex<RejectionBudget>,
    /// The chain is lost at this version of the store.
    lost: Mutex<Option<(Option<Version>, Error)>>,
    /// How often saving the current token failed.
    unsaved: AtomicU32,
    save_now: Notify,
    warned: Mutex<Option<i64>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is replaced whole, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TokenManager {
    /// Starts a manager for the tokens of `key`, got by `grant` over `transport`.
    #[must_use]
    pub fn builder(key: TokenKey, grant: impl Grant, transport: Arc<dyn Transport>) -> TokenManagerBuilder {
        Self::boxed(key, Box::new(grant), transport)
    }

    pub(crate) fn boxed(
        key: TokenKey,
        grant: Box<dyn Grant>,
        transport: Arc<dyn Transport>,
    ) -> TokenManagerBuilder {
        TokenManagerBuilder::new(key, grant, transport)
    }

    /// Renews now, although the current token may still be valid: keeps a chain of refresh tokens alive that would
    /// otherwise expire unused. Where another process has renewed it since,
    /// its token is taken up and nothing is sent.
    ///
    /// # Errors
    /// Those of [`Authenticator::credential`].
    pub async fn renew(&self, deadline: Deadline) -> Result<Credential> {
        let stale = self.inner.held().map(|held| held.hash.clone());
        let renewed = deadline.bound(self.inner.renewed(deadline, stale)).await;
        renewed.map_err(|_| self.inner.too_late())?.map(|held| held.credential.clone())
    }

    /// What is known of the tokens, for a connectivity check. Reads the store; sends nothing.
    ///
    /// # Errors
    /// Any failure of the store.
    pub async fn status(&self) -> Result<TokenStatus> {
        self.inner.status().await
    }

    /// The key of the tokens.
    #[must_use]
    pub fn key(&self) -> &TokenKey {
        &self.inner.key
    }
}

#[async_trait]
impl Authenticator for TokenManager {
    async fn credential(&self, deadline: Deadline) -> Result<Credential> {
        if let Some((credential, due)) = self.inner.at_hand() {
            if due {
                Inner::renew_in_background(&self.inner);
            }
            return Ok(credential);
        }
        let renewed = deadline.bound(self.inner.renewed(deadline, None)).await;
        renewed.map_err(|_| self.inner.too_late())?.map(|held| held.credential.clone())
    }

    fn invalidate(&self, version: u64) {
        let inner = &self.inner;
        let mut held = inner.held.write().unwrap_or_else(PoisonError::into_inner);
        let Some(refused) = held.as_ref().filter(|held| held.credential.version() == version) else {
            return;
        };
        if lock(&inner.rejections).take() {
            *lock(&inner.rejected) = Some(refused.hash.clone());
            *held = None;
        }
    }

    async fn close(&self) -> Result<()> {
        let Some(flight) = self.inner.runway.under_way() else { return Ok(()) };
        self.inner.save_now.notify_one();
        tokio::time::timeout(CLOSING_TIME, flight.ended()).await.map_err(|_| {
            self.inner.sign(Error::new(
                ErrorKind::Timeout,
                "a rotated token could not be saved before closing: if the process ends now, new credentials are needed",
            ))
        })
    }
}

impl Inner {
    fn held(&self) -> Option<Arc<Held>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn usable(&self) -> Option<Arc<Held>> {
        self.held().filter(|held| self.clock.now() < held.usable_until)
    }

    /// The credential to send now, and whether it is time to renew it. Every request comes through here.
    fn at_hand(&self) -> Option<(Credential, bool)> {
        let now = self.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref().filter(|held| now < held.usable_until)?;
        Some((held.credential.clone(), now >= held.renew_at))
    }

    /// Joins or starts the one renewal. `stale` is the access token that is not good enough.
    fn flight(self: &Arc<Self>, stale: Option<TokenHash>) -> Result<Flight> {
        self.runway.join_or_start(|landing| {
            let inner = Arc::clone(self);
            async move { inner.fly(landing, stale).await }
        })
    }

    fn renew_in_background(self: &Arc<Self>) {
        if !self.runway.is_taken() && matches!(lock(&self.pace).turn(), MayRenew::Go) {
            // The current token is still valid: whoever needs the next one will hear of a failure.
            let _ = self.flight(None);
        }
    }

    /// A token that is usable and not `stale`, renewed if need be.
    async fn renewed(self: &Arc<Self>, deadline: Deadline, stale: Option<TokenHash>) -> Result<Arc<Held>> {
        let good = |held: &Arc<Held>| stale.as_ref() != Some(&held.hash);
        for _ in 0..RESTARTS {
            self.take_turn(deadline).await?;
            let flight = self.flight(stale.clone())?;
            match flight.clone().outcome().await {
                Some(Ok(_)) => {
                    if let Some(held) = self.usable().filter(good) {
                        return Ok(held);
                    }
                    if flight.is_saving() {
                        return Err(self.sign(Error::new(
                            ErrorKind::Unavailable,
                            "the last rotated token is not saved yet, so no other may be asked for: see to the token store",
                        )));
                    }
                }
                Some(Err(error)) => return Err(error),
                None => {}
            }
        }
        Err(self.sign(Error::new(ErrorKind::Unavailable, "tokens end as soon as they are issued")))
    }

    async fn take_turn(&self, deadline: Deadline) -> Result<()> {
        loop {
            let turn = lock(&self.pace).turn();
            match turn {
                MayRenew::Go => return Ok(()),
                MayRenew::Wait(rest, _) if rest <= LONGEST_WAIT && rest < deadline.remaining() => {
                    tokio::time::sleep(rest).await;
                }
                MayRenew::Wait(_, error) | MayRenew::Stop(error) => return Err(error),
            }
        }
    }

    /// The renewal itself, in its own task.
    async fn fly(self: Arc<Self>, landing: Landing, stale: Option<TokenHash>) {
        let stale = stale.or_else(|| lock(&self.rejected).clone());
        match self.store.clone() {
            Some(store) => self.rotate(&*store, &landing, stale).await,
            None => self.ask(&landing).await,
        }
    }

    /// Serves this token from now on.
    fn publish(&self, access: &Access, refresh_expires_at: Option<DateTime<Utc>>) -> Arc<Held> {
        self.scrubber.learn(&access.token);
        let version = self.versions.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let held =
            Arc::new(Held::new(&access.token, access.validity, refresh_expires_at, version, self.jitter));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&held));
        lock(&self.pace).succeeded();
        *lock(&self.lost) = None;
        self.warn_of_expiry(refresh_expires_at);
        held
    }

    fn announce_renewal(&self, access: &Access, rotated: bool) {
        let valid_for = (access.validity.expires_at - self.clock.now()).to_std().unwrap_or_default();
        tracing::debug!(provider = %self.key.provider, connection = %self.connection, rotated, "access token renewed");
        self.observe(EventKind::token_renewed(valid_for, rotated));
    }

    /// Remembers the failure, tells the observer, and answers those who wait.
    fn fail(&self, landing: &Landing, failure: RenewalFailure, error: Error) {
        let error = self.sign(error);
        lock(&self.pace).failed(failure, &error, self.jitter);
        if failure != RenewalFailure::StillLost {
            let person_needed = matches!(failure, RenewalFailure::Refused | RenewalFailure::ChainLost);
            tracing::warn!(
                provider = %self.key.provider, connection = %self.connection, %error,
                "access token not renewed"
            );
            self.observe(EventKind::token_failed(error.kind(), person_needed));
        }
        landing.land(Err(error));
    }

    /// The call that needed the token was not sent, whatever became of the token's own request. No secret
    /// leaves in the error.
    fn sign(&self, error: Error) -> Error {
        self.scrubber.quoting(error).with_provider(self.key.provider.clone()).with_delivery(Delivery::NotSent)
    }

    fn too_late(&self) -> Error {
        self.sign(Error::new(ErrorKind::Timeout, "the deadline passed while waiting for an access token"))
    }

    fn observe(&self, what: EventKind) {
        tell(&*self.observer, &Event::new(self.key.provider.clone(), self.connection.clone(), what));
    }

    /// Tells the host once a day.
    fn warn_of_expiry(&self, refresh_expires_at: Option<DateTime<Utc>>) {
        let Some(until) = refresh_expires_at else { return };
        let left = status::days(until, self.clock.now());
        let mut warned = lock(&self.warned);
        if left >= DAYS_TO_WARN {
            *warned = None;
        } else if *warned != Some(left) {
            *warned = Some(left);
            drop(warned);
            self.observe(EventKind::token_expiring(left));
        }
    }

    async fn status(&self) -> Result<TokenStatus> {
        let now = self.clock.now();
        let held = self.usable();
        let mut status = TokenStatus {
            valid_until: held.as_ref().map(|held| held.validity.expires_at),
            unsaved: self.unsaved.load(Ordering::Relaxed) > 0,
            problem: lock(&self.lost).as_ref().map(|(_, error)| error.clone()),
            ..TokenStatus::default()
        };
        let mut refresh = held.and_then(|held| held.refresh_expires_at);
        // What is not saved yet is newer than what is stored.
        if let Some(store) = self.store.as_ref().filter(|_| !status.unsaved) {
            let stored = self.read(&**store).await.map_err(|e| self.sign(e))?;
            let access = stored.chain.access.filter(|access| now < access.validity.usable_until());
            refresh = stored.chain.refresh_expires_at.or(refresh);
            status.valid_until = status.valid_until.or(access.map(|access| access.validity.expires_at));
        }
        self.warn_of_expiry(refresh);
        Ok(status.with_refresh(refresh, now))
    }
}
