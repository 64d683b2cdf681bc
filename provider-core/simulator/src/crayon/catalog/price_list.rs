//! The price list: what can be bought under which kind of agreement.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use rust_decimal::{Decimal, RoundingStrategy};

use super::offerings::{
    FAMILIES, NCE_SEATS, ONE_MONTH, ONE_YEAR, OfferKind, Offering, THREE_YEARS, Term, fixed_offerings,
};

/// An offering with one of its terms: what a product row and an order name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) index: usize,
    pub(crate) offering: &'a Offering,
    pub(crate) term: &'a Term,
}

impl Variant<'_> {
    /// The `ProductVariant.Id`.
    pub(crate) fn id(&self) -> i64 {
        FIRST_VARIANT + i64::try_from(self.index).unwrap_or_default()
    }

    pub(crate) fn name(&self) -> String {
        match self.term.words() {
            Some(words) => format!("{} ({words})", self.offering.name),
            None => self.offering.name.to_string(),
        }
    }

    /// The partner's price for a month, or for the whole thing where it is bought once.
    pub(crate) fn price(&self, currency: Currency) -> Decimal {
        let factor = match self.term.months {
            1 => Decimal::new(120, 2),
            36 => Decimal::new(95, 2),
            _ => Decimal::ONE,
        };
        rounded(Decimal::new(self.offering.cents, 2) * factor * currency.rate())
    }

    /// The publisher's list price.
    pub(crate) fn retail(&self, currency: Currency) -> Decimal {
        rounded(self.price(currency) * Decimal::new(118, 2))
    }
}

/// The currency of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Currency {
    Eur,
    Nok,
}

impl Currency {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Nok => "NOK",
        }
    }

    fn rate(self) -> Decimal {
        match self {
            Self::Eur => Decimal::ONE,
            Self::Nok => Decimal::new(1125, 2),
        }
    }
}

/// Two decimals, the way prices are told.
pub(crate) fn rounded(value: Decimal) -> Decimal {
    let mut value = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(2);
    value
}

/// A whole number as the vendor's decimals are told: `1.0`.
pub(crate) fn exact(value: i64) -> Decimal {
    let mut value = Decimal::from(value);
    value.rescale(1);
    value
}

const FIRST_VARIANT: i64 = 2_600_001;
const FIRST_PRODUCT: i64 = 70_001;

/// Everything for sale.
#[derive(Debug)]
pub(crate) struct Catalog {
    offerings: Vec<Offering>,
    /// Offering and term of each variant.
    variants: Vec<(usize, usize)>,
    /// Places of a part number's variants, by the part number in lower case.
    parts: HashMap<String, Range<usize>>,
    /// Variants of the fixed offerings, which come first.
    fixed: usize,
}

impl Catalog {
    /// At least the fixed offerings; with a larger `rows`, that many rows of new-commerce seats.
    pub(crate) fn new(rows: usize) -> Self {
        let mut catalog =
            Self { offerings: Vec::new(), variants: Vec::new(), parts: HashMap::new(), fixed: 0 };
        for offering in fixed_offerings() {
            catalog.add(offering);
        }
        catalog.fixed = catalog.variants.len();
        let mut listed = catalog.of_type(NCE_SEATS).count();
        let mut number: i64 = 0;
        while listed < rows {
            number += 1;
            let terms: &'static [Term] = match rows - listed {
                1 => &[ONE_YEAR],
                2 => &[ONE_MONTH, ONE_YEAR],
                _ => &[ONE_MONTH, ONE_YEAR, THREE_YEARS],
            };
            listed += terms.len();
            let family = usize::try_from(number % 5).ok().and_then(|place| FAMILIES.get(place));
            catalog.add(Offering {
                product_id: 0,
                part_number: Cow::Owned(format!("CFQ7SIM{number:05X}:0001")),
                name: Cow::Owned(format!("Sample Service {number}")),
                family: family.copied().unwrap_or("Sample 365"),
                kind: OfferKind::NceSeat,
                trial: false,
                minimum: 1,
                maximum: (number % 4 != 0).then_some(300),
                terms,
                cents: 199 + number * 37 % 9_800,
            });
        }
        catalog
    }

    fn add(&mut self, mut offering: Offering) {
        let place = self.offerings.len();
        offering.product_id = FIRST_PRODUCT + i64::try_from(place).unwrap_or_default();
        let first = self.variants.len();
        self.variants.extend((0..offering.terms.len()).map(|term| (place, term)));
        self.parts.insert(offering.part_number.to_ascii_lowercase(), first..self.variants.len());
        self.offerings.push(offering);
    }

    /// The variant at that place.
    pub(crate) fn variant(&self, index: usize) -> Option<Variant<'_>> {
        let (offering, term) = *self.variants.get(index)?;
        let offering = self.offerings.get(offering)?;
        Some(Variant { index, offering, term: offering.terms.get(term)? })
    }

    /// The variant with that `ProductVariant.Id`.
    pub(crate) fn by_id(&self, id: i64) -> Option<Variant<'_>> {
        usize::try_from(id - FIRST_VARIANT).ok().and_then(|index| self.variant(index))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Variant<'_>> {
        (0..self.variants.len()).filter_map(|index| self.variant(index))
    }

    /// The variants of the fixed offerings.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = Variant<'_>> {
        (0..self.fixed).filter_map(|index| self.variant(index))
    }

    /// The variants that agreements of that type list.
    pub(crate) fn of_type(&self, agreement_type: i64) -> impl Iterator<Item = Variant<'_>> {
        self.all().filter(move |variant| variant.offering.kind.agreement_type() == agreement_type)
    }

    /// The variants of a part number, which is compared without regard to case.
    pub(crate) fn by_part(&self, part_number: &str) -> impl Iterator<Item = Variant<'_>> {
        let places = self.parts.get(&part_number.to_ascii_lowercase()).cloned().unwrap_or_default();
        places.filter_map(|index| self.variant(index))
    }

    /// The variant of a part number with that term; without a term, one that has none.
    pub(crate) fn find(&self, part_number: &str, term: Option<&str>) -> Option<Variant<'_>> {
        self.by_part(part_number).find(|variant| variant.term.duration() == term)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::super::offerings::AZURE_PLAN_PART;
    use super::*;

    #[test]
    fn grows_to_the_asked_number_of_rows() {
        assert_eq!(Catalog::new(0).of_type(NCE_SEATS).count(), 12);
        for rows in [12, 13, 14, 15, 1_000] {
            assert_eq!(Catalog::new(rows).of_type(NCE_SEATS).count(), rows);
        }
    }

    #[test]
    fn variants_are_found_by_id_and_by_part_and_term() {
        let catalog = Catalog::new(40);
        let variant = catalog.find("cfq7ttc0lh18:0001", Some("P1Y")).unwrap();
        assert_eq!(variant.name(), "Sample Business Suite (1 year)");
        assert_eq!(catalog.by_id(variant.id()).unwrap().index, variant.index);
        assert_eq!(variant.price(Currency::Eur).to_string(), "4.32");
        assert_eq!(variant.price(Currency::Nok).to_string(), "48.60");
        assert_eq!(variant.retail(Currency::Eur).to_string(), "5.10");
        assert!(catalog.find("CFQ7TTC0LH18:0001", None).is_none());
        assert!(catalog.find(AZURE_PLAN_PART, None).is_some());
    }
}
