//! Subscriptions (v3). There is no write here: seats, renewal and status change through orders.

use provider_core::model::Raw;
use provider_core::{ErrorKind, ItemError, Result};
use provider_http::{CallOptions, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::{ReportDateRange, Subscription, SubscriptionStatus};
use crate::wire::envelope::{Listed, OffsetPage};

/// Which subscriptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscriptionFilter {
    /// Of this customer.
    pub customer_id: Option<String>,
    /// With this id at the provider.
    pub subscription_id: Option<String>,
    /// Of this reseller.
    pub reseller_id: Option<String>,
    /// Of this cloud provider.
    pub provider_id: Option<String>,
    /// With this status.
    pub status: Option<SubscriptionStatus>,
    /// Started in these days.
    pub start_date_range: Option<ReportDateRange>,
    /// Ending on this day.
    pub end_date: Option<String>,
    /// Ending in these days.
    pub end_date_range: Option<ReportDateRange>,
    /// With this commitment term, such as `P1Y`.
    pub billing_term: Option<String>,
    /// With this billing cycle, such as `monthly`.
    pub billing_cycle: Option<String>,
    /// With so many seats.
    pub total_license: Option<u32>,
    /// Of this product of the catalog.
    pub ccp_product_id: Option<String>,
    /// Of this product of the provider.
    pub provider_product_id: Option<String>,
    /// With this purchase order number of the customer.
    pub customer_po: Option<String>,
    /// With this purchase order number of the reseller.
    pub reseller_po: Option<String>,
    /// With this value in a field of the reseller: field, value.
    pub custom_field: Option<(String, String)>,
    /// Of the cloud provider with this name.
    pub cloud_provider_name: Option<String>,
    /// Of the account with this name.
    pub account_name: Option<String>,
    /// Of the customer with this name.
    pub customer_name: Option<String>,
    /// With this name.
    pub subscription_name: Option<String>,
    /// Of this type, such as `AZURE::Subscription`.
    pub resource_type: Option<String>,
    /// `pagination.filter`, whose syntax is not documented.
    pub page_filter: Option<String>,
    /// `pagination.userId`.
    pub page_user_id: Option<String>,
    /// Which page, and how large.
    pub page: OffsetPage,
}

provider_http::setters! {
    SubscriptionFilter {
        /// Of this customer.
        pub customer_id: Option<String>,
        /// With this id at the provider.
        pub subscription_id: Option<String>,
        /// Of this reseller.
        pub reseller_id: Option<String>,
        /// Of this cloud provider.
        pub provider_id: Option<String>,
        /// With this status.
        pub status: Option<SubscriptionStatus>,
        /// Started in these days.
        pub start_date_range: Option<ReportDateRange>,
        /// Ending on this day.
        pub end_date: Option<String>,
        /// Ending in these days.
        pub end_date_range: Option<ReportDateRange>,
        /// With this commitment term, such as `P1Y`.
        pub billing_term: Option<String>,
        /// With this billing cycle, such as `monthly`.
        pub billing_cycle: Option<String>,
        /// With so many seats.
        pub total_license: Option<u32>,
        /// Of this product of the catalog.
        pub ccp_product_id: Option<String>,
        /// Of this product of the provider.
        pub provider_product_id: Option<String>,
        /// With this purchase order number of the customer.
        pub customer_po: Option<String>,
        /// With this purchase order number of the reseller.
        pub reseller_po: Option<String>,
        /// With this value in a field of the reseller: field, value.
        pub custom_field: Option<(String, String)>,
        /// Of the cloud provider with this name.
        pub cloud_provider_name: Option<String>,
        /// Of the account with this name.
        pub account_name: Option<String>,
        /// Of the customer with this name.
        pub customer_name: Option<String>,
        /// With this name.
        pub subscription_name: Option<String>,
        /// Of this type, such as `AZURE::Subscription`.
        pub resource_type: Option<String>,
        /// `pagination.filter`, whose syntax is not documented.
        pub page_filter: Option<String>,
        /// `pagination.userId`.
        pub page_user_id: Option<String>,
    }
}

