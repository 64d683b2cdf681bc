//! Organizations of the partner, who may see them, and their addresses.

use crate::client::CrayonClient;
use crate::model::{
    self, Address, AddressType, Organization, OrganizationAccessFilter, SalesContact, SearchFilter,
};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Organizations of the partner.
    Organizations as organizations {
        /// One page of organizations that the user may see.
        get "/api/v1/Organizations" => list() query(query: SearchFilter, paging: Paging) -> list Listed<Organization>;
        /// One organization.
        get "/api/v1/Organizations/{id}" => get(id: i64) -> record Organization;
        /// Who at Crayon looks after an organization.
        get "/api/v1/Organizations/{organization}/salescontact" => sales_contact(organization: i64) -> record SalesContact;
        /// Whether the user may see an organization.
        get "/api/v1/Organizations/HasAccess/{id}" => has_access(id: i64) -> json bool;
    }

    /// Who may see which organization. These lists name their paging in lower case, as the vendor does.
    OrganizationAccess as organization_access {
        /// One page of what users may do.
        get "/api/v1/OrganizationAccess" => list() query(query: OrganizationAccessFilter) with(page: u32 = "page", page_size: u32 = "pageSize") -> list Listed<model::OrganizationAccess>;
        /// One page of what the signed-in user may grant.
        get "/api/v1/OrganizationAccess/grant" => grantable() query(query: OrganizationAccessFilter) with(page: u32 = "page", page_size: u32 = "pageSize") -> list Listed<model::OrganizationAccess>;
        /// Sets what users may do.
        put "/api/v1/OrganizationAccess" => update() body(access: &[crate::model::OrganizationAccess]) -> list Listed<model::OrganizationAccess>;
    }

    /// Addresses of organizations.
    Addresses as addresses {
        /// Addresses of an organization.
        get "/api/v1/organizations/{organization}/Addresses" => list(organization: i64) with(address_type: Option<AddressType> = "type") -> list Listed<Address>;
        /// One address.
        get "/api/v1/organizations/{organization}/Addresses/{id}" => get(organization: i64, id: i64) -> record Address;
    }
}
