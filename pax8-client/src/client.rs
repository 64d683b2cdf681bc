//! The client: one origin, four surfaces, a token per audience.

mod builder;

use std::sync::Arc;

use provider_core::{ErrorKind, ItemError, Raw, Result};
use provider_http::auth::TokenManager;
use provider_http::{Answer, Authenticator, CallOptions, HttpClient, PageDecoder, RequestSpec};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use builder::Pax8ClientBuilder;

use crate::api;
use crate::auth::Audience;
use crate::config::Pax8Config;
use crate::wire::envelope::{Listed, Pages};
use crate::wire::secrets::SECRET_MEMBERS;

/// The whole Pax8 API, typed. Cheap to clone; clones share connections, tokens and the rate budget, as do
/// all clients of one client id within the process.
///
/// ```no_run
/// use pax8_client::{Pax8Client, Pax8Config, PageOf, api::CompanyFilter};
///
/// # async fn example() -> provider_core::Result<()> {
/// let client = Pax8Client::new(Pax8Config::new("client id", "client secret".to_owned()))?;
/// let page = client.companies().list(&CompanyFilter::default(), PageOf::first(50)).await?;
/// for company in page.records() {
///     println!("{}", company.id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pax8Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    partner: HttpClient,
    provisioning: HttpClient,
    usage: HttpClient,
    tokens: TokenManager,
    secret: SecretString,
}

impl Pax8Client {
    /// Puts a client together from parts.
    #[must_use]
    pub fn builder() -> Pax8ClientBuilder {
        Pax8ClientBuilder::default()
    }

    /// A client with default options. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn new(config: Pax8Config) -> Result<Self> {
        Self::builder().config(config).build()
    }

    /// Any request on the partner, quoting and webhook surfaces, through the same authentication, retry
    /// and limits as the typed calls.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn request(&self, spec: RequestSpec) -> Result<Answer> {
        self.request_as(Audience::Partner, spec, &CallOptions::default()).await
    }

    /// Any request with a token of this audience.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn request_as(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Answer> {
        self.send(audience, spec, call).await
    }

    /// Every call passes here, so that an answer that echoes the client secret is never quoted.
    pub(crate) async fn send(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Answer> {
        self.http(audience).send(spec.secret(&self.inner.secret), call).await
    }

    /// Waits for what must not be cut off.
    ///
    /// # Errors
    /// Whatever could not be finished.
    pub async fn close(&self) -> Result<()> {
        for audience in Audience::ALL {
            self.http(audience).close().await?;
        }
        Ok(())
    }

    pub(crate) fn http(&self, audience: Audience) -> &HttpClient {
        match audience {
            Audience::Partner => &self.inner.partner,
            Audience::Provisioning => &self.inner.provisioning,
            Audience::Usage => &self.inner.usage,
        }
    }

    /// Asks for a partner token now, if none is at hand.
    pub(crate) async fn token(&self, deadline: provider_http::Deadline) -> Result<()> {
        self.inner.tokens.credential(deadline).await.map(drop)
    }

    pub(crate) async fn tokens(&self) -> Result<provider_http::auth::TokenStatus> {
        self.inner.tokens.status().await
    }

    /// One record.
    pub(crate) async fn record<T: DeserializeOwned>(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<T> {
        self.send(audience, spec, call).await?.json()
    }

    /// One record, turned into something else as it is read.
    pub(crate) async fn record_as<W: DeserializeOwned, M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnOnce(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        let answer = self.send(Audience::Partner, spec, call).await?;
        map(answer.json()?, answer.raw(call, SECRET_MEMBERS)).map_err(|item| answer.unfit(item))
    }

    /// A page of records.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Listed<T>> {
        self.mapped(audience, spec, call, |record: T, _| Ok(record)).await
    }

    /// A page of records, each turned into something else as it is read.
    pub(crate) async fn mapped<W, M>(
        &self,
        audience: Audience,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>>
    where
        W: for<'de> Deserialize<'de>,
    {
        let answer = self.send(audience, spec, call).await?;
        self.read_page(audience, &answer, call, map)
    }

    /// A page, and the answer it stands in, for what stands beside the rows.
    pub(crate) async fn page_and_answer<T: DeserializeOwned>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<(Listed<T>, Answer)> {
        let answer = self.send(Audience::Partner, spec, call).await?;
        let listed = self.read_page(Audience::Partner, &answer, call, |record: T, _| Ok(record))?;
        Ok((listed, answer))
    }

    fn read_page<W, M>(
        &self,
        audience: Audience,
        answer: &Answer,
        call: &CallOptions,
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>>
    where
        W: for<'de> Deserialize<'de>,
    {
        let (items, beside) = PageDecoder::new("content")
            .options(call)
            .secrets(SECRET_MEMBERS)
            .report(self.http(audience), answer)
            .page::<Pages, W, M>(&answer.bytes, map)?;
        if beside.is_page() {
            return Ok(Listed { items, page: beside.numbers, answered_at: answer.date() });
        }
        Err(answer.error(ErrorKind::Decode, "the answer is no page: it has neither content nor numbers"))
    }
}

macro_rules! handles {
    ($($(#[$doc:meta])* $method:ident => $handle:ident,)+) => {
        impl Pax8Client {
            $($(#[$doc])* #[must_use] pub fn $method(&self) -> api::$handle<'_> {
                api::$handle::new(self)
            })+
        }
    };
}

handles! {
    /// Companies.
    companies => Companies,
    /// Contacts of companies.
    contacts => Contacts,
    /// Products, prices, dependencies, provisioning questions.
    products => Products,
    /// Orders.
    orders => Orders,
    /// Subscriptions.
    subscriptions => Subscriptions,
    /// Usage as the partner sees it.
    usage => Usage,
    /// Invoices, their items, draft items.
    invoices => Invoices,
    /// Quotes, their lines, sections and access lists.
    quotes => Quotes,
    /// Files on quotes, in the library and in the preferences.
    quote_attachments => QuoteAttachments,
    /// What new quotes begin with.
    quote_preferences => QuotePreferencesHandle,
    /// Webhooks.
    webhooks => Webhooks,
    /// Vendor provisioning, with tokens of its own.
    provisioning => Provisioning,
    /// Vendor usage, with tokens of its own.
    vendor_usage => VendorUsage,
}
