//! The client of one connection.

mod builder;
mod download;

use std::fmt;

use provider_core::{Delivery, ErrorKind, Result};
use provider_http::decode::from_slice;
use provider_http::{
    Answer, ApiClient, CallOptions, Downloaded, HttpClient, Keys, OperationContext, PageDecoder, RequestSpec,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWrite;

pub use builder::CrayonClientBuilder;

use crate::config::CrayonConfig;
use crate::wire::{Beside, Listed, Lists, Rows, SECRET_MEMBERS, mark};

/// The complete typed API of Crayon Cloud-iQ. Cheap to clone; clones share connections, token and limits.
///
/// Every resource of the API is a handle with one method for each endpoint:
///
/// ```no_run
/// use crayon_client::{CrayonClient, CrayonConfig, Paging};
/// use crayon_client::model::CustomerTenantFilter;
///
/// # async fn run() -> provider_core::Result<()> {
/// let client = CrayonClient::new(CrayonConfig::new("id", "secret", "api.user@example.com", "password"))?;
/// let query = CustomerTenantFilter::default().organization_id(4_100_001);
/// let page = client.customer_tenants().list(query.clone().page(Paging::first(100))).await?;
/// for tenant in page.into_records() {
///     println!("{} {}", tenant.id, tenant.name.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CrayonClient {
    http: HttpClient,
    options: CallOptions,
    /// The operation that the calls are part of, whose name and time they share.
    operation: Option<OperationContext>,
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
        Self { options, operation: None, ..self.clone() }
    }

    /// The same client for the calls of one operation.
    pub(crate) fn within(&self, operation: OperationContext) -> Self {
        Self { operation: Some(operation), ..self.clone() }
    }

    /// The operation that the calls are part of.
    pub(crate) const fn operation(&self) -> Option<&OperationContext> {
        self.operation.as_ref()
    }

    /// How calls are made.
    #[must_use]
    pub fn options(&self) -> &CallOptions {
        &self.options
    }

    /// The HTTP client below: transport, rate limit, retries, clock.
    #[must_use]
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// Sends any request through the same token, retries and limits: for what this client has no method for.
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn request(&self, spec: RequestSpec) -> Result<Answer> {
        self.answer(spec, &self.call()).await
    }

    /// Sends a request and reads its JSON answer, in either case of member names.
    ///
    /// # Errors
    /// Any error of the call; `Decode` with the path of what does not fit.
    pub async fn fetch<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<T> {
        self.json(spec, &self.call()).await
    }

    /// Waits for a renewal of the token that is under way. Call it before the process ends.
    ///
    /// # Errors
    /// The error of what could not be finished.
    pub async fn close(&self) -> Result<()> {
        self.http.close().await
    }
}

impl ApiClient for CrayonClient {
    fn call(&self) -> CallOptions {
        self.operation.as_ref().map_or_else(|| self.options.clone(), OperationContext::call)
    }
}

/// How answers are read.
impl CrayonClient {
    /// Not yet.
    pub(crate) async fn answer(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.http.send(spec, call).await
    }

