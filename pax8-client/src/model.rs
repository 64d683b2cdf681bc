//! The records of the Pax8 API, as they are sent and received: every field that the vendor's reference lists.
//!
//! Answers are read leniently: unknown fields are ignored, fields may be absent, enums keep values that they
//! do not know. Requests are separate types that hold only what may be written.

mod company;
mod contact;
mod invoice;
mod order;
mod product;
mod provisioner;
mod provisioning;
mod quote;
mod subscription;
mod usage;
mod vendor_usage;
mod webhook;

pub use company::*;
pub use contact::*;
pub use invoice::*;
pub use order::*;
pub use product::*;
pub use provisioner::*;
pub use provisioning::*;
pub use quote::*;
pub use subscription::*;
pub use usage::*;
pub use vendor_usage::*;
pub use webhook::*;

pub use provider_core::wire::moment::Moment;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::wire::words;

    use super::*;

    #[test]
    fn no_two_words_of_an_enum_are_the_same_but_those_that_pax8_spells_twice() {
        macro_rules! check {
            ($($name:ident),+ $(,)?) => {
                $( words::check::<$name>(&[]).unwrap(); )+
            };
        }
        words::check::<OrderedBy>(&[("Pax8 Partner", "Pax8Partner")]).unwrap();
        words::check::<InvoiceItemTerm>(&[("One-Time", "One-time")]).unwrap();
        check!(
            BillingTerm,
            CompanyStatus,
            ContactTypeName,
            FilterOperator,
            InvoiceItemType,
            InvoiceStatus,
            ItemChargeType,
            PricingType,
            ProvisionOutcome,
            ProvisionRequestType,
            ProvisioningValueType,
            QuoteAccount,
            QuoteBillingTerm,
            QuoteIntent,
            QuoteStatus,
            RateChargeType,
            RateType,
            SubscriptionStatus,
            UsageBasedType,
            WebhookDeliveryStatus,
        );
    }
}
