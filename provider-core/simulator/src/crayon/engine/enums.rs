//! The numeric enums: members travel as integers in bodies, as integers or names in queries.

/// One enum of the vendor.
#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) name: &'static str,
    pub(crate) members: &'static [(i64, &'static str)],
    /// Values may be added up.
    pub(crate) flags: bool,
}

impl Enumeration {
    /// True if the number is a member, or a sum of members where sums are allowed.
    pub(crate) fn knows(&self, number: i64) -> bool {
        if self.flags {
            let all = self.members.iter().fold(0, |sum, (value, _)| sum | value);
            number >= 0 && number & !all == 0
        } else {
            self.members.iter().any(|(value, _)| *value == number)
        }
    }

    /// Reads a query value: a number or a member's name.
    pub(crate) fn read(&self, text: &str) -> Option<i64> {
        match text.parse() {
            Ok(number) => self.knows(number).then_some(number),
            Err(_) => {
                self.members.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(value, _)| *value)
            }
        }
    }

    /// The member's name.
    pub(crate) fn name_of(&self, number: i64) -> Option<&'static str> {
        self.members.iter().find(|(value, _)| *value == number).map(|(_, name)| *name)
    }
}

macro_rules! enumeration {
    ($constant:ident, $name:literal, [$($member:ident = $value:literal),* $(,)?]) => {
        enumeration!(@ $constant, $name, false, [$($member = $value),*]);
    };
    ($constant:ident, flags $name:literal, [$($member:ident = $value:literal),* $(,)?]) => {
        enumeration!(@ $constant, $name, true, [$($member = $value),*]);
    };
    (@ $constant:ident, $name:literal, $flags:literal, [$($member:ident = $value:literal),*]) => {
        pub(crate) const $constant: Enumeration = Enumeration {
            name: $name,
            members: &[$(($value, stringify!($member))),*],
            flags: $flags,
        };
    };
}

