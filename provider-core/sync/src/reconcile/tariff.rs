//! What a quantity costs where the price has bands.

use provider_core::model::{Offer, PricePer};
use rust_decimal::Decimal;

/// The bands of one offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tariff(Vec<Band>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Band {
    from: Decimal,
    cost: Decimal,
    flat: bool,
}

impl Tariff {
    /// `None` where the price has no bands.
    pub(super) fn of(offer: &Offer) -> Option<Self> {
        let bands = offer.tiers.iter().map(|tier| {
            let cost = tier.cost.as_ref()?;
            Some(Band { from: tier.from, cost: cost.amount, flat: cost.per == PricePer::Flat })
        });
        let mut bands: Vec<Band> = bands.collect::<Option<_>>()?;
        bands.sort_by_key(|band| band.from);
        (bands.len() > 1).then_some(Self(bands))
    }

    /// What this many units cost: all at the price of the last band that they reach, or those of each band at its own.
    /// Distributors have both, and do not tell which one an offer is.
    pub(super) fn totals(&self, quantity: Decimal) -> Vec<Decimal> {
        let reached: Vec<&Band> = self.0.iter().filter(|band| band.from <= quantity).collect();
        let Some(last) = reached.last() else { return Vec::new() };
        let at_once = if last.flat { Some(last.cost) } else { last.cost.checked_mul(quantity) };
        let mut by_band = Some(Decimal::ZERO);
        for (at, band) in reached.iter().enumerate() {
            // Bands are of whole units: one begins where the one before has ended.
            let until =
                reached.get(at + 1).map_or(Some(quantity), |next| next.from.checked_sub(Decimal::ONE));
            let before = if at == 0 { Some(Decimal::ZERO) } else { band.from.checked_sub(Decimal::ONE) };
            let units = until.zip(before).and_then(|(until, before)| until.checked_sub(before));
            let part = if band.flat {
                Some(band.cost)
            } else {
                units.and_then(|units| units.checked_mul(band.cost))
            };
            by_band = by_band.zip(part).and_then(|(sum, part)| sum.checked_add(part));
        }
        at_once.into_iter().chain(by_band).collect()
    }
}

#[cfg(test)]
mod tests {
    use provider_core::Price;
    use provider_core::model::PriceTier;

    use super::*;

    #[test]
    fn bands_are_of_whole_units_and_begin_after_each_other() {
        let mut offer = Offer::new("o");
        assert_eq!(Tariff::of(&offer), None);
        for (from, cents) in [(1, 900), (11, 750), (51, 600)] {
            let mut tier = PriceTier::new(Decimal::from(from));
            tier.cost = Some(Price::new(Decimal::new(cents, 2), None));
            offer.tiers.push(tier);
        }
        let tariff = Tariff::of(&offer);
        let totals = |quantity: i64| tariff.as_ref().map(|tariff| tariff.totals(quantity.into()));
        assert_eq!(totals(10), Some(vec![Decimal::new(9_000, 2), Decimal::new(9_000, 2)]));
        assert_eq!(totals(12), Some(vec![Decimal::new(9_000, 2), Decimal::new(10_500, 2)]));
        assert_eq!(totals(60), Some(vec![Decimal::new(36_000, 2), Decimal::new(45_000, 2)]));
        assert_eq!(totals(0), Some(Vec::new()));
    }
}
