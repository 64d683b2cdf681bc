//! What the comparison of one row came to.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the three sides of one subscription and month say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// All three sides are told, and agree.
    Match,
    /// The numbers of units differ.
    Quantity,
    /// The units agree, and the amounts do not.
    Price,
    /// It was bought, and somebody who should charge for it did not.
    NotBilled,
    /// Somebody charges for it, and it was not bought.
    NotBought,
    /// It cannot be told, and why. This is never a match.
    NotTold(Reason),
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::NotBilled => "not_billed",
            Self::NotBought => "not_bought",
            Self::NotTold(_) => "not_told",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTold(reason) => write!(f, "not told: {reason}"),
            other => f.write_str(&other.as_str().replace('_', " ")),
        }
    }
}

/// Why nothing can be told of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The subscriptions were not read to their end.
    OrderedIncomplete,
    /// The distributor does not tell what it invoiced for a subscription.
    InvoicedUnknown,
    /// The invoices were not read to their end.
    InvoicedIncomplete,
    /// Nothing says what was billed.
    BilledUnknown,
    /// What was billed was not read to its end, or a row of it names no subscription that can be read.
    BilledIncomplete,
    /// The month has not ended, or its invoices may still come.
    MonthOpen,
    /// The distributor's amounts are in more than one currency.
    InvoicedCurrency,
    /// It is billed in another currency, or in several.
    BilledCurrency,
    /// An amount without a currency beside one that has it.
    NoCurrency,
    /// A number of the billed side cannot be read.
    Unreadable,
    /// A side tells no number of units.
    NoQuantity,
    /// A side tells no amount.
    NoAmount,
    /// Nothing says what the customer should have been charged.
    NoPrice,
    /// The line or the row names no subscription.
    NoSubscription,
    /// It has ended, and nothing says when.
    EndUnknown,
    /// It is not provisioned yet, or in a state that is not known.
    State,
    /// It changed after the month: what it was in the month is not told.
    ChangedSince,
    /// An amount is larger than any number.
    TooLarge,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderedIncomplete => "the subscriptions were not read to their end",
            Self::InvoicedUnknown => "the distributor does not tell what it invoiced for it",
            Self::InvoicedIncomplete => "the invoices were not read to their end",
            Self::BilledUnknown => "nothing says what was billed",
            Self::BilledIncomplete => "what was billed could not all be read",
            Self::MonthOpen => "the month is not closed",
            Self::InvoicedCurrency => "it is ordered in one currency and invoiced in another",
            Self::BilledCurrency => "it is bought in one currency and billed in another",
            Self::NoCurrency => "an amount names no currency",
            Self::Unreadable => "a number that was billed cannot be read",
            Self::NoQuantity => "a side tells no number of units",
            Self::NoAmount => "a side tells no amount",
            Self::NoPrice => "nothing says what the customer should have been charged",
            Self::NoSubscription => "it names no subscription",
            Self::EndUnknown => "it has ended, and nothing says when",
            Self::State => "it is not provisioned, or in a state that is not known",
            Self::ChangedSince => "it changed after the month",
            Self::TooLarge => "an amount is too large to be added",
        })
    }
}

/// Who is worse off for a difference as long as nobody puts it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Loser {
    /// The partner: it pays, and does not get it back.
    Partner,
    /// The customer: it pays for what it does not have.
    Customer,
    /// The distributor: it may charge later.
    Distributor,
}

macro_rules! causes {
    ($($(#[$meta:meta])* $name:ident = $word:literal $verdict:ident $loser:tt $says:literal,)+) => {
        /// What differs, in one word.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$meta])* $name,)+
        }

        impl Cause {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The verdict that it makes.
            #[must_use]
            pub const fn verdict(self) -> Verdict {
                match self { $(Self::$name => Verdict::$verdict,)+ }
            }

            /// Who is worse off, where somebody is.
            #[must_use]
            pub const fn loser(self) -> Option<Loser> {
                match self { $(Self::$name => causes!(@loser $loser),)+ }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)+ }
            }
        }
    };
    (@loser nobody) => { None };
    (@loser $loser:ident) => { Some(Loser::$loser) };
}

