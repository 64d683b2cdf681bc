//! The client of one account: both versions of the API behind one handle.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use provider_core::clock::Clock;
use provider_core::model::Raw;
use provider_core::{Country, Currency, Error, ErrorKind, ItemError, ProviderInfo, Result};
use provider_http::auth::TokenManager;
use provider_http::{Answer, ApiClient, CallOptions, HttpClient, Keys, RequestSpec};
use serde::de::DeserializeOwned;

pub use builder::StreamOneClientBuilder;

use crate::config::{API_KEY, API_SECRET, StreamOneConfig};
use crate::model::Json;
use crate::wire::envelope::{self, Entry, Listed};
use crate::wire::legacy;

/// The client of one account. Cheap to clone; clones share connections, limits and the token.
///
/// Each group of endpoints has a handle: `client.customers().get("310045")`.
#[derive(Clone)]
pub struct StreamOneClient {
    inner: Arc<Inner>,
    /// Calls go to v1.
    older: bool,
}

struct Inner {
    info: ProviderInfo,
    account: String,
    country: Option<Country>,
    currency: Option<Currency>,
    v3: HttpClient,
    v1: Option<HttpClient>,
    oauth: HttpClient,
    /// False once the service refused to sort subscriptions: the names it sorts by are not documented.
    sorts: AtomicBool,
}

impl StreamOneClient {
    /// Starts a client of this connection.
    #[must_use]
    pub fn builder(config: StreamOneConfig) -> StreamOneClientBuilder {
        StreamOneClientBuilder::new(config)
    }

    /// A client by configuration; rotated tokens are kept in files.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn new(config: StreamOneConfig) -> Result<Self> {
        Self::builder(config).build()
    }

    /// Any other call of v3, with the same token, retries and limits. The template begins with `/api/v3/`;
    /// `{accountId}` stands for the account.
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn request(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.answer(spec, call).await
    }

    /// Any other call of v1, with the API key. The template begins with `/api/v1/`.
    ///
    /// # Errors
    /// `Unsupported` naming the setting without an API key; any error of the call.
    pub async fn request_v1(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.v1()?.send(spec, call).await
    }

    /// Who this connection is.
    #[must_use]
    pub fn info(&self) -> &ProviderInfo {
        &self.inner.info
    }

    /// The account.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.inner.account
    }

    /// True when an API key for invoices and billing reports is configured.
    #[must_use]
    pub fn has_api_key(&self) -> bool {
        self.inner.v1.is_some()
    }

    /// Waits for what must not be cut off: a rotated token that is being saved.
    ///
    /// # Errors
    /// When it could not be saved.
    pub async fn close(&self) -> Result<()> {
        self.inner.v3.close().await
    }

    pub(crate) fn country(&self) -> Option<Country> {
        self.inner.country
    }

    pub(crate) fn currency(&self) -> Option<Currency> {
        self.inner.currency
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        self.inner.v3.clock()
    }

    /// The chain of refresh tokens.
    pub(crate) fn chain(&self) -> Result<&TokenManager> {
        self.inner.v3.tokens().ok_or_else(|| {
            Error::new(ErrorKind::Internal, "the client has no tokens of its own").with_provider(crate::KIND)
        })
    }

    pub(crate) fn oauth(&self) -> &HttpClient {
        &self.inner.oauth
    }

    pub(crate) fn http(&self) -> &HttpClient {
        &self.inner.v3
    }

    pub(crate) fn sorts(&self) -> bool {
        self.inner.sorts.load(Ordering::Relaxed)
    }

    pub(crate) fn sort_no_more(&self) {
        self.inner.sorts.store(false, Ordering::Relaxed);
    }

    /// The same client for the endpoints of the older API, v1.
    pub(crate) fn older(self) -> Self {
        Self { older: true, ..self }
    }

    /// The client of v1.
    pub(crate) fn v1(&self) -> Result<&HttpClient> {
        self.inner.v1.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("not supported: {}", no_api_key()))
                .with_provider(crate::KIND)
        })
    }

    /// Makes one call.
    pub(crate) async fn answer(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        if self.older {
            return self.v1()?.send(spec, call).await;
        }
        let sent = self.inner.v3.send(spec.path("accountId", &self.inner.account), call).await;
        sent.map_err(|error| self.with_account(error))
    }

    /// An account that is not the token's own looks like a missing right, so the account is named.
    fn with_account(&self, error: Error) -> Error {
        let account = &self.inner.account;
        if error.kind() != ErrorKind::PermissionDenied || error.message().contains(account.as_str()) {
            return error;
        }
        let message = format!("{} (with account {account})", error.message());
        error.with_message(message)
    }

    /// Makes a call whose answer says nothing, unless it says that nothing was done.
    pub(crate) async fn send(&self, spec: RequestSpec, call: &CallOptions) -> Result<()> {
        let answer = self.answer(spec, call).await?;
        answer.no_error()?;
        envelope::accepted(&answer)
    }

    /// Makes a call that writes a record and answers it. An error with the status of a success is no record: whether
    /// anything was written is not known then.
    pub(crate) async fn written<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        let answer = self.answer(spec, call).await?;
        answer.no_error()?;
        envelope::accepted(&answer)?;
        answer.record(Keys::Exact)
    }

    /// Makes a call that answers one record: what cannot be read of it is not told, but for amounts. Strictly, all of
    /// it has to be read.
    pub(crate) async fn fetch<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        let answer = self.answer(spec, call).await?;
        if call.strict { answer.json() } else { answer.record(Keys::Exact) }
    }

    /// Makes a call that answers one record, and maps it.
    pub(crate) async fn record_as<W: DeserializeOwned, M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnOnce(W, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        let answer = self.answer(spec, call).await?;
        envelope::record(&answer, call, map)
    }

    /// Makes a call that answers a list.
    pub(crate) async fn page<T: Entry>(&self, spec: RequestSpec, call: &CallOptions) -> Result<Listed<T>> {
        self.page_as(spec, call, |record, _| Ok(record)).await
    }

    /// Makes a call that answers a list, and maps its records.
    pub(crate) async fn page_as<W: Entry, M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let answer = self.answer(spec, call).await?;
        self.read_page(&answer, call, map)
    }

    /// Reads a list, and maps its records.
    pub(crate) fn read_page<W: Entry, M>(
        &self,
        answer: &Answer,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        if self.older {
            legacy::read(self.v1()?, answer, call, map)
        } else {
            envelope::read(self.http(), answer, call, map)
        }
    }

    /// Makes a call of v1 that answers one record.
    pub(crate) async fn first<T: Entry>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
        legacy::first(&self.answer(spec, call).await?)
    }

    /// Makes a call whose answer is not documented.
    pub(crate) async fn undocumented(&self, spec: RequestSpec, call: &CallOptions) -> Result<Json> {
        envelope::undocumented(&self.answer(spec, call).await?).map(Json)
    }
}

impl ApiClient for StreamOneClient {}

/// The reason why invoices, their lines and usage are not supported: v1 needs an API key.
pub(crate) fn no_api_key() -> String {
    format!(
        "invoices and billing reports need the API key of the older interface: set {API_KEY} and {API_SECRET} \
         (form fields \"API key\" and \"API secret\"; portal: Settings, Account Information, Generate New API Keys)"
    )
}

impl fmt::Debug for StreamOneClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamOneClient")
            .field("connection", &self.inner.info.connection)
            .field("account", &self.inner.account)
            .field("api_key", &self.has_api_key())
            .finish_non_exhaustive()
    }
}
