//! Orders to be placed, with the action CREATE, checked against the catalog and the vendor's template; and
//! orders to be taken back.

use std::collections::BTreeMap;

use provider_core::error::Violation;
use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::receipt::Change;
use provider_core::{
    CancelOrder, CustomerId, Delivery, Error, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine, Price,
    Result,
};
use provider_http::OperationContext;
use rust_decimal::Decimal;

use super::subscription::{RENEWAL, whole};
use crate::api::{ANY_CUSTOMER, ProductView};
use crate::map::order::reference;
use crate::map::product::{cloud_provider, offer_id};
use crate::map::term::{cycle, term_of_plan};
use crate::map::{self, MICROSOFT};
use crate::model::{
    Attribute, OrderItemWrite, OrderWrite, Plan, Product, Sku, TemplateAction, TemplateVendor,
};
use crate::provider::context::Context;
use crate::provider::write::send::{Prepared, Send, simulated};

/// The two attributes that are members of an order item.
const CUSTOMER_PO: &str = "endCustomerPO";
const RESELLER_PO: &str = "resellerPO";
const DOMAIN: &str = "domainName";

/// Days in which Microsoft takes committed seats back.
const MICROSOFT_WINDOW: u32 = 7;

/// An order to be placed.
pub(super) async fn place(
    cx: &Context,
    op: &OperationContext,
    order: &NewOrder,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    refuse_unknown(order)?;
    // Asked first: what else is missing for an unknown customer would hide that it is the customer who is.
    let customer = cx.client.customers().with(op).get(order.customer.as_str()).await;
    customer.map_err(|error| error.naming("customer", "ION knows no such customer"))?;
    let mut products: BTreeMap<&str, Product> = BTreeMap::new();
    for (index, line) in order.lines.iter().enumerate() {
        if !products.contains_key(line.product.as_str()) {
            let handle = cx.client.products().with(op);
            let product = handle.get(line.product.as_str(), &ProductView::default()).await;
            let named =
                |error: Error| error.naming(&format!("lines[{index}].product"), "ION knows no such product");
            products.insert(line.product.as_str(), product.map_err(named)?);
        }
    }
    let mut purchase = Purchase { cx, op, customer: &order.customer, allowed: None, domain: None };
    let mut body = OrderWrite {
        reference_id: Some(reference::of(key, order.reference.as_deref())),
        ..OrderWrite::default()
    };
    let mut plan = simulated();
    let mut cost = Cost::default();
    for (index, line) in order.lines.iter().enumerate() {
        let at = |error: Error| named(error, index);
        let product = products.get(line.product.as_str());
        let (sku, chosen) = product
            .ok_or_else(|| unfit("product", "is not known"))
            .and_then(|p| choose(p, line))
            .map_err(at)?;
        let quantity = whole(line.quantity).map_err(at)?;
        let mut item = OrderItemWrite::create(
            line.product.as_str(),
            sku.id.as_deref().unwrap_or_default(),
            chosen.id.as_deref().unwrap_or_default(),
            quantity,
        );
        item.reference_id = Some(format!("{}-{}", reference::of(key, None), index + 1));
        item.end_customer_po = line.attributes.get(CUSTOMER_PO).cloned();
        item.reseller_po = line.attributes.get(RESELLER_PO).cloned();
        item.attributes = purchase.attributes(line, sku, chosen).await.map_err(at)?;
        let name = chosen.display_name.clone().or_else(|| sku.display_name.clone()).unwrap_or_default();
        plan = plan.with_change(Change::new(
            format!("lines[{index}]: {name}"),
            None,
            Some(quantity.to_string()),
        ));
        plan = plan.with_reducible(Reducible::line(index, reducible(sku, chosen)));
        if chosen.product_availability == Some(false) {
            plan.warnings.push(format!("lines[{index}]: the plan is not in your price book"));
        }
        cost.add(map::product::cost(chosen, cx.currency()), line.quantity);
        body.order_items.push(item);
    }
    plan.cost = cost.total();
    plan.warnings.extend(purchase.warnings());
    let send = Send::Order { customer: order.customer.clone(), order: body, subscription: None };
    Ok(Prepared { send, plan })
}

/// Microsoft takes committed seats back in their first days; what other vendors allow is not documented.
fn reducible(sku: &Sku, plan: &Plan) -> ReducibleUntil {
    if cloud_provider(sku) == Some(MICROSOFT) && term_of_plan(plan).is_some() {
        ReducibleUntil::FirstDays(MICROSOFT_WINDOW)
    } else {
        ReducibleUntil::Unknown
    }
}

