//! What an order names: part number, commitment and billing cycle, as one id.

use std::borrow::Cow;
use std::fmt::Write as _;

use provider_core::model::OfferId;
use provider_core::{BillingCycle, Error, Result, Term};

use crate::model::{BillingCycleEnum, BillingCycleType};
use crate::wire::enums::UNNAMED;

/// Stands for "no commitment" in an offer's id.
const NO_TERM: &str = "none";

/// One way to buy a product: what a new commerce order says, and what an offer's id is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) part_number: String,
    pub(crate) term: Option<Term>,
    pub(crate) cycle: BillingCycleEnum,
}

impl Choice {
    /// The offer's id: `CFQ7TTC0LH18:0001/P1Y/monthly`.
    pub(crate) fn id(&self) -> OfferId {
        Ids::new(&self.part_number, self.term).of(self.cycle)
    }

    /// What an offer's id says.
    pub(crate) fn parse(field: &str, id: &OfferId) -> Result<Self> {
        let refused = |problem: &str| {
            Error::invalid_input(
                field,
                format!(
                    "`{}` {problem}; offers are written like CFQ7TTC0LH18:0001/P1Y/monthly",
                    id.as_str().escape_debug()
                ),
            )
        };
        let parts: Vec<&str> = id.parts().collect();
        let [part_number, term, cycle] = parts.as_slice() else {
            return Err(refused("is no offer of Cloud-iQ"));
        };
        if part_number.is_empty() {
            return Err(refused("names no part number"));
        }
        let term = match *term {
            NO_TERM => None,
            text => Some(text.parse().map_err(|_| refused("names no commitment"))?),
        };
        let cycle = cycle_of_word(cycle).ok_or_else(|| refused("names no billing cycle"))?;
        Ok(Self { part_number: (*part_number).to_owned(), term, cycle })
    }
}

/// The ids of the offers of one part number and commitment, whose beginning is written once:
/// `CFQ7TTC0LH18:0001/P1Y/monthly`.
pub(crate) struct Ids {
    text: String,
    common: usize,
}

impl Ids {
    pub(crate) fn new(part_number: &str, term: Option<Term>) -> Self {
        // Enough for every term and cycle that is known.
        let mut text = String::with_capacity(part_number.len() + 24);
        text.push_str(part_number);
        // Writing to a string cannot fail.
        let _ = match term {
            Some(term) => write!(text, "/{term}/"),
            None => write!(text, "/{NO_TERM}/"),
        };
        Self { common: text.len(), text }
    }

    pub(crate) fn of(&mut self, cycle: BillingCycleEnum) -> OfferId {
        self.text.truncate(self.common);
        self.text.push_str(&word(cycle));
        OfferId::new(self.text.as_str())
    }
}

fn word(cycle: BillingCycleEnum) -> Cow<'static, str> {
    Cow::Borrowed(match cycle {
        BillingCycleEnum::Monthly => "monthly",
        BillingCycleEnum::Annual => "annual",
        BillingCycleEnum::None => "none",
        BillingCycleEnum::OneTime => "one_time",
        BillingCycleEnum::BiAnnually => "semi_annual",
        BillingCycleEnum::TwoYears => "biennial",
        BillingCycleEnum::ThreeYears => "triennial",
        BillingCycleEnum::Quarterly => "quarterly",
        BillingCycleEnum::Unknown0 | BillingCycleEnum::Unknown(_) => {
            return Cow::Owned(format!("cycle-{}", cycle.number()));
        }
    })
}

fn cycle_of_word(text: &str) -> Option<BillingCycleEnum> {
    let known = BillingCycleEnum::KNOWN.iter().copied().find(|cycle| word(*cycle) == text);
    known.or_else(|| text.strip_prefix("cycle-")?.parse().ok().map(BillingCycleEnum::from_number))
}

