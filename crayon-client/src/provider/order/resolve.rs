//! From an order line of the common models to what Cloud-iQ is asked for.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::{Error, NewOrderLine, Price, Result, Term};

use crate::client::CrayonClient;
use crate::map::offer::{Choice, cycle, wire_cycle};
use crate::map::product;
use crate::model::{AgreementProduct, AgreementType, AssetType, BillingCycleEnum};
use crate::provider::CrayonProvider;
use crate::provider::change::seats;

/// The part number of an Azure plan, the one product that the vendor names in its documents.
const AZURE_PLAN: &str = "DZH318Z0BPS6:0001";
/// The attribute that chooses the end of the first term.
const CUSTOM_END: &str = "CustomTermEndDate";

/// By which call a line is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum Bought {
    /// By a new commerce order.
    NewCommerce,
    /// As a subscription: Azure plans.
    Directly,
    /// By a purchase request: legacy offers, software, reservations.
    Cart,
}

/// A line that can be sent.
#[derive(Debug, Clone)]
pub(in crate::provider) struct Resolved {
    pub(in crate::provider) bought: Bought,
    pub(in crate::provider) choice: Choice,
    pub(in crate::provider) name: String,
    pub(in crate::provider) seats: i64,
    pub(in crate::provider) variant: Option<i64>,
    pub(in crate::provider) asset_type: AssetType,
    pub(in crate::provider) cost: Option<Price>,
    pub(in crate::provider) custom_end: Option<DateTime<Utc>>,
    pub(in crate::provider) attributes: BTreeMap<String, String>,
}

fn field(at: usize, name: &str) -> String {
    format!("lines[{at}].{name}")
}

/// What can be said of a line without the network.
pub(super) fn check(at: usize, line: &NewOrderLine) -> Result<()> {
    seats(&field(at, "quantity"), line.quantity)?;
    if line.product.as_str().trim().is_empty() {
        return Err(Error::invalid_input(&field(at, "product"), "is empty"));
    }
    if line.parent.is_some() {
        return Err(Error::invalid_input(
            &field(at, "parent"),
            "add-ons are bought on their subscription: use the client's subscriptions().add()",
        ));
    }
    if let Some(offer) = &line.offer {
        let choice = Choice::parse(&field(at, "offer"), offer)?;
        let by_part = line.product.as_str().contains(':');
        if by_part && !choice.part_number.eq_ignore_ascii_case(line.product.as_str()) {
            return Err(Error::invalid_input(&field(at, "offer"), "is an offer of another product"));
        }
        if line.commitment_term.is_some_and(|term| Some(term) != choice.term) {
            return Err(Error::invalid_input(&field(at, "commitment_term"), "is not that of the offer"));
        }
        let wanted = line.billing_cycle.as_ref();
        if wanted.is_some_and(|wanted| wire_cycle(wanted) != Some(choice.cycle)) {
            return Err(Error::invalid_input(&field(at, "billing_cycle"), "is not that of the offer"));
        }
    } else if let Some(wanted) = &line.billing_cycle
        && wire_cycle(wanted).is_none()
    {
        return Err(Error::invalid_input(
            &field(at, "billing_cycle"),
            format!("Cloud-iQ has no billing cycle `{wanted}`"),
        ));
    }
    Ok(())
}

impl CrayonProvider {
    /// Finds what a line means in the price list, and checks it against what the list allows.
    pub(super) async fn resolve(
        &self,
        client: &CrayonClient,
        (tenant, organization): (i64, i64),
        at: usize,
        line: &NewOrderLine,
    ) -> Result<Resolved> {
        let offer = line.offer.as_ref().map(|offer| Choice::parse(&field(at, "offer"), offer)).transpose()?;
        let part_number = match &offer {
            Some(choice) => choice.part_number.clone(),
            None if line.product.as_str().contains(':') => line.product.to_string(),
            None => {
                let row = self.row(client, &line.product).await.map_err(|error| match error.kind() {
                    provider_core::ErrorKind::NotFound => unknown(at, line.product.as_str()),
                    _ => error,
                })?;
                let part = row.product_variant.as_ref().and_then(product::part_number);
                part.map(str::to_owned).ok_or_else(|| unknown(at, line.product.as_str()))?
            }
        };
        let rows = self.rows_of_part(client, organization, &part_number).await?;
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
        let (row, choice) = choose(at, line, &part_number, offer.as_ref(), &only)?;
        let seats = within_limits(at, line, row)?;
        let bought = bought(row, &part_number);
        if bought == Bought::NewCommerce {
            self.check_supported(client, tenant, at, &choice).await?;
        }
        let mut attributes = line.attributes.clone();
        let custom_end = match attributes.remove(CUSTOM_END) {
            None => None,
            Some(text) => {
                let name = field(at, &format!("attributes.{CUSTOM_END}"));
                let parsed = provider_core::wire::date_time::parse(&text);
                Some(parsed.ok_or_else(|| Error::invalid_input(&name, "is no date"))?)
            }
        };
        if let Some(name) = attributes.keys().next().filter(|_| bought != Bought::Cart) {
            let name = field(at, &format!("attributes.{name}"));
            return Err(Error::invalid_input(&name, "new commerce orders take no such value"));
        }
        Ok(Resolved {
            bought,
            choice,
            name: row.name.clone().unwrap_or(part_number),
            seats,
            variant: row.product_variant.as_ref().map(|variant| variant.id),
            asset_type: asset_type(row),
            cost: product::cost(row, self.currency),
            custom_end,
            attributes,
        })
    }

