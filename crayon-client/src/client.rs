//! The client of one connection.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider_core::{Delivery, Error, ErrorKind, Operation, Result};
use provider_http::{Answer, Authenticator, CallOptions, HttpClient, Keys, RequestSpec};
use serde::de::DeserializeOwned;

pub use builder::CrayonClientBuilder;

use crate::config::CrayonConfig;

/// The complete typed API of Crayon Cloud-iQ. Cheap to clone; clones share connections, token and limits.
///
/// Every resource of the API is a handle with one method for each endpoint:
///
/// ```no_run
/// use crayon_client::{CrayonClient, CrayonConfig, Paging};
/// use crayon_client::model::CustomerTenantQuery;
///
/// # async fn run() -> provider_core::Result<()> {
/// let client = CrayonClient::new(CrayonConfig::new("id", "secret", "api.user@example.com", "password"))?;
/// let query = CustomerTenantQuery { organization_id: Some(4_100_001), ..Default::default() };
/// for tenant in client.customer_tenants().list(&query, Paging::first(100)).await? {
///     println!("{} {}", tenant.id, tenant.name.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CrayonClient {
    http: HttpClient,
    authenticator: Arc<dyn Authenticator>,
    options: CallOptions,
    operation: Option<Operation>,
}

impl CrayonClient {
    /// Starts to put a client together.
    #[must_use]
    pub fn builder(config: CrayonConfig) -> CrayonClientBuilder {
        CrayonClientBuilder::new(config)
    }

    /// A client of this connection. No I/O: whether the credentials work shows with the first call.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn new(config: CrayonConfig) -> Result<Self> {
        Self::builder(config).build()
    }

    /// The same client whose calls have this deadline and priority.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { options, ..self.clone() }
    }

    /// The same client whose errors name this operation.
    pub(crate) fn during(&self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self.clone() }
    }

    /// How calls are made.
    #[must_use]
    pub fn options(&self) -> &CallOptions {
        &self.options
    }

    /// What is below: transport, pipeline, clock.
    #[must_use]
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    pub(crate) fn authenticator(&self) -> &Arc<dyn Authenticator> {
        &self.authenticator
    }

    /// Sends any request through the same token, retries and limits: for what this client has no method for.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn request(&self, spec: RequestSpec) -> Result<Answer> {
        let spec = match self.operation {
            Some(operation) => spec.operation(operation),
            None => spec,
        };
        if self.options.deadline.is_some_and(|deadline| deadline.is_zero()) {
            let error = Error::new(ErrorKind::Timeout, "the deadline had passed before the call was made")
                .with_delivery(Delivery::NotSent)
                .with_provider(self.http.provider());
            return Err(match self.operation {
                Some(operation) => error.with_operation(operation),
                None => error,
            });
        }
        let began = std::time::Instant::now();
        self.http.send(spec, &self.options).await.map_err(|error| self.late(error, began.elapsed()))
    }

    /// A call that found no turn before its deadline ran out of time: its distributor throttled nothing.
    fn late(&self, error: Error, took: Duration) -> Error {
        let no_turn = error.kind() == ErrorKind::RateLimited
            && error.http_status().is_none()
            && error.retry_after().is_none()
            && self.options.deadline.is_some_and(|deadline| took >= deadline);
        if !no_turn {
            return error;
        }
        let timeout = Error::new(
            ErrorKind::Timeout,
            "the deadline passed while other calls of the account were under way",
        )
        .with_delivery(error.delivery())
        .with_provider(self.http.provider());
        match self.operation {
            Some(operation) => timeout.with_operation(operation).with_source(error),
            None => timeout.with_source(error),
        }
    }

    /// Sends a request and reads its JSON answer, in either case of member names.
    ///
    /// # Errors
    /// Whatever the call ended in, or `Decode` with the path of what does not fit.
    pub async fn fetch<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<T> {
        self.request(spec).await?.read(Keys::AnyCase)
    }

    /// Sends a write whose answer is `true`, `false` or nothing at all. An empty answer counts as done.
    pub(crate) async fn confirm(&self, spec: RequestSpec) -> Result<bool> {
        let answer = self.request(spec).await?;
        if answer.bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(true);
        }
        answer.read(Keys::AnyCase)
    }

    /// Sends a write whose answer holds nothing of interest.
    pub(crate) async fn send(&self, spec: RequestSpec) -> Result<()> {
        self.request(spec).await.map(drop)
    }

    /// Waits for what must not be cut off.
    ///
    /// # Errors
    /// Whatever could not be finished.
    pub async fn close(&self) -> Result<()> {
        self.http.close().await
    }
}

impl fmt::Debug for CrayonClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrayonClient").field("http", &self.http).finish_non_exhaustive()
    }
}

/// Which page of a list, and how many records a page holds. Pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// The page, from 1.
    pub page: u32,
    /// Records a page.
    pub size: u32,
}

impl Paging {
    /// The first page with so many records.
    #[must_use]
    pub const fn first(size: u32) -> Self {
        Self { page: 1, size }
    }

    /// The page after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { page: self.page.saturating_add(1), size: self.size }
    }

    pub(crate) fn apply(self, spec: RequestSpec) -> RequestSpec {
        spec.query("Page", self.page).query("PageSize", self.size)
    }
}
