//! Usage as the partner sees it.

use chrono::NaiveDate;
use provider_core::{EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::{Sort, UsageSummaryField, handle};
use crate::auth::Audience;
use crate::model::{UsageLine, UsageSummary};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Usage summaries of subscriptions, and their lines day by day.
    Usage
}

/// Which usage summaries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsageSummaryFilter {
    /// Of this resource group.
    pub resource_group: Option<String>,
    /// Of this company.
    pub company_id: Option<String>,
    /// In this order.
    pub sort: Option<Sort<UsageSummaryField>>,
}

impl UsageSummaryFilter {
    fn spec(&self, subscription: &str, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/subscriptions/{subscriptionId}/usage-summaries")
            .operation(Operation::List(EntityKind::Usage))
            .path("subscriptionId", subscription)
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("sort", self.sort)
            .query_opt("resourceGroup", self.resource_group.as_deref())
            .query_opt("companyId", self.company_id.as_deref())
    }
}

fn lines(summary: &str, day: NaiveDate, product: Option<&str>, page: PageOf) -> RequestSpec {
    RequestSpec::get("/v1/usage-summaries/{usageSummaryId}/usage-lines")
        .operation(Operation::List(EntityKind::Usage))
        .path("usageSummaryId", summary)
        .query("usageDate", day)
        .query_opt("productId", product)
        .query("page", page.number)
        .query("size", page.size)
}

impl Usage<'_> {
    /// `GET /v1/subscriptions/{subscriptionId}/usage-summaries`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn summaries(
        &self,
        subscription: &str,
        filter: &UsageSummaryFilter,
        page: PageOf,
    ) -> Result<Listed<UsageSummary>> {
        self.summaries_as(subscription, filter, page, |record, _| Ok(record)).await
    }

    /// As [`summaries`](Self::summaries), each record turned into something else as it is read.
    pub(crate) async fn summaries_as<M>(
        &self,
        subscription: &str,
        filter: &UsageSummaryFilter,
        page: PageOf,
        map: impl FnMut(UsageSummary, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(subscription, page), &self.call, map).await
    }

    /// `GET /v1/usage-summaries/{usageSummaryId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn summary(&self, id: &str) -> Result<UsageSummary> {
        let spec = RequestSpec::get("/v1/usage-summaries/{usageSummaryId}").path("usageSummaryId", id);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `GET /v1/usage-summaries/{usageSummaryId}/usage-lines`: one day. Paging is not in the vendor's
    /// schema, yet the answer is paged and the parameters work.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn lines(
        &self,
        summary: &str,
        day: NaiveDate,
        product: Option<&str>,
        page: PageOf,
    ) -> Result<Listed<UsageLine>> {
        self.lines_as(summary, day, product, page, |record, _| Ok(record)).await
    }

    /// As [`lines`](Self::lines), each record turned into something else as it is read.
    pub(crate) async fn lines_as<M>(
        &self,
        summary: &str,
        day: NaiveDate,
        product: Option<&str>,
        page: PageOf,
        map: impl FnMut(UsageLine, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, lines(summary, day, product, page), &self.call, map).await
    }
}
