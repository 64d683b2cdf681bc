//! Users, API clients, and what was logged of their work.

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

    /// What happened to a record.
    pub enum ChangeType {
        /// It was deleted.
        Delete = 1,
        /// It was inserted.
        Insert = 2,
        /// It was updated.
        Update = 3,
    }

    /// How far the set-up of an AWS account is.
    pub enum AwsMasterAccountStatus {
        /// Not said.
        None = 0,
        /// In use.
        Active = 1,
        /// The customer has to activate it.
        PendingCustomerActivation = 2,
        /// Crayon has to act.
        PendingCrayonAction = 3,
    }
}

flags! {
    /// What a user is.
    pub struct UserRole {
        /// Not said.
        NONE = 0,
        /// A user.
        USER = 1,
        /// An administrator of the tenant.
        TENANT_ADMIN = 2,
    }

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