impl SubscriptionFilter {
    /// Asks for this page.
    #[must_use]
    pub fn page(mut self, page: OffsetPage) -> Self {
        self.page = page;
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let spec = spec
            .query_opt("customerId", self.customer_id.as_deref())
            .query_opt("subscriptionId", self.subscription_id.as_deref())
            .query_opt("resellerId", self.reseller_id.as_deref())
            .query_opt("providerId", self.provider_id.as_deref())
            .query_opt("subscriptionStatus", self.status.as_ref());
        let spec = range(spec, "startDateRange", self.start_date_range.as_ref())
            .query_opt("endDate", self.end_date.as_deref());
        let spec = range(spec, "endDateRange", self.end_date_range.as_ref())
            .query_opt("billingTerm", self.billing_term.as_deref())
            .query_opt("billingCycle", self.billing_cycle.as_deref())
            .query_opt("totalLicense", self.total_license)
            .query_opt("ccpProductId", self.ccp_product_id.as_deref())
            .query_opt("providerProductId", self.provider_product_id.as_deref())
            .query_opt("customerPo", self.customer_po.as_deref())
            .query_opt("resellerPo", self.reseller_po.as_deref())
            .query_opt("cloudProviderName", self.cloud_provider_name.as_deref())
            .query_opt("accountName", self.account_name.as_deref())
            .query_opt("customerName", self.customer_name.as_deref())
            .query_opt("subscriptionName", self.subscription_name.as_deref())
            .query_opt("resourceType", self.resource_type.as_deref());
        let spec = match &self.custom_field {
            Some((field, value)) => spec.query("customField.field", field).query("customField.value", value),
            None => spec,
        };
        spec.query_opt("pagination.filter", self.page_filter.as_deref())
            .query_opt("pagination.userId", self.page_user_id.as_deref())
    }
}

/// Nested messages become dotted names.
fn range(spec: RequestSpec, name: &str, range: Option<&ReportDateRange>) -> RequestSpec {
    let Some(range) = range else { return spec };
    let fixed = range.fixed_date_range.as_ref();
    let dotted = |member: &str| format!("{name}.{member}");
    spec.query_opt(&dotted("relativeDateRange"), range.relative_date_range.as_ref())
        .query_opt(&dotted("fixedDateRange.startDate"), fixed.and_then(|f| f.start_date.as_deref()))
        .query_opt(&dotted("fixedDateRange.endDate"), fixed.and_then(|f| f.end_date.as_deref()))
}

provider_http::endpoints! {
    client: StreamOneClient;

    /// Subscriptions. They are changed through orders.
    Subscriptions as subscriptions {
        /// One page of subscriptions, ended ones included.
        ///
        /// Pages by offset promise no order, so the list is asked for by id. The names it sorts by are not
        /// documented; where the service refuses this one, the list is asked for without, from then on.
        get "/api/v3/accounts/{accountId}/subscriptions" => list()
            query(filter: SubscriptionFilter, page: OffsetPage) operation(List Subscription)
            -> sorted Listed<Subscription>;

        /// One subscription with its details, by its internal id. `refresh` reads the provider again, which is
        /// slow.
        get "/api/v3/accounts/{accountId}/customers/{customerId}/subscriptions/{subscriptionId}" =>
            get(customer: &str = "customerId", id: &str = "subscriptionId") with(refresh: Option<bool> = "refresh")
            operation(Get Subscription) -> fetch Subscription;
    }
}

impl Subscriptions {
    pub(crate) async fn list_as<M>(
        &self,
        filter: &SubscriptionFilter,
        page: OffsetPage,
        map: impl FnMut(Subscription, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        self.client.sorted_as(subscriptions::list(filter, page)?, &self.call, map).await
    }

    pub(crate) async fn get_as<M>(
        &self,
        customer: &str,
        id: &str,
        refresh: bool,
        map: impl FnOnce(Subscription, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        self.client
            .record_as(subscriptions::get(customer, id, refresh.then_some(true))?, &self.call, map)
            .await
    }
}

impl StreamOneClient {
    async fn sorted(&self, spec: RequestSpec, call: &CallOptions) -> Result<Listed<Subscription>> {
        self.sorted_as(spec, call, |subscription, _| Ok(subscription)).await
    }

    async fn sorted_as<M>(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
        map: impl FnMut(Subscription, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        if !self.sorts() {
            return self.page_as(spec, call, map).await;
        }
        let sorted = spec.clone().query("pagination.sortBy", "id").query("pagination.sortOrder", "ASC");
        let answer = match self.answer(sorted, call).await {
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                let answer = self.answer(spec, call).await?;
                self.sort_no_more();
                answer
            }
            answer => answer?,
        };
        self.read_page(&answer, call, map)
    }
}
