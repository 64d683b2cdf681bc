//! The client: the partner, quoting, webhook and vendor surfaces of Pax8, with a token per audience.

mod builder;

use std::sync::Arc;

use provider_core::model::Raw;
use provider_core::{ErrorKind, ItemError, Result};
use provider_http::{
    Answer, ApiClient, CallOptions, HttpClient, Keys, PageDecoder, Problem, ProblemInput, RequestSpec,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

pub use builder::Pax8ClientBuilder;

use crate::auth::Audience;
use crate::config::Pax8Config;
use crate::wire::envelope::{Content, Listed, PageEnvelope};
use crate::wire::secrets::SECRET_MEMBERS;

/// What an error quotes of an answer is cut to this many characters.
const LONGEST_REASON: usize = 300;

/// The whole Pax8 API, typed. Cheap to clone; clones share connections, tokens and the rate budget, as do
/// all clients of one client id within the process.
///
/// Every resource is a handle with one method for each endpoint:
///
/// ```no_run
/// use pax8_client::{Pax8Client, Pax8Config, PageOf, api::CompanyFilter};
///
/// # async fn example() -> provider_core::Result<()> {
/// let client = Pax8Client::new(Pax8Config::new("client id", "client secret".to_owned()))?;
/// let page = client.companies().list(CompanyFilter::default().page(PageOf::first(50))).await?;
/// for company in page.records() {
///     println!("{}", company.id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pax8Client {
    surfaces: Arc<Surfaces>,
    /// Whose token the calls carry.
    audience: Audience,
}

#[derive(Debug)]
struct Surfaces {
    partner: HttpClient,
    provisioning: HttpClient,
    usage: HttpClient,
    secret: SecretString,
}

impl ApiClient for Pax8Client {}

impl Pax8Client {
    /// Starts to put a client together.
    #[must_use]
    pub fn builder(config: Pax8Config) -> Pax8ClientBuilder {
        Pax8ClientBuilder::new(config)
    }

    /// A client of this connection. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn new(config: Pax8Config) -> Result<Self> {
        Self::builder(config).build()
    }

    /// Any request on the partner, quoting and webhook surfaces, through the same authentication, retry
    /// and limits as the typed calls.
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn request(&self, spec: RequestSpec) -> Result<Answer> {
        self.send(spec, &CallOptions::default()).await
    }

    /// Any request with a token of this audience.
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn request_as(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Answer> {
        self.clone().carrying(audience).send(spec, call).await
    }

    /// The HTTP client below: transport, rate limit, retries, clock.
    #[must_use]
    pub fn http(&self) -> &HttpClient {
        match self.audience {
            Audience::Partner => &self.surfaces.partner,
            Audience::Provisioning => &self.surfaces.provisioning,
            Audience::Usage => &self.surfaces.usage,
        }
    }

    /// Waits for a renewal of a token that is under way. Call it before the process ends.
    ///
    /// # Errors
    /// The error of what could not be finished.
    pub async fn close(&self) -> Result<()> {
        let Surfaces { partner, provisioning, usage, .. } = self.surfaces.as_ref();
        for http in [partner, provisioning, usage] {
            http.close().await?;
        }
        Ok(())
    }

    fn carrying(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }

    pub(crate) fn for_provisioning(self) -> Self {
        self.carrying(Audience::Provisioning)
    }

    pub(crate) fn for_usage(self) -> Self {
        self.carrying(Audience::Usage)
    }
}

/// How answers are read: the modes of the endpoint table, and what is written beside it.
impl Pax8Client {
    /// Every call passes here, so that an answer that echoes the client secret is never quoted.
    pub(crate) async fn send(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        self.http().send(spec.secret(&self.surfaces.secret), call).await
    }

    /// What an answer says that turns out to be a refusal.
    pub(crate) fn said(&self, answer: &Answer) -> Option<String> {
        let input = ProblemInput::new(answer.status, &answer.headers, &answer.bytes);
        let said = crate::error::problem(&input).or(Problem::common(&input)).message?;
        let secret = self.surfaces.secret.expose_secret();
        let said: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
        (secret.is_empty() || !said.contains(secret)).then_some(said)
    }

