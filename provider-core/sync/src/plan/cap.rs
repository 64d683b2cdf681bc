//! The most that a run may do at the distributor.

use provider_core::Currency;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most that one run may order and change at the distributor. What is beyond it waits in the queue, and the next run
/// goes on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CapPlan {
    /// How many records it may make. Some distributors list all of theirs before each.
    pub creates: u32,
    /// How many it may change.
    pub changes: u32,
    /// How many units it may add and give back, all subscriptions together; one that is cancelled gives back all of its.
    /// A plan that pushes quantities or states has to say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// What the units may cost that it adds, each with its next payment: by the price that the subscription tells for one
    /// unit, or once where that is for the whole; times as many months as are paid at once. A unit without a price is
    /// over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// What that amount is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

impl Default for CapPlan {
    fn default() -> Self {
        Self { creates: 50, changes: 1000, units: None, total: None, currency: None }
    }
}

/// The same as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) creates: u64,
    pub(crate) changes: u64,
    pub(crate) units: Option<Decimal>,
    pub(crate) total: Option<(Decimal, Currency)>,
}

impl Default for Cap {
    fn default() -> Self {
        let CapPlan { creates, changes, .. } = CapPlan::default();
        Self { creates: creates.into(), changes: changes.into(), units: None, total: None }
    }
}

impl Cap {
    /// Everything is within it.
    pub(crate) const fn boundless() -> Self {
        Self { creates: u64::MAX, changes: u64::MAX, units: None, total: None }
    }
}

impl CapPlan {
    /// As numbers.
    ///
    /// # Errors
    /// The key that is none, and what is wrong with it.
    pub(crate) fn read(&self) -> Result<Cap, (&'static str, String)> {
        let total = match (&self.total, &self.currency) {
            (None, None) => None,
            (Some(total), Some(currency)) => {
                let amount: Decimal =
                    total.parse().map_err(|_| ("cap.total", format!("`{total}` is no amount")))?;
                let currency: Currency = currency
                    .parse()
                    .map_err(|_| ("cap.currency", format!("`{currency}` is no currency such as `EUR`")))?;
                Some((amount, currency))
            }
            (Some(_), None) => return Err(("cap.total", "says nothing without `currency`".to_owned())),
            (None, Some(_)) => {
                return Err(("cap.currency", "is that of `total`, which is not there".to_owned()));
            }
        };
        let units = self.units.map(Decimal::from);
        Ok(Cap { creates: self.creates.into(), changes: self.changes.into(), units, total })
    }
}
