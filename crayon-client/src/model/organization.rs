//! Organizations of the partner, their addresses and sales contacts.

use super::{Agreement, ObjectReference};

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Who at Crayon looks after an organization.
    pub struct SalesContact {
        /// The name.
        pub full_name: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// The phone number.
        pub phone: Option<String>,
    }

    /// An address of an organization.
    pub struct Address {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// What it is called.
        pub name: Option<String>,
        /// The address as it is printed.
        pub complete_address: Option<String>,
        /// Street and number.
        pub street: Option<String>,
        /// Postal code.
        pub zip_code: Option<String>,
        /// City.
        pub city: Option<String>,
        /// County: not the country.
        pub county: Option<String>,
        /// State or province.
        pub state: Option<String>,
        /// ISO 3166-1 code.
        pub country_code: Option<String>,
        /// Whether it is the first address.
        pub primary: Option<bool>,
        /// What it is for.
        pub address_type: Option<AddressType>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An organization of the partner: the key of nearly every filter.
    pub struct Organization {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// The organization above it; 0 at the top.
        pub parent_id: Option<i64>,
        /// The Crayon company one buys from.
        pub crayon_company_name: Option<String>,
        /// The account number in Crayon's accounting system.
        pub account_number: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

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

numeric_enum! {
    /// What an address is for.
    pub enum AddressType {
        /// Not specified.
        None = 0,
        /// Invoices.
        Invoice = 1,
        /// Deliveries.
        Delivery = 2,
    }
}

flags! {
    /// What a user may do in an organization.
    pub struct OrganizationAccessRole {
        /// Nothing.
        NONE = 0,
        /// Use it.
        USER = 1,
        /// Administer it.
        ADMINISTRATOR = 2,
        /// Look at it.
        VIEWER = 4,
    }
}

provider_http::query! {
    /// Which grants are listed.
    pub struct OrganizationAccessFilter {
        /// Of this organization; 0 means all.
        pub organization_id: Option<i64> = "organizationId",
        /// Of this user.
        pub user_id: Option<String> = "userId",
    }
}
