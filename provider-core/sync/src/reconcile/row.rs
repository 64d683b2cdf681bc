//! One row of the table.

use provider_core::commitment::MoneyRange;
use provider_core::{Currency, CustomerId, SubscriptionId};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::charges::Charges;
use super::money::Money;
use super::verdict::{Cause, Verdict};

/// What one side says of a subscription and month. What it does not say is absent, which is not 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Side {
    /// Units.
    #[serde(default, with = "provider_core::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub quantity: Option<Decimal>,
    /// The amount: what the partner is charged where it is ordered or invoiced, what the customer is where it is billed.
    #[serde(default, with = "provider_core::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub amount: Option<Decimal>,
    /// The currency of the amount. That of another side may be another one; the two are never added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How many lines or rows it is the sum of.
    pub lines: u32,
}

impl Side {
    pub(super) fn new(quantity: Option<Decimal>, money: Money, lines: u32) -> Self {
        Self { quantity, amount: money.amount(), currency: money.currency(), lines }
    }

    pub(super) fn invoiced(charges: &Charges) -> Self {
        let rare = charges.rare.as_deref();
        let lines = charges.lines + rare.map_or(0, |rare| rare.prorates.saturating_add(rare.consumption));
        let quantity = if charges.lines == 0 && rare.is_none_or(|rare| rare.prorates == 0) {
            None
        } else {
            charges.all_quantity()
        };
        Self::new(quantity, charges.all_cost(), lines)
    }

    pub(super) fn billed(charges: &Charges) -> Self {
        Self::new(charges.quantity.filter(|_| charges.lines > 0), charges.sale, charges.lines)
    }
}

/// A subscription in a month: what was ordered, invoiced and billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Row {
    /// Whose it is, by the distributor's id; absent where nothing names a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The customer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The subscription; absent in what names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// What is ordered.
    pub ordered: Side,
    /// What the distributor invoiced.
    pub invoiced: Side,
    /// What the application billed.
    pub billed: Side,
    /// What it came to.
    pub verdict: Verdict,
    /// What differs, in one word.
    pub cause: Cause,
    /// The money at stake; absent where nothing tells how much, and where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_stake: Option<MoneyRange>,
    /// What is to be known besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
