//! From an order line of the common models to what Cloud-iQ is asked for.

use provider_core::model::Parent;
use provider_core::{Error, ErrorKind, NewOrderLine, Price, Result, Term};

use super::add_on::add_on;
use super::attributes::Attributes;
use super::line::{field, is_part_number};
use crate::map::offer::{Choice, order_cycle, wire_cycle, words};
use crate::map::product;
use crate::map::subscription::seats;
use crate::model::{AgreementProduct, AgreementType, AssetType, BillingCycleEnum, BillingCycleType};
use crate::provider::context::Context;
use crate::provider::products;

/// The part number of an Azure plan, the one product that the vendor names in its documents.
const AZURE_PLAN: &str = "DZH318Z0BPS6:0001";

/// By which call a line is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bought {
    /// By a new commerce order.
    NewCommerce,
    /// As a subscription.
    AzurePlan,
    /// By a purchase request: legacy offers, software, reservations.
    Cart,
    /// On a legacy subscription that has these add-ons already.
    AddOn { parent: i64, known: Vec<i64> },
}

/// A line that can be sent.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) bought: Bought,
    pub(super) choice: Choice,
    pub(super) name: String,
    pub(super) seats: i64,
    pub(super) cost: Option<Price>,
    pub(super) cycle: BillingCycleType,
    pub(super) variant: Option<i64>,
    pub(super) asset_type: AssetType,
    pub(super) attributes: Attributes,
}

/// Finds what a line means in the price list, and checks it against what the list allows.
pub(super) async fn resolve(
    cx: &Context,
    (tenant, organization): (i64, i64),
    at: usize,
    line: &NewOrderLine,
) -> Result<Resolved> {
    let offer = line.offer.as_ref().map(|offer| Choice::parse(&field(at, "offer"), offer)).transpose()?;
    let part_number = part_number(cx, at, line).await?;
    let rows = products::rows_of_part(cx, organization, &part_number).await?;
    if rows.is_empty() {
        return Err(unknown(at, &part_number));
    }
    let named = |row: &&AgreementProduct| row.unique_id.as_deref() == Some(line.product.as_str());
    let by_part = line.product.as_str().eq_ignore_ascii_case(&part_number);
    if !by_part && !rows.iter().any(|row| named(&row)) {
        return Err(Error::invalid_input(
            &field(at, "product"),
            format!(
                "`{}` is not a product with part number {part_number}",
                line.product.as_str().escape_debug()
            ),
        ));
    }
    // A row stands for one commitment: where a row is named and no offer, that commitment is meant.
    let only: Vec<&AgreementProduct> = match (by_part, &offer) {
        (false, None) => rows.iter().filter(named).collect(),
        _ => rows.iter().collect(),
    };
    let add_on = match &line.parent {
        Some(Parent::Subscription(parent)) => {
            let (row, parent) = (only.first().copied(), (tenant, at, parent));
            Some(add_on(cx, parent, line, &part_number, row).await?)
        }
        _ => None,
    };
    let wanted = Wanted {
        term: offer.as_ref().map(|choice| choice.term).or(line.commitment_term.map(Some)),
        cycle: offer
            .as_ref()
            .map(|choice| choice.cycle)
            .or_else(|| line.billing_cycle.as_ref().and_then(wire_cycle))
            .or_else(|| add_on.as_ref().map(|add_on| add_on.cycle)),
    };
    let (row, choice) = choose(at, &wanted, &part_number, &only)?;
    let seats = within_limits(at, line, row)?;
    let bought = match add_on {
        Some(add_on) => Bought::AddOn { parent: add_on.parent, known: add_on.known },
        None => bought_by(row, &part_number),
    };
    let attributes = match bought {
        Bought::Cart => Attributes::parse(at, line)?,
        _ => Attributes::only_the_end(at, line, bought == Bought::NewCommerce)?,
    };
    let cycle = order_cycle(&field(at, "billing_cycle"), choice.cycle.for_orders());
    let cycle = match bought {
        Bought::NewCommerce | Bought::Cart => cycle?,
        // Bought with the cycle of its own record.
        Bought::AzurePlan | Bought::AddOn { .. } => cycle.unwrap_or(BillingCycleType::Unknown0),
    };
    if bought == Bought::NewCommerce {
        check_supported(cx, tenant, at, &choice).await?;
    }
    Ok(Resolved {
        bought,
        cost: product::cost(row, choice.term, choice.cycle, cx.settings.currency),
        choice,
        name: row.name.clone().unwrap_or(part_number),
        seats,
        cycle,
        variant: row.product_variant.as_ref().map(|variant| variant.id),
        asset_type: asset_type(row),
        attributes,
    })
}

