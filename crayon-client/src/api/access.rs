//! Who may see which organization.

use crate::Collection;
use crate::model::{self, OrganizationAccessQuery};

endpoints! {
    /// Who may see which organization. These lists name their paging in lower case, as the vendor does.
    OrganizationAccess as organization_access {
        /// What users may do.
        get "/api/v1/OrganizationAccess" => list() query(query: &OrganizationAccessQuery) with(page: u32 = "page", page_size: u32 = "pageSize") -> fetch Collection<model::OrganizationAccess>;
        /// What the signed-in user may grant.
        get "/api/v1/OrganizationAccess/grant" => grantable() query(query: &OrganizationAccessQuery) with(page: u32 = "page", page_size: u32 = "pageSize") -> fetch Collection<model::OrganizationAccess>;
        /// Sets what users may do.
        put "/api/v1/OrganizationAccess" => update() body(access: &[crate::model::OrganizationAccess]) -> fetch Collection<model::OrganizationAccess>;
    }
}
