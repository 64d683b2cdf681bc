//! Customers and their cloud profiles (v3).

use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::Answer;
use serde::Serialize;

use crate::client::StreamOneClient;
use crate::model::{CloudProfile, CloudProfiles, Customer, CustomerStatus, CustomerWrite, Json};
use crate::wire::envelope::{Listed, TokenPage};

provider_http::query! {
    /// Which customers.
    ///
    /// The vendor warns that the other filters work as meant only together with a status: ask for
    /// [`CustomerStatus::Active`], and again for [`CustomerStatus::Inactive`] where those matter.
    #[derive(Eq)]
    pub struct CustomerFilter paged(TokenPage) {
        /// With this e-mail address of the contact.
        pub email: Option<String> = "filter.customerEmail",
        /// With this language.
        pub language_code: Option<String> = "filter.languageCode",
        /// With this status.
        pub status: Option<CustomerStatus> = "filter.customerStatus",
        /// With this name of the contact.
        pub contact_name: Option<String> = "filter.customerName",
        /// With this domain. Known from one client of 2024.
        pub domain: Option<String> = "filter.customerDomain",
    }
}
provider_http::written!(CustomerStatus);

provider_http::endpoints! {
    client: StreamOneClient;

    /// Customers and their cloud profiles.
    Customers as customers {
        /// One page of customers.
        get "/api/v3/accounts/{accountId}/customers" => list()
            query(filter: CustomerFilter, page: TokenPage) operation(List Customer) -> page Listed<Customer>;

        /// Creates a customer. The answer alone holds the new user's password. `AlreadyExists` when the e-mail
        /// address is in use on the platform.
        post "/api/v3/accounts/{accountId}/customers" => create()
            body(customer: &CustomerWrite) operation(Execute CreateCustomer) -> written Customer;

        /// One customer.
        get "/api/v3/accounts/{accountId}/customers/{customerId}" => get(customer: &str = "customerId")
            operation(Get Customer) -> fetch Customer;

        /// Replaces a customer. What is left out is gone: read, change, write. `AlreadyExists` when the e-mail
        /// address is in use on the platform.
        put "/api/v3/accounts/{accountId}/customers/{customerId}" => replace(id: &str = "customerId")
            body(customer: &CustomerWrite) operation(Execute UpdateCustomer) -> written Customer;

        /// The cloud profiles of a customer: what it is at each cloud provider.
        get "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfiles" =>
            cloud_profiles(customer: &str = "customerId")
            with(provider: Option<&str> = "providerId", enabled_only: Option<bool> = "enabledOnly")
            operation(Get Customer) -> fetch CloudProfiles;

        /// One cloud profile. Azure only, being withdrawn; prefer [`cloud_profiles`](Self::cloud_profiles).
        get "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfile" =>
            cloud_profile(customer: &str = "customerId")
            with(provider: &str = "providerId", refresh: Option<bool> = "refresh")
            operation(Get Customer) -> fetch CloudProfile;

        /// Links a customer to a cloud provider. The body is not documented; known from one source only.
        post "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:link" =>
            link_provider(customer: &str = "customerId", provider: &str = "providerId")
            body(body: &(impl Serialize + Sync + ?Sized)) operation(Execute AttachCustomer) -> undocumented Json;

        /// Provisions a customer at a cloud provider. The body is not documented; known from one source only.
        post "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:provision" =>
            provision_provider(customer: &str = "customerId", provider: &str = "providerId")
            body(body: &(impl Serialize + Sync + ?Sized)) operation(Execute AttachCustomer) -> undocumented Json;
    }
}

impl Customers {
    /// The answer to a page, for what can be told before it is read.
    pub(crate) async fn answer(&self, filter: &CustomerFilter, page: &TokenPage) -> Result<Answer> {
        self.client.answer(customers::list(filter, page.clone())?, &self.call).await
    }

    /// Reads the answer to a page.
    pub(crate) fn read(&self, answer: &Answer) -> Result<Listed<Customer>> {
        self.read_as(answer, |customer, _| Ok(customer))
    }

    /// Reads the answer to a page, and maps its records.
    pub(crate) fn read_as<M>(
        &self,
        answer: &Answer,
        map: impl FnMut(Customer, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.read_page(answer, &self.call, map)
    }

    pub(crate) async fn get_as<M>(
        &self,
        customer: &str,
        map: impl FnOnce(Customer, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        self.client.record_as(customers::get(customer)?, &self.call, map).await
    }
}
