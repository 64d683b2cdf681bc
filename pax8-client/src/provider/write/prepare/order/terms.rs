//! Which price and which commitment a line means.

use std::fmt;

use provider_core::error::Violation;
use provider_core::{NewOrderLine, Term};

use super::facts::Facts;
use crate::map::offer::{OfferKey, commitment_text, commitments_of, committed};
use crate::map::subscription::fits;
use crate::map::term;
use crate::model::{BillingTerm, Commitment, Pricing};
use crate::provider::write::prepare::prepared::field;

/// One way to buy a product.
#[derive(Debug, Clone)]
pub(super) struct Choice<'a> {
    pub(super) billing_term: BillingTerm,
    pub(super) commitment: Option<&'a Commitment>,
    pub(super) row: Option<&'a Pricing>,
}

impl Choice<'_> {
    fn length(&self) -> Option<Term> {
        let by_commitment =
            self.commitment.and_then(|commitment| term::commitment(commitment.term.as_deref()?));
        by_commitment.or_else(|| committed(self.row?))
    }

    fn is_meant(&self, line: &NewOrderLine, key: Option<&OfferKey>) -> bool {
        let by_key = key.is_none_or(|key| {
            let named = |wanted: &String| {
                self.commitment.is_some_and(|commitment| commitment.id == *wanted)
                    || self.row.is_some_and(|row| commitment_text(row) == Some(wanted.as_str()))
            };
            let commitment = match &key.commitment {
                Some(wanted) => named(wanted),
                None => self.commitment.is_none(),
            };
            key.billing_term == self.billing_term.to_order() && commitment
        });
        let by_cycle =
            line.billing_cycle.as_ref().is_none_or(|cycle| term::billing_cycle(&self.billing_term) == *cycle);
        let by_length = line.commitment_term.is_none_or(|wanted| self.length() == Some(wanted));
        by_key && by_cycle && by_length
    }
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(term::billing_cycle(&self.billing_term).as_str())?;
        match (self.commitment.and_then(|commitment| commitment.term.as_deref()), self.length()) {
            (Some(text), _) => write!(f, ", committed for {text}"),
            (None, Some(term)) => write!(f, ", committed for {term}"),
            (None, None) => Ok(()),
        }
    }
}

/// The only way that fits the line; otherwise a violation says what there is to choose from.
pub(super) fn choose<'a>(
    index: usize,
    line: &NewOrderLine,
    facts: &'a Facts,
    violations: &mut Vec<Violation>,
) -> Option<Choice<'a>> {
    let mut refuse =
        |member: &str, problem: String| violations.push(Violation::new(field(index, member), problem));
    let key = match line.offer.as_ref().map(OfferKey::parse) {
        None => None,
        Some(Some(key)) if key.product == line.product.as_str() => Some(key),
        Some(_) => {
            refuse("offer", "is no offer of this product".to_owned());
            return None;
        }
    };
    let all = ways(line, key.as_ref(), facts);
    let meant: Vec<_> = all.iter().filter(|choice| choice.is_meant(line, key.as_ref())).collect();
    let listed = |choices: &mut dyn Iterator<Item = &Choice<'_>>| {
        choices.map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    match meant.as_slice() {
        [] if all.is_empty() => {
            refuse(
                "billing_cycle",
                "Pax8 gives no prices for this product: name how often to pay".to_owned(),
            );
            None
        }
        [] => {
            let there_is = listed(&mut all.iter());
            refuse("offer", format!("nothing fits what was named; there is: {there_is}"));
            None
        }
        [only] => {
            if only.commitment.is_none() && facts.product.requires_commitment == Some(true) {
                refuse(
                    "commitment_term",
                    "the product needs a commitment, and Pax8 lists none that fits".to_owned(),
                );
                return None;
            }
            Some(Choice::clone(only))
        }
        several => {
            let there_is = listed(&mut several.iter().copied());
            let problem =
                format!("name the offer, the billing cycle or the commitment; there is: {there_is}");
            refuse("offer", problem);
            None
        }
    }
}

/// Every way to buy the product: each price with each commitment that it stands for.
fn ways<'a>(line: &NewOrderLine, key: Option<&OfferKey>, facts: &'a Facts) -> Vec<Choice<'a>> {
    let commitments = &facts.dependencies.commitment_dependencies;
    let needed = facts.product.requires_commitment == Some(true);
    let mut ways = Vec::new();
    let mut add = |billing_term: &BillingTerm, row: Option<&'a Pricing>, matching: Vec<&'a Commitment>| {
        if matching.is_empty() {
            ways.push(Choice { billing_term: billing_term.clone(), commitment: None, row });
        }
        for commitment in matching {
            ways.push(Choice { billing_term: billing_term.clone(), commitment: Some(commitment), row });
        }
    };
    // Where the price does not name a commitment although one is needed, any that is long enough will do.
    let long_enough = |billing_term: &BillingTerm| -> Vec<&'a Commitment> {
        let long = |commitment: &&Commitment| {
            fits(commitment.term.as_deref().and_then(term::commitment), billing_term)
        };
        commitments.iter().filter(long).collect()
    };
    for row in &facts.pricing {
        let Some(billing_term) = &row.billing_term else { continue };
        let mut matching = commitments_of(row, commitments);
        if matching.is_empty() && needed && commitment_text(row).is_none() {
            matching = long_enough(billing_term);
        }
        add(billing_term, Some(row), matching);
    }
    if facts.pricing.is_empty() {
        let named = key.map(|key| key.billing_term.clone());
        if let Some(billing_term) = named.or_else(|| term::billing_term(line.billing_cycle.as_ref()?)) {
            let matching = if needed { long_enough(&billing_term) } else { Vec::new() };
            add(&billing_term, None, matching);
        }
    }
    ways
}
