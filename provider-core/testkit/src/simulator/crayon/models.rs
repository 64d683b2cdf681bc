//! The bodies that calls take: members and types as the reference lists them.

use super::enums::{
    ADDRESS_TYPE, AGREEMENT_TYPE, AGREEMENT_TYPE_CONSENT, BILLING_CYCLE_ENUM, BILLING_CYCLE_TYPE,
    CUSTOMER_TENANT_TYPE, ENTITY_STATUS, FLOW, ORGANIZATION_ACCESS_ROLE, PROVISION_TYPE, SORT_ORDER,
    SUBSCRIPTION_PRICE_TYPE, SUBSCRIPTION_STATUS,
};
use super::shape::{Kind, Member, Shape, choice, date, flag, int, list, long, nested, number, text};

macro_rules! shape {
    ($constant:ident, $name:literal, [$($member:expr),* $(,)?]) => {
        pub(super) static $constant: Shape = Shape { name: $name, members: &[$($member),*] };
    };
}
pub(super) use shape;

const fn texts(name: &'static str) -> Member {
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

// Customer tenants.
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
    TENANT_CONTACT,
    "CustomerTenantContact",
    [text("FirstName"), text("LastName"), text("Email"), text("PhoneNumber"),]
);
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

// Products.
shape!(
    PRODUCT_SUB_FILTER,
    "AgreementProductsSubFilter",
    [
        texts("PartNumbers"),
        ints("PublisherIds"),
        texts("PublisherNames"),
        texts("PoolNames"),
        texts("OperatingSystemNames"),
        texts("LevelNames"),
        texts("LanguageNames"),
        texts("LicenseAgreementTypeNames"),
        texts("LicenseTypeNames"),
        texts("ProductFamilyNames"),
        texts("ProductTypeNames"),
        texts("ProgramNames"),
        texts("OfferingNames"),
        texts("PurchasePeriodNames"),
        texts("PurchaseUnitNames"),
        texts("VersionNames"),
        texts("RegionNames"),
        texts("ProductCategoryNames"),
        texts("CatalogNames"),
        texts("BillingCycles"),
    ]
);
shape!(
    PRODUCT_FILTER,
    "AgreementProductFilter",
    [
        list("AgreementTypeIds", &Kind::Enum(&AGREEMENT_TYPE)),
        int("Page"),
        int("PageSize"),
        text("Search"),
        int("PriceListId"),
        int("OrganizationId"),
        int("CustomerTenantId"),
        int("AgreementId"),
        flag("IsTrial").opt(),
        ints("AgreementIds"),
        date("SearchDate").opt(),
        nested("Include", &PRODUCT_SUB_FILTER),
        nested("Exclude", &PRODUCT_SUB_FILTER),
        text("SortKey"),
        flag("IncludeProductInformation"),
        choice("SortOrder", &SORT_ORDER),
        flag("IgnoreTermBillingCycleCombinationsCheck").opt(),
    ]
);

// Subscriptions.
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
    NEXT_TERM_PRODUCT,
    "ScheduledNextTermInstructions.Product",
    [text("ProductId"), text("SkuId"), text("AvailabilityId"), text("BillingCycle"), text("TermDuration"),]
);
shape!(
    SCHEDULED_NEXT_TERM,
    "ScheduledNextTermInstructions",
    [nested("Product", &NEXT_TERM_PRODUCT), int("Quantity"), date("CustomTermEndDate").opt(),]
);
shape!(
    PRICING,
    "SubscriptionPricing",
    [text("CurrencyCode"), number("PurchasePrice"), number("RecommendedRetailPrice"),]
);
shape!(SUBSCRIPTION_TENANT, "CustomerTenantReference", [int("Id"), text("PublisherCustomerId")]);
shape!(
    SUBSCRIPTION,
    "SubscriptionDetailed",
    [
        int("Id"),
        text("PublisherSubscriptionId"),
        text("EntitlementId"),
        refers("Publisher"),
        refers("Organization"),
        nested("CustomerTenant", &SUBSCRIPTION_TENANT),
        nested("Product", &PRODUCT_REFERENCE),
        int("Quantity").required(),
        text("Name"),
        choice("Status", &SUBSCRIPTION_STATUS),
        choice("ProvisionType", &PROVISION_TYPE),
        int("AvailableAddonsCount"),
        list("Subscriptions", &Kind::Any),
        text("OrderId"),
        date("CreationDate"),
        choice("BillingCycle", &BILLING_CYCLE_ENUM),
        number("Markup"),
        flag("IsTrial"),
        date("StartDate").opt(),
        date("EndDate").opt(),
        choice("PriceType", &SUBSCRIPTION_PRICE_TYPE),
        number("SalesPrice"),
        flag("RegisteredForReservedInstance"),
        refers("InvoiceProfile"),
        nested("SubscriptionTags", &SUBSCRIPTION_TAGS),
        flag("AcceptAutoSuspension").opt(),
        date("AutoSuspensionDate").opt(),
        text("PartNumber"),
        text("TermDuration"),
        flag("AutoRenewEnabled").opt(),
        date("CancellationAllowedUntilDate").opt(),
        nested("ScheduledNextTermInstructions", &SCHEDULED_NEXT_TERM),
        int("MaxEndCustomerQuantity").opt(),
        date("EffectiveStartDate"),
        date("CommitmentEndDate"),
        text("SuspensionReasons"),
        int("OriginalAgreementId").opt(),
        nested("Pricing", &PRICING),
        flag("AttestationAccepted").opt(),
        int("SubscriptionMaxTreshold").opt(),
    ]
);
shape!(
    NEW_COMMERCE_ORDER,
    "NewCommerceOrder",
    [
        int("CustomerTenantId").required(),
        text("PartNumber").required(),
        choice("BillingCycle", &BILLING_CYCLE_TYPE).required(),
        text("TermDuration").required(),
        int("Quantity").required(),
        date("CustomTermEndDate").opt(),
        date("ScheduledDate").opt(),
    ]
);
shape!(
    NEXT_TERM_INSTRUCTIONS,
    "NextTermInstructions",
    [
        text("PartNumber"),
        choice("BillingCycle", &BILLING_CYCLE_TYPE).opt(),
        text("TermDuration"),
        int("Quantity").opt(),
        date("CustomTermEndDate").opt(),
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

// Usage.
shape!(
    USAGE_REQUEST,
    "SubscriptionUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
    ]
);
shape!(
    CATEGORY_USAGE_REQUEST,
    "CategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
    ]
);
shape!(
    SUBCATEGORY_USAGE_REQUEST,
    "SubcategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
        text("Subcategory").required(),
    ]
);
shape!(
    RESOURCE_GROUP_USAGE_REQUEST,
    "ResourceGroupUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("ResourceGroup").required(),
    ]
);
