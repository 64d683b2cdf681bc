//! What it costs to miss a date.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::iso::Currency;
use crate::model::{NextTerm, Subscription};
use crate::price::PricePer;

/// An amount that lies between two, both included, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MoneyRange {
    /// The least it can be, in major units.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub least: Decimal,
    /// The most it can be, in major units.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub most: Decimal,
    /// The currency of both.
    pub currency: Currency,
}

impl MoneyRange {
    /// From one amount to another, in either order.
    #[must_use]
    pub fn new(one: Decimal, other: Decimal, currency: Currency) -> Self {
        Self { least: one.min(other), most: one.max(other), currency }
    }

    /// Exactly this much.
    #[must_use]
    pub fn exactly(amount: Decimal, currency: Currency) -> Self {
        Self { least: amount, most: amount, currency }
    }

    /// Both together. `None` where the currencies differ, which are never added, and where no number holds the sum.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        let (least, most) = (self.least.checked_add(other.least)?, self.most.checked_add(other.most)?);
        Some(Self { least, most, currency: self.currency })
    }

    /// What a whole term costs the partner: for one unit, up to all of them. `None` where price, term, currency or
    /// quantity are not told. `next` is the term that begins, where it is another one.
    pub(super) fn of_a_term(subscription: &Subscription, next: Option<&NextTerm>) -> Option<Self> {
        let cost = subscription.cost.as_ref()?;
        let (currency, every) = (cost.currency?, cost.period?);
        let renewed = next.and_then(|next| next.commitment_term);
        let term = renewed.or(subscription.commitment_term).unwrap_or(every);
        // A price of another cycle than the one that begins is not known.
        let changes = next.is_some_and(|next| {
            next.product.is_some()
                || (next.billing_cycle.is_some() && next.billing_cycle != subscription.billing_cycle)
        });
        if changes || every.in_days() != 0 || term.in_days() != 0 || every.in_months() == 0 {
            return None;
        }
        let unit = cost
            .amount
            .checked_mul(Decimal::from(term.in_months().max(every.in_months())))?
            .checked_div(Decimal::from(every.in_months()))?;
        if cost.per == PricePer::Flat {
            return Some(Self::exactly(unit, currency));
        }
        let quantity = next.and_then(|next| next.quantity).or(subscription.quantity)?;
        let all = unit.checked_mul(quantity)?;
        Some(Self::new(unit.min(all), all, currency))
    }
}

impl fmt::Display for MoneyRange {
    /// For people: `10.50 to 126.00 EUR`, `99 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            write!(f, "{} {}", self.most, self.currency)
        } else {
            write!(f, "{} to {} {}", self.least, self.most, self.currency)
        }
    }
}
