//! End customers: tenants and the composite record around them.

use super::{ObjectReference, Organization, SubscriptionPriceType};
use crate::wire::Paging;
use crate::wire::SecretText;

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// The vendor's agreement, as it is sent along with a new tenant.
    pub struct CustomerTenantAgreement {
        /// First name of who accepted.
        pub first_name: Option<String>,
        /// Last name of who accepted.
        pub last_name: Option<String>,
        /// Phone number of who accepted.
        pub phone_number: Option<String>,
        /// E-mail address of who accepted.
        pub email: Option<String>,
        /// Whether that is the primary contact.
        pub same_as_primary_contact: Option<bool>,
        /// When it was accepted.
        pub date_agreed: Option<DateTime>,
        /// Whether it was accepted.
        pub accepted: Option<bool>,
        /// Which agreement.
        pub agreement_type: Option<AgreementTypeConsent>,
    }

    /// An end customer's tenant.
    pub struct CustomerTenant {
        /// Its id; other routes call it reseller customer or cloud account.
        pub id: i64,
        /// The end customer's name.
        pub name: Option<String>,
        /// The publisher it is a tenant of.
        pub publisher: Option<ObjectReference>,
        /// The program it buys in.
        pub program: Option<ObjectReference>,
        /// The customer's id on the publisher's side of the partner.
        pub publisher_customer_id: Option<String>,
        /// The tenant's own id at the publisher, such as Microsoft's directory id.
        pub external_publisher_customer_id: Option<String>,
        /// Its full domain.
        pub domain: Option<String>,
        /// The first label of its domain.
        pub domain_prefix: Option<String>,
        /// The partner's own reference.
        pub reference: Option<String>,
        /// Whose tenant it is.
        pub customer_tenant_type: Option<CustomerTenantType>,
        /// Whether it was removed.
        pub entity_status: Option<EntityStatus>,
        /// The organization that owns it.
        pub organization: Option<Organization>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// The consumer behind it.
        pub consumer: Option<ObjectReference>,
        /// The partner's markup in per cent.
        pub reseller_markup: Option<Decimal>,
        /// How resale prices are set unless a subscription says otherwise.
        pub default_subscription_price_type: Option<SubscriptionPriceType>,
        /// The vendor's agreement. The vendor spells this one member in lower case.
        pub agreement: Option<CustomerTenantAgreement>,
    }

    /// The administrator of a new tenant.
    pub struct CustomerTenantUser {
        /// The account's name.
        pub user_name: Option<String>,
        /// Its first password: only in the answer to the creation.
        pub password: Option<SecretText>,
    }

    /// The primary contact of a tenant.
    pub struct CustomerTenantContact {
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// Phone number.
        pub phone_number: Option<String>,
    }

    /// The address of a tenant.
    pub struct CustomerTenantAddress {
        /// First name of the addressee.
        pub first_name: Option<String>,
        /// Middle name of the addressee.
        pub middle_name: Option<String>,
        /// Last name of the addressee.
        pub last_name: Option<String>,
        /// Street and number.
        pub address_line1: Option<String>,
        /// Second line.
        pub address_line2: Option<String>,
        /// Third line.
        pub address_line3: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State or province.
        pub region: Option<String>,
        /// Postal code.
        pub postal_code: Option<String>,
        /// ISO 3166-1 code.
        pub country_code: Option<String>,
        /// The country's name; usually `None`.
        pub country_name: Option<String>,
    }

    /// Language, contact and address of a tenant.
    pub struct CustomerTenantProfile {
        /// The culture, such as `en-US`.
        pub culture_code: Option<String>,
        /// The language, such as `en`.
        pub language_code: Option<String>,
        /// The primary contact.
        pub contact: Option<CustomerTenantContact>,
        /// The address.
        pub address: Option<CustomerTenantAddress>,
        /// The vendor's agreement, sent along with a creation.
        pub agreement: Option<CustomerTenantAgreement>,
    }

    /// The company behind a tenant.
    pub struct CustomerTenantCompany {
        /// Its registration or VAT number.
        pub organization_registration_number: Option<String>,
    }

    /// The composite record of an end customer.
    pub struct CustomerTenantDetailed {
        /// The tenant.
        pub tenant: Option<CustomerTenant>,
        /// Its first administrator.
        pub user: Option<CustomerTenantUser>,
        /// Language, contact and address.
        pub profile: Option<CustomerTenantProfile>,
        /// The company.
        pub company: Option<CustomerTenantCompany>,
    }

    /// The vendor's agreement, as it was recorded for a tenant.
    pub struct ServiceAccountAgreement {
        /// First name of who accepted.
        pub first_name: Option<String>,
        /// Last name of who accepted.
        pub last_name: Option<String>,
        /// Phone number of who accepted.
        pub phone_number: Option<String>,
        /// E-mail address of who accepted.
        pub email: Option<String>,
        /// When it was accepted.
        pub date_agreed: Option<DateTime>,
        /// Which agreement.
        pub agreement_type: Option<AgreementTypeConsent>,
    }
}

numeric_enum! {
    /// Whose tenant it is.
    pub enum CustomerTenantType {
        /// Not specified.
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
}

provider_http::query! {
    /// Which tenants are listed.
    pub struct CustomerTenantFilter paged(Paging) {
        /// Of this organization: required.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// Of this program.
        pub program_id: Option<i64> = "ProgramId",
        /// Of this consumer.
        pub consumer_id: Option<i64> = "ConsumerId",
        /// With this domain.
        pub domain: Option<String> = "Domain",
        /// Whose domain begins with this label.
        pub domain_prefix: Option<String> = "DomainPrefix",
        /// Of this type.
        pub customer_tenant_type: Option<CustomerTenantType> = "CustomerTenantType",
        /// With this invoice profile.
        pub invoice_profile_id: Option<i64> = "InvoiceProfileId",
        /// Whose name or reference is found by this text.
        pub search: Option<String> = "Search",
    }
}
