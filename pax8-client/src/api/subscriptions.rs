//! Subscriptions.

use chrono::{DateTime, SecondsFormat, Utc};
use provider_core::{CommandKind, EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::{Sort, SubscriptionField, handle};
use crate::auth::Audience;
use crate::model::{BillingTerm, Subscription, SubscriptionStatus, SubscriptionUpdate};
use crate::wire::envelope::{Content, Listed, PageOf};

handle! {
    /// Subscriptions. They are created by orders; there is no suspending and no way back from cancelled.
    Subscriptions
}

/// Which subscriptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscriptionFilter {
    /// Of this company.
    pub company_id: Option<String>,
    /// Of this product.
    pub product_id: Option<String>,
    /// In this state.
    pub status: Option<SubscriptionStatus>,
    /// With this billing term.
    pub billing_term: Option<BillingTerm>,
    /// In this order.
    pub sort: Option<Sort<SubscriptionField>>,
}

impl SubscriptionFilter {
    /// Those of one company.
    #[must_use]
    pub fn of_company(id: impl Into<String>) -> Self {
        Self { company_id: Some(id.into()), ..Self::default() }
    }

    fn spec(&self, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/subscriptions")
            .operation(Operation::List(EntityKind::Subscription))
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("sort", self.sort)
            .query_opt("status", self.status.as_ref())
            .query_opt("billingTerm", self.billing_term.as_ref())
            .query_opt("companyId", self.company_id.as_deref())
            .query_opt("productId", self.product_id.as_deref())
    }
}

const ONE: &str = "/v1/subscriptions/{subscriptionId}";

fn get(id: &str) -> RequestSpec {
    RequestSpec::get(ONE).operation(Operation::Get(EntityKind::Subscription)).path("subscriptionId", id)
}

impl Subscriptions<'_> {
    /// `GET /v1/subscriptions`
    ///
    /// # Errors
    /// `PermissionDenied` for a company of somebody else, or whatever the call ended in.
    pub async fn list(&self, filter: &SubscriptionFilter, page: PageOf) -> Result<Listed<Subscription>> {
        self.list_as(filter, page, |record, _| Ok(record)).await
    }

    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &SubscriptionFilter,
        page: PageOf,
        map: impl FnMut(Subscription, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(page), &self.call, map).await
    }

    /// `GET /v1/subscriptions/{subscriptionId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Subscription> {
        self.client.record(Audience::Partner, get(id), &self.call).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Subscription, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(get(id), &self.call, map).await
    }

    /// `PUT /v1/subscriptions/{subscriptionId}`: a partial update; only what is set is sent.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update(&self, id: &str, update: &SubscriptionUpdate) -> Result<Subscription> {
        let spec = RequestSpec::put(ONE)
            .operation(Operation::Execute(CommandKind::ChangeQuantity))
            .path("subscriptionId", id)
            .json(update)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `DELETE /v1/subscriptions/{subscriptionId}`: cancels for good, now or at a moment.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn cancel(&self, id: &str, at: Option<DateTime<Utc>>) -> Result<()> {
        let spec = RequestSpec::delete(ONE)
            .operation(Operation::Execute(CommandKind::CancelSubscription))
            .path("subscriptionId", id)
            .query_opt("cancelDate", at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)));
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `GET /v1/subscriptions/{subscriptionId}/history`: whole snapshots, all at once.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn history(&self, id: &str) -> Result<Vec<Subscription>> {
        let spec = RequestSpec::get("/v1/subscriptions/{subscriptionId}/history").path("subscriptionId", id);
        self.client.record::<Content<_>>(Audience::Partner, spec, &self.call).await.map(|rows| rows.content)
    }
}