/// An order to be taken back.
pub(super) async fn cancel(cx: &Context, op: &OperationContext, cancel: &CancelOrder) -> Result<Prepared> {
    let id = cancel.order.own().to_owned();
    let order = cx
        .client
        .orders()
        .with(op)
        .get(cancel.customer.as_ref().map_or(ANY_CUSTOMER, CustomerId::as_str), &id)
        .await?;
    let customer = cancel.customer.clone().or_else(|| order.customer().map(|c| c.as_str().into()));
    let customer = customer.ok_or_else(|| Error::invalid_input("customer", "name whose order it is"))?;
    let from = map::order::status(&order).to_string();
    let change = Change::new(format!("order {id}: status"), Some(from), Some("cancelled".to_owned()));
    Ok(Prepared { plan: simulated().with_change(change), send: Send::CancelOrder { customer, order: id } })
}

/// What is wrong with an order without asking anybody.
pub(super) fn refuse_unknown(order: &NewOrder) -> Result<()> {
    if order.lines.is_empty() {
        return Err(unfit("lines", "there is nothing to buy"));
    }
    if order.effective.is_some() {
        return Err(unfit("effective", "ION carries orders out at once"));
    }
    match order.lines.iter().position(|line| line.parent.is_some()) {
        Some(index) => Err(named(
            unfit(
                "parent",
                "how add-ons are numbered in an order is not documented; place it with `orders().create` of the client",
            ),
            index,
        )),
        None => Ok(()),
    }
}

fn unfit(field: &str, problem: &str) -> Error {
    Error::invalid_input(field, problem).with_provider(crate::KIND)
}

/// The same error with the line in front of its fields.
fn named(error: Error, line: usize) -> Error {
    if error.violations().is_empty() {
        return error;
    }
    let placed: Vec<Violation> = error
        .violations()
        .iter()
        .map(|violation| {
            Violation::new(format!("lines[{line}].{}", violation.field), violation.message.clone())
        })
        .collect();
    let list: Vec<String> = placed.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Error::new(ErrorKind::InvalidInput, list.join("; "))
        .with_delivery(Delivery::NotSent)
        .with_provider(crate::KIND)
        .with_violations(placed)
}

/// The plan that a line names, or the only one that fits what it says.
fn choose<'p>(product: &'p Product, line: &NewOrderLine) -> Result<(&'p Sku, &'p Plan)> {
    let skus = product.definition.iter().flat_map(|definition| &definition.skus);
    let plans = skus.flat_map(|sku| sku.plans.iter().map(move |plan| (sku, plan)));
    let mut fitting = plans.filter(|(sku, plan)| {
        let named = map::said(sku.id.as_ref())
            .zip(map::said(plan.id.as_ref()))
            .map(|(sku, plan)| offer_id(&sku, &plan));
        let sold = sku.disabled != Some(true);
        let offer = line.offer.as_ref().is_none_or(|wanted| named.as_ref() == Some(wanted));
        let billed = line
            .billing_cycle
            .as_ref()
            .is_none_or(|wanted| plan.billing_period.as_ref().and_then(cycle).as_ref() == Some(wanted));
        let term = line.commitment_term.is_none_or(|wanted| term_of_plan(plan) == Some(wanted));
        named.is_some() && sold && offer && billed && term
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => {
            Err(unfit("offer", "the product has no such offer with this billing cycle and commitment"))
        }
        (Some(_), Some(_)) => Err(unfit("offer", "several offers of the product fit: name one")),
    }
}

/// What the lines of one order need to know of the customer and the vendor, read once.
struct Purchase<'a> {
    cx: &'a Context,
    op: &'a OperationContext,
    customer: &'a CustomerId,
    /// The attributes that Microsoft's template allows; empty where it could not be read.
    allowed: Option<Vec<String>>,
    domain: Option<Option<String>>,
}

