//! An order worked out before it is sent: terms, commitments, parents and answers resolved, or everything
//! that is missing named at once.

mod answers;
mod facts;
mod parents;
mod terms;

use provider_core::error::Violation;
use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::model::Parent;
use provider_core::receipt::{Change, Fidelity};
use provider_core::{Delivery, Error, ErrorKind, NewOrder, Plan, Price, Result};
use provider_http::OperationContext;
use rust_decimal::Decimal;

use self::terms::Choice;
use super::prepared::{MICROSOFT_WINDOW, Prepared, Send, field, is_microsoft, refuse};
use crate::map::{self, offer};
use crate::model::{CompanyStatus, CreateLineItem, CreateOrder, OrderedBy, Product};
use crate::provider::context::Context;
use crate::provider::customers;

/// What is said of an order that cannot be placed so.
const REFUSED: &str = "the order is not complete";

/// Resolves an order from reads alone.
pub(super) async fn place(cx: &Context, op: &OperationContext, order: &NewOrder) -> Result<Prepared> {
    refuse(REFUSED, first_look(cx, order))?;
    let (ready, facts) =
        futures_util::join!(check_ready(cx, op, order.customer.as_str()), facts::of(cx, op, order));
    ready?;
    let facts = facts?;
    let mut violations = Vec::new();
    let mut items = Vec::new();
    let mut choices: Vec<Option<Choice<'_>>> = Vec::new();
    let mut warnings = Vec::new();
    for (index, line) in order.lines.iter().enumerate() {
        let Some(Some(known)) = facts.get(line.product.as_str()) else {
            violations.push(Violation::new(field(index, "product"), "Pax8 has no such product"));
            continue;
        };
        let choice = terms::choose(index, line, known, &mut violations);
        if let Some(problem) = choice.as_ref().and_then(|choice| offer::beyond(choice.row?, line.quantity)) {
            violations.push(Violation::new(field(index, "quantity"), problem));
        }
        let answers = answers::resolve(index, line, &known.questions, &mut violations, &mut warnings);
        if let Some(choice) = &choice {
            let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
            let mut item = CreateLineItem::new(
                number,
                line.product.as_str(),
                choice.billing_term.to_order(),
                line.quantity,
            );
            item.commitment_term_id = choice.commitment.map(|commitment| commitment.id.clone());
            item.provisioning_details = answers;
            items.push(item);
        }
        choices.push(choice);
    }
    parents::resolve(cx, op, order, &facts, &mut items, &mut violations, &mut warnings).await?;
    refuse(REFUSED, violations)?;
    if let Some(reference) = &order.reference {
        warnings.push(format!("Pax8 keeps no reference of the partner's: `{reference}` is not sent"));
    }
    let mut plan = Plan::new(Fidelity::Native);
    plan.cost = cost(cx, order, &choices, &mut warnings);
    plan.warnings = warnings;
    let given_back = choices.iter().zip(&order.lines).enumerate().map(|(index, (choice, line))| {
        let product = facts.get(line.product.as_str()).and_then(Option::as_ref);
        Reducible::line(index, reducible(choice.as_ref(), product.map(|known| &known.product)))
    });
    plan.reducible = given_back.collect();
    let changes = order.lines.iter().zip(&choices).enumerate().map(|(index, (line, choice))| {
        let name = facts.get(line.product.as_str()).and_then(|known| known.as_ref()?.product.name.clone());
        let what = format!("lines[{index}]: {}", name.unwrap_or_else(|| line.product.to_string()));
        let terms = choice.as_ref().map(ToString::to_string).unwrap_or_default();
        Change::new(what, None, Some(format!("{} x {terms}", line.quantity)))
    });
    plan.changes = changes.collect();
    let mut wire = CreateOrder::new(order.customer.as_str(), items);
    wire.ordered_by = Some(OrderedBy::Partner);
    let send = Send::Order { order: wire, customer: order.customer.clone(), lines: order.lines.clone() };
    Ok(Prepared { plan, send })
}

