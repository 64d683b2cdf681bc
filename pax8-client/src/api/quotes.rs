//! Quotes.

use std::borrow::Borrow;

use provider_core::{ErrorKind, Result};
use provider_http::{CallOptions, Endpoint, RequestSpec, endpoints};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Pax8Client;
use crate::model::{
    AccessList, AccessListEntry, AddLineItem, CreateQuote, NewAccessListEntry, Quote, QuoteAccount,
    QuoteIntent, QuoteLineItem, QuoteStatus, QuoteStatusCounts, QuoteSummary, Section, Sections,
    UpdateLineItem, UpdateQuote,
};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{QuoteField, Sort};

/// Which quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuoteFilter {
    /// Found by Pax8's search.
    pub search: Option<String>,
    /// With any of these statuses.
    pub status: Vec<QuoteStatus>,
    /// The user's, unless set to the partner's.
    pub account: Option<QuoteAccount>,
    /// Of this partner.
    pub partner_id: Option<String>,
    /// With this intent.
    pub intent_type: Option<QuoteIntent>,
    /// In this order.
    pub sort: Option<Sort<QuoteField>>,
    /// Which page, and how large.
    pub page: PageOf,
}

provider_http::setters! {
    QuoteFilter {
        /// Found by Pax8's search.
        pub search: Option<String>,
        /// With any of these statuses.
        pub status: Vec<QuoteStatus>,
        /// The user's, unless set to the partner's.
        pub account: Option<QuoteAccount>,
        /// Of this partner.
        pub partner_id: Option<String>,
        /// With this intent.
        pub intent_type: Option<QuoteIntent>,
        /// In this order.
        pub sort: Option<Sort<QuoteField>>,
    }
}

impl QuoteFilter {
    /// Asks for this page.
    #[must_use]
    pub fn page(mut self, page: PageOf) -> Self {
        self.page = page;
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let states: Vec<_> = self.status.iter().map(QuoteStatus::as_str).collect();
        spec.query_opt("sort", self.sort)
            .query_opt("search", self.search.as_deref())
            .query_opt("status", (!states.is_empty()).then(|| states.join(",")))
            .query_opt("account", self.account.as_ref())
            .query_opt("partnerId", self.partner_id.as_deref())
            .query_opt("intentType", self.intent_type.as_ref())
    }
}

/// A page of quotes, and how many there are with each status.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QuoteList {
    /// The page.
    pub quotes: Listed<QuoteSummary>,
    /// How many quotes there are in each status.
    pub counts: QuoteStatusCounts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    #[serde(default)]
    status_counts: Option<QuoteStatusCounts>,
}

endpoints! {
    client: Pax8Client;

    /// Quotes, their lines, sections and access lists.
    Quotes as quotes {
        /// Creates a quote.
        post "/v2/quotes" => create() body(quote: &CreateQuote) -> record Quote;
        /// One quote.
        get "/v2/quotes/{quoteId}" => get(id: &str = "quoteId") -> record Quote;
        /// Replaces a quote: read it, change it, send it whole.
        put "/v2/quotes/{quoteId}" => update(id: &str = "quoteId") body(update: &UpdateQuote) -> record Quote;
        /// Deletes a quote.
        delete "/v2/quotes/{quoteId}" => delete(id: &str = "quoteId") -> nothing ();
        /// Takes ownership of a quote.
        post "/v2/quotes/{quoteId}/take-ownership" => take_ownership(id: &str = "quoteId") -> record Quote;
        /// Adds lines. At most 30 lines a quote; related lines go in one call.
        post "/v2/quotes/{quoteId}/line-items" => add_lines(id: &str = "quoteId") body(lines: &[AddLineItem]) -> record Vec<QuoteLineItem>;
        /// Changes lines. Relationships cannot change.
        put "/v2/quotes/{quoteId}/line-items" => update_lines(id: &str = "quoteId") body(lines: &[UpdateLineItem]) -> record Vec<QuoteLineItem>;
        /// Deletes a line.
        delete "/v2/quotes/{quoteId}/line-items/{lineItemId}" => delete_line(id: &str = "quoteId", line: &str = "lineItemId") -> nothing ();
        /// All sections.
        get "/v2/quotes/{quoteId}/sections" => sections(id: &str = "quoteId") -> all_sections Vec<Section>;
        /// Replaces all sections.
        put "/v2/quotes/{quoteId}/sections" => replace_sections(id: &str = "quoteId") body(sections: &Sections) -> all_sections Vec<Section>;
        /// The access list: who may see the quote.
        get "/v2/quotes/{quoteId}/access-list" => access_list(id: &str = "quoteId") -> access Vec<AccessListEntry>;
        /// Adds people to the access list.
        post "/v2/quotes/{quoteId}/access-list" => add_access(id: &str = "quoteId") body(entries: &[NewAccessListEntry]) -> access Vec<AccessListEntry>;
        /// Removes an entry of the access list.
        delete "/v2/quotes/{quoteId}/access-list/{accessListEntryId}" => remove_access(id: &str = "quoteId", entry: &str = "accessListEntryId") -> nothing ();
    }
}

