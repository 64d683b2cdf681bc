//! How often things are paid: two numberings, of which one is for orders.

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A billing cycle with its name.
    pub struct BillingCycle {
        /// Its number in the enum of subscriptions.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }
}

numeric_enum! {
    /// How a subscription is provided and billed.
    pub enum ProvisionType {
        /// Not specified.
        None = 0,
        /// By seats.
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
}

provider_core::open_enum! {
    /// A commitment term, as orders and subscriptions write it.
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
        let balloon = serde_json::from_str::<ProvisionType>("\"balloon\"").unwrap();
        assert_eq!(balloon, ProvisionType::Unknown(i32::MIN), "kept out of the way of numbers");
    }
}
