//! Offers: prices put together with the commitments that orders name.

use provider_core::model::{Offer, OfferId, PriceTier};
use provider_core::{Currency, Price, Term};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::{says, term};
use crate::model::{BillingTerm, Commitment, Pricing, Rate, RateChargeType};

/// What an offer id says: the product, the billing term, and the commitment by id or, where Pax8 lists
/// none that fits, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfferKey {
    pub(crate) product: String,
    pub(crate) billing_term: BillingTerm,
    pub(crate) commitment: Option<String>,
}

impl OfferKey {
    /// `product/billing term` or `product/billing term/commitment`.
    pub(crate) fn id(&self) -> OfferId {
        let parts = [self.product.as_str(), self.billing_term.as_str()].into_iter();
        OfferId::composite(parts.chain(self.commitment.as_deref()))
    }

    pub(crate) fn parse(id: &OfferId) -> Option<Self> {
        let mut parts = id.as_str().splitn(3, '/').map(str::to_owned);
        let (product, billing_term) = (parts.next()?, parts.next()?);
        let commitment = parts.next().filter(|text| names_commitment(text));
        (!product.is_empty() && !billing_term.is_empty()).then(|| Self {
            product,
            billing_term: BillingTerm::from(billing_term.as_str()).to_order(),
            commitment,
        })
    }
}

/// What a price says of its commitment. Empty text and `N/A` say nothing, as an absent one does.
pub(crate) fn commitment_text(row: &Pricing) -> Option<&str> {
    let text = row.commitment_term.as_deref()?.trim();
    names_commitment(text).then_some(text)
}

fn names_commitment(text: &str) -> bool {
    !text.is_empty() && !text.eq_ignore_ascii_case("n/a")
}

/// How long a price commits.
pub(crate) fn committed(row: &Pricing) -> Option<Term> {
    let months =
        row.commitment_term_in_months.and_then(|months| months.to_u32()).filter(|months| *months > 0);
    months.map(Term::months).or_else(|| term::commitment(commitment_text(row)?))
}

/// The commitments that a price stands for, by length or, where that is not told, by text.
pub(crate) fn commitments_of<'a>(row: &Pricing, all: &'a [Commitment]) -> Vec<&'a Commitment> {
    let Some(text) = commitment_text(row).or(row.commitment_term_in_months.map(|_| "")) else {
        return Vec::new();
    };
    let length = committed(row);
    all.iter()
        .filter(|commitment| {
            let term = commitment.term.as_deref().unwrap_or_default();
            match (length, term::commitment(term)) {
                (Some(wanted), Some(found)) => wanted == found,
                _ => term.eq_ignore_ascii_case(text),
            }
        })
        .collect()
}

/// One offer for each price and each commitment it can be bought with.
pub(crate) fn offers(
    product: &str,
    pricing: &[Pricing],
    all: &[Commitment],
    currency: Option<Currency>,
) -> Vec<Offer> {
    let mut offers = Vec::new();
    for row in pricing {
        let told = row.billing_term.as_ref().filter(|term| says(term.as_str()));
        let Some(billing_term) = told else { continue };
        let key = |commitment: Option<&str>| OfferKey {
            product: product.to_owned(),
            billing_term: billing_term.to_order(),
            commitment: commitment.map(str::to_owned),
        };
        let matching = commitments_of(row, all);
        if matching.is_empty() {
            offers.push(offer(key(commitment_text(row)).id(), row, billing_term, currency));
        }
        for commitment in matching {
            offers.push(offer(key(Some(&commitment.id)).id(), row, billing_term, currency));
        }
    }
    offers
}

fn offer(id: OfferId, row: &Pricing, billing_term: &BillingTerm, currency: Option<Currency>) -> Offer {
    let mut offer = Offer::new(id);
    let cycle = term::billing_cycle(billing_term);
    let period = cycle.period();
    offer.billing_cycle = Some(cycle);
    offer.commitment_term = committed(row);
    let mut rates: Vec<&Rate> = row.rates.iter().collect();
    rates.sort_by_key(|rate| rate.start_quantity_range);
    if let Some(first) = rates.first().map(|rate| tier(rate, Decimal::ZERO, currency, period)) {
        offer.cost = first.cost;
        offer.suggested_retail = first.suggested_retail;
    }
    (offer.min_quantity, offer.max_quantity) = limits(row);
    if rates.len() > 1 {
        // A rate that does not say where it begins is no band.
        let bands = rates.iter().filter_map(|rate| Some((rate, rate.start_quantity_range?)));
        offer.tiers = bands.map(|(rate, from)| tier(rate, from, currency, period)).collect();
    }
    offer
}

/// The least and the most that a price is for.
fn limits(row: &Pricing) -> (Option<Decimal>, Option<Decimal>) {
    let from = |rate: &Rate| rate.start_quantity_range.unwrap_or_default();
    let least = row.rates.iter().map(from).min().filter(|least| *least > Decimal::ZERO);
    let most = row.rates.iter().max_by_key(|rate| from(rate)).and_then(|rate| rate.end_quantity_range);
    (least, most)
}

/// Why a quantity cannot be had at a price.
pub(crate) fn beyond(row: &Pricing, quantity: Decimal) -> Option<String> {
    match limits(row) {
        (Some(least), _) if quantity < least => Some(format!("{quantity} is less than the least, {least}")),
        (_, Some(most)) if quantity > most => Some(format!("{quantity} is more than the most, {most}")),
        _ => None,
    }
}

