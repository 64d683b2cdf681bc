//! What usage costs.

use chrono::{DateTime, Utc};
use provider_core::Result;
use provider_http::Answer;

use crate::client::CrayonClient;
use crate::model::{OrganizationUsageCost, UsageCost, UsageCostRequest};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// What usage costs.
    UsageCosts as usage_costs {
        /// What the usage of an organization cost, by Azure subscription.
        get "/api/v1/UsageCost/organization/{organization}" => of_organization(organization: i64) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") -> list Listed<OrganizationUsageCost>;
        /// What a subscription cost, by category.
        post "/api/v1/UsageCost/getForSubscription" => of_subscription() body(request: &UsageCostRequest) marked(read) -> list Listed<UsageCost>;
        /// What a category cost, by subcategory.
        post "/api/v1/UsageCost/getForCategory" => of_category() body(request: &UsageCostRequest) marked(read) -> list Listed<UsageCost>;
        /// What a subcategory cost, by meter.
        post "/api/v1/UsageCost/getForSubcategory" => of_subcategory() body(request: &UsageCostRequest) marked(read) -> list Listed<UsageCost>;
        /// What a subscription cost, by resource group.
        post "/api/v1/UsageCost/getForSubscription/resourceGroups" => by_resource_group() body(request: &UsageCostRequest) marked(read) -> list Listed<UsageCost>;
        /// What a resource group cost, by meter.
        post "/api/v1/UsageCost/getForResourceGroup" => of_resource_group() body(request: &UsageCostRequest) marked(read) -> list Listed<UsageCost>;
        /// What a subscription cost, by category, with everything in the path.
        get "/api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/currency/{currency}" => of_subscription_by_path(tenant: i64, subscription: &str, currency: &str) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") deprecated("use `of_subscription`") -> list Listed<UsageCost>;
        /// What a subscription cost, by resource group, with everything in the path.
        get "/api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/currency/{currency}/resourceGroups" => by_resource_group_by_path(tenant: i64, subscription: &str, currency: &str) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") deprecated("use `by_resource_group`") -> list Listed<UsageCost>;
        /// What a category cost, by subcategory, with everything in the path: a category with a slash cannot travel so.
        get "/api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/category/{category}/currency/{currency}" => of_category_by_path(tenant: i64, subscription: &str, category: &str, currency: &str) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") deprecated("use `of_category`") -> list Listed<UsageCost>;
        /// What a subcategory cost, by meter, with everything in the path.
        get "/api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/category/{category}/subcategory/{subcategory}/currency/{currency}" => of_subcategory_by_path(tenant: i64, subscription: &str, category: &str, subcategory: &str, currency: &str) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") deprecated("use `of_subcategory`") -> list Listed<UsageCost>;
        /// What a resource group cost, by meter, with everything in the path.
        get "/api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/resourceGroup/{resource_group}/currency/{currency}" => of_resource_group_by_path(tenant: i64, subscription: &str, resource_group: &str, currency: &str) with(from: DateTime<Utc> = "from", to: DateTime<Utc> = "to") deprecated("use `of_resource_group`") -> list Listed<UsageCost>;
    }
}

impl UsageCosts {
    /// One page of [`of_organization`](Self::of_organization), for organizations with more subscriptions than one page
    /// holds: `total_hits` says how many there are.
    ///
    /// `get /api/v1/UsageCost/organization/{organization}`
    ///
    /// # Errors
    /// Any error of the call; `Decode` when its answer does not fit.
    pub async fn of_organization_page(
        &self,
        organization: i64,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        paging: Paging,
    ) -> Result<Listed<OrganizationUsageCost>> {
        let answer = self.of_organization_answer(organization, from, to, paging).await?;
        self.client.read_list(&answer, &self.call)
    }

    /// A page of [`of_organization`](Self::of_organization): the answer before it is decoded.
    pub(crate) async fn of_organization_answer(
        &self,
        organization: i64,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        paging: Paging,
    ) -> Result<Answer> {
        let spec = usage_costs::of_organization(organization, from, to)?;
        // The first page is asked for as the documents show it; only the total tells that there are more.
        let spec = if paging.page > 1 { paging.apply(spec) } else { spec };
        self.client.answer(spec, &self.call).await
    }
}
