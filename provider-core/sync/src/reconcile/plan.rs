//! What a plan says about the comparison.

use std::collections::BTreeMap;

use provider_core::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rules::Rules;
use crate::plan::PlanProblem;

/// How ordered, invoiced and billed are compared: `[reconcile]` of a plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ReconcilePlan {
    /// Where the application keeps what it has billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billed: Option<BilledPlan>,
    /// The rules of the comparison.
    pub rules: Rules,
}

/// The table of what was billed: one row for each position of a customer's invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BilledPlan {
    /// The table, in the application's database.
    pub table: String,
    /// The column of the distributor's id of the subscription.
    pub subscription: String,
    /// The column of the number of units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// The column of the row's amount without tax: of the whole row, not of one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The column of the currency's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The currency of all rows, where no column has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<Currency>,
    /// The column of the month in which it was billed: `2026-10`, or a date or moment of the month.
    pub month: String,
    /// The column of the first day that it was billed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The column of the last day that it was billed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The column of the customer, in the application's own terms: for people who look for the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Constants that the rows of this connection have, where several distributors share one table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scope: BTreeMap<String, Value>,
}

impl BilledPlan {
    /// The columns by the key of the plan that names them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("subscription", Some(&self.subscription)),
            ("quantity", self.quantity.as_ref()),
            ("amount", self.amount.as_ref()),
            ("currency", self.currency.as_ref()),
            ("month", Some(&self.month)),
            ("from", self.from.as_ref()),
            ("until", self.until.as_ref()),
            ("customer", self.customer.as_ref()),
        ]
        .into_iter()
        .filter_map(|(key, column)| Some((key, column?.as_str())))
    }
}

impl ReconcilePlan {
    /// What is wrong with it, without a look at any database.
    pub(crate) fn problems(&self) -> Vec<PlanProblem> {
        let rules = self.rules.problems().into_iter();
        let mut problems: Vec<_> =
            rules.map(|(key, message)| PlanProblem::new(format!("reconcile.rules.{key}"), message)).collect();
        let Some(billed) = &self.billed else { return problems };
        let mut wrong = |key: &str, message: &str| {
            problems.push(PlanProblem::new(format!("reconcile.billed.{key}"), message));
        };
        if billed.table.trim().is_empty() {
            wrong("table", "names no table");
        }
        for (key, column) in billed.columns() {
            if column.trim().is_empty() {
                wrong(key, "names no column");
            }
        }
        if billed.quantity.is_none() && billed.amount.is_none() {
            wrong("quantity", "neither `quantity` nor `amount` is named: there is nothing to compare");
        }
        match (&billed.amount, &billed.currency, &billed.currency_code) {
            (Some(_), None, None) => {
                wrong(
                    "amount",
                    "an amount needs its currency: name the column, `currency`, or the one of all rows, `currency_code`",
                );
            }
            (_, Some(_), Some(_)) => wrong("currency_code", "stands beside `currency`: name one of the two"),
            _ => {}
        }
        if billed.from.is_some() != billed.until.is_some() {
            wrong("from", "`from` and `until` go together");
        }
        for (name, value) in &billed.scope {
            if value.is_null() || value.is_array() || value.is_object() {
                wrong(&format!("scope.{name}"), "is text, a number, true or false");
            }
        }
        problems
    }
}
