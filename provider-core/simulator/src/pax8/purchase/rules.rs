//! The business rules of an order. Every broken one is named, with the number of its line.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::body::{LineSent, OrderSent};
use super::provisioning;
use super::record::Given;
use crate::pax8::catalog::record::{Product, months_of};
use crate::pax8::engine::body::is_email;
use crate::pax8::state::State;

/// An order that broke no rule.
#[derive(Debug)]
pub(crate) struct OrderPlan {
    /// Place of the company.
    pub(crate) company: usize,
    pub(crate) lines: Vec<LinePlan>,
}

/// A line that broke no rule.
#[derive(Debug)]
pub(crate) struct LinePlan {
    /// Place of the product.
    pub(crate) product: usize,
    /// Place among the product's commitments.
    pub(crate) commitment: Option<usize>,
    pub(crate) parent: Option<Parent>,
    pub(crate) price: Decimal,
    pub(crate) cost: Decimal,
}

/// What an add-on belongs to.
#[derive(Clone, Debug)]
pub(crate) enum Parent {
    /// An existing subscription.
    Subscription(String),
    /// The line at this place of the same order.
    Line(usize),
}

/// Checks an order against the account as it is now.
pub(crate) fn check(state: &State, sent: &OrderSent, now: DateTime<Utc>) -> Result<OrderPlan, Vec<String>> {
    let mut rules = Vec::new();
    let company = state.companies.place(&sent.company_id);
    match company.and_then(|place| state.companies.at(place)) {
        None => rules.push(format!("Company Not Found: {}", sent.company_id)),
        Some(company) if company.status() != "Active" => {
            rules.push(format!("Company is {}: it needs a primary contact of each type", company.status()));
        }
        Some(_) => {}
    }
    if sent.email.as_deref().is_some_and(|text| !is_email(text)) {
        rules.push("orderedByUserEmail must be an e-mail address".to_owned());
    }
    if sent.lines.is_empty() {
        rules.push("at least one line item is needed".to_owned());
    }
    let mut lines = Vec::new();
    for (place, line) in sent.lines.iter().enumerate() {
        let mut broken = Vec::new();
        if sent.lines.iter().take(place).any(|one| one.number == line.number) {
            broken.push("lineItemNumber is used twice".to_owned());
        }
        let check = LineCheck { state, sent, line, company, now };
        let plan = check.plan(&mut broken);
        let number = line.number.normalize();
        rules.extend(broken.into_iter().map(|rule| format!("Line item {number}: {rule}")));
        lines.extend(plan);
    }
    match company {
        Some(company) if rules.is_empty() => Ok(OrderPlan { company, lines }),
        _ => Err(rules),
    }
}

struct LineCheck<'a> {
    state: &'a State,
    sent: &'a OrderSent,
    line: &'a LineSent,
    company: Option<usize>,
    now: DateTime<Utc>,
}

impl LineCheck<'_> {
    fn plan(&self, rules: &mut Vec<String>) -> Option<LinePlan> {
        let line = self.line;
        let Some(place) = self.state.products.place(&line.product_id) else {
            rules.push(format!("Product Not Found: {}", line.product_id));
            return None;
        };
        let product = self.state.products.at(place)?;
        if line.quantity <= Decimal::ZERO || !line.quantity.fract().is_zero() {
            rules.push("quantity must be a whole number greater than 0".to_owned());
        }
        // Clients stamp the present day; a later one would be a scheduled order.
        let latest = self.now + TimeDelta::days(1);
        if line.provision_start.is_some_and(|start| start > latest) {
            rules.push("scheduled orders are not supported".to_owned());
        }
        let commitment = self.commitment(product, rules);
        let rate = product.price(line.billing_term, commitment).and_then(|price| price.rate(line.quantity));
        if !product.has_term(line.billing_term) {
            rules.push(format!("billingTerm {} is not available for this product", line.billing_term));
        } else if rate.is_none() && rules.is_empty() {
            rules.push(format!("billingTerm {} is not available under this commitment", line.billing_term));
        }
        if let Some(highest) = rate.and_then(|rate| rate.to)
            && line.quantity > Decimal::from(highest)
        {
            rules.push(format!("quantity must not be greater than {highest}"));
        }
        let parent = self.parent(product, rules);
        rules.extend(provisioning::broken_rules(product, &line.answers, |key, value| {
            self.is_taken(key, value)
        }));
        let discount = self.company.map_or(Decimal::ZERO, |place| self.state.discount(place));
        let rate = rate?;
        Some(LinePlan {
            product: place,
            commitment,
            parent,
            price: rate.retail,
            cost: (rate.buy * (Decimal::ONE - discount)).round_dp(4),
        })
    }

    fn commitment(&self, product: &Product, rules: &mut Vec<String>) -> Option<usize> {
        match &self.line.commitment_id {
            None => {
                if product.requires_commitment {
                    rules.push("commitmentTermId is required for this product".to_owned());
                }
                None
            }
            Some(id) => {
                let place = product.commitment_place(id);
                let Some(commitment) = place.and_then(|place| product.commitment(place)) else {
                    rules.push(format!("commitmentTermId {id} is not one of this product"));
                    return None;
                };
                if commitment.months < months_of(self.line.billing_term) {
                    rules.push("the commitment is shorter than the billing term".to_owned());
                }
                place
            }
        }
    }

    fn parent(&self, product: &Product, rules: &mut Vec<String>) -> Option<Parent> {
        let (parent, parent_product) = match (&self.line.parent_subscription, self.line.parent_line) {
            (Some(_), Some(_)) => {
                rules.push("give parentSubscriptionId or parentLineItemNumber, not both".to_owned());
                return None;
            }
            (None, None) => {
                if !product.parents.is_empty() {
                    rules.push("this add-on needs a parent".to_owned());
                }
                return None;
            }
            (Some(id), None) => {
                let found = self.state.subscriptions.get(id).filter(|one| Some(one.company) == self.company);
                match found {
                    None => {
                        rules.push(format!("parent subscription Not Found: {id}"));
                        return None;
                    }
                    Some(one) if one.status == "Cancelled" => {
                        rules.push("the parent subscription is cancelled".to_owned());
                        return None;
                    }
                    Some(one) => (Parent::Subscription(id.clone()), Some(one.product)),
                }
            }
            (None, Some(number)) => {
                let place = self.sent.lines.iter().position(|one| one.number == number);
                let Some(other) = place.and_then(|place| self.sent.lines.get(place)) else {
                    rules.push(format!("there is no line item {}", number.normalize()));
                    return None;
                };
                if other.number == self.line.number {
                    rules.push("a line item cannot be its own parent".to_owned());
                    return None;
                }
                (Parent::Line(place.unwrap_or_default()), self.state.products.place(&other.product_id))
            }
        };
        if product.parents.is_empty() {
            rules.push("this product takes no parent".to_owned());
        } else if !parent_product.is_some_and(|place| product.parents.contains(&place)) {
            rules.push("the parent is not one of the products that are required".to_owned());
        }
        Some(parent)
    }

    /// True if another line of this order or a subscription that is not cancelled has given this answer.
    fn is_taken(&self, key: &str, value: &str) -> bool {
        let gives = |answers: &[Given]| {
            answers.iter().any(|one| one.key == key && one.values.iter().any(|other| other == value))
        };
        self.sent.lines.iter().filter(|one| !std::ptr::eq(*one, self.line)).any(|one| gives(&one.answers))
            || self
                .state
                .subscriptions
                .iter()
                .filter(|one| one.status != "Cancelled")
                .any(|one| gives(&one.answers))
    }
}
