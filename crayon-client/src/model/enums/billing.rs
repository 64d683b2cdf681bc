//! How often things are paid, and in which order statements are listed.

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

    /// How billing statements are sorted.
    pub enum BillingStatementSortBy {
        /// Not said.
        None = 0,
        /// By creation.
        Created = 1,
        /// By period.
        Period = 2,
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
