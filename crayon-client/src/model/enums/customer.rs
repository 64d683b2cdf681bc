//! Tenants and the addresses around them.

numeric_enum! {
    /// Whose tenant it is.
    pub enum CustomerTenantType {
        /// Not said.
        None = 0,
        /// The partner's own.
        T1 = 1,
        /// An end customer's.
        T2 = 2,
    }

    /// Whether a record was removed.
    pub enum EntityStatus {
        /// It is there.
        None = 0,
        /// It was removed.
        Removed = 1,
    }

    /// The vendor's agreement that a customer accepts.
    pub enum AgreementTypeConsent {
        /// The older cloud agreement.
        MicrosoftCloudAgreement = 0,
        /// The agreement that new orders need.
        MicrosoftCustomerAgreement = 1,
    }

    /// What an address is for.
    pub enum AddressType {
        /// Not said.
        None = 0,
        /// Invoices.
        Invoice = 1,
        /// Deliveries.
        Delivery = 2,
    }

    /// Which list of regions is meant.
    pub enum RegionList {
        /// Not said.
        None = 0,
        /// Those of Microsoft's CSP programme.
        MicrosoftCsp = 1,
        /// Those of the organization.
        OrganizationSpecific = 2,
    }
}