causes! {
    /// Everything agrees.
    Agreed = "agreed" Match nobody "all three sides agree",
    /// The invoiced amount is lower or higher by a part of a term.
    Prorated = "prorated" Match nobody "the invoice has a part of a term, and the units agree",
    /// Nothing is charged for it in this month, and nobody did.
    NotDue = "not_due" Match nobody "nothing was due in this month, and nobody charged",
    /// It is a trial, and nobody charged.
    Trial = "trial" Match nobody "it is a trial, and nobody charged",
    /// More units are invoiced than were ordered.
    InvoicedMore = "invoiced_more" Quantity Partner "the distributor invoiced more units than are ordered",
    /// Fewer units are invoiced than were ordered.
    InvoicedFewer = "invoiced_fewer" Quantity Distributor "the distributor invoiced fewer units than are ordered",
    /// The same line stands on the invoices more than once.
    InvoicedTwice = "invoiced_twice" Quantity Partner "the distributor invoiced the same line more than once",
    /// More units are billed than were ordered.
    BilledMore = "billed_more" Quantity Customer "more units are billed than are ordered",
    /// Fewer units are billed than were ordered.
    BilledFewer = "billed_fewer" Quantity Partner "fewer units are billed than are ordered",
    /// The same row is billed more than once.
    BilledTwice = "billed_twice" Quantity Customer "the same row is billed more than once",
    /// The invoice is higher than the price of what was ordered.
    InvoicedDearer = "invoiced_dearer" Price Partner "the distributor invoiced more than the price",
    /// The invoice is lower than the price of what was ordered.
    InvoicedCheaper = "invoiced_cheaper" Price Distributor "the distributor invoiced less than the price",
    /// The invoice has it at nothing.
    InvoicedFree = "invoiced_free" Price Distributor "the distributor invoiced it at nothing",
    /// The distributor gave money back for it.
    Credited = "credited" Price Customer "the distributor gave money back: whether the customer gets it is open",
    /// More is billed than the price.
    BilledDearer = "billed_dearer" Price Customer "more is billed than the price",
    /// Less is billed than the price.
    BilledCheaper = "billed_cheaper" Price Partner "less is billed than the price",
    /// Less is billed than it costs.
    BilledBelowCost = "billed_below_cost" Price Partner "less is billed than it costs",
    /// Nothing is billed.
    NotBilled = "not_billed" NotBilled Partner "it is bought and not billed",
    /// A trial has become a paid subscription, and nothing is billed.
    TrialBecamePaid = "trial_became_paid" NotBilled Partner "a trial became a paid subscription, and is not billed",
    /// Consumption is invoiced, and nothing is billed.
    UsageNotBilled = "usage_not_billed" NotBilled Partner "consumption is invoiced and not billed",
    /// What was billed in this month is for another one.
    BilledOtherMonth = "billed_other_month" NotBilled Partner "what is billed in this month is for another one",
    /// Nothing is invoiced for it, and it is billed.
    NotInvoiced = "not_invoiced" NotBilled Distributor "it is ordered, and the distributor did not invoice it",
    /// Neither invoiced nor billed.
    NobodyCharged = "nobody_charged" NotBilled Distributor "it is ordered, and neither invoiced nor billed",
    /// What the month's invoice has is for another month.
    InvoicedOtherMonth = "invoiced_other_month" NotBilled Distributor "the month's invoice has it for another month",
    /// Invoiced, and no subscription has this id.
    InvoicedNotOrdered = "invoiced_not_ordered" NotBought Partner "it is invoiced, and no subscription has this id",
    /// Invoiced after its end.
    InvoicedAfterEnd = "invoiced_after_end" NotBought Partner "it is invoiced after its end",
    /// Invoiced although nothing is due: a trial, or no month of payment.
    InvoicedNotDue = "invoiced_not_due" NotBought Partner "it is invoiced, and nothing was due in this month",
    /// Billed, and no subscription has this id.
    BilledNotOrdered = "billed_not_ordered" NotBought Customer "it is billed, and no subscription has this id",
    /// Billed after its end.
    BilledAfterEnd = "billed_after_end" NotBought Customer "it is billed after its end",
    /// A trial is billed.
    BilledTrial = "billed_trial" NotBought Customer "a trial is billed",
    /// Billed in a month in which nothing is due.
    BilledNotDue = "billed_not_due" NotBought Customer "it is billed, and nothing was due in this month",
    /// Consumption is billed, and none is invoiced.
    BilledUnused = "billed_unused" NotBought Customer "consumption is billed, and none is invoiced",
    /// It cannot be told.
    NotTold = "not_told" Match nobody "it cannot be told",
}

impl Cause {
    /// Whether another order would explain it: a change after the month shows as a difference within it.
    pub(super) const fn rests_on_the_order(self) -> bool {
        matches!(
            self,
            Self::InvoicedMore
                | Self::InvoicedFewer
                | Self::InvoicedTwice
                | Self::InvoicedDearer
                | Self::InvoicedCheaper
                | Self::InvoicedFree
                | Self::BilledMore
                | Self::BilledFewer
                | Self::BilledTwice
        )
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says())
    }
}
