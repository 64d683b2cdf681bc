//! Subscriptions: state, what time does to them, and wire form.

use chrono::{DateTime, Months, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::pax8::catalog::record::Commitment;
use crate::pax8::engine::table::Record;
use crate::pax8::engine::wire;
use crate::pax8::purchase::provisioning::Given;
use crate::pax8::state::Store;

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
        wire::midnight((next - TimeDelta::days(1)).date_naive())
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

    /// The commitment with its terms, if there is one.
    pub(crate) fn committed<'a>(&'a self, store: &'a Store) -> Option<(&'a CommitmentRun, &'a Commitment)> {
        let run = self.commitment.as_ref()?;
        let commitment = store.products.at(self.product)?.commitment(run.place)?;
        Some((run, commitment))
    }

    /// What every form has; `created` is worded by the caller, because the live interface words it in three ways.
    fn members(&self, store: &Store, now: DateTime<Utc>, created: &str) -> Map<String, Value> {
        let company = store.companies.at(self.company);
        let product = store.products.at(self.product);
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", json!(self.id));
        put("companyId", json!(company.map(|one| &one.id)));
        put("productId", json!(product.map(|one| &one.id)));
        put("productName", json!(product.map(|one| &one.name)));
        if let Some(parent) = &self.parent_id {
            put("parentSubscriptionId", json!(parent));
        }
        if let Some(vendor) = &self.vendor_subscription_id {
            put("vendorSubscriptionId", json!(vendor));
        }
        put("quantity", wire::number(self.quantity));
        put("startDate", json!(wire::seconds(self.starts_at)));
        put("createdDate", json!(created));
        put("billingStart", json!(wire::day(self.starts_at)));
        put("status", json!(self.status));
        put("price", wire::number(self.price));
        put("partnerCost", wire::number(self.cost));
        put("currencyCode", json!(store.currency));
        put("billingTerm", json!(self.billing_term));
        if let Some((run, commitment)) = self.committed(store) {
            let value = json!({
                "id": commitment.id,
                "term": commitment.term,
                "endDate": wire::millis(run.term_end(commitment, now)),
            });
            if store.commitment_key != CommitmentKey::Documented {
                put("commitment", value.clone());
            }
            if store.commitment_key != CommitmentKey::Live {
                put("commitmentTerm", value);
            }
        }
        members
    }

    /// As a list has it: dates without a time, no vendor SKU id.
    pub(crate) fn row(&self, store: &Store, now: DateTime<Utc>) -> Value {
        let mut members = self.members(store, now, &wire::day(self.created_at));
        if let Some(end) = self.ends_at {
            members.insert("endDate".to_owned(), json!(wire::day(end)));
        }
        Value::Object(members)
    }

    /// As get and update answer it: absent values are `null` here.
    pub(crate) fn full(&self, store: &Store, now: DateTime<Utc>) -> Value {
        let mut members = self.members(store, now, &wire::millis(self.created_at));
        members.insert("endDate".to_owned(), json!(self.ends_at.map(wire::seconds)));
        if let Some(updated) = self.updated_at {
            members.insert("updatedDate".to_owned(), json!(wire::offset(updated)));
        }
        members.entry("parentSubscriptionId").or_insert(Value::Null);
        if store.commitment_key != CommitmentKey::Documented {
            members.entry("commitment").or_insert(Value::Null);
        }
        if let (Some(product), Some(_)) = (store.products.at(self.product), &self.vendor_subscription_id) {
            members.insert("vendorSkuId".to_owned(), json!(product.vendor_sku));
        }
        Value::Object(members)
    }

    /// A snapshot for the history, whose dates have offsets without a colon.
    pub(crate) fn snapshot(&self, store: &Store, now: DateTime<Utc>) -> Value {
        let mut members = self.members(store, now, &wire::offset(self.created_at));
        if let Some(end) = self.ends_at {
            members.insert("endDate".to_owned(), json!(wire::seconds(end)));
        }
        if let Some(updated) = self.updated_at {
            members.insert("updatedDate".to_owned(), json!(wire::offset(updated)));
        }
        Value::Object(members)
    }
}
