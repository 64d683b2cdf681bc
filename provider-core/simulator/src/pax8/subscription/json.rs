//! A subscription as it is answered.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::record::{CommitmentKey, CommitmentRun, Subscription};
use crate::pax8::catalog::record::Commitment;
use crate::pax8::engine::wire;
use crate::pax8::state::State;

impl Subscription {
    /// The commitment with its terms, if there is one.
    pub(crate) fn committed<'a>(&'a self, state: &'a State) -> Option<(&'a CommitmentRun, &'a Commitment)> {
        let run = self.commitment.as_ref()?;
        let commitment = state.products.at(self.product)?.commitment(run.place)?;
        Some((run, commitment))
    }

    /// What every form has; `created` is worded by the caller, because the live interface words it in three ways.
    fn members(&self, state: &State, now: DateTime<Utc>, created: &str) -> Map<String, Value> {
        let company = state.companies.at(self.company);
        let product = state.products.at(self.product);
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
        put("currencyCode", json!(state.currency));
        put("billingTerm", json!(self.billing_term));
        if let Some((run, commitment)) = self.committed(state) {
            let value = json!({
                "id": commitment.id,
                "term": commitment.term,
                "endDate": wire::millis(run.term_end(commitment, now)),
            });
            if state.commitment_key != CommitmentKey::Documented {
                put("commitment", value.clone());
            }
            if state.commitment_key != CommitmentKey::Live {
                put("commitmentTerm", value);
            }
        }
        members
    }

    /// As a list has it: dates without a time, no vendor SKU id.
    pub(crate) fn row(&self, state: &State, now: DateTime<Utc>) -> Value {
        let mut members = self.members(state, now, &wire::day(self.created_at));
        if let Some(end) = self.ends_at {
            members.insert("endDate".to_owned(), json!(wire::day(end)));
        }
        Value::Object(members)
    }

    /// As get and update answer it: absent values are `null` here.
    pub(crate) fn full(&self, state: &State, now: DateTime<Utc>) -> Value {
        let mut members = self.members(state, now, &wire::millis(self.created_at));
        members.insert("endDate".to_owned(), json!(self.ends_at.map(wire::seconds)));
        if let Some(updated) = self.updated_at {
            members.insert("updatedDate".to_owned(), json!(wire::offset(updated)));
        }
        members.entry("parentSubscriptionId").or_insert(Value::Null);
        if state.commitment_key != CommitmentKey::Documented {
            members.entry("commitment").or_insert(Value::Null);
        }
        if let (Some(product), Some(_)) = (state.products.at(self.product), &self.vendor_subscription_id) {
            members.insert("vendorSkuId".to_owned(), json!(product.vendor_sku));
        }
        Value::Object(members)
    }

    /// A snapshot for the history, whose dates have offsets without a colon.
    pub(crate) fn snapshot(&self, state: &State, now: DateTime<Utc>) -> Value {
        let mut members = self.members(state, now, &wire::offset(self.created_at));
        if let Some(end) = self.ends_at {
            members.insert("endDate".to_owned(), json!(wire::seconds(end)));
        }
        if let Some(updated) = self.updated_at {
            members.insert("updatedDate".to_owned(), json!(wire::offset(updated)));
        }
        Value::Object(members)
    }
}
