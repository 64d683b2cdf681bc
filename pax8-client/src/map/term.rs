//! Billing terms and commitments: Pax8 mixes the words and the spellings.

use provider_core::BillingCycle;
/// The length of a commitment, which is free text: `Monthly`, `Annual`, `1-Year`, `3 Year`, `12 Months`.
pub(crate) use provider_core::wire::term::parse as commitment;

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
}
