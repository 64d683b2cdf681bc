//! The bodies of customer tenants and their agreements.

use crate::crayon::access::body::ORGANIZATION;
use crate::crayon::engine::enums::{
    AGREEMENT_TYPE_CONSENT, AWS_MASTER_ACCOUNT_STATUS, CUSTOMER_TENANT_TYPE, ENTITY_STATUS,
    SUBSCRIPTION_PRICE_TYPE,
};
use crate::crayon::engine::shape::{choice, date, flag, int, nested, number, refers, shape, text};
use crate::crayon::subscription::body::SUBSCRIPTION_TAGS;

shape!(
    TENANT_CONTACT,
    "CustomerTenantContact",
    [text("FirstName"), text("LastName"), text("Email"), text("PhoneNumber"),]
);

shape!(
    TENANT_AGREEMENT,
    "CustomerTenantAgreement",
    [
        text("FirstName"),
        text("LastName"),
        text("PhoneNumber"),
        text("Email"),
        flag("SameAsPrimaryContact"),
        date("DateAgreed").opt(),
        flag("Accepted"),
        choice("AgreementType", &AGREEMENT_TYPE_CONSENT),
    ]
);

shape!(
    TENANT,
    "CustomerTenant",
    [
        int("Id"),
        text("Name"),
        refers("Publisher"),
        refers("Program"),
        text("PublisherCustomerId"),
        text("ExternalPublisherCustomerId"),
        text("Domain"),
        text("DomainPrefix"),
        text("Reference"),
        choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
        choice("EntityStatus", &ENTITY_STATUS),
        nested("Organization", &ORGANIZATION),
        refers("InvoiceProfile"),
        refers("Consumer"),
        number("ResellerMarkup"),
        choice("DefaultSubscriptionPriceType", &SUBSCRIPTION_PRICE_TYPE),
        nested("Agreement", &TENANT_AGREEMENT),
    ]
);

shape!(TENANT_USER, "CustomerTenantUser", [text("UserName"), text("Password")]);

shape!(
    TENANT_ADDRESS,
    "CustomerTenantAddress",
    [
        text("FirstName"),
        text("MiddleName"),
        text("LastName"),
        text("AddressLine1"),
        text("AddressLine2"),
        text("AddressLine3"),
        text("City"),
        text("Region"),
        text("PostalCode"),
        text("CountryCode"),
        text("CountryName"),
    ]
);

shape!(
    TENANT_PROFILE,
    "CustomerTenantProfile",
    [
        text("CultureCode"),
        text("LanguageCode"),
        nested("Contact", &TENANT_CONTACT),
        nested("Address", &TENANT_ADDRESS),
        nested("Agreement", &TENANT_AGREEMENT),
    ]
);

shape!(TENANT_COMPANY, "CustomerTenantCompany", [text("OrganizationRegistrationNumber")]);

shape!(
    TENANT_DETAILED,
    "CustomerTenantDetailed",
    [
        nested("Tenant", &TENANT).required(),
        nested("User", &TENANT_USER),
        nested("Profile", &TENANT_PROFILE),
        nested("Company", &TENANT_COMPANY),
    ]
);

shape!(
    SERVICE_ACCOUNT_AGREEMENT,
    "ServiceAccountAgreement",
    [
        text("FirstName").required(),
        text("LastName").required(),
        text("PhoneNumber"),
        text("Email").required(),
        date("DateAgreed").required(),
        choice("AgreementType", &AGREEMENT_TYPE_CONSENT).required(),
    ]
);

shape!(
    AWS_ACCOUNT,
    "AwsAccount",
    [
        int("Id"),
        text("Name").required(),
        text("Email"),
        refers("Publisher"),
        text("ExternalPublisherCustomerId"),
        text("Reference"),
        choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
        choice("EntityStatus", &ENTITY_STATUS),
        nested("Organization", &ORGANIZATION),
        refers("InvoiceProfile"),
        flag("IsActivated"),
        nested("Tags", &SUBSCRIPTION_TAGS),
        text("PayerAccountId"),
        text("AwsAccountName"),
        choice("MasterAccountStatus", &AWS_MASTER_ACCOUNT_STATUS),
    ]
);

shape!(
    CRAYON_ACCOUNT,
    "CrayonAccount",
    [
        int("Id"),
        text("Name").required(),
        text("Email"),
        refers("Publisher"),
        text("ExternalPublisherCustomerId"),
        text("Reference"),
        choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
        choice("EntityStatus", &ENTITY_STATUS),
        nested("Organization", &ORGANIZATION),
        refers("InvoiceProfile"),
        flag("IsActivated"),
        nested("Contact", &TENANT_CONTACT),
        refers("Program"),
        number("ResellerMarkup"),
    ]
);