    /// Whatever the answer says, unless it says that nothing was done. Text that is no JSON comes from something before
    /// Pax8, which answers nothing or a record: it proves nothing.
    pub(crate) async fn nothing(&self, spec: RequestSpec, call: &CallOptions) -> Result<()> {
        let answer = self.send(spec, call).await?;
        let is_blank = answer.bytes.trim_ascii().is_empty();
        if !is_blank && serde_json::from_slice::<IgnoredAny>(&answer.bytes).is_err() {
            let what = "the answer is text where nothing was expected: whether it was done is not known";
            let message =
                self.said(&answer).map_or_else(|| what.to_owned(), |said| format!("{what}: {said}"));
            return Err(answer.error(ErrorKind::Decode, message));
        }
        self.no_refusal(&answer)
    }

    /// The record that was written.
    pub(crate) async fn written<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        let answer = self.send(spec, call).await?;
        self.no_refusal(&answer)?;
        answer.record(Keys::Exact)
    }

    /// Pax8 refuses with the status of a success as well: then it is not known whether anything was done.
    fn no_refusal(&self, answer: &Answer) -> Result<()> {
        if !refuses(&answer.bytes) {
            return Ok(());
        }
        let what = "Pax8 answered with the status of a success that it failed";
        let message = match self.said(answer) {
            Some(said) => format!("{what}: {said}"),
            None => what.to_owned(),
        };
        Err(answer.error(ErrorKind::Decode, message))
    }

    /// One record.
    pub(crate) async fn record<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        self.send(spec, call).await?.record(Keys::Exact)
    }

    /// Rows under `content` without page numbers.
    pub(crate) async fn content<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Vec<T>> {
        let answer = self.send(spec, call).await?;
        let rows: Result<Content<T>> = if call.strict { answer.json() } else { answer.record(Keys::Exact) };
        rows.map(|rows| rows.content)
    }

    /// A page of records.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Listed<T>> {
        self.page_as(spec, call, |record: T, _| Ok(record)).await
    }

    /// One record, turned into something else as it is read.
    pub(crate) async fn record_as<W: DeserializeOwned, M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnOnce(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        let answer = self.send(spec, call).await?;
        let (record, raw) = (answer.record(Keys::Exact)?, answer.raw(call, SECRET_MEMBERS));
        answer.listening(|| map(record, raw)).map_err(|item| answer.unfit(item))
    }

    /// A page of records, each turned into something else as it is read.
    pub(crate) async fn page_as<W, M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>>
    where
        W: for<'de> Deserialize<'de>,
    {
        let answer = self.send(spec, call).await?;
        self.read_page(&answer, call, map)
    }

    pub(crate) fn read_page<W, M>(
        &self,
        answer: &Answer,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>>
    where
        W: for<'de> Deserialize<'de>,
    {
        let (items, beside) = PageDecoder::new("content")
            .id("id")
            .options(call)
            .secrets(SECRET_MEMBERS)
            .report(self.http(), answer)
            .page::<PageEnvelope, W, M>(&answer.bytes, map)?;
        if beside.is_page() {
            let bytes = answer.bytes.len() as u64;
            return Ok(Listed { items, page: beside.numbers, answered_at: answer.date(), bytes });
        }
        Err(answer.error(ErrorKind::Decode, "the answer is no page: it has neither content nor numbers"))
    }
}

/// Whether a body says that the call failed. What no shape of an error has says nothing.
fn refuses(body: &[u8]) -> bool {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return false };
    let failed = match body.get("status") {
        Some(Value::String(word)) => word.trim().eq_ignore_ascii_case("error"),
        Some(Value::Number(status)) => status.as_u64().is_some_and(|status| status >= 400),
        _ => false,
    };
    let told = |name: &str| match body.get(name) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(reasons)) => !reasons.is_empty(),
        Some(Value::Object(reasons)) => !reasons.is_empty(),
        _ => false,
    };
    failed || told("error") || told("errors")
}
