//! Invoices and their items as they are answered.

use serde_json::{Map, Value, json};

use super::record::{Invoice, Item};
use crate::engine::prng::Prng;
use crate::pax8::engine::wire;
use crate::pax8::state::State;

impl Invoice {
    /// With `status`, which the vendor's schema forgets.
    pub(crate) fn json(&self, state: &State) -> Value {
        let mut invoice = json!({
            "id": self.id,
            "invoiceDate": self.issued_on.to_string(),
            "dueDate": self.due_on.to_string(),
            "total": wire::number(self.total),
            "balance": wire::number(self.balance),
            "carriedBalance": wire::number(self.carried),
            "status": self.status,
            "currencyCode": state.currency,
            "partnerName": "Example MSP",
        });
        let company = self.company.and_then(|place| state.companies.at(place));
        if let (Some(company), Value::Object(members)) = (company, &mut invoice) {
            members.insert("companyId".to_owned(), json!(company.id));
            if let Some(external) = &company.profile.external_id {
                members.insert("externalId".to_owned(), json!(external));
            }
        }
        invoice
    }

    /// The item at a place, with its id.
    pub(crate) fn item(&self, state: &State, place: usize, item: &Item) -> Value {
        let number = u64::try_from(place).unwrap_or(u64::MAX);
        let id = Prng::keyed(state.seed, &self.id, number).uuid();
        let mut members = item.members(state);
        members.insert("id".to_owned(), json!(id));
        Value::Object(members)
    }
}

impl Item {
    fn members(&self, state: &State) -> Map<String, Value> {
        let company = state.companies.at(self.company);
        let product = self.product.and_then(|place| state.products.at(place));
        let subscription = self.subscription.and_then(|place| state.subscriptions.at(place));
        let description = if self.description.is_empty() {
            product.map(|one| one.name.as_str()).unwrap_or_default()
        } else {
            self.description
        };
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("type", json!(self.kind));
        put("purchaseOrderNumber", json!(self.purchase_order()));
        put("companyId", json!(company.map(|one| &one.id)));
        put("companyName", json!(company.map(|one| &one.profile.name)));
        if let Some(external) = company.and_then(|one| one.profile.external_id.as_ref()) {
            put("externalId", json!(external));
        }
        put("startPeriod", json!(self.first_day.to_string()));
        put("endPeriod", json!(self.last_day.to_string()));
        put("quantity", wire::number(self.quantity));
        put("term", json!(self.term));
        put("description", json!(description));
        put("details", json!(""));
        put("rateType", json!(self.rate_type));
        put("chargeType", json!(if self.flat { "flat" } else { "per" }));
        put("price", wire::number(self.price));
        put("subTotal", wire::number(self.sub_total));
        put("cost", wire::number(self.cost));
        put("costTotal", wire::number(self.cost_total));
        put("offeredBy", json!("Pax8"));
        put("billedByPax8", json!(company.is_some_and(|one| one.profile.bill_on_behalf_of)));
        put("total", wire::number(self.sub_total));
        put("billingFee", json!(0));
        put("billingFeeRate", json!(0));
        put("amountDue", wire::number(self.cost_total));
        put("currencyCode", json!(self.currency.as_ref().unwrap_or(&state.currency)));
        put("salesTax", json!(0));
        // `null` for what has no subscription, although the vendor's schema knows no null.
        put("subscriptionId", json!(self.foreign.as_ref().or(subscription.map(|one| &one.id))));
        if let Some(product) = product {
            put("productId", json!(product.id));
            put("productName", json!(product.name));
            put("vendorName", json!(product.vendor));
            put("sku", json!(product.sku));
            put("unitOfMeasure", json!(product.unit));
        }
        members
    }

    /// Every third company wants a purchase order of its own on its items.
    fn purchase_order(&self) -> String {
        if self.company % 3 == 2 { format!("PO-{:05}", self.company + 1) } else { "N/A".to_owned() }
    }

    /// As a draft has it: without an id.
    pub(crate) fn draft(&self, state: &State) -> Value {
        Value::Object(self.members(state))
    }
}