/// The common cycle. `None` where Cloud-iQ does not know one.
pub(crate) fn cycle(cycle: BillingCycleEnum, trial: bool) -> Option<BillingCycle> {
    Some(match cycle {
        // The second is a name without a number.
        BillingCycleEnum::Unknown0 | BillingCycleEnum::Unknown(UNNAMED) => return None,
        BillingCycleEnum::Monthly => BillingCycle::Monthly,
        BillingCycleEnum::Annual => BillingCycle::Annual,
        BillingCycleEnum::None if trial => BillingCycle::Trial,
        BillingCycleEnum::None => BillingCycle::Other("none".to_owned()),
        BillingCycleEnum::OneTime => BillingCycle::OneTime,
        BillingCycleEnum::BiAnnually => BillingCycle::SemiAnnual,
        BillingCycleEnum::TwoYears => BillingCycle::Biennial,
        BillingCycleEnum::ThreeYears => BillingCycle::Triennial,
        BillingCycleEnum::Quarterly => BillingCycle::Quarterly,
        BillingCycleEnum::Unknown(number) => BillingCycle::Other(number.to_string()),
    })
}

/// Cloud-iQ's cycle. `None` where it has no such cycle.
pub(crate) fn wire_cycle(cycle: &BillingCycle) -> Option<BillingCycleEnum> {
    Some(match cycle {
        BillingCycle::Monthly => BillingCycleEnum::Monthly,
        BillingCycle::Quarterly => BillingCycleEnum::Quarterly,
        BillingCycle::SemiAnnual => BillingCycleEnum::BiAnnually,
        BillingCycle::Annual => BillingCycleEnum::Annual,
        BillingCycle::Biennial => BillingCycleEnum::TwoYears,
        BillingCycle::Triennial => BillingCycleEnum::ThreeYears,
        BillingCycle::OneTime => BillingCycleEnum::OneTime,
        BillingCycle::Trial => BillingCycleEnum::None,
        BillingCycle::Other(text) if text == "none" => BillingCycleEnum::None,
        BillingCycle::Other(text) => BillingCycleEnum::Unknown(text.parse().ok()?),
        _ => return None,
    })
}

/// Several cycles in words.
pub(crate) fn words(cycles: impl Iterator<Item = BillingCycleEnum>) -> String {
    let mut words: Vec<String> = cycles.filter_map(|known| Some(cycle(known, false)?.to_string())).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" or ")
}

/// The cycle in the numbering of orders.
pub(crate) fn order_cycle(field: &str, cycle: Option<BillingCycleType>) -> Result<BillingCycleType> {
    cycle.ok_or_else(|| Error::invalid_input(field, "Cloud-iQ's orders know no such billing cycle"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_choice_survives_its_id() {
        let cycles = BillingCycleEnum::KNOWN.iter().copied().chain([BillingCycleEnum::Unknown(11)]);
        for cycle in cycles {
            for term in [None, Some(Term::MONTH), Some(Term::years(3))] {
                let choice = Choice { part_number: "CFQ7TTC0LH18:0001".to_owned(), term, cycle };
                assert_eq!(Choice::parse("offer", &choice.id()).unwrap(), choice, "{}", choice.id());
            }
        }
        for bad in ["", "x", "a/b", "a/P1Y/weekly", "a/soon/monthly", "/P1Y/monthly", "a/P1Y/monthly/b"] {
            assert!(Choice::parse("offer", &OfferId::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn cycles_go_both_ways() {
        for known in BillingCycleEnum::KNOWN.iter().filter(|c| **c != BillingCycleEnum::Unknown0) {
            assert_eq!(cycle(*known, false).as_ref().and_then(wire_cycle), Some(*known));
        }
        assert_eq!(cycle(BillingCycleEnum::Unknown0, false), None);
        assert_eq!(cycle(BillingCycleEnum::None, true), Some(BillingCycle::Trial));
        assert_eq!(wire_cycle(&BillingCycle::Usage), None);
    }
}
