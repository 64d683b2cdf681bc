//! The catalog: products, prices per billing term and commitment, dependencies, provisioning questions.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::pax8::engine::table::Record;
use crate::pax8::engine::wire;

/// The billing terms of `/v1`.
pub(crate) const BILLING_TERMS: &[&str] =
    &["Monthly", "Annual", "2-Year", "3-Year", "One-Time", "Trial", "Activation"];

/// Months that one billing period covers; 0 for what is billed once.
pub(crate) fn months_of(billing_term: &str) -> u32 {
    match billing_term {
        "Monthly" => 1,
        "Annual" => 12,
        "2-Year" => 24,
        "3-Year" => 36,
        _ => 0,
    }
}

/// A price for a range of quantities.
#[derive(Clone, Debug)]
pub(crate) struct Rate {
    /// What the partner pays.
    pub(crate) buy: Decimal,
    /// What the vendor suggests to charge.
    pub(crate) retail: Decimal,
    /// First quantity of the range.
    pub(crate) from: u32,
    /// Last quantity of the range; open if `None`.
    pub(crate) to: Option<u32>,
    /// The rate is for the whole range, not per unit.
    pub(crate) flat: bool,
}

impl Rate {
    fn covers(&self, quantity: Decimal) -> bool {
        quantity >= Decimal::from(self.from) && self.to.is_none_or(|last| quantity <= Decimal::from(last))
    }

    fn json(&self, buy: Decimal) -> Value {
        json!({
            "partnerBuyRate": wire::number(buy),
            "suggestedRetailPrice": wire::number(self.retail),
            "startQuantityRange": self.from,
            "endQuantityRange": self.to,
            "chargeType": if self.flat { "Flat Rate" } else { "Per Unit" },
        })
    }
}

/// The price of one billing term under one commitment.
#[derive(Clone, Debug)]
pub(crate) struct Price {
    pub(crate) billing_term: &'static str,
    /// Place among the product's commitments.
    pub(crate) commitment: Option<usize>,
    /// `Flat`, `Volume`, `Tiered` or `Mark-Up`.
    pub(crate) kind: &'static str,
    pub(crate) rates: Vec<Rate>,
}

impl Price {
    /// The rate for a quantity; the last one where no range covers it.
    pub(crate) fn rate(&self, quantity: Decimal) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.covers(quantity)).or(self.rates.last())
    }

    /// What a quantity comes to, at the rates that `amount` picks.
    pub(crate) fn total(&self, quantity: Decimal, amount: impl Fn(&Rate) -> Decimal) -> Decimal {
        if self.kind == "Tiered" {
            return self
                .rates
                .iter()
                .map(|rate| {
                    let before = Decimal::from(rate.from.saturating_sub(1));
                    let last = rate.to.map_or(quantity, |to| quantity.min(to.into()));
                    (last - before).max(Decimal::ZERO) * amount(rate)
                })
                .sum();
        }
        match self.rate(quantity) {
            Some(rate) if rate.flat => amount(rate),
            Some(rate) => quantity * amount(rate),
            None => Decimal::ZERO,
        }
    }
}

/// A commitment that a product can be bought under.
#[derive(Clone, Debug)]
pub(crate) struct Commitment {
    pub(crate) id: String,
    /// `Monthly`, `1-Year`, `3-Year`.
    pub(crate) term: &'static str,
    pub(crate) months: u32,
    pub(crate) auto_renew: bool,
    pub(crate) allow_increase: bool,
    pub(crate) allow_decrease: bool,
    pub(crate) allow_cancel: bool,
    pub(crate) cancel_fee: bool,
}

impl Commitment {
    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "term": self.term,
            "autoRenew": self.auto_renew,
            "renewalWindowDaysBeforeTermEnd": 30,
            "renewalWindowDaysAfterTermEnd": 0,
            "allowForQuantityIncrease": self.allow_increase,
            "allowForQuantityDecrease": self.allow_decrease,
            "allowForEarlyCancellation": self.allow_cancel,
            "cancellationFeeApplied": self.cancel_fee,
            "isTransferable": false,
        })
    }
}

/// When a question has to be answered. The interface does not tell: only a mock order does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    Always,
    Never,
    /// When the question with this key was answered with this value.
    If(&'static str, &'static str),
}

