//! The enums of Cloud-iQ. They travel as numbers; numbers that this version does not know are kept.

numeric_enum! {
    /// How a subscription is provided and billed.
    pub enum ProvisionType {
        /// Not said.
        None = 0,
        /// By the seat.
        Seat = 1,
        /// By consumption.
        Usage = 2,
        /// Bought once.
        OneTime = 3,
        /// By Crayon itself.
        Crayon = 4,
        /// Through the Azure Marketplace.
        AzureMarketplace = 5,
    }

    /// How often a **subscription** is paid. Orders use [`BillingCycleType`], whose 5 means something else.
    pub enum BillingCycleEnum {
        /// Not known.
        Unknown0 = 0,
        /// Every month.
        Monthly = 1,
        /// Every year.
        Annual = 2,
        /// Not at all.
        None = 3,
        /// Once.
        OneTime = 4,
        /// Every half year.
        BiAnnually = 5,
        /// Every two years.
        TwoYears = 7,
        /// Every three years.
        ThreeYears = 8,
        /// Every three months.
        Quarterly = 9,
    }

    /// How often an **order**, a next term or an asset is paid. Subscriptions use [`BillingCycleEnum`].
    pub enum BillingCycleType {
        /// Not known.
        Unknown0 = 0,
        /// Every month.
        Monthly = 1,
        /// Every year.
        Annual = 2,
        /// Not at all.
        None = 3,
        /// Once.
        OneTime = 4,
        /// Every three years.
        Triennial = 5,
    }

    /// Whose tenant it is.
    pub enum CustomerTenantType {
        /// Not said.
        None = 0,
        /// The partner's own.
        T1 = 1,
        /// An end customer's.
        T2 = 2,
    }

    /// What an agreement lets one buy.
    pub enum AgreementType {
        /// Not said.
        None = 0,
        /// Licences.
        LicenseAgreement = 1,
        /// Open licences.
        OpenAgreement = 2,
        /// A frame agreement.
        FrameAgreement = 3,
        /// Software asset management.
        SamAgreement = 4,
        /// Consulting.
        ConsultingAgreement = 5,
        /// Legacy seats.
        CloudSeatAgreement = 6,
        /// Consumption.
        CloudUsageAgreement = 7,
        /// Reporting.
        ReportingAgreement = 8,
        /// Something else.
        OtherAgreement = 9,
        /// Reserved.
        Reserved1 = 10,
        /// Reserved.
        Reserved2 = 11,
        /// Reserved.
        Reserved3 = 12,
        /// New commerce seats.
        NewCommerceCSPSeats = 13,
    }

    /// Which agreements are listed.
    pub enum AgreementStatus {
        /// Not said.
        None = 0,
        /// Running.
        Active = 1,
        /// Over, or not begun.
        Inactive = 2,
        /// Both.
        ActiveInactive = 3,
    }

    /// The vendor's agreement that a customer accepts.
    pub enum AgreementTypeConsent {
        /// The older cloud agreement.
        MicrosoftCloudAgreement = 0,
        /// The agreement that new orders need.
        MicrosoftCustomerAgreement = 1,
    }

    /// Whether a record was removed.
    pub enum EntityStatus {
        /// It is there.
        None = 0,
        /// It was removed.
        Removed = 1,
    }

    /// How the resale price of a subscription is set.
    pub enum SubscriptionPriceType {
        /// From what the partner pays.
        PurchasePrice = 1,
        /// From the list price.
        ListPrice = 2,
        /// A price of its own.
        FixedPrice = 3,
    }

    /// How a resale price is set, in the older numbering.
    pub enum SalesPriceType {
        /// Not said.
        None = -1,
        /// By margin.
        Margin = 0,
        /// By markup.
        Markup = 1,
        /// A price of its own.
        FixedPrice = 2,
        /// The list price.
        ListPrice = 3,
    }

    /// How a reseller's price is set.
    pub enum ResellerSalesPricePriceType {
        /// Markup on cost.
        MarkupOnCost = 1,
        /// A price of its own.
        FixedPrice = 2,
        /// The list price.
        ListPrice = 3,
        /// A discount on the estimated retail price.
        DiscountOnEstimatedRetailPrice = 4,
    }

    /// What a reseller's price is for.
    pub enum ResellerSalesPriceType {
        /// Licences.
        License = 1,
        /// Consumption.
        Usage = 2,
        /// New commerce licences.
        NCELicense = 3,
        /// Azure plans.
        AzurePlan = 4,
        /// Azure reservations.
        AzureReservation = 5,
        /// Software.
        Software = 6,
    }

    /// What a reseller's price hangs on.
    pub enum ResellerSalesPriceObjectType {
        /// An organization.
        Organization = 1,
        /// A tenant.
        CustomerTenant = 2,
        /// A subscription.
        Subscription = 3,
        /// An add-on.
        SubscriptionAddon = 4,
        /// An Azure subscription.
        AzureSubscription = 5,
        /// An asset.
        Asset = 6,
    }

    /// How a price is worked out.
    pub enum PriceCalculationType {
        /// Not said.
        None = 0,
        /// As usual.
        Default = 1,
        /// Select Plus.
        SelectPlus = 2,
        /// Adobe VIP.
        AdobeVip = 3,
        /// MPSA.
        Mpsa = 4,
    }

    /// What kind of thing a product is.
    pub enum ProductTypeDto {
        /// A product.
        Product = 0,
        /// A bundle.
        Bundle = 1,
        /// A service.
        Service = 2,
        /// For internal use.
        Internal = 3,
    }

    /// What kind of thing an asset is.
    pub enum AssetType {
        /// A reservation.
        Reservation = 1,
        /// Software.
        Software = 2,
        /// A subscription.
        Subscription = 3,
    }

    /// What a reservation covers.
    pub enum AssetScope {
        /// All subscriptions.
        Shared = 1,
        /// One subscription.
        Single = 2,
        /// Management groups.
        ManagementGroups = 3,
    }

    /// How assets are sorted.
    pub enum AssetSortBy {
        /// By product.
        ProductName = 0,
        /// By purchase date.
        PurchaseDate = 1,
        /// By expiry.
        ExpirationDate = 2,
    }

    /// How subscriptions are sorted.
    pub enum SubscriptionSortBy {
        /// By name.
        Name = 0,
        /// By product.
        ProductName = 1,
        /// By creation.
        CreationDate = 2,
        /// By end.
        EndDate = 3,
    }

    /// Which way a list is sorted.
    pub enum SortOrder {
        /// Smallest first.
        Ascending = 0,
        /// Largest first.
        Descending = 1,
    }

    /// How billing statements are sorted.
    pub enum BillingStatementSortBy {
        /// Not said.
        None = 0,
        /// By creation.
        Created = 1,
        /// By period.
        Period = 2,
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

    /// What a product container is about.
    pub enum ProductContainerCategory {
        /// Not said.
        None = 0,
        /// Seats.
        Seat = 1,
        /// Reports.
        Report = 2,
    }
}

flags! {
    /// The status of a subscription, and a sum of statuses in a filter.
    pub struct SubscriptionStatus {
        /// No status.
        NONE = 0,
        /// In use.
        ACTIVE = 1,
        /// Stopped; can go on.
        SUSPENDED = 2,
        /// Deleted.
        DELETED = 4,
        /// Cancelled by the customer.
        CUSTOMER_CANCELLATION = 8,
        /// Turned into another one.
        CONVERTED = 16,
        /// Its time is over.
        EXPIRED = 32,
        /// Waits for the publisher.
        PENDING = 64,
        /// Cancelled.
        CANCELLED = 128,
        /// Stopped by the publisher.
        DISABLED = 256,
        /// All that are not in use.
        INACTIVE = 446,
        /// All. Older versions of the API called 31 so, which hides the later statuses.
        ALL = 511,
    }

    /// What was reported for an agreement.
    pub struct AgreementReportStatus {
        /// Nothing is said.
        NONE = 0,
        /// Nothing was reported.
        NOT_REPORTED = 1,
        /// It was reported that nothing was used.
        ZERO_USAGE_REPORTED = 2,
        /// Usage was reported.
        USAGE_REPORTED = 4,
    }

    /// The status of an asset.
    pub struct AssetStatus {
        /// No status.
        NONE = 0,
        /// Being carried out.
        FULFILLING = 1,
        /// Carried out.
        SUCCEEDED = 2,
        /// Cancelled.
        CANCELLED = 4,
        /// Its time is over.
        EXPIRED = 8,
        /// All.
        ALL = 15,
    }

    /// What a program is for.
    pub struct ProgramType {
        /// Not said.
        NONE = 0,
        /// Licences.
        LICENSE = 1,
        /// Reporting.
        REPORT = 2,
        /// Cloud.
        CLOUD = 4,
    }

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

    /// What a product container is.
    pub struct ProductContainerType {
        /// Not said.
        NONE = 0,
        /// A draft.
        DRAFT = 1,
        /// A request.
        REQUEST = 2,
        /// An order.
        ORDER = 4,
        /// A quote.
        QUOTE = 8,
        /// A template.
        TEMPLATE = 16,
    }

    /// What a comment on a product container records.
    pub struct ProductContainerCommentType {
        /// Not said.
        NONE = 0,
        /// A comment by a person.
        COMMENT = 1,
        /// A draft was made.
        DRAFT_CREATED = 2,
        /// A draft was changed.
        DRAFT_MODIFIED = 4,
        /// A quote was made.
        QUOTE_CREATED = 8,
        /// A quote was changed.
        QUOTE_MODIFIED = 16,
        /// A request was made.
        REQUEST_CREATED = 32,
        /// A request was changed.
        REQUEST_MODIFIED = 64,
        /// An order was submitted.
        ORDER_SUBMITTED = 128,
        /// An order was invoiced.
        ORDER_INVOICED = 256,
        /// It was removed.
        REMOVED = 512,
        /// A template was made.
        TEMPLATE_CREATED = 1024,
        /// A template was changed.
        TEMPLATE_MODIFIED = 2048,
        /// A request was declined.
        REQUEST_DECLINED = 4096,
        /// The system says something.
        SYSTEM_MESSAGE = 8190,
    }
}

provider_core::open_enum! {
    /// A commitment, as orders and subscriptions write it.
    pub enum TermDuration {
        /// One month.
        OneMonth = "P1M",
        /// One year.
        OneYear = "P1Y",
        /// Three years.
        ThreeYears = "P3Y",
    }
}

impl BillingCycleType {
    /// The same cycle in the numbering of subscriptions.
    #[must_use]
    pub const fn for_subscriptions(self) -> BillingCycleEnum {
        match self {
            Self::Unknown0 => BillingCycleEnum::Unknown0,
            Self::Monthly => BillingCycleEnum::Monthly,
            Self::Annual => BillingCycleEnum::Annual,
            Self::None => BillingCycleEnum::None,
            Self::OneTime => BillingCycleEnum::OneTime,
            Self::Triennial => BillingCycleEnum::ThreeYears,
            Self::Unknown(number) => BillingCycleEnum::Unknown(number),
        }
    }
}

impl BillingCycleEnum {
    /// The same cycle in the numbering of orders. `None` where orders have no such cycle.
    #[must_use]
    pub const fn for_orders(self) -> Option<BillingCycleType> {
        match self {
            Self::Monthly => Some(BillingCycleType::Monthly),
            Self::Annual => Some(BillingCycleType::Annual),
            Self::None => Some(BillingCycleType::None),
            Self::OneTime => Some(BillingCycleType::OneTime),
            Self::ThreeYears => Some(BillingCycleType::Triennial),
            Self::Unknown0 | Self::BiAnnually | Self::TwoYears | Self::Quarterly | Self::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn five_is_two_different_cycles() {
        assert_eq!(serde_json::from_str::<BillingCycleEnum>("5").unwrap(), BillingCycleEnum::BiAnnually);
        assert_eq!(serde_json::from_str::<BillingCycleType>("5").unwrap(), BillingCycleType::Triennial);
        assert_eq!(BillingCycleType::Triennial.for_subscriptions().number(), 8);
        for cycle in BillingCycleType::KNOWN {
            let back = cycle.for_subscriptions().for_orders();
            assert_eq!(back, (*cycle != BillingCycleType::Unknown0).then_some(*cycle));
        }
    }

    #[test]
    fn unknown_numbers_and_names_round_trip() {
        for json in ["6", "99", "-3"] {
            let cycle: BillingCycleEnum = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&cycle).unwrap(), json);
        }
        assert_eq!(serde_json::from_str::<ProvisionType>("\"seat\"").unwrap(), ProvisionType::Seat);
        assert_eq!(serde_json::from_str::<ProvisionType>("\"2\"").unwrap(), ProvisionType::Usage);
        assert!(serde_json::from_str::<ProvisionType>("\"balloon\"").is_err());
        let status: SubscriptionStatus = serde_json::from_str("1027").unwrap();
        assert!(status.contains(SubscriptionStatus::ACTIVE | SubscriptionStatus::SUSPENDED));
        assert_eq!(serde_json::to_string(&status).unwrap(), "1027");
        assert_eq!(
            serde_json::from_str::<SubscriptionStatus>("\"CustomerCancellation\"").unwrap(),
            SubscriptionStatus::CUSTOMER_CANCELLATION
        );
    }
}
