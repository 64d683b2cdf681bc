//! What a biller expects of a month, as checked data.

use std::collections::BTreeSet;

use provider_core::model::InvoiceStatus;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// By which rules the three sides are compared. Every one has a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Rules {
    /// What a billed amount is held against.
    pub amounts: Amounts,
    /// How a part of a term counts.
    pub prorates: Prorates,
    /// How money that is given back counts.
    pub credits: Credits,
    /// How a line without an amount counts.
    pub zero_lines: ZeroLines,
    /// How consumption counts.
    pub consumption: Consumption,
    /// How a term of several months counts in each of them.
    pub terms: Terms,
    /// Differences up to this are none.
    pub tolerance: Tolerance,
    /// Which invoices count.
    pub invoices: Invoices,
    /// So many days after its end a month is closed: until then what is missing may still come.
    pub closed_after: u32,
}

/// What a billed amount is held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Amounts {
    /// What the distributor's line says the customer is charged; where it does not say, the subscription's price for
    /// the customer.
    #[default]
    Sale,
    /// The subscription's price for the customer alone.
    CustomerPrice,
    /// What the distributor charges the partner: for those who bill at cost.
    Cost,
    /// Nothing: the units are compared, and that no less is billed than it costs.
    Units,
}

/// How a part of a term counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Prorates {
    /// Its units and its amount count with those of the term; a lower amount is explained by it.
    #[default]
    Count,
    /// It is left out, and said.
    Leave,
}

/// How money that is given back counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Credits {
    /// The term is compared without it, and it is said as a difference of its own.
    #[default]
    Apart,
    /// It is taken off the amount.
    Net,
    /// It is left out, and said.
    Leave,
}

/// How a line without an amount counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ZeroLines {
    /// Its units count, and its amount is nothing.
    #[default]
    Count,
    /// As if it were not there.
    Leave,
}

/// How consumption counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Consumption {
    /// All meters of a subscription are one line, of which the amount is compared.
    #[default]
    OneLine,
    /// It is left out, and said.
    Leave,
}

/// How a term of several months counts in each of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Terms {
    /// In the month in which it is charged.
    #[default]
    Charged,
    /// In equal parts in all of its months, for those who bill a year by the month.
    Spread,
}

/// Differences up to this are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Tolerance {
    /// Units.
    #[serde(with = "provider_core::wire::decimal")]
    #[schemars(with = "String")]
    pub quantity: Decimal,
    /// Money, in the currency of the row.
    #[serde(with = "provider_core::wire::decimal")]
    #[schemars(with = "String")]
    pub amount: Decimal,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { quantity: Decimal::ZERO, amount: Decimal::new(1, 2) }
    }
}

/// Which invoices count. Statements beside their invoice and drafts never do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Invoices {
    /// In these states; those that tell none count too.
    #[schemars(with = "BTreeSet<String>")]
    pub statuses: Vec<InvoiceStatus>,
    /// Those issued up to so many months before the month, for terms that are paid ahead.
    pub before: u32,
    /// Those issued up to so many months after the month, for what is paid afterwards.
    pub after: u32,
}

/// More months than anybody goes back.
const MONTHS: u32 = 36;

impl Default for Invoices {
    fn default() -> Self {
        use InvoiceStatus as S;
        Self { statuses: vec![S::Open, S::Paid, S::Carried, S::NothingDue], before: 1, after: 1 }
    }
}

impl Rules {
    /// What is wrong with the rules: the key, and why.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        for (key, value) in
            [("tolerance.quantity", self.tolerance.quantity), ("tolerance.amount", self.tolerance.amount)]
        {
            if value < Decimal::ZERO {
                problems.push((key, "is a difference, 0 or more".to_owned()));
            }
        }
        for (key, months) in
            [("invoices.before", self.invoices.before), ("invoices.after", self.invoices.after)]
        {
            if months > MONTHS {
                problems.push((key, format!("is a number of months, up to {MONTHS}")));
            }
        }
        if self.invoices.statuses.is_empty() {
            problems.push(("invoices.statuses", "names no invoice that counts".to_owned()));
        }
        if let Some(other) =
            self.invoices.statuses.iter().find(|known| matches!(known, InvoiceStatus::Other(_)))
        {
            let known: Vec<_> = InvoiceStatus::KNOWN.iter().map(ToString::to_string).collect();
            problems.push((
                "invoices.statuses",
                format!("`{other}` is no state of an invoice; there is {}", known.join(", ")),
            ));
        }
        if self.closed_after > 62 {
            problems.push(("closed_after", "is a number of days, up to 62".to_owned()));
        }
        problems
    }

    /// The months before, with those that a spread term needs.
    pub(super) fn months_before(&self) -> u32 {
        match self.terms {
            Terms::Charged => self.invoices.before,
            Terms::Spread => self.invoices.before.max(MONTHS),
        }
    }

    pub(super) fn same_quantity(&self, one: Decimal, other: Decimal) -> bool {
        one.checked_sub(other).is_some_and(|between| between.abs() <= self.tolerance.quantity)
    }

    pub(super) fn same_amount(&self, one: Decimal, other: Decimal) -> bool {
        one.checked_sub(other).is_some_and(|between| between.abs() <= self.tolerance.amount)
    }
}
