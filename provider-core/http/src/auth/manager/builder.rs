//! Putting a manager together.

use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use http::HeaderValue;
use provider_core::clock::{Clock, SystemClock};
use provider_core::observe::{NoObserver, Observer};
use provider_core::settings::check_address;
use provider_core::token::{TokenKey, TokenStore};
use provider_core::{Error, ErrorKind, Result};
use tokio::sync::Notify;

use super::flight::Runway;
use super::pace::{self, RejectionBudget, RenewalPace};
use super::{Inner, TokenManager};
use crate::auth::grant::Grant;
use crate::redact::Scrubber;
use crate::transport::Transport;

const LIMIT: Duration = Duration::from_secs(15);

/// What a [`TokenManager`] is made of.
#[derive(Debug)]
pub struct TokenManagerBuilder {
    key: TokenKey,
    grant: Box<dyn Grant>,
    transport: Arc<dyn Transport>,
    connection: Option<String>,
    store: Option<Arc<dyn TokenStore>>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    user_agent: HeaderValue,
    limit: Duration,
    scrubber: Scrubber,
}

impl TokenManagerBuilder {
    pub(super) fn new(key: TokenKey, grant: Box<dyn Grant>, transport: Arc<dyn Transport>) -> Self {
        Self {
            key,
            grant,
            transport,
            connection: None,
            store: None,
            clock: Arc::new(SystemClock),
            observer: Arc::new(NoObserver),
            user_agent: HeaderValue::from_static(concat!("provider-http/", env!("CARGO_PKG_VERSION"))),
            limit: LIMIT,
            scrubber: Scrubber::default(),
        }
    }

    /// The connection's name in events and logs. Default: the key's account.
    #[must_use]
    pub fn connection(mut self, name: impl Into<String>) -> Self {
        self.connection = Some(name.into());
        self
    }

    /// Where a rotating token is kept. Needed where the grant rotates, unused elsewhere.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// The clock of the wall time. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The observer of renewals and failures. Default: none.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The `User-Agent` of token requests.
    #[must_use]
    pub fn user_agent(mut self, user_agent: HeaderValue) -> Self {
        self.user_agent = user_agent;
        self
    }

    /// How long one request for a token may take, answer included. Default: 15 s.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Shares what the client knows of secrets, so that either blanks the other's.
    pub(crate) fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.scrubber = scrubber;
        self
    }

    /// Checks what can be checked without the network, and builds.
    ///
    /// # Errors
    /// `Config`, naming the setting, for an endpoint that is not HTTPS (plain HTTP is for loopback only)
    /// or carries credentials of its own; `Internal` for a rotating grant without a store.
    pub fn build(self) -> Result<TokenManager> {
        check_address(&self.grant.names().base_url, self.grant.endpoint().as_str())?;
        for secret in self.grant.secrets() {
            self.scrubber.learn_for_good(&secret);
        }
        let store = match (self.grant.rotates(), self.store) {
            (true, None) => {
                return Err(Error::new(
                    ErrorKind::Internal,
                    "a refresh token that works once needs a token store",
                ));
            }
            (true, store) => store,
            (false, _) => None,
        };
        Ok(TokenManager {
            inner: Arc::new(Inner {
                connection: self.connection.unwrap_or_else(|| self.key.account.clone()),
                key: self.key,
                grant: self.grant,
                transport: self.transport,
                store,
                clock: self.clock,
                observer: self.observer,
                user_agent: self.user_agent,
                limit: self.limit,
                scrubber: self.scrubber,
                jitter: pace::jitter()?,
                held: RwLock::default(),
                versions: AtomicU64::new(0),
                runway: Runway::default(),
                pace: Mutex::new(RenewalPace::default()),
                rejected: Mutex::default(),
                rejections: Mutex::new(RejectionBudget::new()),
                lost: Mutex::default(),
                unsaved: AtomicU32::new(0),
                save_now: Notify::new(),
                warned: Mutex::default(),
            }),
        })
    }
}
