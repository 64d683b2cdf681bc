//! The client of one account: both versions of the API behind one handle.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use provider_core::{Clock, Country, Currency, Error, ErrorKind, ProviderInfo, Result};
use provider_http::auth::TokenManager;
use provider_http::{Answer, CallOptions, HttpClient, RequestSpec};
use serde::de::DeserializeOwned;

pub use builder::StreamOneClientBuilder;

use crate::api::{
    BillingReports, Carts, Catalogue, Customers, Invoices, LegacyCustomers, Orders, PriceBooks, Products,
    Reports, Subscriptions, Templates, Tokens,
};
use crate::config::{API_KEY, API_SECRET, StreamOneConfig};

/// The client of one account. Cheap to clone; clones share connections, limits and the token.
///
/// Each group of endpoints has a handle: `client.customers().get("310045")`.
#[derive(Clone)]
pub struct StreamOneClient {
    inner: Arc<Inner>,
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

    /// Customers and their cloud profiles.
    #[must_use]
    pub fn customers(&self) -> Customers<'_> {
        Customers::new(self)
    }

    /// Products and their prices.
    #[must_use]
    pub fn products(&self) -> Products<'_> {
        Products::new(self)
    }

    /// Categories, verticals, charges and programs of the catalogue.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(self)
    }

    /// Subscriptions. They are changed through orders.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions<'_> {
        Subscriptions::new(self)
    }

    /// Orders: purchases and changes.
    #[must_use]
    pub fn orders(&self) -> Orders<'_> {
        Orders::new(self)
    }

    /// Carts.
    #[must_use]
    pub fn carts(&self) -> Carts<'_> {
        Carts::new(self)
    }

    /// Provisioning templates.
    #[must_use]
    pub fn templates(&self) -> Templates<'_> {
        Templates::new(self)
    }

    /// Saved reports.
    #[must_use]
    pub fn reports(&self) -> Reports<'_> {
        Reports::new(self)
    }

    /// Invoices (v1).
    #[must_use]
    pub fn invoices(&self) -> Invoices<'_> {
        Invoices::new(self)
    }

    /// Billing reports (v1).
    #[must_use]
    pub fn billing_reports(&self) -> BillingReports<'_> {
        BillingReports::new(self)
    }

    /// Customers and cloud accounts of v1, which the vendor has announced as deprecated.
    #[must_use]
    pub fn legacy_customers(&self) -> LegacyCustomers<'_> {
        LegacyCustomers::new(self)
    }

    /// Price books (v1).
    #[must_use]
    pub fn price_books(&self) -> PriceBooks<'_> {
        PriceBooks::new(self)
    }

    /// The connection's own token: how long it lives, and keeping it alive.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens::new(self)
    }

    /// Any other call of v3, with the same token, retries and limits. The template begins with `/api/v3/`;
    /// `{accountId}` stands for the account.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn request(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.send(spec, call).await
    }

    /// Any other call of v1, with the API key. The template begins with `/api/v1/`.
    ///
    /// # Errors
    /// `Unsupported` naming the setting without an API key; whatever the call ends in.
    pub async fn request_v1(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.send_v1(spec, call).await
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

    pub(crate) fn sorts(&self) -> &AtomicBool {
        &self.inner.sorts
    }

    /// The client of v1.
    pub(crate) fn v1(&self) -> Result<&HttpClient> {
        self.inner.v1.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("not supported: {}", no_api_key()))
                .with_provider(crate::KIND)
        })
    }

    /// One call of v3.
    pub(crate) async fn send(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
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

    /// One call of v1.
    pub(crate) async fn send_v1(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.v1()?.send(spec, call).await
    }

    /// One call of v3 that answers JSON.
    pub(crate) async fn json<T: DeserializeOwned>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
        self.send(spec, call).await?.json()
    }
}

/// Why there are no invoices.
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
