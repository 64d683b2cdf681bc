//! The API's own users, clients and secrets.

use crate::wire::Paging;
use crate::wire::SecretText;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Who is signed in.
    pub struct Me {
        /// The user's GUID.
        pub user_id: Option<String>,
        /// The name it signs in with.
        pub user_name: Option<String>,
        /// What the token says about it.
        pub claims: Vec<String>,
    }

    /// A user of the portal and the API.
    pub struct User {
        /// Its GUID.
        pub id: Option<String>,
        /// The name it signs in with.
        pub user_name: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// Whether that was confirmed.
        pub email_confirmed: Option<bool>,
        /// Whether it can be locked out.
        pub lockout_enabled: Option<bool>,
        /// Until when it is locked out.
        pub lockout_end: Option<DateTime>,
        /// The phone number.
        pub phone_number: Option<String>,
        /// Whether that was confirmed.
        pub phone_number_confirmed: Option<bool>,
        /// Whether it signs in with two factors. Such a user cannot use the API.
        pub two_factor_enabled: Option<bool>,
        /// Whether it administers the tenant.
        pub tenant_admin: Option<bool>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An API client.
    pub struct Client {
        /// Its GUID.
        pub client_id: Option<String>,
        /// Its name.
        pub client_name: Option<String>,
        /// The client's URI.
        pub client_uri: Option<String>,
        /// Whether it may sign in.
        pub enabled: Option<bool>,
        /// Its secrets, without their values.
        pub client_secrets: Vec<Secret>,
        /// Its redirect URIs.
        pub redirect_uris: Vec<String>,
        /// When it last changed.
        pub time_stamp: Option<DateTime>,
        /// How it signs in.
        pub flow: Option<Flow>,
    }

    /// A secret of an API client. Its value is only in the answer to its creation.
    pub struct Secret {
        /// Its id.
        pub id: Option<i64>,
        /// Whose it is.
        pub client_id: Option<String>,
        /// The value: shown once.
        pub value: Option<SecretText>,
        /// What it is for.
        pub description: Option<String>,
        /// When it ends.
        pub expiration: Option<DateTime>,
        /// When it was made.
        pub time_stamp: Option<DateTime>,
    }

    /// A user to make or change.
    pub struct UserUpsert {
        /// Its GUID.
        pub id: Option<String>,
        /// The name it signs in with.
        pub user_name: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// Whether it can be locked out.
        pub lockout_enabled: Option<bool>,
        /// Whether it administers the tenant.
        pub tenant_admin: Option<bool>,
    }

    /// A new password for a user: the only way to set one.
    pub struct UserChangePassword {
        /// The user's GUID.
        pub user_id: Option<String>,
        /// The password it has.
        pub old_password: Option<SecretText>,
        /// The password it gets.
        pub new_password: Option<SecretText>,
    }
}

numeric_enum! {
    /// How an API client signs in.
    pub enum Flow {
        /// Authorization code.
        AuthorizationCode = 0,
        /// Implicit.
        Implicit = 1,
        /// Resource owner password: what this client needs.
        ResourceOwner = 4,
        /// Something else.
        Other = 9999,
    }
}

flags! {
    /// What a user is.
    pub struct UserRole {
        /// Not specified.
        NONE = 0,
        /// A user.
        USER = 1,
        /// An administrator of the tenant.
        TENANT_ADMIN = 2,
    }
}

provider_http::query! {
    /// Which users are listed.
    pub struct UserFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// With this role.
        pub role: Option<UserRole> = "Role",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which records are listed, where only a search is offered.
    pub struct SearchFilter paged(Paging) {
        /// Found by this text.
        pub search: Option<String> = "Search",
    }
}
