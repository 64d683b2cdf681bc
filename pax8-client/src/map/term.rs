//! Billing terms and commitments: Pax8 mixes the words and the spellings.

use provider_core::{BillingCycle, Term};

use crate::model::BillingTerm;

/// The billing term.
pub(crate) fn billing_cycle(term: &BillingTerm) -> BillingCycle {
    match term {
        BillingTerm::Monthly => BillingCycle::Monthly,
        BillingTerm::Annual => BillingCycle::Annual,
        BillingTerm::TwoYear => BillingCycle::Biennial,
        BillingTerm::ThreeYear => BillingCycle::Triennial,
        BillingTerm::OneTime | BillingTerm::OneTimeDigit => BillingCycle::OneTime,
        BillingTerm::Trial => BillingCycle::Trial,
        other => BillingCycle::Other(other.as_str().to_owned()),
    }
}

/// What an order names for it; `None` where Pax8 has no such term.
pub(crate) fn billing_term(cycle: &BillingCycle) -> Option<BillingTerm> {
    match cycle {
        BillingCycle::Monthly => Some(BillingTerm::Monthly),
        BillingCycle::Annual => Some(BillingTerm::Annual),
        BillingCycle::Biennial => Some(BillingTerm::TwoYear),
        BillingCycle::Triennial => Some(BillingTerm::ThreeYear),
        BillingCycle::OneTime => Some(BillingTerm::OneTime),
        BillingCycle::Trial => Some(BillingTerm::Trial),
        BillingCycle::Other(text) => Some(BillingTerm::from(text.as_str())),
        _ => None,
    }
}

/// The length of a commitment, from free text: `Monthly`, `Annual`, `1-Year`, `3 Year`, `12 Months`.
pub(crate) fn commitment(text: &str) -> Option<Term> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "monthly" | "month" => return Some(Term::MONTH),
        "annual" | "annually" | "yearly" | "year" => return Some(Term::YEAR),
        "quarterly" => return Some(Term::months(3)),
        _ => {}
    }
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().ok().filter(|number| (1..=1200).contains(number))?;
    match unit.trim_matches(|c: char| !c.is_ascii_alphabetic()) {
        "year" | "years" | "yr" | "y" => Some(Term::years(number)),
        "month" | "months" | "mo" | "m" => Some(Term::months(number)),
        "day" | "days" => Some(Term::days(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_go_there_and_back() {
        for term in BillingTerm::KNOWN {
            assert_eq!(billing_term(&billing_cycle(term)), Some(term.to_order()));
        }
        assert_eq!(BillingTerm::from("1-Time").to_order(), BillingTerm::OneTime);
        assert_eq!(billing_term(&BillingCycle::Quarterly), None);
    }

    #[test]
    fn commitments_are_read_in_every_spelling() {
        for (text, term) in [
            ("Monthly", Some("P1M")),
            ("1-Year", Some("P1Y")),
            ("Annual", Some("P1Y")),
            ("3 Year", Some("P3Y")),
            ("12-Months", Some("P1Y")),
            ("36 months", Some("P3Y")),
            ("Perpetual", None),
            ("", None),
            ("0-Year", None),
            ("99999999999-Year", None),
        ] {
            assert_eq!(commitment(text).map(|term| term.to_string()).as_deref(), term, "{text}");
        }
    }
}
