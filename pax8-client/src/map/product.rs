//! Products.

use provider_core::{Detail, ItemError, Product, ProductKind, Raw};

use super::said;
use crate::model::{self, BillingTerm, PricingType};

pub(crate) const FIELDS: [&str; 10] =
    ["id", "name", "vendor", "sku", "description", "kind", "requires_commitment", "offers", "detail", "raw"];

pub(crate) fn product(from: model::Product, raw: Option<Raw>, detail: Detail) -> Result<Product, ItemError> {
    let name = from.name.ok_or_else(|| ItemError::new("name", "is missing"))?;
    let mut product = Product::new(from.id, name);
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

/// What kind of thing the prices show it to be. Pax8 does not say: consumption is known by markups and
/// by prices that are all zero although there is a unit.
pub(crate) fn kind(pricing: &[model::Pricing]) -> Option<ProductKind> {
    if pricing.is_empty() {
        return None;
    }
    let once = |row: &model::Pricing| {
        row.billing_term.as_ref().is_some_and(|term| {
            matches!(term, BillingTerm::OneTime | BillingTerm::OneTimeDigit | BillingTerm::Activation)
        })
    };
    let metered = |row: &model::Pricing| {
        let free = |rate: &model::Rate| {
            rate.partner_buy_rate.is_none_or(|rate| rate.is_zero())
                && rate.suggested_retail_price.is_none_or(|rate| rate.is_zero())
        };
        row.kind == Some(PricingType::MarkUp)
            || (row.unit_of_measurement.is_some()
                && !row.rates.is_empty()
                && row.billing_term != Some(BillingTerm::Trial)
                && row.rates.iter().all(free))
    };
    Some(if pricing.iter().all(metered) {
        ProductKind::Usage
    } else if pricing.iter().all(once) {
        ProductKind::OneTime
    } else {
        ProductKind::Seat
    })
}
