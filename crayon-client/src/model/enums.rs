//! The enums of Cloud-iQ. They travel as numbers; numbers that this version does not know are kept.

mod account;
mod agreement;
mod asset;
mod billing;
mod container;
mod customer;
mod resale;
mod subscription;

pub use account::*;
pub use agreement::*;
pub use asset::*;
pub use billing::*;
pub use container::*;
pub use customer::*;
pub use resale::*;
pub use subscription::*;

numeric_enum! {
    /// Which way a list is sorted.
    pub enum SortOrder {
        /// Smallest first.
        Ascending = 0,
        /// Largest first.
        Descending = 1,
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
        let status: SubscriptionStatus = serde_json::from_str("1027").unwrap();
        assert!(status.contains(SubscriptionStatus::ACTIVE | SubscriptionStatus::SUSPENDED));
        assert_eq!(serde_json::to_string(&status).unwrap(), "1027");
        assert_eq!(
            serde_json::from_str::<SubscriptionStatus>("\"CustomerCancellation\"").unwrap(),
            SubscriptionStatus::CUSTOMER_CANCELLATION
        );
    }
}