/// Until when the seats of a line can be reduced, by its commitment.
fn reducible(choice: Option<&Choice<'_>>, product: Option<&Product>) -> ReducibleUntil {
    let (Some(choice), Some(product)) = (choice, product) else { return ReducibleUntil::Unknown };
    match choice.commitment {
        Some(terms) => match terms.allow_for_quantity_decrease {
            Some(true) => ReducibleUntil::Always,
            Some(false) if is_microsoft(product) => ReducibleUntil::FirstDays(MICROSOFT_WINDOW),
            Some(false) => ReducibleUntil::TermEnd(None),
            None => ReducibleUntil::Unknown,
        },
        None if product.requires_commitment == Some(false) => ReducibleUntil::Always,
        None => ReducibleUntil::Unknown,
    }
}

/// What can be told without any call.
fn first_look(cx: &Context, order: &NewOrder) -> Vec<Violation> {
    let mut violations = Vec::new();
    if order.lines.is_empty() {
        violations.push(Violation::new("lines", "an order needs at least one line"));
    }
    if order.effective.is_some_and(|day| day != cx.clock.now().date_naive()) {
        violations.push(Violation::new("effective", "Pax8 takes orders for now only: leave it out"));
    }
    for (index, line) in order.lines.iter().enumerate() {
        if !is_whole(line.quantity) {
            violations.push(Violation::new(field(index, "quantity"), "must be a whole number above zero"));
        }
        if let Some(Parent::Line(at)) = line.parent
            && (at == index || at >= order.lines.len())
        {
            violations.push(Violation::new(field(index, "parent"), "names no other line of this order"));
        }
    }
    violations
}

/// Pax8 takes orders for active companies only, and a company is active once it has a primary contact
/// of each type.
async fn check_ready(cx: &Context, op: &OperationContext, company: &str) -> Result<()> {
    let record = cx.client.companies().with(op.quiet()).get(company).await;
    let record = record.map_err(|error| error.naming("customer", "Pax8 knows no such company"))?;
    if record.status.as_ref().is_none_or(|status| *status == CompanyStatus::Active) {
        return Ok(());
    }
    let contacts = customers::contacts_of(cx, op, company).await?;
    let missing = map::customer::missing_roles(contacts.iter().flat_map(|contact| &contact.roles));
    let state = record.status.map(|status| status.to_string()).unwrap_or_default();
    let why = if missing.is_empty() {
        format!("the company is {state} at Pax8")
    } else {
        format!("the company is {state} at Pax8: it lacks a primary contact of type {}", missing.join(", "))
    };
    Err(Error::new(ErrorKind::PreconditionFailed, format!("nothing can be ordered yet: {why}"))
        .with_delivery(Delivery::NotSent)
        .with_violation(Violation::new("customer", why)))
}

/// What the order costs each time it is paid; only where every line says so for the same time.
fn cost(
    cx: &Context,
    order: &NewOrder,
    choices: &[Option<Choice<'_>>],
    warnings: &mut Vec<String>,
) -> Option<Price> {
    let mut total = Decimal::ZERO;
    let mut periods = Vec::new();
    for (line, choice) in order.lines.iter().zip(choices) {
        let choice = choice.as_ref()?;
        total = total.checked_add(offer::cost_of(choice.row?, line.quantity)?)?;
        periods.push(map::term::billing_cycle(&choice.billing_term).period());
    }
    let period = *periods.first()?;
    if periods.iter().any(|other| *other != period) {
        warnings.push("the lines are paid at different times: their costs do not add up".to_owned());
        return None;
    }
    warnings.push(match cx.currency {
        Some(currency) => format!("Pax8 names no currency in prices: {currency} is the connection's"),
        None => "Pax8 names no currency in prices, and the connection has none".to_owned(),
    });
    let price = Price::new(total, cx.currency).flat();
    Some(match period {
        Some(period) => price.every(period),
        None => price,
    })
}

fn is_whole(quantity: Decimal) -> bool {
    quantity > Decimal::ZERO && quantity.fract().is_zero()
}
