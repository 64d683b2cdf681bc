//! What a line is an add-on of: named by the caller, found among the other lines or the company's
//! subscriptions, or named as missing.

use std::collections::BTreeMap;

use provider_core::error::Violation;
use provider_core::model::Parent;
use provider_core::{NewOrder, Result};
use provider_http::OperationContext;

use super::facts::Facts;
use crate::map::subscription::status;
use crate::model::{CreateLineItem, ProductDependency, Subscription};
use crate::provider::context::Context;
use crate::provider::subscriptions;
use crate::provider::write::prepare::prepared::field;

pub(super) async fn resolve(
    cx: &Context,
    op: &OperationContext,
    order: &NewOrder,
    facts: &BTreeMap<String, Option<Facts>>,
    items: &mut [CreateLineItem],
    violations: &mut Vec<Violation>,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let mut owned: Option<Vec<Subscription>> = None;
    for item in items {
        let Some(index) = usize::try_from(item.line_item_number).ok().and_then(|n| n.checked_sub(1)) else {
            continue;
        };
        let Some(line) = order.lines.get(index) else { continue };
        match &line.parent {
            Some(Parent::Subscription(id)) => item.parent_subscription_id = Some(id.to_string()),
            Some(Parent::Line(at)) => item.parent_line_item_number = number(*at),
            None => {}
        }
        let Some(Some(known)) = facts.get(line.product.as_str()) else { continue };
        for constraint in &known.dependencies.product_dependencies {
            if !is_requirement(constraint) {
                let name = constraint.name.as_deref().unwrap_or("depends on");
                warnings.push(format!("lines[{index}]: {name} {}", names(constraint)));
                continue;
            }
            if line.parent.is_some() {
                continue;
            }
            // Another line of the same order comes first: what is bought together belongs together.
            let sibling = order.lines.iter().position(|other| {
                other.product != line.product && satisfies(constraint, other.product.as_str())
            });
            if let Some(sibling) = sibling {
                item.parent_line_item_number = number(sibling);
                continue;
            }
            if owned.is_none() {
                owned = Some(live_subscriptions(cx, op, order.customer.as_str()).await?);
            }
            let fitting: Vec<&Subscription> = owned
                .iter()
                .flatten()
                .filter(|one| one.product_id.as_deref().is_some_and(|id| satisfies(constraint, id)))
                .collect();
            match fitting.as_slice() {
                [only] => item.parent_subscription_id = Some(only.id.clone()),
                [] => violations.push(Violation::new(
                    field(index, "parent"),
                    format!("the product needs one of: {}", names(constraint)),
                )),
                several => {
                    let ids: Vec<_> = several.iter().map(|one| one.id.as_str()).collect();
                    violations.push(Violation::new(
                        field(index, "parent"),
                        format!("several subscriptions would do; name one of: {}", ids.join(", ")),
                    ));
                }
            }
        }
    }
    Ok(())
}

async fn live_subscriptions(cx: &Context, op: &OperationContext, company: &str) -> Result<Vec<Subscription>> {
    let mut all = subscriptions::of_company(cx, op, company).await?;
    all.retain(|one| one.status.as_ref().is_some_and(|known| status(known).is_live()));
    Ok(all)
}

fn number(index: usize) -> Option<u32> {
    u32::try_from(index).ok().and_then(|index| index.checked_add(1))
}

fn is_requirement(constraint: &ProductDependency) -> bool {
    constraint.name.as_deref().is_some_and(|name| name.trim().to_ascii_lowercase().starts_with("require"))
}

fn satisfies(constraint: &ProductDependency, product: &str) -> bool {
    constraint.products.iter().any(|one| one.id == product)
}

fn names(constraint: &ProductDependency) -> String {
    let name = |product: &crate::model::Product| match &product.name {
        Some(name) => format!("{name} ({})", product.id),
        None => product.id.clone(),
    };
    constraint.products.iter().map(name).collect::<Vec<_>>().join(", ")
}