/// The part number that a line names: by its offer, by itself, or by a row of the price list.
pub(in crate::provider::write) async fn part_number(
    cx: &Context,
    at: usize,
    line: &NewOrderLine,
) -> Result<String> {
    if let Some(offer) = &line.offer {
        return Ok(Choice::parse(&field(at, "offer"), offer)?.part_number);
    }
    let named = line.product.as_str();
    if is_part_number(named) {
        return Ok(named.to_owned());
    }
    let row = products::row(cx, &line.product).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => unknown(at, named),
        _ => error,
    })?;
    let part = row.product_variant.as_ref().and_then(product::part_number);
    part.map(str::to_owned).ok_or_else(|| unknown(at, named))
}

/// Refuses a billing cycle that this tenant may not use. Where the service does not say, the order decides.
async fn check_supported(cx: &Context, tenant: i64, at: usize, choice: &Choice) -> Result<()> {
    let asked = cx.client.agreement_products().supported_billing_cycles(&choice.part_number, tenant).await;
    let Ok(supported) = asked else { return Ok(()) };
    let supported: Vec<BillingCycleEnum> = supported.into_records().collect();
    if supported.is_empty() || supported.contains(&choice.cycle) {
        return Ok(());
    }
    Err(Error::invalid_input(
        &field(at, "billing_cycle"),
        format!("customer {tenant} can pay this product {}", words(supported.iter().copied())),
    ))
}

fn unknown(at: usize, product: &str) -> Error {
    Error::invalid_input(
        &field(at, "product"),
        format!("`{}` is in no price list of the customer's organization", product.escape_debug()),
    )
}

/// What a line says of commitment and payment; `None` where it leaves them open.
struct Wanted {
    term: Option<Option<Term>>,
    cycle: Option<BillingCycleEnum>,
}

/// The only row and cycle that fit, or which field stands against it.
fn choose<'a>(
    at: usize,
    wanted: &Wanted,
    part_number: &str,
    rows: &[&'a AgreementProduct],
) -> Result<(&'a AgreementProduct, Choice)> {
    let with_terms: Vec<(&AgreementProduct, Option<Term>)> =
        rows.iter().map(|row| (*row, row.product_variant.as_ref().and_then(product::term))).collect();
    let fitting: Vec<_> =
        with_terms.iter().filter(|(_, term)| wanted.term.is_none_or(|said| said == *term)).copied().collect();
    if fitting.is_empty() {
        let known: Vec<String> =
            with_terms.iter().filter_map(|(_, term)| Some((*term)?.to_string())).collect();
        return Err(Error::invalid_input(
            &field(at, "commitment_term"),
            format!(
                "{part_number} is sold with {}",
                if known.is_empty() { "no commitment".to_owned() } else { known.join(", ") }
            ),
        ));
    }
    let mut choices: Vec<(&AgreementProduct, Choice)> = Vec::new();
    for (row, term) in &fitting {
        for cycle in row.product_variant.as_ref().map(product::cycles).unwrap_or_default().iter().copied() {
            let choice = Choice { part_number: part_number.to_owned(), term: *term, cycle };
            let fits = wanted.cycle.is_none_or(|wanted| wanted == cycle);
            // The same choice under two agreements is one choice.
            if fits && !choices.iter().any(|(_, known)| *known == choice) {
                choices.push((row, choice));
            }
        }
    }
    let several = choices.len() > 1;
    match choices.into_iter().next() {
        Some(only) if !several => Ok(only),
        Some(_) => Err(Error::invalid_input(
            &field(at, "offer"),
            format!(
                "{part_number} is sold in several ways: name an offer, or commitment term and billing cycle"
            ),
        )),
        None => {
            let known = fitting
                .iter()
                .filter_map(|(row, _)| row.product_variant.as_ref())
                .flat_map(product::cycles)
                .copied();
            Err(Error::invalid_input(
                &field(at, "billing_cycle"),
                format!("{part_number} is paid {}", words(known)),
            ))
        }
    }
}

fn within_limits(at: usize, line: &NewOrderLine, row: &AgreementProduct) -> Result<i64> {
    let name = field(at, "quantity");
    let wanted = seats(&name, line.quantity)?;
    product::within_limits(&name, line.quantity, row)?;
    Ok(wanted)
}

fn bought_by(row: &AgreementProduct, part_number: &str) -> Bought {
    if row.agreement_type == Some(AgreementType::NewCommerceCSPSeats) {
        Bought::NewCommerce
    } else if part_number.eq_ignore_ascii_case(AZURE_PLAN) {
        Bought::AzurePlan
    } else {
        Bought::Cart
    }
}

fn asset_type(row: &AgreementProduct) -> AssetType {
    let named = row.product_variant.as_ref().and_then(|variant| variant.product_type.as_ref()?.name.clone());
    if named.is_some_and(|name| name.to_ascii_lowercase().contains("reservation")) {
        return AssetType::Reservation;
    }
    match row.agreement_type {
        Some(AgreementType::CloudSeatAgreement | AgreementType::CloudUsageAgreement) => {
            AssetType::Subscription
        }
        _ => AssetType::Software,
    }
}
