//! Who may see which organization.

use super::{Agreement, Organization, OrganizationAccessRole, query};

wire! {
    /// A user, in short.
    pub struct UserProfile {
        /// Its GUID.
        pub id: Option<String>,
        /// The name it signs in with.
        pub user_name: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
    }

    /// Whether a user sees an agreement.
    pub struct AgreementAccess {
        /// Whether it does.
        pub has_access: Option<bool>,
        /// The agreement.
        pub agreement: Option<Agreement>,
    }

    /// What a user may do in an organization.
    pub struct OrganizationAccess {
        /// Its id.
        pub id: i64,
        /// Whether it sees every agreement.
        pub all_agreements: Option<bool>,
        /// The agreements one by one.
        pub agreements: Vec<AgreementAccess>,
        /// The organization.
        pub organization: Option<Organization>,
        /// The user.
        pub user: Option<UserProfile>,
        /// What it may do.
        pub role: Option<OrganizationAccessRole>,
        /// The Crayon company behind the organization.
        pub crayon_company_name: Option<String>,
        /// When it last changed.
        pub timestamp: Option<DateTime>,
    }
}

query! {
    /// Which grants are listed.
    pub struct OrganizationAccessQuery {
        /// Of this organization; 0 means all.
        pub organization_id: Option<i64> = "organizationId",
        /// Of this user.
        pub user_id: Option<String> = "userId",
    }
}
