//! The rules, and where each was found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommitmentRule {
    /// It has ended.
    Ended,
    /// It is not provisioned yet.
    NotProvisioned,
    /// Its state is not one that the facts speak of.
    StateUnknown,
    /// There is one unit: none is left after giving it back.
    OneUnit,
    /// A cancellation is under way.
    CancellationUnderWay,
    /// The date that the distributor tells, of a distributor without rules here.
    Told,
    /// The distributor tells no date and has no rules here.
    NothingTold,
    /// New-commerce seats at Crayon.
    CrayonNewCommerce,
    /// Only active subscriptions change at Crayon.
    CrayonActiveOnly,
    /// Seats of before new commerce at Crayon.
    CrayonLegacy,
    /// What is not committed and paid by the month at Pax8.
    Pax8Uncommitted,
    /// What is not committed and paid for longer at Pax8.
    Pax8PaidAhead,
    /// Microsoft's new commerce at Pax8.
    Pax8NewCommerce,
    /// The last day of a term of Microsoft's new commerce at Pax8.
    Pax8LastDay,
    /// Microsoft's new commerce at Pax8 after a term, where no other one is told.
    Pax8RenewalUntold,
    /// Any other commitment at Pax8.
    Pax8Commitment,
    /// What begins later at Pax8.
    Pax8NotBegun,
    /// Microsoft's new commerce at StreamOne ION.
    StreamOneNewCommerce,
    /// What was imported at StreamOne ION.
    StreamOneImported,
    /// The date of another vendor's cancellation at StreamOne ION.
    StreamOneDate,
    /// Another vendor's rules at StreamOne ION.
    StreamOneVendor,
}

impl CommitmentRule {
    /// The rule in a sentence.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Ended => "it has ended",
            Self::NotProvisioned => {
                "it is not provisioned yet, and what can be done before is not documented"
            }
            Self::StateUnknown => "what can be done in its state is not documented",
            Self::OneUnit => "one unit is the least: cancel it to have none",
            Self::CancellationUnderWay => "a cancellation is under way",
            Self::Told => "the distributor tells the date",
            Self::NothingTold => "the distributor tells no date",
            Self::CrayonNewCommerce => {
                "new-commerce seats can be given back or cancelled until CancellationAllowedUntilDate, and then at the end of the term"
            }
            Self::CrayonActiveOnly => "only an active subscription can be changed",
            Self::CrayonLegacy => {
                "CancellationAllowedUntilDate is not told, and only new commerce has a documented rule"
            }
            Self::Pax8Uncommitted => "there is no commitment, and it is paid by the month",
            Self::Pax8PaidAhead => {
                "there is no commitment, and what is given back of a longer billing term is not documented"
            }
            Self::Pax8NewCommerce => {
                "Microsoft's new commerce can be reduced and cancelled in the first 7 days of a term or at its renewal"
            }
            Self::Pax8LastDay => {
                "Microsoft's new commerce is left at its renewal, and whether the last day of the term counts as that is not documented"
            }
            Self::Pax8RenewalUntold => {
                "its term has run out, and a subscription does not tell whether another one began"
            }
            Self::Pax8Commitment => {
                "the product's commitment decides (allowForQuantityDecrease, allowForEarlyCancellation), which a subscription does not tell"
            }
            Self::Pax8NotBegun => "a subscription with a future start cannot be updated",
            Self::StreamOneNewCommerce => {
                "Microsoft's new commerce can be reduced and cancelled until cancellationAllowedUntilDate"
            }
            Self::StreamOneImported => {
                "it carries no product, SKU and plan of the catalog, which an order has to repeat: it changes in the portal only"
            }
            Self::StreamOneDate => "cancellationAllowedUntilDate has not passed",
            Self::StreamOneVendor => {
                "decreases and cancellations obey the vendor's own rules, which are not documented"
            }
        }
    }

    /// Where the rule was found. Rules that follow from the record alone have no other source.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Ended
            | Self::NotProvisioned
            | Self::StateUnknown
            | Self::CancellationUnderWay
            | Self::Told
            | Self::NothingTold => "the subscription's own status and dates",
            Self::OneUnit => {
                "the APIs' least quantities: Cloud-iQ and ION take whole seats from 1, Pax8 a quantity above 0"
            }
            Self::CrayonNewCommerce | Self::CrayonLegacy => {
                "Crayon API documentation (apidocs.crayon.com), Subscriptions, update: CancellationAllowedUntilDate"
            }
            Self::CrayonActiveOnly => {
                "Crayon API documentation (apidocs.crayon.com), Subscriptions: only active subscriptions can be updated"
            }
            Self::Pax8Uncommitted => {
                "Pax8 OpenAPI, Subscription.commitmentTerm: null for uncommitted monthly items; seen so by PyPI pax8 0.5"
            }
            Self::Pax8PaidAhead | Self::Pax8Commitment | Self::Pax8RenewalUntold => {
                "Pax8 OpenAPI, Commitment of a product's dependencies: the allowFor… flags"
            }
            Self::Pax8NewCommerce | Self::Pax8LastDay => {
                "devx.pax8.com, Subscription Management: Microsoft new-commerce items"
            }
            Self::Pax8NotBegun => "Pax8 OpenAPI, PUT /subscriptions/{subscriptionId}",
            Self::StreamOneNewCommerce | Self::StreamOneDate | Self::StreamOneVendor => {
                "StreamOne ION V3 API, Subscription.cancellationAllowedUntilDate; orders with action UPDATE"
            }
            Self::StreamOneImported => {
                "StreamOne ION V3 API, OrderWrite: productId, skuId and planId are required for UPDATE"
            }
        }
    }
}

impl fmt::Display for CommitmentRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says())
    }
}