fn tier(rate: &Rate, from: Decimal, currency: Option<Currency>, period: Option<Term>) -> PriceTier {
    let mut tier = PriceTier::new(from);
    tier.to = rate.end_quantity_range;
    tier.cost = rate.partner_buy_rate.map(|amount| price(rate, amount, currency, period));
    tier.suggested_retail = rate.suggested_retail_price.map(|amount| price(rate, amount, currency, period));
    tier
}

fn price(rate: &Rate, amount: Decimal, currency: Option<Currency>, period: Option<Term>) -> Price {
    let price = Price::new(amount, currency);
    let price = if rate.charge_type == Some(RateChargeType::FlatRate) { price.flat() } else { price };
    match period {
        Some(period) => price.every(period),
        None => price,
    }
}

/// What a quantity costs the partner each time it is paid; `None` where the prices do not tell.
pub(crate) fn cost_of(row: &Pricing, quantity: Decimal) -> Option<Decimal> {
    use crate::model::PricingType;
    if row.kind == Some(PricingType::MarkUp) {
        return None;
    }
    if row.kind == Some(PricingType::Tiered) && row.rates.len() > 1 {
        // Whether bands add up or the last one decides for all is not told.
        return None;
    }
    let within = |rate: &&Rate| {
        rate.start_quantity_range.unwrap_or_default() <= quantity
            && rate.end_quantity_range.is_none_or(|last| quantity <= last)
    };
    let rate = row.rates.iter().find(within)?;
    let amount = rate.partner_buy_rate?;
    if rate.charge_type == Some(RateChargeType::FlatRate) {
        Some(amount)
    } else {
        amount.checked_mul(quantity)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use super::*;

    const PRICING: &str = r#"[
      {"billingTerm":"Monthly","commitmentTerm":"Monthly","commitmentTermInMonths":1,"type":"Flat","rates":[{"partnerBuyRate":21.12,"suggestedRetailPrice":26.4,"startQuantityRange":1,"endQuantityRange":null,"chargeType":"Per Unit"}]},
      {"billingTerm":"Annual","commitmentTerm":"1-Year","type":"Volume","rates":[{"partnerBuyRate":205,"startQuantityRange":50,"endQuantityRange":300,"chargeType":"Per Unit"},{"partnerBuyRate":211.20,"startQuantityRange":1,"endQuantityRange":49,"chargeType":"Per Unit"}]},
      {"billingTerm":"Monthly","type":"Flat","rates":[{"partnerBuyRate":5,"chargeType":"Flat Rate"}]}]"#;
    const COMMITMENTS: &str = r#"[{"id":"c-1y","term":"Annual"},{"id":"c-3y","term":"3-Year"}]"#;

    #[test]
    fn prices_meet_their_commitments() {
        let pricing: Vec<Pricing> = serde_json::from_str(PRICING).unwrap();
        let commitments: Vec<Commitment> = serde_json::from_str(COMMITMENTS).unwrap();
        let offers = offers("p", &pricing, &commitments, Some(Currency::new("EUR").unwrap()));
        let ids: Vec<_> = offers.iter().map(|offer| offer.id.as_str()).collect();
        assert_eq!(ids, ["p/Monthly/Monthly", "p/Annual/c-1y", "p/Monthly"]);
        let annual = &offers[1];
        assert_eq!(annual.commitment_term, Some(Term::YEAR));
        assert_eq!(annual.cost.as_ref().unwrap().amount.to_string(), "211.20");
        assert_eq!(annual.cost.as_ref().unwrap().period, Some(Term::YEAR));
        assert_eq!(
            (annual.min_quantity, annual.max_quantity),
            (Some(Decimal::ONE), Some(Decimal::from(300)))
        );
        assert_eq!(annual.tiers.len(), 2);
        assert_eq!(offers[2].cost.as_ref().unwrap().per, provider_core::model::PricePer::Flat);
        assert_eq!(offers[2].commitment_term, None);
        assert_eq!(OfferKey::parse(&annual.id).unwrap().commitment.as_deref(), Some("c-1y"));
        assert_eq!(OfferKey::parse(&OfferId::new("p")), None);
    }

    #[test]
    fn a_commitment_that_is_not_named_is_none() {
        for text in ["\"\"", "\" \"", "\"N/A\"", "null"] {
            let row = format!(r#"[{{"billingTerm":"Monthly","commitmentTerm":{text},"rates":[]}}]"#);
            let pricing: Vec<Pricing> = serde_json::from_str(&row).unwrap();
            let commitments: Vec<Commitment> = serde_json::from_str(COMMITMENTS).unwrap();
            let offers = offers("p", &pricing, &commitments, None);
            assert_eq!((offers.len(), offers[0].id.as_str()), (1, "p/Monthly"), "{text}");
        }
    }

    #[test]
    fn costs_follow_the_band() {
        let pricing: Vec<Pricing> = serde_json::from_str(PRICING).unwrap();
        assert_eq!(cost_of(&pricing[1], Decimal::from(50)), Some(Decimal::from(10_250)));
        assert_eq!(cost_of(&pricing[1], Decimal::from(301)), None);
        assert_eq!(cost_of(&pricing[2], Decimal::from(9)), Some(Decimal::from(5)));
        assert_eq!(beyond(&pricing[1], Decimal::from(300)), None);
        assert!(beyond(&pricing[1], Decimal::from(301)).is_some());
        assert!(beyond(&pricing[1], Decimal::ZERO).is_some());
        assert_eq!(beyond(&pricing[2], Decimal::from(9_999)), None);
    }
}
