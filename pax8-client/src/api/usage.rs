//! Usage as the partner sees it.

use chrono::NaiveDate;
use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{endpoints, query};

use crate::client::Pax8Client;
use crate::model::{UsageLine, UsageSummary};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{Sort, UsageSummaryField};

query! {
    /// Which usage summaries.
    #[derive(Eq)]
    pub struct UsageSummaryFilter paged(PageOf) {
        /// In this order.
        pub sort: Option<Sort<UsageSummaryField>> = "sort",
        /// Of this resource group.
        pub resource_group: Option<String> = "resourceGroup",
        /// Of this company.
        pub company_id: Option<String> = "companyId",
    }
}

endpoints! {
    client: Pax8Client;

    /// Usage summaries of subscriptions, and their lines day by day.
    Usage as usage {
        /// A page of this month's summaries.
        get "/v1/subscriptions/{subscriptionId}/usage-summaries" => summaries(subscription: &str = "subscriptionId") query(filter: UsageSummaryFilter, page: PageOf) operation(List Usage) -> page Listed<UsageSummary>;
        /// One summary.
        get "/v1/usage-summaries/{usageSummaryId}" => summary(id: &str = "usageSummaryId") -> record UsageSummary;
        /// A page of the lines of one day. Paging is not in the vendor's schema, yet the answer is paged and
        /// the parameters work.
        get "/v1/usage-summaries/{usageSummaryId}/usage-lines" => lines(summary: &str = "usageSummaryId") with(day: NaiveDate = "usageDate", product: Option<&str> = "productId") paged(page: PageOf) operation(List Usage) -> page Listed<UsageLine>;
    }
}

impl Usage {
    /// As [`summaries`](Self::summaries), each record turned into something else as it is read.
    pub(crate) async fn summaries_as<M>(
        &self,
        subscription: &str,
        filter: &UsageSummaryFilter,
        page: PageOf,
        map: impl FnMut(UsageSummary, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(usage::summaries(subscription, filter, page)?, &self.call, map).await
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
        self.client.page_as(usage::lines(summary, day, product, page)?, &self.call, map).await
    }
}
