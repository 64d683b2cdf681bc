//! Customers and cloud accounts of v1.

use provider_core::Result;
use provider_http::{CallOptions, RequestSpec};
use serde::Serialize;

use crate::client::StreamOneClient;
use crate::model::{
    CloudAccount, CloudAccountWrite, CustomFields, Id, Json, LegacyCustomer, LegacyCustomerWrite,
};
use crate::wire::envelope::{Listed, OffsetPage};
use crate::wire::legacy::LegacyFilter;

provider_http::endpoints! {
    client: StreamOneClient;

    /// Customers and cloud accounts of v1, which the vendor has announced as deprecated. They need an API key.
    LegacyCustomers as legacy_customers through older {
        /// One page of customers. Known filters: `email`, `name`, `groupId`.
        get "/api/v1/customers" => list() query(filter: LegacyFilter, page: OffsetPage)
            -> page Listed<LegacyCustomer>;

        /// Creates a customer. Answers its id. Prefer [`Customers::create`](crate::api::Customers::create).
        post "/api/v1/customers" => create() query(customer: LegacyCustomerWrite) -> made Option<Id>;

        /// One customer.
        get "/api/v1/customers/{customerId}" => get(customer: &str = "customerId") -> first LegacyCustomer;

        /// Sets fields of the reseller.
        put "/api/v1/customers/{customerId}" => set_custom_fields(customer: &str = "customerId")
            body(values: &CustomFields) -> undocumented Json;

        /// Accounts of a customer at cloud providers. Known from one source only.
        get "/api/v1/customers/{customerId}/cloud-accounts" => cloud_accounts(customer: &str = "customerId")
            -> page Listed<CloudAccount>;

        /// Creates a cloud account. Known from one source, for an older host.
        post "/api/v1/cloud-accounts" => create_cloud_account() body(account: &CloudAccountWrite)
            -> first CloudAccount;

        /// Gives a cloud account to a customer. Known from one source, for an older host; its body is not fully
        /// known.
        post "/api/v1/cloud-accounts/{cloudAccountId}/assign-customer" =>
            assign_cloud_account(cloud_account: &str = "cloudAccountId")
            body(body: &(impl Serialize + Sync + ?Sized)) -> undocumented Json;
    }
}

impl StreamOneClient {
    async fn made(&self, spec: RequestSpec, call: &CallOptions) -> Result<Option<Id>> {
        Ok(self.first::<LegacyCustomer>(spec, call).await?.id)
    }
}
