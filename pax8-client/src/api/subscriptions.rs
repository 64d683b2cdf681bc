//! Subscriptions.

use chrono::{DateTime, Utc};
use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{endpoints, query, written};

use crate::client::Pax8Client;
use crate::model::{BillingTerm, Subscription, SubscriptionStatus, SubscriptionUpdate};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{Sort, SubscriptionField};

written!(BillingTerm, SubscriptionStatus);

query! {
    /// Which subscriptions.
    #[derive(Eq)]
    pub struct SubscriptionFilter paged(PageOf) {
        /// In this order.
        pub sort: Option<Sort<SubscriptionField>> = "sort",
        /// With this status.
        pub status: Option<SubscriptionStatus> = "status",
        /// With this billing term.
        pub billing_term: Option<BillingTerm> = "billingTerm",
        /// Of this company.
        pub company_id: Option<String> = "companyId",
        /// Of this product.
        pub product_id: Option<String> = "productId",
    }
}

impl SubscriptionFilter {
    /// Those of one company.
    #[must_use]
    pub fn of_company(id: impl Into<String>) -> Self {
        Self { company_id: Some(id.into()), ..Self::default() }
    }
}

endpoints! {
    client: Pax8Client;

    /// Subscriptions. They are created by orders; there is no suspending and no way back from cancelled.
    Subscriptions as subscriptions {
        /// A page of subscriptions; `PermissionDenied` for a company of somebody else.
        get "/v1/subscriptions" => list() query(filter: SubscriptionFilter, page: PageOf) operation(List Subscription) -> page Listed<Subscription>;
        /// One subscription.
        get "/v1/subscriptions/{subscriptionId}" => get(id: &str = "subscriptionId") operation(Get Subscription) -> record Subscription;
        /// A partial update; only what is set is sent.
        put "/v1/subscriptions/{subscriptionId}" => update(id: &str = "subscriptionId") body(update: &SubscriptionUpdate) operation(Execute ChangeQuantity) -> written Subscription;
        /// Cancels a subscription, now or at a later date. A cancellation cannot be undone.
        delete "/v1/subscriptions/{subscriptionId}" => cancel(id: &str = "subscriptionId") with(at: Option<DateTime<Utc>> = "cancelDate") operation(Execute CancelSubscription) -> nothing ();
        /// The history of a subscription: whole snapshots, all at once.
        get "/v1/subscriptions/{subscriptionId}/history" => history(id: &str = "subscriptionId") -> content Vec<Subscription>;
    }
}

impl Subscriptions {
    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &SubscriptionFilter,
        page: PageOf,
        map: impl FnMut(Subscription, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(subscriptions::list(filter, page)?, &self.call, map).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Subscription, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(subscriptions::get(id)?, &self.call, map).await
    }
}
