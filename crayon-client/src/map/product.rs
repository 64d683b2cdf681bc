//! Products and their offers from rows of the price list.

use provider_core::model::{Denomination, Detail, Offer, ProductKind, Raw};
use provider_core::{BillingCycle, Currency, Error, ItemError, Price, Product, Result, Term};
use rust_decimal::Decimal;

use super::filled;
use super::offer;
use crate::model::{AgreementProduct, AgreementType, BillingCycleEnum, Money, ProductVariant};
use crate::wire::enums::UNNAMED;

/// The commitment of a row. No member is documented for it, so every place is looked at where it has been seen
/// or suspected: the attributes, the purchase period, the least commitment in months.
pub(crate) fn term(variant: &ProductVariant) -> Option<Term> {
    let attribute = variant.attributes.as_ref().and_then(|attributes| {
        let (_, value) = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("termDuration"))?;
        value.as_str()?.parse().ok()
    });
    let period = || variant.purchase_period.as_deref().and_then(|text| text.parse().ok());
    let months = || {
        let months = variant.minimum_commitment.as_ref()?.months?;
        u32::try_from(months).ok().filter(|months| *months > 0).map(Term::months)
    };
    attribute.or_else(period).or_else(months)
}

/// False for what stands for "unknown", and for a name that nobody knows: nothing can be ordered by it.
fn is_told(cycle: BillingCycleEnum) -> bool {
    cycle != BillingCycleEnum::Unknown0 && cycle.number() != UNNAMED
}

/// How a row can be paid; the default where nothing else is said.
pub(crate) fn cycles(variant: &ProductVariant) -> &[BillingCycleEnum] {
    if variant.available_billing_cycle_ids.iter().any(|cycle| is_told(*cycle)) {
        &variant.available_billing_cycle_ids
    } else {
        let default = variant.default_billing_cycle_id.as_ref();
        default.filter(|cycle| is_told(**cycle)).map_or(&[], std::slice::from_ref)
    }
}

/// The part number that an order of this row names.
pub(crate) fn part_number(variant: &ProductVariant) -> Option<&str> {
    let own = variant.part_number.as_deref();
    let product = || variant.product.as_ref().and_then(|product| product.part_number.as_deref());
    own.or_else(product).filter(|part| !part.is_empty())
}

/// The same, out of a row of which nothing else is wanted any more.
fn taken_part_number(variant: &mut ProductVariant) -> Option<String> {
    let product = variant.product.as_mut();
    let part = variant.part_number.take().or_else(|| product.and_then(|product| product.part_number.take()));
    part.filter(|part| !part.is_empty())
}

/// The least and the most of a row that can be bought.
pub(crate) fn limits(row: &AgreementProduct) -> (Option<Decimal>, Option<Decimal>) {
    let variant = row.product_variant.as_ref();
    // The row's own least of 0 says nothing; the variant may know better.
    let least = row.minimum_quantity.filter(|least| *least > 0).map(Decimal::from);
    let most = row.maximum_quantity.map(Decimal::from);
    (
        least.or_else(|| variant.and_then(|variant| variant.minimum_quantity)),
        most.or_else(|| variant.and_then(|variant| variant.maximum_quantity)),
    )
}

/// Refuses a quantity that cannot be bought of a row.
pub(crate) fn within_limits(field: &str, quantity: Decimal, row: &AgreementProduct) -> Result<()> {
    let (least, most) = limits(row);
    if let Some(least) = least.filter(|least| quantity < *least) {
        return Err(Error::invalid_input(field, format!("{quantity} is less than the least, {least}")));
    }
    if let Some(most) = most.filter(|most| quantity > *most) {
        return Err(Error::invalid_input(field, format!("{quantity} is more than the most, {most}")));
    }
    Ok(())
}

/// What the partner pays for one unit of a row that is bought so: `SalesPrice` of a product is the cost.
pub(crate) fn cost(
    row: &AgreementProduct,
    term: Option<Term>,
    cycle: BillingCycleEnum,
    fallback: Option<Currency>,
) -> Option<Price> {
    timed(price(row.sales_price.as_ref(), fallback), covered(row, kind(row).as_ref(), term, cycle))
}

fn price(money: Option<&Money>, fallback: Option<Currency>) -> Option<Price> {
    let money = money?;
    Some(Denomination::of(money.currency_code.as_deref(), fallback).price(money.value?))
}

fn timed(price: Option<Price>, period: Option<Term>) -> Option<Price> {
    match (price, period) {
        (Some(price), Some(period)) => Some(price.every(period)),
        (price, _) => price,
    }
}

