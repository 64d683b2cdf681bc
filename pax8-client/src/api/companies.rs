//! Companies.

use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{endpoints, query, written};

use crate::client::Pax8Client;
use crate::model::{Company, CompanyStatus, CompanyUpdate, NewCompany};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{CompanyField, Sort};

written!(CompanyStatus);

query! {
    /// Which companies. Matches are exact.
    #[derive(Eq)]
    pub struct CompanyFilter paged(PageOf) {
        /// In this order.
        pub sort: Option<Sort<CompanyField>> = "sort",
        /// In this city.
        pub city: Option<String> = "city",
        /// In this country.
        pub country: Option<String> = "country",
        /// In this state or province.
        pub state_or_province: Option<String> = "stateOrProvince",
        /// With this postal code.
        pub postal_code: Option<String> = "postalCode",
        /// That may, or may not, order for themselves.
        pub self_service_allowed: Option<bool> = "selfServiceAllowed",
        /// That Pax8 bills, or does not.
        pub bill_on_behalf_of_enabled: Option<bool> = "billOnBehalfOfEnabled",
        /// Whose orders wait for an approval, or do not.
        pub order_approval_required: Option<bool> = "orderApprovalRequired",
        /// With this status.
        pub status: Option<CompanyStatus> = "status",
    }
}

endpoints! {
    client: Pax8Client;

    /// Companies: end customers of the partner. There is no delete, and no search by name.
    Companies as companies {
        /// A page of companies.
        get "/v1/companies" => list() query(filter: CompanyFilter, page: PageOf) operation(List Customer) -> page Listed<Company>;
        /// Creates a company. Sent once: there is no idempotency key. After `Unknown` list the companies
        /// before anything is sent again.
        post "/v1/companies" => create() body(company: &NewCompany) operation(Execute CreateCustomer) -> written Company;
        /// One company.
        get "/v1/companies/{companyId}" => get(id: &str = "companyId") operation(Get Customer) -> record Company;
        /// Changes a company. An update that changes nothing is refused by Pax8.
        patch "/v1/companies/{companyId}" => update(id: &str = "companyId") body(update: &CompanyUpdate) operation(Execute UpdateCustomer) -> written Company;
    }
}

impl Companies {
    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &CompanyFilter,
        page: PageOf,
        map: impl FnMut(Company, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(companies::list(filter, page)?, &self.call, map).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Company, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(companies::get(id)?, &self.call, map).await
    }
}
