//! What can be said of an order line without the network.

use provider_core::model::Parent;
use provider_core::{Error, NewOrderLine, Result};

use crate::map::is_guid;
use crate::map::offer::{Choice, wire_cycle};
use crate::map::subscription::seats;
use crate::provider::context::refusal::number;

pub(super) fn field(at: usize, name: &str) -> String {
    format!("lines[{at}].{name}")
}

/// Part numbers of new commerce and software have two parts, those of legacy offers are GUIDs. Everything else is
/// a row of the price list.
pub(super) fn is_part_number(product: &str) -> bool {
    product.contains(':') || is_guid(product)
}

pub(super) fn check(at: usize, line: &NewOrderLine) -> Result<()> {
    seats(&field(at, "quantity"), line.quantity)?;
    if line.product.as_str().trim().is_empty() {
        return Err(Error::invalid_input(&field(at, "product"), "is empty"));
    }
    check_parent(at, line)?;
    if let Some(offer) = &line.offer {
        let choice = Choice::parse(&field(at, "offer"), offer)?;
        if is_part_number(line.product.as_str())
            && !choice.part_number.eq_ignore_ascii_case(line.product.as_str())
        {
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

fn check_parent(at: usize, line: &NewOrderLine) -> Result<()> {
    match &line.parent {
        None => Ok(()),
        Some(Parent::Subscription(id)) => {
            number(&field(at, "parent"), id)?;
            match line.attributes.keys().next() {
                Some(name) => Err(Error::invalid_input(
                    &field(at, &format!("attributes.{name}")),
                    "add-ons take no such value",
                )),
                None => Ok(()),
            }
        }
        // An order is carried out later, and its subscription has no number before that.
        Some(Parent::Line(_)) => Err(Error::invalid_input(
            &field(at, "parent"),
            "Cloud-iQ sells add-ons on subscriptions that exist: order that line first, then name its subscription",
        )),
    }
}
