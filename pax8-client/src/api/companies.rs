//! Companies.

use provider_core::{CommandKind, EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::{CompanyField, Sort, handle};
use crate::auth::Audience;
use crate::model::{Company, CompanyStatus, CompanyUpdate, NewCompany};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Companies: end customers of the partner. There is no delete, and no search by name.
    Companies
}

/// Which companies. Matches are exact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompanyFilter {
    /// In this city.
    pub city: Option<String>,
    /// In this country.
    pub country: Option<String>,
    /// In this state or province.
    pub state_or_province: Option<String>,
    /// With this postal code.
    pub postal_code: Option<String>,
    /// That may, or may not, order for themselves.
    pub self_service_allowed: Option<bool>,
    /// That Pax8 bills, or does not.
    pub bill_on_behalf_of_enabled: Option<bool>,
    /// Whose orders wait for an approval, or do not.
    pub order_approval_required: Option<bool>,
    /// In this state.
    pub status: Option<CompanyStatus>,
    /// In this order.
    pub sort: Option<Sort<CompanyField>>,
}

impl CompanyFilter {
    fn spec(&self, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/companies")
            .operation(Operation::List(EntityKind::Customer))
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("sort", self.sort)
            .query_opt("city", self.city.as_deref())
            .query_opt("country", self.country.as_deref())
            .query_opt("stateOrProvince", self.state_or_province.as_deref())
            .query_opt("postalCode", self.postal_code.as_deref())
            .query_opt("selfServiceAllowed", self.self_service_allowed)
            .query_opt("billOnBehalfOfEnabled", self.bill_on_behalf_of_enabled)
            .query_opt("orderApprovalRequired", self.order_approval_required)
            .query_opt("status", self.status.as_ref())
    }
}

fn get(id: &str) -> RequestSpec {
    RequestSpec::get("/v1/companies/{companyId}")
        .operation(Operation::Get(EntityKind::Customer))
        .path("companyId", id)
}

impl Companies<'_> {
    /// `GET /v1/companies`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, filter: &CompanyFilter, page: PageOf) -> Result<Listed<Company>> {
        self.list_as(filter, page, |record, _| Ok(record)).await
    }

    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &CompanyFilter,
        page: PageOf,
        map: impl FnMut(Company, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(page), &self.call, map).await
    }

    /// `GET /v1/companies/{companyId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Company> {
        self.client.record(Audience::Partner, get(id), &self.call).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Company, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(get(id), &self.call, map).await
    }

    /// `POST /v1/companies`. Sent once: there is no idempotency key.
    ///
    /// # Errors
    /// Whatever the call ended in; after `Unknown` list the companies before anything is sent again.
    pub async fn create(&self, company: &NewCompany) -> Result<Company> {
        let spec = RequestSpec::post("/v1/companies")
            .operation(Operation::Execute(CommandKind::CreateCustomer))
            .json(company)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `PATCH /v1/companies/{companyId}`. An update that changes nothing is refused by Pax8.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update(&self, id: &str, update: &CompanyUpdate) -> Result<Company> {
        let spec = RequestSpec::patch("/v1/companies/{companyId}")
            .operation(Operation::Execute(CommandKind::UpdateCustomer))
            .path("companyId", id)
            .json(update)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }
}
