//! An order worked out before it is sent: terms, commitments, parents and answers resolved, or everything
//! that is missing named at once.

mod answers;
mod parents;
mod terms;

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{Change, Error, ErrorKind, NewOrder, NewOrderLine, Parent, Price, Result, Violation};
use rust_decimal::Decimal;

use self::terms::Choice;
use super::Pax8Provider;
use super::budget::Budget;
use crate::map::{self, offer};
use crate::model::{
    Company, CompanyStatus, CreateLineItem, CreateOrder, Dependencies, OrderedBy, Pricing, Product,
    ProvisioningDetail,
};

/// Products of one order whose facts are fetched at once.
const AT_ONCE: usize = 4;

/// An order ready to be sent, and what a person should know about it first.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) order: CreateOrder,
    pub(super) changes: Vec<Change>,
    pub(super) cost: Option<Price>,
    pub(super) warnings: Vec<String>,
}

/// What has to be known of a product to order it.
#[derive(Debug)]
struct Facts {
    product: Product,
    pricing: Vec<Pricing>,
    dependencies: Dependencies,
    questions: Vec<ProvisioningDetail>,
}

impl Pax8Provider {
    /// Resolves an order from reads alone.
    pub(super) async fn prepare(&self, order: &NewOrder, budget: &Budget) -> Result<Prepared> {
        let mut violations = self.first_look(order);
        refuse(&mut violations)?;
        let (ready, facts) =
            futures_util::join!(self.check_ready(order.customer.as_str(), budget), self.facts(order, budget));
        ready?;
        let facts = facts?;
        let mut items = Vec::new();
        let mut choices: Vec<Option<Choice<'_>>> = Vec::new();
        let mut warnings = Vec::new();
        for (index, line) in order.lines.iter().enumerate() {
            let Some(Some(known)) = facts.get(line.product.as_str()) else {
                violations.push(Violation::new(field(index, "product"), "Pax8 has no such product"));
                continue;
            };
            let choice = terms::choose(index, line, known, &mut violations);
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
        self.resolve_parents(order, &facts, &mut items, &mut violations, &mut warnings, budget).await?;
        refuse(&mut violations)?;
        if let Some(reference) = &order.reference {
            warnings.push(format!("Pax8 keeps no reference of the partner's: `{reference}` is not sent"));
        }
        let cost = self.cost(order, &choices, &mut warnings);
        let changes = order.lines.iter().zip(&choices).enumerate().map(|(index, (line, choice))| {
            let name =
                facts.get(line.product.as_str()).and_then(|known| known.as_ref()?.product.name.clone());
            let what = format!("line {}: {}", index + 1, name.unwrap_or_else(|| line.product.to_string()));
            let terms = choice.as_ref().map(ToString::to_string).unwrap_or_default();
            Change::new(what, None, Some(format!("{} x {terms}", line.quantity)))
        });
        let changes = changes.collect();
        let mut wire = CreateOrder::new(order.customer.as_str(), items);
        wire.ordered_by = Some(OrderedBy::Partner);
        Ok(Prepared { order: wire, changes, cost, warnings })
    }

    /// What can be told without any call.
    fn first_look(&self, order: &NewOrder) -> Vec<Violation> {
        let mut violations = Vec::new();
        if order.lines.is_empty() {
            violations.push(Violation::new("lines", "an order needs at least one line"));
        }
        if order.effective.is_some_and(|day| day != self.clock.now().date_naive()) {
            violations.push(Violation::new("effective", "Pax8 takes orders for now only: leave it out"));
        }
        for (index, line) in order.lines.iter().enumerate() {
            if !is_whole(line.quantity) {
                violations
                    .push(Violation::new(field(index, "quantity"), "must be a whole number above zero"));
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
    async fn check_ready(&self, company: &str, budget: &Budget) -> Result<()> {
        let record: Company = self.client.companies().with(budget.quiet_call()).get(company).await?;
        if record.status.as_ref().is_none_or(|status| *status == CompanyStatus::Active) {
            return Ok(());
        }
        let contacts = self.contacts_of(company, budget).await?;
        let missing = map::customer::missing_roles(contacts.iter().flat_map(|contact| &contact.roles));
        let state = record.status.map(|status| status.to_string()).unwrap_or_default();
        let why = if missing.is_empty() {
            format!("the company is {state} at Pax8")
        } else {
            format!(
                "the company is {state} at Pax8: it lacks a primary contact of type {}",
                missing.join(", ")
            )
        };
        Err(Error::new(ErrorKind::PreconditionFailed, format!("nothing can be ordered yet: {why}"))
            .with_delivery(provider_core::Delivery::NotSent)
            .with_violation(Violation::new("customer", why)))
    }

    /// Facts by product; `None` for a product that does not exist.
    async fn facts(&self, order: &NewOrder, budget: &Budget) -> Result<BTreeMap<String, Option<Facts>>> {
        let ids: std::collections::BTreeSet<String> =
            order.lines.iter().map(|line| line.product.to_string()).collect();
        stream::iter(ids)
            .map(|id| async move {
                let facts = self.facts_of(&id, order.customer.as_str(), budget).await?;
                Ok((id, facts))
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn facts_of(&self, id: &str, company: &str, budget: &Budget) -> Result<Option<Facts>> {
        let products = self.client.products().with(budget.quiet_call());
        let (product, pricing, dependencies, questions) = futures_util::join!(
            products.get(id),
            self.pricing(id, Some(company), budget),
            self.dependencies(id, budget),
            products.provision_details(id),
        );
        let product = match product {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let questions = match questions {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            other => other?,
        };
        Ok(Some(Facts { product, pricing: pricing?, dependencies: dependencies?, questions }))
    }

    /// What the order costs each time it is paid; only where every line says so for the same time.
    fn cost(
        &self,
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
        warnings.push(match self.currency {
            Some(currency) => format!("Pax8 names no currency in prices: {currency} is the connection's"),
            None => "Pax8 names no currency in prices, and the connection has none".to_owned(),
        });
        let price = Price::new(total, self.currency).flat();
        Some(match period {
            Some(period) => price.every(period),
            None => price,
        })
    }
}

fn is_whole(quantity: Decimal) -> bool {
    quantity > Decimal::ZERO && quantity.fract().is_zero()
}

/// The name of a member of a line, as violations carry it.
fn field(index: usize, member: &str) -> String {
    format!("lines[{index}].{member}")
}

/// One error for everything that stands against an order; nothing was sent.
fn refuse(violations: &mut Vec<Violation>) -> Result<()> {
    if violations.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Err(Error::new(ErrorKind::InvalidInput, format!("the order is not complete: {}", list.join("; ")))
        .with_delivery(provider_core::Delivery::NotSent)
        .with_violations(violations.drain(..)))
}

/// Which product a line is for, without borrowing the order.
fn product_of(line: &NewOrderLine) -> &str {
    line.product.as_str()
}
