//! Billing cycles and commitments.

use provider_core::wire::{self, words};
use provider_core::{BillingCycle, Term};

use crate::model::{BillingPeriod, Plan};

/// The billing cycle of a plan.
pub(crate) fn cycle(period: &BillingPeriod) -> Option<BillingCycle> {
    Some(match period {
        BillingPeriod::Unspecified => return None,
        BillingPeriod::OneTime => BillingCycle::OneTime,
        BillingPeriod::Monthly => BillingCycle::Monthly,
        BillingPeriod::Quarterly => BillingCycle::Quarterly,
        // Twice a year; every two years would be biennial.
        BillingPeriod::Biannual => BillingCycle::SemiAnnual,
        BillingPeriod::Annual => BillingCycle::Annual,
        other => return cycle_of_word(other.as_str()),
    })
}

/// How often a subscription is billed. The yearly word is not documented, so every likely one is read.
pub(crate) fn cycle_of_word(word: &str) -> Option<BillingCycle> {
    static WORDS: [(&[&str], BillingCycle); 8] = [
        (&["monthly", "month", "p1m"], BillingCycle::Monthly),
        (&["quarterly", "quarter", "p3m"], BillingCycle::Quarterly),
        (&["biannual", "semi annual", "half yearly", "p6m"], BillingCycle::SemiAnnual),
        (&["annual", "annually", "yearly", "year", "p1y", "p12m"], BillingCycle::Annual),
        (&["biennial", "p2y"], BillingCycle::Biennial),
        (&["triennial", "p3y"], BillingCycle::Triennial),
        (&["one time"], BillingCycle::OneTime),
        (&["usage"], BillingCycle::Usage),
    ];
    let word = word.trim();
    if word.is_empty() || words::same(word, "none") {
        return None;
    }
    let known = WORDS.iter().find(|(spelled, _)| spelled.iter().any(|one| words::same(one, word)));
    Some(known.map_or_else(|| BillingCycle::Other(word.to_ascii_lowercase()), |(_, cycle)| cycle.clone()))
}

/// A commitment: `P1Y`, or one of the words that older records have.
pub(crate) fn term(text: &str) -> Option<Term> {
    wire::term::parse(text).or_else(|| match cycle_of_word(text)? {
        BillingCycle::OneTime | BillingCycle::Usage => None,
        cycle => cycle.period(),
    })
}

/// The commitment that a part number ends with: `PRODUCT:SKU:P1Y:M`.
pub(crate) fn term_of_part_number(part_number: &str) -> Option<Term> {
    part_number.split(':').rev().find_map(|part| part.parse().ok())
}

/// The commitment of a plan, from its part numbers.
pub(crate) fn term_of_plan(plan: &Plan) -> Option<Term> {
    let numbers = [plan.mpn_id.as_deref(), plan.product_id.as_deref()];
    numbers.into_iter().flatten().find_map(term_of_part_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_numbers_tell_the_commitment() {
        assert_eq!(term_of_part_number("EXMP0TTC0AAA:0001:P1Y:M"), Some(Term::YEAR));
        assert_eq!(term_of_part_number("EXMP0TTC0AAA:0001:P1M:M"), Some(Term::MONTH));
        assert_eq!(term_of_part_number("EXMP0TTC0AAA:0001"), None);
        assert_eq!(term_of_part_number("P"), None);
    }

    #[test]
    fn plans_and_subscriptions_are_read_by_the_same_words() {
        for (word, cycle) in [
            ("YEARLY", Some(BillingCycle::Annual)),
            ("annual", Some(BillingCycle::Annual)),
            ("Biannual", Some(BillingCycle::SemiAnnual)),
            ("WEEKLY", Some(BillingCycle::Other("weekly".to_owned()))),
            ("BILLING_PERIOD_UNSPECIFIED", None),
            (" ", None),
        ] {
            assert_eq!(super::cycle(&BillingPeriod::from(word)), cycle, "{word}");
        }
    }

    #[test]
    fn words_and_durations_are_terms() {
        assert_eq!(term("P1Y"), Some(Term::YEAR));
        assert_eq!((term("annually"), term("3-year")), (Some(Term::YEAR), Some(Term::years(3))));
        assert_eq!((term("Semi-Annual"), term("TRIENNIAL")), (Some(Term::months(6)), Some(Term::years(3))));
        assert_eq!((term("whenever"), term("one_time"), term("none")), (None, None, None));
        for word in ["one_time", "ONE-TIME", "oneTime", "One Time"] {
            assert_eq!(cycle_of_word(word), Some(BillingCycle::OneTime), "{word}");
        }
        assert_eq!(cycle_of_word("Annually"), Some(BillingCycle::Annual));
        assert_eq!(cycle_of_word("fortnightly"), Some(BillingCycle::Other("fortnightly".to_owned())));
        assert_eq!(cycle_of_word(" "), None);
    }
}
