//! The bodies that calls take: members and types as the reference lists them.

use super::enums::{ADDRESS_TYPE, AGREEMENT_TYPE, FLOW, ORGANIZATION_ACCESS_ROLE};
use super::shape::{Kind, Member, Shape, choice, date, flag, int, list, long, nested, number, text};

macro_rules! shape {
    ($constant:ident, $name:literal, [$($member:expr),* $(,)?]) => {
        pub(super) static $constant: Shape = Shape { name: $name, members: &[$($member),*] };
    };
}
pub(super) use shape;

pub(super) const fn texts(name: &'static str) -> Member {
    list(name, &Kind::Text)
}

pub(super) const fn ints(name: &'static str) -> Member {
    list(name, &Kind::Int)
}

/// `{Id, Name}`, the only way records point at each other.
pub(super) const fn refers(name: &'static str) -> Member {
    nested(name, &REFERENCE)
}

shape!(REFERENCE, "ObjectReference", [int("Id"), text("Name")]);
shape!(PRICE, "Price", [number("Value"), text("CurrencyCode")]);

// Accounts of the API.
shape!(
    SECRET,
    "Secret",
    [
        int("Id"),
        text("ClientId").required(),
        text("Value"),
        text("Description"),
        date("Expiration").opt(),
        date("TimeStamp"),
    ]
);
shape!(
    CLIENT,
    "Client",
    [
        text("ClientId"),
        text("ClientName").required(),
        text("ClientUri"),
        flag("Enabled"),
        list("ClientSecrets", &Kind::Object(&SECRET)),
        texts("RedirectUris"),
        date("TimeStamp"),
        choice("Flow", &FLOW),
    ]
);
shape!(
    USER,
    "User",
    [
        text("Id"),
        text("UserName").required(),
        text("FirstName").required(),
        text("LastName").required(),
        text("Email"),
        flag("EmailConfirmed"),
        flag("LockoutEnabled"),
        date("LockoutEnd").opt(),
        text("PhoneNumber"),
        flag("PhoneNumberConfirmed"),
        flag("TwoFactorEnabled"),
        flag("TenantAdmin"),
    ]
);
shape!(
    USER_CHANGE_PASSWORD,
    "UserChangePassword",
    [text("UserId").required(), text("OldPassword"), text("NewPassword").required(),]
);

// Organizations.
shape!(
    ORGANIZATION,
    "Organization",
    [int("Id"), text("Name"), int("ParentId"), text("CrayonCompanyName"), text("AccountNumber"),]
);
shape!(
    AGREEMENT,
    "Agreement",
    [
        int("Id"),
        refers("Organization"),
        text("Name"),
        text("SalesPriceCurrencyCode"),
        date("StartDate"),
        date("EndDate"),
        flag("Disabled"),
        refers("Publisher"),
        refers("Program"),
        text("Number"),
        text("CustomerNumber"),
        text("MasterAgreement"),
        flag("HasTerms"),
        choice("AgreementType", &AGREEMENT_TYPE),
        int("ParentAgreementId").opt(),
        number("CommitmentLevel"),
        int("ConsumerId").opt(),
    ]
);
shape!(AGREEMENT_ACCESS, "AgreementAccess", [flag("HasAccess"), nested("Agreement", &AGREEMENT)]);
shape!(
    USER_PROFILE,
    "UserProfile",
    [text("Id"), text("UserName"), text("Email"), text("FirstName"), text("LastName"),]
);
shape!(
    ORGANIZATION_ACCESS,
    "OrganizationAccess",
    [
        int("Id"),
        flag("AllAgreements"),
        list("Agreements", &Kind::Object(&AGREEMENT_ACCESS)),
        nested("Organization", &ORGANIZATION),
        nested("User", &USER_PROFILE),
        choice("Role", &ORGANIZATION_ACCESS_ROLE),
        text("CrayonCompanyName"),
        date("Timestamp"),
    ]
);
shape!(
    ADDRESS,
    "Address",
    [
        long("Id"),
        refers("Organization"),
        text("Name"),
        text("CompleteAddress"),
        text("Street"),
        text("ZipCode"),
        text("City"),
        text("County"),
        text("State"),
        text("CountryCode"),
        flag("Primary"),
        choice("AddressType", &ADDRESS_TYPE),
    ]
);

// Invoice profiles.
shape!(
    ADDRESS_DATA,
    "AddressData",
    [
        long("AxAddressId").opt(),
        text("Name"),
        text("CompleteAddress"),
        text("Street"),
        text("ZipCode"),
        text("City"),
        text("County"),
        text("State"),
        text("CountryCode"),
    ]
);
shape!(
    INVOICE_PROFILE,
    "InvoiceProfile",
    [
        int("Id"),
        refers("Organization").required(),
        text("Name").required(),
        text("InvoiceReference"),
        text("CustomerReference"),
        text("RequisitionNumber"),
        long("InvoiceAddressId"),
        long("DeliveryAddressId").opt(),
        nested("DeliveryAddress", &ADDRESS_DATA),
        nested("InvoiceAddress", &ADDRESS_DATA),
        int("ConsumerId").opt(),
        int("ContactPersonId").opt(),
    ]
);

// Parts of several records.
shape!(
    PRODUCT_REFERENCE,
    "ProductReference",
    [int("Id"), text("PartNumber"), text("PublisherProductId"), text("ItemLegalName"), text("ItemName"),]
);
shape!(
    SUBSCRIPTION_TAGS,
    "SubscriptionTags",
    [
        int("SubscriptionId"),
        text("CostCenter"),
        text("Department"),
        text("Project"),
        text("Custom"),
        text("Owner"),
        date("CreatedDate"),
        date("ModifiedDate"),
    ]
);
shape!(
    TENANT_CONTACT,
    "CustomerTenantContact",
    [text("FirstName"), text("LastName"), text("Email"), text("PhoneNumber"),]
);
