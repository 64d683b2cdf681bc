//! An order as it is answered.

use serde_json::{Map, Value, json};

use super::record::{Order, OrderLine};
use crate::pax8::engine::wire;
use crate::pax8::state::State;

impl Order {
    /// Exactly the eight keys of the live interface.
    pub(crate) fn json(&self, state: &State) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(|line| line.json(state)).collect();
        json!({
            "id": self.id,
            "companyId": state.companies.at(self.company).map(|one| &one.id),
            "createdDate": wire::day(self.created_at),
            "orderedBy": self.ordered_by,
            "orderedByUserId": state.user_id,
            "orderedByUserEmail": self.email,
            "isScheduled": false,
            "lineItems": lines,
        })
    }
}

impl OrderLine {
    fn json(&self, state: &State) -> Value {
        let subscription = state
            .subscriptions
            .at(self.subscription)
            .filter(|one| state.early_subscription_ids || !one.is_pending());
        let mut members = Map::new();
        members.insert("id".to_owned(), json!(self.id));
        members.insert("productId".to_owned(), json!(state.products.at(self.product).map(|one| &one.id)));
        members.insert("subscriptionId".to_owned(), json!(subscription.map(|one| &one.id)));
        if let Some(commitment) = &self.commitment_id {
            members.insert("commitmentTermId".to_owned(), json!(commitment));
        }
        if let Some(start) = self.provision_start {
            members.insert("provisionStartDate".to_owned(), json!(wire::seconds(start)));
        }
        members.insert("billingTerm".to_owned(), json!(self.billing_term));
        members.insert("quantity".to_owned(), wire::number(self.quantity));
        Value::Object(members)
    }
}