const LIST: Endpoint = Endpoint::new("get", "/v2/quotes", "quotes().list");
const DELETE_LINES: Endpoint =
    Endpoint::new("post", "/v2/quotes/{quoteId}/line-items/bulk-delete", "quotes().delete_lines");
const ADD_SECTION: Endpoint = Endpoint::new("post", "/v2/quotes/{quoteId}/sections", "quotes().add_section");

/// Endpoints whose parameters or bodies the table of endpoints cannot express.
pub(super) const BESIDE: &[Endpoint] = &[LIST, DELETE_LINES, ADD_SECTION];

impl Quotes {
    /// A page of quotes, and how many there are with each status.
    ///
    /// `get /v2/quotes`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn list(&self, filter: impl Borrow<QuoteFilter> + Send) -> Result<QuoteList> {
        let filter = filter.borrow();
        let page = filter.page;
        let spec = RequestSpec::get(LIST.path).query("limit", page.size).query("page", page.number);
        let answer = self.client.send(filter.apply(spec), &self.call).await?;
        let quotes = self.client.read_page(&answer, &self.call, |record: QuoteSummary, _| Ok(record))?;
        let counts: Counts = answer.json()?;
        Ok(QuoteList { quotes, counts: counts.status_counts.unwrap_or_default() })
    }

    /// Deletes lines that depend on each other.
    ///
    /// `post /v2/quotes/{quoteId}/line-items/bulk-delete`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn delete_lines(&self, id: &str, lines: &[&str]) -> Result<()> {
        let spec = RequestSpec::post(DELETE_LINES.path).path("quoteId", id);
        self.client.nothing(spec.json(&json!({ "lineItemIds": lines }))?, &self.call).await
    }

    /// Adds a section; answers all sections.
    ///
    /// `post /v2/quotes/{quoteId}/sections`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn add_section(&self, id: &str, name: &str) -> Result<Vec<Section>> {
        let spec = RequestSpec::post(ADD_SECTION.path).path("quoteId", id);
        self.client.all_sections(spec.json(&json!({ "name": name }))?, &self.call).await
    }
}

impl Pax8Client {
    async fn all_sections(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Section>> {
        Ok(self.record::<Sections>(spec, call).await?.sections)
    }

    /// The schema says a list for one call and a list under a member for the other; both are read.
    async fn access(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<AccessListEntry>> {
        let answer = self.send(spec, call).await?;
        match answer.json::<Value>()? {
            Value::Array(_) => answer.json(),
            Value::Object(_) => answer.json::<AccessList>().map(|all| all.access_list),
            _ => Err(answer.error(ErrorKind::Decode, "the answer is no list of entries")),
        }
    }
}
