//! Products.

use provider_core::model::{Detail, ProductKind, Raw};
use provider_core::{ItemError, Product};

use super::offer::committed;
use super::{needed, said};
use crate::model::{self, BillingTerm, PricingType};

/// What a row of the list says of a product.
pub(crate) const FIELDS: [&str; 7] = ["id", "name", "vendor", "sku", "requires_commitment", "detail", "raw"];
/// What takes calls of its own: the description that of the record, the others those of prices.
pub(crate) const DETAIL_FIELDS: [&str; 3] = ["description", "kind", "offers"];

pub(crate) fn product(from: model::Product, raw: Option<Raw>, detail: Detail) -> Result<Product, ItemError> {
    let id = needed(Some(from.id), "id")?;
    let mut product = Product::new(id, said(from.name).unwrap_or_default());
    product.vendor = said(from.vendor_name);
    product.sku = said(from.sku).or_else(|| said(from.vendor_sku));
    // Rows of a list have the short text alone, and a listing must not say something else than `get`.
    product.description = match detail {
        Detail::Full => said(from.description).or_else(|| said(from.short_description)),
        _ => None,
    };
    product.requires_commitment = from.requires_commitment;
    product.detail = detail;
    product.raw = raw;
    Ok(product)
}

/// What kind of thing the prices show it to be. Pax8 does not say: consumption is known by markups, and by prices that
/// are all zero although there is a unit. A commitment, a band that ends and a price say more than a zero does; where
/// nothing decides, nothing is said.
pub(crate) fn kind(pricing: &[model::Pricing]) -> Option<ProductKind> {
    if pricing.is_empty() {
        return None;
    }
    if pricing.iter().all(is_metered) {
        return Some(ProductKind::Usage);
    }
    if pricing.iter().all(is_paid_once) {
        return Some(ProductKind::OneTime);
    }
    let sold = |row: &model::Pricing| {
        row.kind != Some(PricingType::MarkUp)
            && (is_bound(row) || row.rates.iter().any(|rate| !is_free(rate)))
    };
    pricing.iter().any(sold).then_some(ProductKind::Seat)
}

fn is_paid_once(row: &model::Pricing) -> bool {
    row.billing_term.as_ref().is_some_and(|term| {
        matches!(term, BillingTerm::OneTime | BillingTerm::OneTimeDigit | BillingTerm::Activation)
    })
}

fn is_free(rate: &model::Rate) -> bool {
    rate.partner_buy_rate.is_none_or(|rate| rate.is_zero())
        && rate.suggested_retail_price.is_none_or(|rate| rate.is_zero())
}

/// Bought by the piece: for a time, or up to a number.
fn is_bound(row: &model::Pricing) -> bool {
    committed(row).is_some()
        || row.commitment_term.as_deref().is_some_and(|text| !text.trim().is_empty())
        || row.rates.iter().any(|rate| rate.end_quantity_range.is_some())
}

fn is_metered(row: &model::Pricing) -> bool {
    row.kind == Some(PricingType::MarkUp)
        || (row.unit_of_measurement.is_some()
            && !row.rates.is_empty()
            && row.billing_term != Some(BillingTerm::Trial)
            && !is_paid_once(row)
            && !is_bound(row)
            && row.rates.iter().all(is_free))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_commitment_and_a_band_outweigh_a_zero_price() {
        let free = r#""unitOfMeasurement":"User","rates":[{"partnerBuyRate":0,"suggestedRetailPrice":0"#;
        for (row, kind) in [
            (format!(r#"{{"billingTerm":"Monthly",{free}}}]}}"#), Some(ProductKind::Usage)),
            (
                format!(
                    r#"{{"billingTerm":"Monthly","commitmentTerm":"1-Year","commitmentTermInMonths":12,{free},"startQuantityRange":1,"endQuantityRange":10}}]}}"#
                ),
                Some(ProductKind::Seat),
            ),
            (
                format!(r#"{{"billingTerm":"Monthly",{free},"endQuantityRange":10}}]}}"#),
                Some(ProductKind::Seat),
            ),
            (
                format!(r#"{{"billingTerm":"Monthly","commitmentTerm":"Annual",{free}}}]}}"#),
                Some(ProductKind::Seat),
            ),
            (r#"{"billingTerm":"Monthly","type":"Mark-Up","rates":[]}"#.to_owned(), Some(ProductKind::Usage)),
            (
                r#"{"billingTerm":"One-Time","rates":[{"partnerBuyRate":5}]}"#.to_owned(),
                Some(ProductKind::OneTime),
            ),
            (
                r#"{"billingTerm":"Monthly","rates":[{"partnerBuyRate":5}]}"#.to_owned(),
                Some(ProductKind::Seat),
            ),
            (r#"{"billingTerm":"Monthly","rates":[{"partnerBuyRate":0}]}"#.to_owned(), None),
        ] {
            let row: model::Pricing = serde_json::from_str(&row).unwrap();
            assert_eq!(self::kind(&[row]), kind);
        }
        assert_eq!(kind(&[]), None);
    }
}
