//! The client of one connection.

mod builder;
mod file;

use std::fmt;
use std::sync::Arc;

use provider_core::{ErrorKind, Operation, Result};
use provider_http::{
    Answer, Authenticator, CallOptions, Deadline, Downloaded, HttpClient, Keys, RequestSpec,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWrite;

pub use builder::CrayonClientBuilder;

use crate::config::CrayonConfig;
use crate::wire::Collection;

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
    /// When the operation that the calls belong to has to be done.
    until: Option<Deadline>,
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
        Self { options, until: None, ..self.clone() }
    }

    /// The same client for the calls of one operation: errors name it, and its deadline holds for all of them.
    pub(crate) fn during(&self, operation: Operation) -> Self {
        let until = self.options.deadline.map(Deadline::after);
        Self { operation: Some(operation), until, ..self.clone() }
    }

    /// The operation that the calls belong to.
    pub(crate) const fn operation(&self) -> Option<Operation> {
        self.operation
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
        self.http.send(self.named(spec), &self.remaining()).await
    }

    /// Streams the answer to a request to a writer.
    pub(crate) async fn download<W>(&self, spec: RequestSpec, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        self.http.download(self.named(spec), sink, &self.remaining()).await
    }

    fn named(&self, spec: RequestSpec) -> RequestSpec {
        match self.operation {
            Some(operation) => spec.operation(operation),
            None => spec,
        }
    }

    /// How the next call is made: with what is left of the operation's deadline.
    fn remaining(&self) -> CallOptions {
        let mut options = self.options.clone();
        options.deadline = self.until.map(Deadline::remaining).or(options.deadline);
        options
    }

    /// Sends a request and reads its JSON answer, in either case of member names.
    ///
    /// # Errors
    /// Whatever the call ended in, or `Decode` with the path of what does not fit.
    pub async fn fetch<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<T> {
        self.request(spec).await?.read(Keys::AnyCase)
    }

    /// Sends a write that is answered with the record, or with nothing and the status that says so.
    pub(crate) async fn written<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<Option<T>> {
        let answer = self.request(spec).await?;
        if answer.status == http::StatusCode::NO_CONTENT {
            return Ok(None);
        }
        answer.read(Keys::AnyCase).map(Some)
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

    /// Sends a write that is answered with the record or, as the vendor's files have it, with nothing.
    pub(crate) async fn perhaps<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<Option<T>> {
        let answer = self.request(spec).await?;
        if answer.bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        answer.read(Keys::AnyCase)
    }

    /// Reads a list, or the single record that the vendor's files show in its place.
    pub(crate) async fn several<T>(&self, spec: RequestSpec) -> Result<Collection<T>>
    where
        T: DeserializeOwned + Default + PartialEq,
    {
        let answer = self.request(spec).await?;
        let unfit = match answer.read(Keys::AnyCase) {
            Ok(list) => return Ok(list),
            Err(unfit) => unfit,
        };
        match answer.read::<T>(Keys::AnyCase) {
            Ok(record) if record != T::default() => Ok(Collection { items: vec![record], total_hits: None }),
            _ => Err(unfit),
        }
    }

    /// Reads one boolean.
    pub(crate) async fn flag(&self, spec: RequestSpec) -> Result<bool> {
        let answer = self.request(spec).await?;
        let flag = match answer.read(Keys::AnyCase)? {
            Flag::Bare(flag) => Some(flag),
            Flag::Listed(list) => list.into_iter().next(),
        };
        flag.ok_or_else(|| answer.error(ErrorKind::Decode, "the answer is an empty list"))
    }

    /// Waits for what must not be cut off.
    ///
    /// # Errors
    /// Whatever could not be finished.
    pub async fn close(&self) -> Result<()> {
        self.http.close().await
    }
}

/// A boolean: bare, as the vendor's SDK reads it, or in a list, as the vendor's files show it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bare(bool),
    Listed(Collection<bool>),
}

impl fmt::Debug for CrayonClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrayonClient").field("http", &self.http).finish_non_exhaustive()
    }
}