    /// Refuses a billing cycle that this tenant may not use. Where the service does not say, the order decides.
    async fn check_supported(
        &self,
        client: &CrayonClient,
        tenant: i64,
        at: usize,
        choice: &Choice,
    ) -> Result<()> {
        let asked = client.agreement_products().supported_billing_cycles(&choice.part_number, tenant).await;
        let Ok(supported) = asked else { return Ok(()) };
        if supported.items.is_empty() || supported.items.contains(&choice.cycle) {
            return Ok(());
        }
        Err(Error::invalid_input(
            &field(at, "billing_cycle"),
            format!("customer {tenant} can pay this product {}", words(supported.items.iter().copied())),
        ))
    }
}

fn unknown(at: usize, product: &str) -> Error {
    Error::invalid_input(
        &field(at, "product"),
        format!("`{}` is in no price list of the customer's organization", product.escape_debug()),
    )
}

fn words(cycles: impl Iterator<Item = BillingCycleEnum>) -> String {
    let words: Vec<String> = cycles.filter_map(|known| Some(cycle(known, false)?.to_string())).collect();
    words.join(" or ")
}

/// The only row and cycle that fit, or which field stands against it.
fn choose<'a>(
    at: usize,
    line: &NewOrderLine,
    part_number: &str,
    offer: Option<&Choice>,
    rows: &[&'a AgreementProduct],
) -> Result<(&'a AgreementProduct, Choice)> {
    let with_terms: Vec<(&AgreementProduct, Option<Term>)> =
        rows.iter().map(|row| (*row, row.product_variant.as_ref().and_then(product::term))).collect();
    let wanted_term = offer.map_or(line.commitment_term, |choice| choice.term);
    let term_said = offer.is_some() || line.commitment_term.is_some();
    let fitting: Vec<_> =
        with_terms.iter().filter(|(_, term)| !term_said || *term == wanted_term).copied().collect();
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
    let wanted_cycle =
        offer.map(|choice| choice.cycle).or_else(|| line.billing_cycle.as_ref().and_then(wire_cycle));
    let mut choices: Vec<(&AgreementProduct, Choice)> = Vec::new();
    for (row, term) in &fitting {
        for cycle in row.product_variant.as_ref().map(product::cycles).unwrap_or_default() {
            let choice = Choice { part_number: part_number.to_owned(), term: *term, cycle };
            let fits = wanted_cycle.is_none_or(|wanted| wanted == cycle);
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
            let known =
                fitting.iter().filter_map(|(row, _)| row.product_variant.as_ref()).flat_map(product::cycles);
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
    let (least, most) = product::limits(row);
    if let Some(least) = least.filter(|least| line.quantity < *least) {
        return Err(Error::invalid_input(&name, format!("{wanted} is less than the least, {least}")));
    }
    if let Some(most) = most.filter(|most| line.quantity > *most) {
        return Err(Error::invalid_input(&name, format!("{wanted} is more than the most, {most}")));
    }
    Ok(wanted)
}

fn bought(row: &AgreementProduct, part_number: &str) -> Bought {
    if row.agreement_type == Some(AgreementType::NewCommerceCSPSeats) {
        Bought::NewCommerce
    } else if part_number.eq_ignore_ascii_case(AZURE_PLAN) {
        Bought::Directly
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
