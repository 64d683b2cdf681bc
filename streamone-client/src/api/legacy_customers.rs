//! Customers and cloud accounts of v1.

use provider_core::{ErrorKind, Result};
use provider_http::{Answer, RequestSpec};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::handle;
use crate::model::{CloudAccount, CustomFieldValue, Id, Json, LegacyCustomer, LegacyCustomerWrite};
use crate::wire::envelope::{self, Listed, OffsetPage};
use crate::wire::legacy::{self, LegacyFilter};

handle! {
    /// Customers and cloud accounts of v1, which the vendor has announced as deprecated. They need an API
    /// key.
    LegacyCustomers
}

impl LegacyCustomers<'_> {
    /// One page of customers: `GET /customers`. Known filters: `email`, `name`, `groupId`.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn list(&self, filter: &LegacyFilter, page: OffsetPage) -> Result<Listed<LegacyCustomer>> {
        let http = self.client.v1()?;
        let spec = filter.ask(RequestSpec::get("/api/v1/customers"), page);
        let answer = self.client.send_v1(spec, &self.call).await?;
        legacy::read(http, &answer, &self.call, "customer", |customer, _| Ok(customer))
    }

    /// One customer: `GET /customers/{id}`.
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` without an API key; whatever the call ends in.
    pub async fn get(&self, customer: &str) -> Result<LegacyCustomer> {
        let spec = RequestSpec::get("/api/v1/customers/{customerId}").path("customerId", customer);
        first(&self.send(spec).await?, "customer")
    }

    /// Creates a customer: `POST /customers`. Answers its id. Prefer
    /// [`Customers::create`](super::Customers::create).
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn create(&self, customer: &LegacyCustomerWrite) -> Result<Option<Id>> {
        let spec = RequestSpec::post("/api/v1/customers").form(&customer.form());
        Ok(first::<LegacyCustomer>(&self.send(spec).await?, "customer")?.id)
    }

    /// Sets fields of the reseller: `PUT /customers/{id}`.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn set_custom_fields(&self, customer: &str, values: &[CustomFieldValue]) -> Result<Json> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            custom_fields_values: &'a [CustomFieldValue],
        }
        let spec = RequestSpec::put("/api/v1/customers/{customerId}")
            .path("customerId", customer)
            .json(&Body { custom_fields_values: values })?;
        envelope::undocumented(&self.send(spec).await?).map(Json)
    }

    /// Accounts of a customer at cloud providers: `GET /customers/{id}/cloud-accounts`. Known from one
    /// source only.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn cloud_accounts(&self, customer: &str) -> Result<Listed<CloudAccount>> {
        let spec =
            RequestSpec::get("/api/v1/customers/{customerId}/cloud-accounts").path("customerId", customer);
        let answer = self.send(spec).await?;
        legacy::read(self.client.v1()?, &answer, &self.call, "cloud_account", |account, _| Ok(account))
    }

    /// Makes a cloud account: `POST /cloud-accounts`. Known from one source, for an older host.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn create_cloud_account(
        &self,
        account_number: &str,
        provider_code: &str,
        email: &str,
    ) -> Result<CloudAccount> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            account_number: &'a str,
            provider_code: &'a str,
            email: &'a str,
        }
        let spec = RequestSpec::post("/api/v1/cloud-accounts").json(&Body {
            account_number,
            provider_code,
            email,
        })?;
        first(&self.send(spec).await?, "cloud_account")
    }

    /// Gives a cloud account to a customer: `POST /cloud-accounts/{id}/assign-customer`. Known from one
    /// source, for an older host; its body is not fully known.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn assign_cloud_account(
        &self,
        cloud_account: &str,
        body: &(impl Serialize + Sync + ?Sized),
    ) -> Result<Json> {
        let spec = RequestSpec::post("/api/v1/cloud-accounts/{cloudAccountId}/assign-customer")
            .path("cloudAccountId", cloud_account)
            .json(body)?;
        envelope::undocumented(&self.send(spec).await?).map(Json)
    }

    async fn send(&self, spec: RequestSpec) -> Result<Answer> {
        self.client.send_v1(spec, &self.call).await
    }
}

/// The one record of an answer, whether it stands in a list or alone.
fn first<T: DeserializeOwned>(answer: &Answer, entity: &'static str) -> Result<T> {
    let records = legacy::records(answer, entity)?;
    let missing = || answer.error(ErrorKind::Decode, format!("the answer holds no data.{entity}"));
    let record = records.first().ok_or_else(missing)?;
    serde_json::from_str(record.get())
        .map_err(|_| answer.error(ErrorKind::Decode, format!("the answer does not fit: data.{entity}")))
}