/// What is asked before a product can be provisioned.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) description: &'static str,
    /// `Input`, `Single-Value` or `Multi-Value`.
    pub(crate) kind: &'static str,
    pub(crate) choices: &'static [&'static str],
    pub(crate) needed: Needed,
    /// No two customers can give the same answer.
    pub(crate) unique: bool,
}

impl Question {
    fn json(&self) -> Value {
        let choices = (self.kind != "Input").then_some(self.choices);
        json!({
            "label": self.label,
            "key": self.key,
            "description": self.description,
            "valueType": self.kind,
            "possibleValues": choices,
        })
    }
}

/// A product of the catalog.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) vendor: &'static str,
    pub(crate) short_description: &'static str,
    pub(crate) description: &'static str,
    pub(crate) sku: String,
    pub(crate) vendor_sku: String,
    pub(crate) unit: &'static str,
    pub(crate) requires_commitment: bool,
    /// A person at the distributor provisions it: its subscriptions wait as `PendingManual`.
    pub(crate) manual: bool,
    /// Billed by what was used.
    pub(crate) usage: bool,
    pub(crate) prices: Vec<Price>,
    pub(crate) commitments: Vec<Commitment>,
    /// Places of the products of which one must be the parent of this add-on.
    pub(crate) parents: Vec<usize>,
    pub(crate) questions: Vec<Question>,
}

impl Record for Product {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Product {
    /// The price of a billing term under a commitment.
    pub(crate) fn price(&self, billing_term: &str, commitment: Option<usize>) -> Option<&Price> {
        self.prices.iter().find(|price| price.billing_term == billing_term && price.commitment == commitment)
    }

    /// True if the product has this billing term under any commitment.
    pub(crate) fn has_term(&self, billing_term: &str) -> bool {
        self.prices.iter().any(|price| price.billing_term == billing_term)
    }

    /// The place of a commitment by its id.
    pub(crate) fn commitment_place(&self, id: &str) -> Option<usize> {
        self.commitments.iter().position(|one| one.id == id)
    }

    /// A commitment by its place.
    pub(crate) fn commitment(&self, place: usize) -> Option<&Commitment> {
        self.commitments.get(place)
    }

    /// As lists and dependencies have it.
    pub(crate) fn row(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "vendorName": self.vendor,
            "shortDescription": self.short_description,
            "sku": self.sku,
            "vendorSku": self.vendor_sku,
            "requiresCommitment": self.requires_commitment,
        })
    }

    /// As get answers it: with the long description.
    pub(crate) fn detail(&self) -> Value {
        let mut product = self.row();
        if let Some(members) = product.as_object_mut() {
            members.insert("description".to_owned(), json!(self.description));
        }
        product
    }

    /// One entry per billing term and commitment; `discount` lowers what the partner pays for one company.
    pub(crate) fn pricing(&self, discount: Decimal) -> Value {
        let content: Vec<Value> = self
            .prices
            .iter()
            .map(|price| {
                let rates: Vec<Value> = price
                    .rates
                    .iter()
                    .map(|rate| rate.json((rate.buy * (Decimal::ONE - discount)).round_dp(4)))
                    .collect();
                let mut entry = json!({
                    "productId": self.id,
                    "productName": self.name,
                    "billingTerm": price.billing_term,
                    "type": price.kind,
                    "unitOfMeasurement": self.unit,
                    "rates": rates,
                });
                let commitment = price.commitment.and_then(|place| self.commitment(place));
                if let (Some(commitment), Some(members)) = (commitment, entry.as_object_mut()) {
                    members.insert("commitmentTerm".to_owned(), json!(commitment.term));
                    members.insert("commitmentTermInMonths".to_owned(), json!(commitment.months));
                }
                entry
            })
            .collect();
        json!({ "content": content })
    }

    /// The bare object of the dependencies call; `parents` are the rows of the products that this one needs.
    pub(crate) fn dependencies(&self, parents: &[Value]) -> Value {
        let commitments: Vec<Value> = self.commitments.iter().map(Commitment::json).collect();
        let mut answer = json!({ "commitmentDependencies": commitments });
        // Where nothing is required the member is missing, not empty.
        if let (false, Some(members)) = (parents.is_empty(), answer.as_object_mut()) {
            members
                .insert("productDependencies".to_owned(), json!([{"name": "Requires", "products": parents}]));
        }
        answer
    }

    /// The questions of the provision details call.
    pub(crate) fn provision_details(&self) -> Value {
        let content: Vec<Value> = self.questions.iter().map(Question::json).collect();
        json!({ "content": content })
    }
}
