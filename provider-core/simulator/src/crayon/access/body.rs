//! The bodies of users, API clients and organizations.

use crate::crayon::catalog::body::AGREEMENT_ACCESS;
use crate::crayon::engine::enums::{ADDRESS_TYPE, FLOW, ORGANIZATION_ACCESS_ROLE};
use crate::crayon::engine::shape::{
    Kind, choice, date, flag, int, list, long, nested, refers, shape, text, texts,
};

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

shape!(
    ORGANIZATION,
    "Organization",
    [int("Id"), text("Name"), int("ParentId"), text("CrayonCompanyName"), text("AccountNumber"),]
);

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
