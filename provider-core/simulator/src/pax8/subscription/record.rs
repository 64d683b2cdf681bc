//! What is kept about subscriptions.

use chrono::{DateTime, Months, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::engine::clock::midnight;
use crate::pax8::catalog::record::Commitment;
use crate::pax8::engine::table::Record;
use crate::pax8::purchase::record::Given;

/// The statuses of the reference.
pub(crate) const STATUSES: &[&str] = &[
    "Active",
    "Cancelled",
    "PendingManual",
    "PendingAutomated",
    "PendingCancel",
    "WaitingForDetails",
    "Trial",
    "Converted",
    "PendingActivation",
    "Activated",
];

/// A run under a commitment.
#[derive(Clone, Debug)]
pub(crate) struct CommitmentRun {
    /// Place among the product's commitments.
    pub(crate) place: usize,
    pub(crate) started: DateTime<Utc>,
}

impl CommitmentRun {
    /// The start of the term that is running at `now`: commitments renew by themselves.
    pub(crate) fn term_start(&self, commitment: &Commitment, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut start = self.started;
        while let Some(next) = start.checked_add_months(Months::new(commitment.months.max(1))) {
            if next > now || !commitment.auto_renew {
                break;
            }
            start = next;
        }
        start
    }

    /// The last day of the running term.
    pub(crate) fn term_end(&self, commitment: &Commitment, now: DateTime<Utc>) -> DateTime<Utc> {
        let start = self.term_start(commitment, now);
        let next = start.checked_add_months(Months::new(commitment.months.max(1))).unwrap_or(start);
        midnight((next - TimeDelta::days(1)).date_naive())
    }
}

/// A subscription of a company.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) parent_id: Option<String>,
    /// Place of the company.
    pub(crate) company: usize,
    /// Place of the product.
    pub(crate) product: usize,
    /// Known once the vendor has provisioned it.
    pub(crate) vendor_subscription_id: Option<String>,
    pub(crate) quantity: Decimal,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: Option<DateTime<Utc>>,
    pub(crate) status: &'static str,
    /// Customer's price per unit.
    pub(crate) price: Decimal,
    /// Partner's cost per unit.
    pub(crate) cost: Decimal,
    pub(crate) billing_term: &'static str,
    pub(crate) commitment: Option<CommitmentRun>,
    pub(crate) answers: Vec<Given>,
    /// The status that comes next, and when.
    pub(crate) next: Option<(DateTime<Utc>, &'static str)>,
    /// What it was before each change, oldest first.
    pub(crate) history: Vec<Value>,
    /// How many there were before each change of their number, and when that was; oldest first.
    pub(crate) counts: Vec<(DateTime<Utc>, Decimal)>,
}

impl Record for Subscription {
    fn id(&self) -> &str {
        &self.id
    }
}

/// How the commitment of a subscription is named on the wire: reference and live interface differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommitmentKey {
    /// `commitment`, as the live interface was seen to send.
    #[default]
    Live,
    /// `commitmentTerm`, as the vendor's schema says.
    Documented,
    /// Both.
    Both,
}

impl Subscription {
    /// How many there were at the end of the month before this moment: a change counts for the month it falls in.
    pub(crate) fn quantity_before(&self, end: DateTime<Utc>) -> Decimal {
        let later = self.counts.iter().find(|(at, _)| *at >= end);
        later.map_or(self.quantity, |(_, before)| *before)
    }

    /// True while the vendor has not delivered yet.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(
            self.status,
            "PendingManual" | "PendingAutomated" | "WaitingForDetails" | "PendingActivation"
        )
    }

    /// True if it is provided, also if only for a while yet.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.status, "Active" | "Trial" | "Converted" | "PendingCancel")
    }
}