/// How long a price of a row covers. A perpetual product is paid once, whatever the row says of months; what is paid
/// at once for a term, such as a reservation, has a price for the months that its row says.
fn covered(
    row: &AgreementProduct,
    kind: Option<&ProductKind>,
    term: Option<Term>,
    cycle: BillingCycleEnum,
) -> Option<Term> {
    let for_good = cycle == BillingCycleEnum::OneTime || kind == Some(&ProductKind::OneTime);
    if for_good && term.is_none() {
        return None;
    }
    let months =
        row.month_multiplier.and_then(|months| u32::try_from(months).ok()).filter(|months| *months > 0);
    let paid = || offer::cycle(cycle, false).as_ref().and_then(BillingCycle::period);
    months.map(Term::months).or_else(paid).or(term)
}

/// A product from a row, which is left without what went into it: a row is large, and a price list has tens of thousands.
/// `only` keeps the cycles that a tenant may use.
pub(crate) fn product(
    row: &mut AgreementProduct,
    raw: Option<Raw>,
    fallback: Option<Currency>,
    only: Option<&[BillingCycleEnum]>,
) -> Result<Product, ItemError> {
    let missing = || ItemError::new("UniqueId", "is missing");
    let id = filled(row.unique_id.take()).ok_or_else(missing)?;
    let term = row.product_variant.as_ref().and_then(term);
    let kind = kind(row);
    let offers = offers(row, kind.as_ref(), term, fallback, only);
    let mut product = Product::new(id, filled(row.name.take()).unwrap_or_default());
    product.kind = kind;
    product.detail = Detail::Full;
    let information = row.product_information.as_mut();
    product.description = information.and_then(|information| filled(information.description.take()));
    product.raw = raw;
    let Some(variant) = row.product_variant.as_mut() else { return Ok(product) };
    if product.name.is_empty() {
        product.name = variant.product_name.take().unwrap_or_default();
    }
    product.sku = taken_part_number(variant);
    let new_commerce = row.agreement_type == Some(AgreementType::NewCommerceCSPSeats);
    // What is not told of new commerce, or of an agreement that is not told, may be a commitment all the same.
    let without = row.agreement_type.is_some() && !new_commerce;
    product.requires_commitment = (term.is_some() || without).then_some(term.is_some());
    product.offers = offers;
    product.vendor = variant.publisher.as_mut().and_then(|publisher| filled(publisher.name.take()));
    Ok(product)
}

/// The ways to buy a row. A price list has tens of thousands of rows, so no list is larger than what it holds.
fn offers(
    row: &AgreementProduct,
    kind: Option<&ProductKind>,
    term: Option<Term>,
    fallback: Option<Currency>,
    only: Option<&[BillingCycleEnum]>,
) -> Vec<Offer> {
    let variant = row.product_variant.as_ref();
    let Some((variant, part_number)) = variant.and_then(|variant| Some((variant, part_number(variant)?)))
    else {
        return Vec::new();
    };
    let trial = variant.is_trial.unwrap_or_default();
    let cost = price(row.sales_price.as_ref(), fallback);
    let retail = price(row.recommended_retail_price.as_ref(), fallback);
    let (least, most) = limits(row);
    let cycles = cycles(variant);
    let mut offers = Vec::with_capacity(cycles.len());
    let mut ids = offer::Ids::new(part_number, term);
    let wanted = |cycle: &BillingCycleEnum| only.is_none_or(|only| only.contains(cycle));
    for cycle in cycles.iter().copied().filter(|cycle| cycle.number() != UNNAMED).filter(wanted) {
        let period = covered(row, kind, term, cycle);
        let mut offer = Offer::new(ids.of(cycle));
        offer.sku = Some(part_number.to_owned());
        offer.billing_cycle = offer::cycle(cycle, trial);
        offer.commitment_term = term;
        offer.cost = timed(cost.clone(), period);
        offer.suggested_retail = timed(retail.clone(), period);
        offer.min_quantity = least;
        offer.max_quantity = most;
        offers.push(offer);
    }
    offers
}

fn kind(row: &AgreementProduct) -> Option<ProductKind> {
    let variant = row.product_variant.as_ref();
    let named =
        variant.and_then(|variant| variant.product_type.as_ref()?.name.as_deref()).unwrap_or_default();
    // Every row is asked three times, and hardly any says one of the words.
    let begins = |part: &[u8], word: &str| {
        part.first().map(u8::to_ascii_lowercase) == word.bytes().next()
            && part.eq_ignore_ascii_case(word.as_bytes())
    };
    let says = |word: &str| named.as_bytes().windows(word.len()).any(|part| begins(part, word));
    if says("add-on") || says("addon") {
        return Some(ProductKind::AddOn);
    }
    match row.agreement_type? {
        AgreementType::NewCommerceCSPSeats | AgreementType::CloudSeatAgreement => Some(ProductKind::Seat),
        AgreementType::CloudUsageAgreement if says("reservation") => Some(ProductKind::OneTime),
        AgreementType::CloudUsageAgreement => Some(ProductKind::Usage),
        AgreementType::LicenseAgreement | AgreementType::OpenAgreement => Some(ProductKind::OneTime),
        _ => None,
    }
}