enumeration!(
    SUBSCRIPTION_STATUS,
    "SubscriptionStatus",
    [
        None = 0,
        Active = 1,
        Suspended = 2,
        Deleted = 4,
        CustomerCancellation = 8,
        Converted = 16,
        Expired = 32,
        Pending = 64,
        Cancelled = 128,
        Disabled = 256,
    ]
);
enumeration!(SUBSCRIPTION_STATUSES, flags "SubscriptionStatus", [
    None = 0, Active = 1, Suspended = 2, Deleted = 4, CustomerCancellation = 8, Converted = 16, Expired = 32,
    Pending = 64, Cancelled = 128, Disabled = 256, Inactive = 446, All = 511,
]);
enumeration!(
    PROVISION_TYPE,
    "ProvisionType",
    [None = 0, Seat = 1, Usage = 2, OneTime = 3, Crayon = 4, AzureMarketplace = 5,]
);
// Two enums that agree up to 4: 5 is half a year here and three years there.
enumeration!(
    BILLING_CYCLE_ENUM,
    "BillingCycleEnum",
    [
        Unknown = 0,
        Monthly = 1,
        Annual = 2,
        None = 3,
        OneTime = 4,
        BiAnnually = 5,
        TwoYears = 7,
        ThreeYears = 8,
        Quarterly = 9,
    ]
);
enumeration!(
    BILLING_CYCLE_TYPE,
    "BillingCycleType",
    [Unknown = 0, Monthly = 1, Annual = 2, None = 3, OneTime = 4, Triennial = 5,]
);
enumeration!(CUSTOMER_TENANT_TYPE, "CustomerTenantType", [None = 0, T1 = 1, T2 = 2]);
enumeration!(
    AGREEMENT_TYPE,
    "AgreementType",
    [
        None = 0,
        LicenseAgreement = 1,
        OpenAgreement = 2,
        FrameAgreement = 3,
        SamAgreement = 4,
        ConsultingAgreement = 5,
        CloudSeatAgreement = 6,
        CloudUsageAgreement = 7,
        ReportingAgreement = 8,
        OtherAgreement = 9,
        Reserved1 = 10,
        Reserved2 = 11,
        Reserved3 = 12,
        NewCommerceCSPSeats = 13,
    ]
);
enumeration!(AGREEMENT_STATUS, "AgreementStatus", [None = 0, Active = 1, Inactive = 2, ActiveInactive = 3]);
enumeration!(
    AGREEMENT_TYPE_CONSENT,
    "AgreementTypeConsent",
    [MicrosoftCloudAgreement = 0, MicrosoftCustomerAgreement = 1,]
);
enumeration!(AGREEMENT_REPORT_STATUS, flags "AgreementReportStatus", [
    None = 0, NotReported = 1, ZeroUsageReported = 2, UsageReported = 4,
]);
enumeration!(ENTITY_STATUS, "EntityStatus", [None = 0, Removed = 1]);
enumeration!(
    SUBSCRIPTION_PRICE_TYPE,
    "SubscriptionPriceType",
    [PurchasePrice = 1, ListPrice = 2, FixedPrice = 3]
);
enumeration!(
    SALES_PRICE_TYPE,
    "SalesPriceType",
    [None = -1, Margin = 0, Markup = 1, FixedPrice = 2, ListPrice = 3,]
);
enumeration!(
    RESELLER_SALES_PRICE_PRICE_TYPE,
    "ResellerSalesPricePriceType",
    [MarkupOnCost = 1, FixedPrice = 2, ListPrice = 3, DiscountOnEstimatedRetailPrice = 4,]
);
enumeration!(
    RESELLER_SALES_PRICE_TYPE,
    "ResellerSalesPriceType",
    [License = 1, Usage = 2, NCELicense = 3, AzurePlan = 4, AzureReservation = 5, Software = 6,]
);
enumeration!(
    RESELLER_SALES_PRICE_OBJECT_TYPE,
    "ResellerSalesPriceObjectType",
    [
        Organization = 1,
        CustomerTenant = 2,
        Subscription = 3,
        SubscriptionAddon = 4,
        AzureSubscription = 5,
        Asset = 6,
    ]
);
enumeration!(
    PRICE_CALCULATION_TYPE,
    "PriceCalculationType",
    [None = 0, Default = 1, SelectPlus = 2, AdobeVip = 3, Mpsa = 4,]
);
enumeration!(ASSET_TYPE, "AssetType", [Reservation = 1, Software = 2, Subscription = 3]);
enumeration!(ASSET_STATUS, flags "AssetStatus", [None = 0, Fulfilling = 1, Succeeded = 2, Cancelled = 4, Expired = 8]);
enumeration!(ASSET_SCOPE, "AssetScope", [Shared = 1, Single = 2, ManagementGroups = 3]);
enumeration!(ASSET_SORT_BY, "AssetSortBy", [ProductName = 0, PurchaseDate = 1, ExpirationDate = 2]);
enumeration!(
    SUBSCRIPTION_SORT_BY,
    "SubscriptionSortBy",
    [Name = 0, ProductName = 1, CreationDate = 2, EndDate = 3,]
);
enumeration!(SORT_ORDER, "SortOrder", [Ascending = 0, Descending = 1]);
enumeration!(ADDRESS_TYPE, "AddressType", [None = 0, Invoice = 1, Delivery = 2]);
enumeration!(REGION_LIST, "RegionList", [None = 0, MicrosoftCsp = 1, OrganizationSpecific = 2]);
enumeration!(PROGRAM_TYPE, flags "ProgramType", [None = 0, License = 1, Report = 2, Cloud = 4]);
enumeration!(USER_ROLE, flags "UserRole", [None = 0, User = 1, TenantAdmin = 2]);
enumeration!(ORGANIZATION_ACCESS_ROLE, flags "OrganizationAccessRole", [
    None = 0, User = 1, Administrator = 2, Viewer = 4,
]);
enumeration!(FLOW, "Flow", [AuthorizationCode = 0, Implicit = 1, ResourceOwner = 4, Other = 9999]);
enumeration!(
    AWS_MASTER_ACCOUNT_STATUS,
    "AwsMasterAccountStatus",
    [None = 0, Active = 1, PendingCustomerActivation = 2, PendingCrayonAction = 3,]
);
enumeration!(PRODUCT_CONTAINER_TYPE, flags "ProductContainerType", [
    None = 0, Draft = 1, Request = 2, Order = 4, Quote = 8, Template = 16,
]);
enumeration!(PRODUCT_CONTAINER_CATEGORY, "ProductContainerCategory", [None = 0, Seat = 1, Report = 2]);
enumeration!(PRODUCT_CONTAINER_COMMENT_TYPE, flags "ProductContainerCommentType", [
    None = 0, Comment = 1, DraftCreated = 2, DraftModified = 4, QuoteCreated = 8, QuoteModified = 16,
    RequestCreated = 32, RequestModifed = 64, OrderSubmitted = 128, OrderInvoiced = 256, Removed = 512,
    TemplateCreated = 1024, TemplateModifed = 2048, RequestDeclined = 4096,
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(ADDRESS_TYPE.read("invoice"), Some(1));
        assert_eq!(ADDRESS_TYPE.read("2"), Some(2));
        assert_eq!(ADDRESS_TYPE.read("3"), None);
        assert_eq!(BILLING_CYCLE_TYPE.name_of(5), Some("Triennial"));
        assert!(!BILLING_CYCLE_TYPE.knows(8), "three years is 8 in the other enum only");
    }

    #[test]
    fn flags_add_up() {
        assert!(SUBSCRIPTION_STATUSES.knows(67));
        assert!(SUBSCRIPTION_STATUSES.knows(511));
        assert!(!SUBSCRIPTION_STATUSES.knows(512));
        assert!(!SUBSCRIPTION_STATUS.knows(67));
        assert_eq!(SUBSCRIPTION_STATUSES.read("All"), Some(511));
    }
}
