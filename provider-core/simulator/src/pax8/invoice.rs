//! Invoices and their items: state and wire form.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::store::Store;
use super::table::Record;
use super::wire;
use crate::prng::Prng;

/// The statuses of the reference.
pub(super) const STATUSES: &[&str] = &["Unpaid", "Paid", "Void", "Carried", "Nothing Due", "Credited"];

/// An approved invoice: it never changes.
#[derive(Clone, Debug)]
pub(super) struct Invoice {
    pub(super) id: String,
    pub(super) issued_on: NaiveDate,
    pub(super) due_on: NaiveDate,
    pub(super) status: &'static str,
    pub(super) total: Decimal,
    pub(super) balance: Decimal,
    pub(super) carried: Decimal,
    pub(super) items: Vec<Item>,
}

impl Record for Invoice {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Invoice {
    /// With `status`, which the vendor's schema forgets.
    pub(super) fn json(&self, store: &Store) -> Value {
        json!({
            "id": self.id,
            "invoiceDate": self.issued_on.to_string(),
            "dueDate": self.due_on.to_string(),
            "total": wire::number(self.total),
            "balance": wire::number(self.balance),
            "carriedBalance": wire::number(self.carried),
            "status": self.status,
            "currencyCode": store.currency,
            "partnerName": "Example MSP",
        })
    }

    /// The item at a place, with its id.
    pub(super) fn item(&self, store: &Store, place: usize, item: &Item) -> Value {
        let number = u64::try_from(place).unwrap_or(u64::MAX);
        let id = Prng::keyed(store.seed, &self.id, number).uuid();
        let mut members = item.members(store);
        members.insert("id".to_owned(), json!(id));
        Value::Object(members)
    }
}

/// A line of an invoice or of a draft.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// `subscription`, `prorate`, `one-time`, `rebate`, `payment-credit`, `service-charge`, `service-credit` or
    /// `invoice-credit`.
    pub(super) kind: &'static str,
    /// Place of the company.
    pub(super) company: usize,
    /// Place of the product, for what is about one.
    pub(super) product: Option<usize>,
    /// Place of the subscription, for what is about one.
    pub(super) subscription: Option<usize>,
    pub(super) first_day: NaiveDate,
    pub(super) last_day: NaiveDate,
    pub(super) quantity: Decimal,
    /// In the invoice's spelling: `2 Year`, `Arrears`.
    pub(super) term: &'static str,
    pub(super) rate_type: &'static str,
    /// The charge is for the whole line, not per unit.
    pub(super) flat: bool,
    pub(super) price: Decimal,
    pub(super) sub_total: Decimal,
    pub(super) cost: Decimal,
    pub(super) cost_total: Decimal,
    pub(super) description: &'static str,
}

impl Item {
    fn members(&self, store: &Store) -> Map<String, Value> {
        let company = store.companies.at(self.company);
        let product = self.product.and_then(|place| store.products.at(place));
        let subscription = self.subscription.and_then(|place| store.subscriptions.at(place));
        let description = if self.description.is_empty() {
            product.map(|one| one.name.as_str()).unwrap_or_default()
        } else {
            self.description
        };
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("type", json!(self.kind));
        put("purchaseOrderNumber", json!("N/A"));
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
        put("currencyCode", json!(store.currency));
        put("salesTax", json!(0));
        // `null` for what has no subscription, although the vendor's schema knows no null.
        put("subscriptionId", json!(subscription.map(|one| &one.id)));
        if let Some(product) = product {
            put("productId", json!(product.id));
            put("productName", json!(product.name));
            put("vendorName", json!(product.vendor));
            put("sku", json!(product.sku));
            put("unitOfMeasure", json!(product.unit));
        }
        members
    }

    /// As a draft has it: without an id.
    pub(super) fn draft(&self, store: &Store) -> Value {
        Value::Object(self.members(store))
    }
}
