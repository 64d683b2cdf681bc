//! What is kept about invoices and usage.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::engine::prng::Prng;
use crate::pax8::engine::table::Record;

/// The statuses of the reference.
pub(crate) const STATUSES: &[&str] = &["Unpaid", "Paid", "Void", "Carried", "Nothing Due", "Credited"];

/// An approved invoice: it never changes.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) id: String,
    pub(crate) issued_on: NaiveDate,
    pub(crate) due_on: NaiveDate,
    pub(crate) status: &'static str,
    pub(crate) total: Decimal,
    pub(crate) balance: Decimal,
    pub(crate) carried: Decimal,
    /// Place of the company that it is for, where it is for one alone.
    pub(crate) company: Option<usize>,
    pub(crate) items: Vec<Item>,
}

impl Record for Invoice {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A line of an invoice or of a draft.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// `subscription`, `prorate`, `one-time`, `rebate`, `payment-credit`, `service-charge`, `service-credit` or
    /// `invoice-credit`.
    pub(crate) kind: &'static str,
    /// Place of the company.
    pub(crate) company: usize,
    /// Place of the product, for what is about one.
    pub(crate) product: Option<usize>,
    /// Place of the subscription, for what is about one.
    pub(crate) subscription: Option<usize>,
    pub(crate) first_day: NaiveDate,
    pub(crate) last_day: NaiveDate,
    pub(crate) quantity: Decimal,
    /// In the invoice's spelling: `2 Year`, `Arrears`.
    pub(crate) term: &'static str,
    pub(crate) rate_type: &'static str,
    /// The charge is for the whole line, not per unit.
    pub(crate) flat: bool,
    pub(crate) price: Decimal,
    pub(crate) sub_total: Decimal,
    pub(crate) cost: Decimal,
    pub(crate) cost_total: Decimal,
    pub(crate) description: &'static str,
    /// An id that no subscription of the account has, where a test put one.
    pub(crate) foreign: Option<String>,
    /// The currency, where it is not the account's.
    pub(crate) currency: Option<String>,
}

const GROUPS: &[&str] = &["rg-production", "rg-archive"];

/// What one resource group of a usage subscription has used.
#[derive(Clone, Debug)]
pub(crate) struct UsageSummary {
    pub(crate) id: String,
    /// Place of the subscription.
    pub(crate) subscription: usize,
    group: usize,
    /// What its lines are computed from.
    pub(crate) key: u64,
}

impl Record for UsageSummary {
    fn id(&self) -> &str {
        &self.id
    }
}

impl UsageSummary {
    /// The summaries of a subscription.
    pub(crate) fn of_subscription(seed: u64, subscription: usize) -> Vec<Self> {
        let first = u64::try_from(subscription * GROUPS.len()).unwrap_or(u64::MAX);
        (first..)
            .zip(0..GROUPS.len())
            .map(|(number, group)| {
                let mut prng = Prng::keyed(seed, "pax8/usage-summary", number);
                Self { id: prng.uuid(), subscription, group, key: prng.next_u64() }
            })
            .collect()
    }

    pub(crate) fn resource_group(&self) -> &'static str {
        GROUPS.get(self.group).copied().unwrap_or_default()
    }
}