impl Purchase<'_> {
    async fn attributes(&mut self, line: &NewOrderLine, sku: &Sku, plan: &Plan) -> Result<Vec<Attribute>> {
        let mut values = line.attributes.clone();
        values.remove(CUSTOMER_PO);
        values.remove(RESELLER_PO);
        if cloud_provider(sku) == Some(MICROSOFT) {
            if !values.contains_key(DOMAIN)
                && let Some(domain) = self.tenant_domain().await?
            {
                values.insert(DOMAIN.to_owned(), domain);
            }
            let mut missing = Vec::new();
            if !values.contains_key(DOMAIN) {
                missing.push((DOMAIN, "name the customer's tenant, such as example.onmicrosoft.com"));
            }
            if !values.contains_key(RENEWAL) && term_of_plan(plan).is_some() {
                missing.push((RENEWAL, "say `auto-on` or `auto-off`"));
            }
            if !missing.is_empty() {
                return Err(violations(
                    missing.into_iter().map(|(name, problem)| (name.to_owned(), problem)),
                ));
            }
            let allowed = self.allowed().await?;
            let unknown = values.keys().filter(|name| !allowed.is_empty() && !allowed.contains(name));
            let unknown: Vec<_> = unknown
                .map(|name| (name.clone(), "the vendor's provisioning template has no such attribute"))
                .collect();
            if !unknown.is_empty() {
                return Err(violations(unknown));
            }
        }
        Ok(values.into_iter().map(|(name, value)| Attribute::new(name, value)).collect())
    }

    /// The domain of the customer's Microsoft tenant, where ION knows exactly one.
    async fn tenant_domain(&mut self) -> Result<Option<String>> {
        if let Some(known) = &self.domain {
            return Ok(known.clone());
        }
        let customers = self.cx.client.customers().with(self.op);
        let found = match customers.cloud_profiles(self.customer.as_str(), Some(MICROSOFT), None).await {
            Ok(profiles) => {
                let mut domains = profiles
                    .customer_cloud_profiles
                    .iter()
                    .filter(|profile| profile.is_at(MICROSOFT))
                    .filter_map(|profile| map::said(profile.customer_domain.as_ref()));
                domains.next().filter(|_| domains.next().is_none())
            }
            Err(error) if error.delivery() == Delivery::Rejected => None,
            Err(error) => return Err(error),
        };
        self.domain = Some(found.clone());
        Ok(found)
    }

    /// The vendor checks again itself, so a template that cannot be read stops nothing.
    async fn allowed(&mut self) -> Result<&[String]> {
        if self.allowed.is_none() {
            let templates = self.cx.client.templates().with(self.op);
            let read = templates.list(&TemplateVendor::Microsoft, None, Some(&TemplateAction::Create)).await;
            self.allowed = Some(match read {
                Ok(found) => found.iter().flat_map(|t| t.attribute_names()).map(str::to_owned).collect(),
                Err(error) if error.delivery() == Delivery::Rejected => Vec::new(),
                Err(error) => return Err(error),
            });
        }
        Ok(self.allowed.as_deref().unwrap_or_default())
    }

    fn warnings(&self) -> Option<String> {
        match &self.allowed {
            Some(allowed) if !allowed.is_empty() => None,
            _ => Some("attributes could not be checked against a provisioning template".to_owned()),
        }
    }
}

fn violations(list: impl IntoIterator<Item = (String, &'static str)>) -> Error {
    let violations: Vec<_> = list
        .into_iter()
        .map(|(name, problem)| Violation::new(format!("attributes.{name}"), problem))
        .collect();
    let words: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Error::new(ErrorKind::InvalidInput, words.join("; "))
        .with_delivery(Delivery::NotSent)
        .with_provider(crate::KIND)
        .with_violations(violations)
}

/// The sum of the lines, where they can be added: one currency and one period.
#[derive(Default)]
struct Cost {
    sum: Option<Price>,
    broken: bool,
}

impl Cost {
    /// A line of this price for one unit.
    fn add(&mut self, unit: Option<Price>, quantity: Decimal) {
        // What is too large to be added up is no price, and no reason to fail.
        let Some((price, amount)) = unit.and_then(|price| {
            let amount = price.amount.checked_mul(quantity)?;
            Some((price, amount))
        }) else {
            self.broken = true;
            return;
        };
        let mut line = price.flat();
        line.amount = amount;
        match &mut self.sum {
            None => self.sum = Some(line),
            // Amounts of other currencies or times cannot be added up.
            Some(sum)
                if sum.currency == line.currency
                    && sum.currency_as_sent == line.currency_as_sent
                    && sum.period == line.period =>
            {
                match sum.amount.checked_add(line.amount) {
                    Some(more) => sum.amount = more,
                    None => self.broken = true,
                }
            }
            Some(_) => self.broken = true,
        }
    }

    fn total(self) -> Option<Price> {
        self.sum.filter(|_| !self.broken)
    }
}