    /// As JSON, in either case of member names.
    pub(crate) async fn json<T: DeserializeOwned>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
        let answer = self.answer(spec, call).await?;
        answer.no_error()?;
        answer.read(Keys::AnyCase)
    }

    /// As one record: what cannot be read of it is not told, but for amounts.
    pub(crate) async fn record<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        let answer = self.answer(spec, call).await?;
        answer.no_error()?;
        answer.record(Keys::AnyCase)
    }

    /// As the record that was written, or nothing and the status that says so.
    pub(crate) async fn written<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Option<T>> {
        let answer = self.answer(spec, call).await?;
        if answer.status == http::StatusCode::NO_CONTENT {
            return Ok(None);
        }
        answer.no_error()?;
        answer.read(Keys::AnyCase).map(Some)
    }

    /// As the record that was written or, as the vendor's files have it, nothing.
    pub(crate) async fn perhaps<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Option<T>> {
        let answer = self.answer(spec, call).await?;
        if is_blank(&answer) {
            return Ok(None);
        }
        answer.no_error()?;
        answer.read(Keys::AnyCase)
    }

    /// As `true`, `false` or nothing at all. An empty answer counts as done.
    pub(crate) async fn confirm(&self, spec: RequestSpec, call: &CallOptions) -> Result<bool> {
        let answer = self.answer(spec, call).await?;
        if is_blank(&answer) {
            return Ok(true);
        }
        answer.read(Keys::AnyCase)
    }

    /// As nothing of interest, unless it says that nothing was done.
    pub(crate) async fn done(&self, spec: RequestSpec, call: &CallOptions) -> Result<()> {
        no_denial(&self.answer(spec, call).await?)
    }

    /// As a list, record by record: a bad one costs itself. Within an operation all have to be read, because what the
    /// operation does is decided by them.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Listed<T>> {
        let answer = self.answer(spec, call).await?;
        self.read_list(&answer, call)
    }

    pub(crate) fn read_list<T: DeserializeOwned>(
        &self,
        answer: &Answer,
        call: &CallOptions,
    ) -> Result<Listed<T>> {
        if self.operation.is_some() {
            let rows = answer.read::<Rows<T>>(Keys::AnyCase)?;
            return Ok(Listed { mark: mark(&answer.bytes), ..Listed::from(rows) });
        }
        let (items, Beside { total_hits, told }) = PageDecoder::new("Items")
            .options(call)
            .keys(Keys::AnyCase)
            .secrets(SECRET_MEMBERS)
            .report(&self.http, answer)
            .page::<Lists, _, _>(&answer.bytes, |record: T, _| Ok(record))?;
        Ok(Listed { items, total_hits, told, mark: mark(&answer.bytes) })
    }

    /// As a list, or the single record that the vendor's files show in its place.
    pub(crate) async fn several<T>(&self, spec: RequestSpec, call: &CallOptions) -> Result<Listed<T>>
    where
        T: DeserializeOwned + Default + PartialEq,
    {
        let answer = self.answer(spec, call).await?;
        let unfit = match self.read_list(&answer, call) {
            Ok(list) => return Ok(list),
            Err(unfit) => unfit,
        };
        match answer.record::<T>(Keys::AnyCase) {
            Ok(record) if record != T::default() => Ok(Listed {
                items: vec![Ok(record)],
                total_hits: None,
                told: true,
                mark: mark(&answer.bytes),
            }),
            _ => Err(unfit),
        }
    }

    /// As one boolean.
    pub(crate) async fn flag(&self, spec: RequestSpec, call: &CallOptions) -> Result<bool> {
        let answer = self.answer(spec, call).await?;
        let flag = match answer.read(Keys::AnyCase)? {
            Flag::Bare(flag) => Some(flag),
            Flag::Listed(list) => list.items.into_iter().next(),
        };
        flag.ok_or_else(|| answer.error(ErrorKind::Decode, "the answer is an empty list"))
    }

    /// As a stream, to a writer.
    pub(crate) async fn download<W>(
        &self,
        spec: RequestSpec,
        sink: &mut W,
        call: &CallOptions,
    ) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        self.http.download(spec, sink, call).await
    }
}

/// What a refusal says that comes with the status of a success.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Denial {
    #[serde(default, deserialize_with = "provider_core::wire::lenient::flag")]
    is_successful: Option<bool>,
    #[serde(default, deserialize_with = "provider_core::wire::lenient::text")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "provider_core::wire::lenient::text")]
    error_description: Option<String>,
    #[serde(default, deserialize_with = "provider_core::wire::lenient::text")]
    message: Option<String>,
}

/// Refuses an answer that says that nothing was done: `false`, a result that did not succeed, an error. What says
/// nothing of the kind is in order.
fn no_denial(answer: &Answer) -> Result<()> {
    if matches!(from_slice::<bool>(&answer.bytes, Keys::Exact), Ok(false)) {
        let problem = "Cloud-iQ did not do it and does not say why";
        return Err(answer.error(ErrorKind::InvalidInput, problem).with_delivery(Delivery::Rejected));
    }
    let Ok(denial) = answer.read::<Denial>(Keys::AnyCase) else { return answer.no_error() };
    let code = denial.error_code.filter(|code| !code.trim().is_empty());
    let said = [denial.error_description, denial.message].into_iter().flatten();
    let said = said.filter(|said| !said.trim().is_empty()).chain(code.clone()).next();
    let said = said.unwrap_or_else(|| "no reason was given".to_owned());
    if denial.is_successful == Some(false) {
        let refused = answer.error(ErrorKind::InvalidInput, format!("Cloud-iQ refused: {said}"));
        return Err(refused.with_delivery(Delivery::Rejected));
    }
    if code.is_some() {
        let message = format!("the answer is an error with the status of a success: {said}");
        return Err(answer.error(ErrorKind::Decode, message));
    }
    answer.no_error()
}

fn is_blank(answer: &Answer) -> bool {
    answer.bytes.iter().all(u8::is_ascii_whitespace)
}

/// A boolean: bare, as the vendor's SDK reads it, or in a list, as the vendor's files show it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bare(bool),
    Listed(Rows<bool>),
}

impl fmt::Debug for CrayonClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrayonClient").field("http", &self.http).finish_non_exhaustive()
    }
}
