//! Customers and their cloud profiles (v3).

use provider_core::{CommandKind, EntityKind, ItemError, Operation, Raw, Result};
use provider_http::{Answer, RequestSpec};
use serde::Serialize;

use super::handle;
use crate::model::{CloudProfile, CloudProfiles, Customer, CustomerStatus, CustomerWrite, Json};
use crate::wire::envelope::{self, Listed, TokenPage};

handle! {
    /// Customers and their cloud profiles.
    Customers
}

/// Which customers.
///
/// The vendor warns that the other filters work as meant only together with a status: ask for
/// [`CustomerStatus::Active`], and again for [`CustomerStatus::Inactive`] where those matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerFilter {
    /// With this e-mail address of the contact.
    pub email: Option<String>,
    /// With this language.
    pub language_code: Option<String>,
    /// In this state.
    pub status: Option<CustomerStatus>,
    /// With this name of the contact.
    pub contact_name: Option<String>,
    /// With this domain. Known from one client of 2024.
    pub domain: Option<String>,
}

impl CustomerFilter {
    /// In this state.
    #[must_use]
    pub fn status(mut self, status: CustomerStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// With this e-mail address of the contact.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }
}

impl Customers<'_> {
    /// One page of customers: `GET /accounts/{a}/customers`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(&self, filter: &CustomerFilter, page: &TokenPage) -> Result<Listed<Customer>> {
        self.list_as(filter, page, |customer, _| Ok(customer)).await
    }

    pub(crate) async fn list_as<M>(
        &self,
        filter: &CustomerFilter,
        page: &TokenPage,
        map: impl FnMut(Customer, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let answer = self.page(filter, page).await?;
        envelope::read(self.client.http(), &answer, &self.call, "customers", map)
    }

    /// Reads the answer to a page.
    pub(crate) fn read(&self, answer: &Answer) -> Result<Listed<Customer>> {
        envelope::read(self.client.http(), answer, &self.call, "customers", |customer, _| Ok(customer))
    }

    pub(crate) async fn page(&self, filter: &CustomerFilter, page: &TokenPage) -> Result<Answer> {
        let spec = page
            .ask(RequestSpec::get("/api/v3/accounts/{accountId}/customers"))
            .query_opt("filter.customerEmail", filter.email.as_deref())
            .query_opt("filter.languageCode", filter.language_code.as_deref())
            .query_opt("filter.customerStatus", filter.status.as_ref())
            .query_opt("filter.customerName", filter.contact_name.as_deref())
            .query_opt("filter.customerDomain", filter.domain.as_deref())
            .operation(Operation::List(EntityKind::Customer));
        self.client.send(spec, &self.call).await
    }

    /// One customer: `GET /accounts/{a}/customers/{c}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, customer: &str) -> Result<Customer> {
        self.get_as(customer, |customer, _| Ok(customer)).await
    }

    pub(crate) async fn get_as<M>(
        &self,
        customer: &str,
        map: impl FnOnce(Customer, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/customers/{customerId}")
            .path("customerId", customer)
            .operation(Operation::Get(EntityKind::Customer));
        let answer = self.client.send(spec, &self.call).await?;
        envelope::record(&answer, &self.call, map)
    }

    /// Creates a customer: `POST /accounts/{a}/customers`. The answer alone holds the new user's password.
    ///
    /// # Errors
    /// `AlreadyExists` when the e-mail address is in use on the platform; whatever the call ends in.
    pub async fn create(&self, customer: &CustomerWrite) -> Result<Customer> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/customers")
            .json(customer)?
            .operation(Operation::Execute(CommandKind::CreateCustomer));
        self.client.json(spec, &self.call).await
    }

    /// Replaces a customer: `PUT /accounts/{a}/customers/{c}`. What is left out is gone: read, change, write.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn replace(&self, id: &str, customer: &CustomerWrite) -> Result<Customer> {
        let spec = RequestSpec::put("/api/v3/accounts/{accountId}/customers/{customerId}")
            .path("customerId", id)
            .json(customer)?
            .operation(Operation::Execute(CommandKind::UpdateCustomer));
        self.client.json(spec, &self.call).await
    }

    /// What a customer is at the cloud providers: `GET /accounts/{a}/customers/{c}/cloudProfiles`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn cloud_profiles(
        &self,
        customer: &str,
        provider: Option<&str>,
        enabled_only: Option<bool>,
    ) -> Result<CloudProfiles> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfiles")
            .path("customerId", customer)
            .query_opt("providerId", provider)
            .query_opt("enabledOnly", enabled_only)
            .operation(Operation::Get(EntityKind::Customer));
        self.client.json(spec, &self.call).await
    }

    /// One cloud profile: `GET /accounts/{a}/customers/{c}/cloudProfile`. Azure only, being withdrawn;
    /// prefer [`cloud_profiles`](Self::cloud_profiles).
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn cloud_profile(
        &self,
        customer: &str,
        provider: &str,
        refresh: Option<bool>,
    ) -> Result<CloudProfile> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfile")
            .path("customerId", customer)
            .query("providerId", provider)
            .query_opt("refresh", refresh)
            .operation(Operation::Get(EntityKind::Customer));
        self.client.json(spec, &self.call).await
    }

    /// Links a customer to a cloud provider: `POST .../cloudProviders/{p}:link`. The body is not
    /// documented; known from one source only.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn link_provider(
        &self,
        customer: &str,
        provider: &str,
        body: &(impl Serialize + Sync + ?Sized),
    ) -> Result<Json> {
        let template = "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:link";
        self.attach(RequestSpec::post(template).json(body)?, customer, provider).await
    }

    /// Provisions a customer at a cloud provider: `POST .../cloudProviders/{p}:provision`. The body is not
    /// documented; known from one source only.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn provision_provider(
        &self,
        customer: &str,
        provider: &str,
        body: &(impl Serialize + Sync + ?Sized),
    ) -> Result<Json> {
        let template =
            "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:provision";
        self.attach(RequestSpec::post(template).json(body)?, customer, provider).await
    }

    async fn attach(&self, spec: RequestSpec, customer: &str, provider: &str) -> Result<Json> {
        let spec = spec
            .path("customerId", customer)
            .path("providerId", provider)
            .operation(Operation::Execute(CommandKind::AttachCustomer));
        envelope::undocumented(&self.client.send(spec, &self.call).await?).map(Json)
    }
}
