//! Quotes.

use provider_core::{ErrorKind, Result};
use provider_http::RequestSpec;
use serde::Deserialize;
use serde_json::Value;

use super::{QuoteField, Sort, handle};
use crate::auth::Audience;
use crate::model::{
    AccessList, AccessListEntry, AddLineItem, CreateQuote, NewAccessListEntry, Quote, QuoteAccount,
    QuoteIntent, QuoteLineItem, QuoteStatus, QuoteStatusCounts, QuoteSummary, Section, Sections,
    UpdateLineItem, UpdateQuote,
};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Quotes, their lines, sections and access lists.
    Quotes
}

/// Which quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuoteFilter {
    /// Found by Pax8's search.
    pub search: Option<String>,
    /// In any of these states.
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

/// A page of quotes, and how many there are in each state.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QuoteList {
    /// The page.
    pub quotes: Listed<QuoteSummary>,
    /// How many quotes there are in each state.
    pub counts: QuoteStatusCounts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    #[serde(default)]
    status_counts: Option<QuoteStatusCounts>,
}

const ALL: &str = "/v2/quotes";
const ONE: &str = "/v2/quotes/{quoteId}";
const LINES: &str = "/v2/quotes/{quoteId}/line-items";
const SECTIONS: &str = "/v2/quotes/{quoteId}/sections";
const ACCESS: &str = "/v2/quotes/{quoteId}/access-list";

impl Quotes<'_> {
    /// `GET /v2/quotes`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, filter: &QuoteFilter, page: PageOf) -> Result<QuoteList> {
        let states: Vec<_> = filter.status.iter().map(QuoteStatus::as_str).collect();
        let spec = RequestSpec::get(ALL)
            .query("limit", page.size)
            .query("page", page.number)
            .query_opt("sort", filter.sort)
            .query_opt("search", filter.search.as_deref())
            .query_opt("status", (!states.is_empty()).then(|| states.join(",")))
            .query_opt("account", filter.account.as_ref())
            .query_opt("partnerId", filter.partner_id.as_deref())
            .query_opt("intentType", filter.intent_type.as_ref());
        let (quotes, answer) = self.client.page_and_answer(spec, &self.call).await?;
        let counts: Counts = answer.json()?;
        Ok(QuoteList { quotes, counts: counts.status_counts.unwrap_or_default() })
    }

    /// `POST /v2/quotes`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create(&self, quote: &CreateQuote) -> Result<Quote> {
        self.client.record(Audience::Partner, RequestSpec::post(ALL).json(quote)?, &self.call).await
    }

    /// `GET /v2/quotes/{quoteId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Quote> {
        self.client.record(Audience::Partner, RequestSpec::get(ONE).path("quoteId", id), &self.call).await
    }

    /// `PUT /v2/quotes/{quoteId}`: the whole of it; read, change, send.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update(&self, id: &str, update: &UpdateQuote) -> Result<Quote> {
        let spec = RequestSpec::put(ONE).path("quoteId", id).json(update)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `DELETE /v2/quotes/{quoteId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let spec = RequestSpec::delete(ONE).path("quoteId", id);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `POST /v2/quotes/{quoteId}/take-ownership`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn take_ownership(&self, id: &str) -> Result<Quote> {
        let spec = RequestSpec::post("/v2/quotes/{quoteId}/take-ownership").path("quoteId", id);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `POST /v2/quotes/{quoteId}/line-items`. At most 30 lines a quote; related lines go in one call.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_lines(&self, id: &str, lines: &[AddLineItem]) -> Result<Vec<QuoteLineItem>> {
        let spec = RequestSpec::post(LINES).path("quoteId", id).json(lines)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `PUT /v2/quotes/{quoteId}/line-items`. Relationships cannot change.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update_lines(&self, id: &str, lines: &[UpdateLineItem]) -> Result<Vec<QuoteLineItem>> {
        let spec = RequestSpec::put(LINES).path("quoteId", id).json(lines)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `DELETE /v2/quotes/{quoteId}/line-items/{lineItemId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete_line(&self, id: &str, line: &str) -> Result<()> {
        let spec = RequestSpec::delete("/v2/quotes/{quoteId}/line-items/{lineItemId}")
            .path("quoteId", id)
            .path("lineItemId", line);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `POST /v2/quotes/{quoteId}/line-items/bulk-delete`: for lines that depend on each other.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete_lines(&self, id: &str, lines: &[&str]) -> Result<()> {
        let spec = RequestSpec::post("/v2/quotes/{quoteId}/line-items/bulk-delete")
            .path("quoteId", id)
            .json(&serde_json::json!({ "lineItemIds": lines }))?;
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `GET /v2/quotes/{quoteId}/sections`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn sections(&self, id: &str) -> Result<Vec<Section>> {
        let spec = RequestSpec::get(SECTIONS).path("quoteId", id);
        let all: Sections = self.client.record(Audience::Partner, spec, &self.call).await?;
        Ok(all.sections)
    }

    /// `POST /v2/quotes/{quoteId}/sections`: answers all sections.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_section(&self, id: &str, name: &str) -> Result<Vec<Section>> {
        let spec =
            RequestSpec::post(SECTIONS).path("quoteId", id).json(&serde_json::json!({ "name": name }))?;
        let all: Sections = self.client.record(Audience::Partner, spec, &self.call).await?;
        Ok(all.sections)
    }

    /// `PUT /v2/quotes/{quoteId}/sections`: replaces all sections.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn replace_sections(&self, id: &str, sections: &Sections) -> Result<Vec<Section>> {
        let spec = RequestSpec::put(SECTIONS).path("quoteId", id).json(sections)?;
        let all: Sections = self.client.record(Audience::Partner, spec, &self.call).await?;
        Ok(all.sections)
    }

    /// `GET /v2/quotes/{quoteId}/access-list`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn access_list(&self, id: &str) -> Result<Vec<AccessListEntry>> {
        let spec = RequestSpec::get(ACCESS).path("quoteId", id);
        let all: AccessList = self.client.record(Audience::Partner, spec, &self.call).await?;
        Ok(all.access_list)
    }

    /// `POST /v2/quotes/{quoteId}/access-list`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_access(&self, id: &str, entries: &[NewAccessListEntry]) -> Result<Vec<AccessListEntry>> {
        let spec = RequestSpec::post(ACCESS).path("quoteId", id).json(entries)?;
        let answer = self.client.send(Audience::Partner, spec, &self.call).await?;
        // The schema says a list; the list under a member, as the read answers it, is put up with.
        match answer.json::<Value>()? {
            Value::Array(_) => answer.json(),
            Value::Object(_) => answer.json::<AccessList>().map(|all| all.access_list),
            _ => Err(answer.error(ErrorKind::Decode, "the answer is no list of entries")),
        }
    }

    /// `DELETE /v2/quotes/{quoteId}/access-list/{accessListEntryId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn remove_access(&self, id: &str, entry: &str) -> Result<()> {
        let spec = RequestSpec::delete("/v2/quotes/{quoteId}/access-list/{accessListEntryId}")
            .path("quoteId", id)
            .path("accessListEntryId", entry);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }
}
