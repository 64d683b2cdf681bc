//! Organizations of the partner and their addresses.

use crate::Collection;
use crate::model::{Address, AddressType, Organization, SalesContact, SearchQuery};

endpoints! {
    /// Organizations of the partner.
    Organizations as organizations {
        /// Organizations that the user may see.
        get "/api/v1/Organizations" => list() query(query: &SearchQuery) paged(paging) -> fetch Collection<Organization>;
        /// One organization.
        get "/api/v1/Organizations/{id}" => get(id: i64) -> fetch Organization;
        /// Who at Crayon looks after an organization.
        get "/api/v1/Organizations/{organization}/salescontact" => sales_contact(organization: i64) -> fetch SalesContact;
        /// Whether the user may see an organization.
        get "/api/v1/Organizations/HasAccess/{id}" => has_access(id: i64) -> fetch bool;
    }
}

endpoints! {
    /// Addresses of organizations.
    Addresses as addresses {
        /// Addresses of an organization.
        get "/api/v1/organizations/{organization}/Addresses" => list(organization: i64) with(address_type: Option<AddressType> = "type") -> fetch Collection<Address>;
        /// One address.
        get "/api/v1/organizations/{organization}/Addresses/{id}" => get(organization: i64, id: i64) -> fetch Address;
    }
}
