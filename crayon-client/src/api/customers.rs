//! End customers.

use provider_core::Result;
use provider_http::{Answer, RequestSpec};

use crate::client::CrayonClient;
use crate::model::{
    AgreementTypeConsent, AzurePlan, CustomerTenant, CustomerTenantDetailed, CustomerTenantFilter,
    ServiceAccountAgreement,
};
use crate::wire::{Document, Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// End customers: tenants at a publisher.
    CustomerTenants as customer_tenants {
        /// One page of tenants of an organization.
        get "/api/v1/CustomerTenants" => list() query(query: CustomerTenantFilter, paging: Paging) -> list Listed<CustomerTenant>;
        /// One tenant.
        get "/api/v1/CustomerTenants/{id}" => get(id: i64) -> record CustomerTenant;
        /// One tenant with profile and company.
        get "/api/v1/CustomerTenants/{id}/detailed" => get_detailed(id: i64) -> record CustomerTenantDetailed;
        /// Creates a tenant at the publisher. The answer is the only place where the administrator's first
        /// password can be read.
        post "/api/v1/CustomerTenants" => create() body(tenant: &CustomerTenantDetailed) marked(sensitive) -> record CustomerTenantDetailed;
        /// Takes over a tenant that exists at the publisher and is not visible yet. `sync_from_publisher` is in
        /// the vendor's files only, which do not say what it does; it is false where it is not sent.
        post "/api/v1/CustomerTenants/existing" => attach() with(sync_from_publisher: Option<bool> = "syncFromPublisher") body(tenant: &CustomerTenantDetailed) -> record CustomerTenantDetailed;
        /// Replaces the whole composite record: send what [`document`](Self::document) answered, edited.
        put "/api/v1/CustomerTenants/{id}" => update(id: i64) body(tenant: &Document) -> record CustomerTenantDetailed;
        /// Removes a tenant.
        delete "/api/v1/CustomerTenants/{id}" => delete(id: i64) -> done ();
        /// The Azure plan of a tenant; `NotFound` when it has none.
        get "/api/v1/CustomerTenants/{id}/azurePlan" => azure_plan(id: i64) -> record AzurePlan;
        /// The vendor's agreements that a tenant has accepted; empty when it has accepted none.
        get "/api/v1/customertenants/{id}/agreements" => agreements(id: i64) with(agreement_type: Option<AgreementTypeConsent> = "AgreementTypeConsent") -> list Listed<ServiceAccountAgreement>;
        /// Records that a tenant accepted the vendor's agreement.
        post "/api/v1/customertenants/{id}/agreements" => record_agreement(id: i64) body(agreement: &ServiceAccountAgreement) -> record ServiceAccountAgreement;
    }
}

impl CustomerTenants {
    /// The composite record as JSON, to be edited and sent back whole.
    ///
    /// `get /api/v1/CustomerTenants/{id}/detailed`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn document(&self, id: i64) -> Result<Document> {
        self.client.json(customer_tenants::get_detailed(id)?, &self.call).await
    }

    /// [`update`](Self::update) where the answer may be empty and say by its status that it is.
    pub(crate) async fn replace(&self, id: i64, tenant: &Document) -> Result<Option<CustomerTenantDetailed>> {
        self.client.written(customer_tenants::update(id, tenant)?, &self.call).await
    }

    /// [`create`](Self::create) of a tenant without a user: no password is sent, so that what is said against it can
    /// be shown.
    pub(crate) async fn create_without_user(
        &self,
        tenant: &CustomerTenantDetailed,
    ) -> Result<CustomerTenantDetailed> {
        self.client.record(RequestSpec::post("/api/v1/CustomerTenants").json(tenant)?, &self.call).await
    }

    /// [`list`](Self::list): the answer before it is decoded.
    pub(crate) async fn list_answer(&self, query: &CustomerTenantFilter, paging: Paging) -> Result<Answer> {
        self.client.answer(customer_tenants::list(query, paging)?, &self.call).await
    }

    /// [`get_detailed`](Self::get_detailed): the answer before it is decoded.
    pub(crate) async fn get_detailed_answer(&self, id: i64) -> Result<Answer> {
        self.client.answer(customer_tenants::get_detailed(id)?, &self.call).await
    }
}
