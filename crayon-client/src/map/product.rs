//! Products and their offers from rows of the price list.

use provider_core::model::{Denomination, Detail, Offer, ProductKind, Raw};
use provider_core::{BillingCycle, Currency, Error, ItemError, Price, Product, Result, Term, wire};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

use super::filled;
use super::offer;
use crate::model::{AgreementProduct, AgreementType, BillingCycleEnum, Money, ProductVariant};
use crate::wire::enums::UNNAMED;

/// The commitment of a row. No member is documented for it, so every place is looked at where it has been seen
/// or suspected: the attributes, the purchase period, the least commitment in months.
pub(crate) fn term(variant: &ProductVariant) -> Option<Term> {
    let attribute = variant.attributes.as_ref().and_then(|attributes| {
        let (_, value) = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("termDuration"))?;
        wire::term::parse(value.as_str()?)
    });
    let period = || variant.purchase_period.as_deref().and_then(wire::term::parse);
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
    let says = |part: &&str| !part.trim().is_empty();
    let own = variant.part_number.as_deref().filter(says);
    own.or_else(|| variant.product.as_ref()?.part_number.as_deref().filter(says))
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
    let period = covered(months(row), kind(row).as_ref(), term, cycle);
    timed(price(row.sales_price.as_ref(), fallback), period)
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

/// The months that a row says its price is for.
fn months(row: &AgreementProduct) -> Option<Term> {
    let months = row.month_multiplier.and_then(|months| u32::try_from(months).ok());
    months.filter(|months| *months > 0).map(Term::months)
}

/// How long a price of a row covers. A perpetual product is paid once, whatever the row says of months; what is paid
/// at once for a term, such as a reservation, has a price for the months that its row says.
fn covered(
    months: Option<Term>,
    kind: Option<&ProductKind>,
    term: Option<Term>,
    cycle: BillingCycleEnum,
) -> Option<Term> {
    let for_good = cycle == BillingCycleEnum::OneTime || kind == Some(&ProductKind::OneTime);
    if for_good && term.is_none() {
        return None;
    }
    let paid = || offer::cycle(cycle, false).as_ref().and_then(BillingCycle::period);
    months.or_else(paid).or(term)
}

/// What a product is made of, out of a row. A row is large, and a price list has tens of thousands: read as this, nothing
/// else of a row outlives its reading.
#[derive(Debug)]
pub(crate) struct Priced {
    id: Option<String>,
    name: String,
    description: Option<String>,
    kind: Option<ProductKind>,
    term: Option<Term>,
    requires_commitment: Option<bool>,
    part_number: Option<String>,
    vendor: Option<String>,
    trial: bool,
    cycles: Vec<BillingCycleEnum>,
    cost: Option<Money>,
    retail: Option<Money>,
    months: Option<Term>,
    limits: (Option<Decimal>, Option<Decimal>),
}

impl<'de> Deserialize<'de> for Priced {
    fn deserialize<D: Deserializer<'de>>(row: D) -> Result<Self, D::Error> {
        AgreementProduct::deserialize(row).map(Self::from)
    }
}

impl From<AgreementProduct> for Priced {
    fn from(row: AgreementProduct) -> Self {
        let variant = row.product_variant.as_ref();
        let term = variant.and_then(term);
        let new_commerce = row.agreement_type == Some(AgreementType::NewCommerceCSPSeats);
        // What is not told of new commerce, or of an agreement that is not told, may be a commitment all the same.
        let without = row.agreement_type.is_some() && !new_commerce;
        let tells = variant.is_some() && (term.is_some() || without);
        let mut priced = Self {
            kind: kind(&row),
            term,
            requires_commitment: tells.then_some(term.is_some()),
            months: months(&row),
            limits: limits(&row),
            id: filled(row.unique_id),
            name: filled(row.name).unwrap_or_default(),
            description: row.product_information.and_then(|information| filled(information.description)),
            cost: row.sales_price,
            retail: row.recommended_retail_price,
            part_number: None,
            vendor: None,
            trial: false,
            cycles: Vec::new(),
        };
        if let Some(variant) = row.product_variant {
            priced.sold_as(variant);
        }
        priced
    }
}

impl Priced {
    fn sold_as(&mut self, mut variant: ProductVariant) {
        self.cycles = match std::mem::take(&mut variant.available_billing_cycle_ids) {
            told if told.iter().any(|cycle| is_told(*cycle)) => told,
            _ => cycles(&variant).to_vec(),
        };
        if self.name.is_empty() {
            self.name = variant.product_name.unwrap_or_default();
        }
        self.part_number = filled(variant.part_number).or_else(|| filled(variant.product?.part_number));
        self.vendor = variant.publisher.and_then(|publisher| filled(publisher.name));
        self.trial = variant.is_trial.unwrap_or_default();
    }

    /// The product. `only` keeps the cycles that a tenant may use.
    pub(crate) fn product(
        self,
        raw: Option<Raw>,
        fallback: Option<Currency>,
        only: Option<&[BillingCycleEnum]>,
    ) -> Result<Product, ItemError> {
        let offers = self.offers(fallback, only);
        let id = self.id.ok_or_else(|| ItemError::new("UniqueId", "is missing"))?;
        let mut product = Product::new(id, self.name);
        product.kind = self.kind;
        product.detail = Detail::Full;
        product.description = self.description;
        product.raw = raw;
        product.sku = self.part_number;
        product.requires_commitment = self.requires_commitment;
        product.offers = offers;
        product.vendor = self.vendor;
        Ok(product)
    }

    /// The ways to buy it. No list is larger than what it holds.
    fn offers(&self, fallback: Option<Currency>, only: Option<&[BillingCycleEnum]>) -> Vec<Offer> {
        let Some(part_number) = self.part_number.as_deref() else { return Vec::new() };
        let cost = price(self.cost.as_ref(), fallback);
        let retail = price(self.retail.as_ref(), fallback);
        let mut offers = Vec::with_capacity(self.cycles.len());
        let mut ids = offer::Ids::new(part_number, self.term);
        let wanted = |cycle: &BillingCycleEnum| only.is_none_or(|only| only.contains(cycle));
        for cycle in self.cycles.iter().copied().filter(|cycle| is_told(*cycle)).filter(wanted) {
            let period = covered(self.months, self.kind.as_ref(), self.term, cycle);
            let mut offer = Offer::new(ids.of(cycle));
            offer.sku = Some(part_number.to_owned());
            offer.billing_cycle = offer::cycle(cycle, self.trial);
            offer.commitment_term = self.term;
            offer.cost = timed(cost.clone(), period);
            offer.suggested_retail = timed(retail.clone(), period);
            (offer.min_quantity, offer.max_quantity) = self.limits;
            offers.push(offer);
        }
        offers
    }
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
