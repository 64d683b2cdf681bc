//! Usage: the leaves of billing reports.

use provider_core::{Currency, ItemError, Period, Price, Raw, UsageRecord};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{currency, said};
use crate::model::{BillingCurrencies, BillingEntity, BillingFigures, BillingNode};
use crate::wire::SECRET_MEMBERS;

/// Nodes below nodes below this depth are no billing report.
const DEEPEST: usize = 32;

/// What the nodes above a leaf say about it.
#[derive(Clone, Default)]
struct Above {
    customer: Option<String>,
    subscription: Option<String>,
    product: Option<String>,
    category: Option<String>,
    names: Vec<String>,
    cost: Option<Currency>,
    price: Option<Currency>,
}

/// Reads the trees of one month's report. A tree that cannot be read stands as its error.
pub(crate) fn records(
    trees: &[&RawValue],
    currencies: Option<&BillingCurrencies>,
    month: Option<Period>,
    keep: bool,
) -> Vec<Result<UsageRecord, ItemError>> {
    let top = Above {
        cost: currency(currencies.and_then(|c| c.cost_currency.as_deref())),
        price: currency(currencies.and_then(|c| c.price_currency.as_deref())),
        ..Above::default()
    };
    let mut walk = Walk { month, found: Vec::new() };
    for (index, tree) in trees.iter().enumerate() {
        match serde_json::from_str::<BillingNode>(tree.get()) {
            Ok(node) => {
                let raw = keep.then(|| serde_json::from_str(tree.get()).ok()).flatten();
                walk.node(&node, raw.as_ref(), &top, 0, index);
            }
            Err(_) => walk
                .found
                .push(Err(ItemError::new(format!("data[{index}]"), "is no node of a billing report"))),
        }
    }
    walk.found
}

/// A node as it came.
#[derive(Deserialize)]
struct RawNode<'a> {
    #[serde(borrow, default)]
    entity: Option<&'a RawValue>,
    #[serde(borrow, default)]
    lines: Option<Vec<RawNode<'a>>>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

impl RawNode<'_> {
    /// The leaf without the nodes around it.
    fn leaf(&self) -> Option<Raw> {
        let json = |value: Option<&RawValue>| value.map_or("null", RawValue::get).to_owned();
        let leaf = format!(r#"{{"entity":{},"data":{}}}"#, json(self.entity), json(self.data));
        Raw::new(&leaf, SECRET_MEMBERS).ok()
    }
}

struct Walk {
    month: Option<Period>,
    found: Vec<Result<UsageRecord, ItemError>>,
}

impl Walk {
    fn node(
        &mut self,
        node: &BillingNode,
        raw: Option<&RawNode<'_>>,
        above: &Above,
        depth: usize,
        tree: usize,
    ) {
        if depth > DEEPEST {
            self.found.push(Err(ItemError::new(format!("data[{tree}]"), "is nested too deeply")));
            return;
        }
        let mut here = above.clone();
        if let Some(entity) = &node.entity {
            enter(entity, &mut here, depth);
        }
        if let Some(figures) = &node.data {
            let mut record = self.record(node.entity.as_ref(), figures, &here);
            record.raw = raw.and_then(RawNode::leaf);
            self.found.push(Ok(record));
        }
        let kept = raw.and_then(|raw| raw.lines.as_deref()).unwrap_or_default();
        for (index, line) in node.lines.iter().enumerate() {
            self.node(line, kept.get(index), &here, depth + 1, tree);
        }
    }

    fn record(&self, entity: Option<&BillingEntity>, figures: &BillingFigures, here: &Above) -> UsageRecord {
        let mut record = UsageRecord::default();
        record.customer = here.customer.as_deref().map(Into::into);
        record.subscription = here
            .customer
            .as_deref()
            .zip(here.subscription.as_deref())
            .map(|(customer, own)| super::subscription::id(customer, own));
        record.category = here.category.clone().or_else(|| here.product.clone());
        let credit = entity.and_then(|entity| said(entity.credit_name.as_ref()));
        record.description = credit.or_else(|| here.names.last().cloned());
        record.quantity = figures.usage;
        record.unit = said(figures.unit.as_ref());
        record.cost = figures.cost.map(|amount| Price::new(amount, here.cost).flat());
        record.sale = figures.price.map(|amount| Price::new(amount, here.price).flat());
        record.period = self.month;
        record
    }
}

/// Depth and kinds differ by provider, so a node is taken by what it calls itself; the top one is the
/// customer everywhere.
fn enter(entity: &BillingEntity, here: &mut Above, depth: usize) {
    let id = entity.id.as_ref().map(ToString::to_string);
    let kind = entity.kind.as_deref().unwrap_or_default();
    match kind {
        "customer" => here.customer = id.clone(),
        _ if depth == 0 => here.customer = id.clone(),
        "subscription" | "aws_linked_account" => here.subscription = id.clone(),
        "product" => here.product = id.clone(),
        "resource_group" | "category" => here.category = id.clone(),
        _ => {}
    }
    here.cost = currency(entity.cost_currency.as_deref()).or(here.cost);
    here.price = currency(entity.price_currency.as_deref()).or(here.price);
    let name = said(entity.name.as_ref()).filter(|_| depth > 0).or(id);
    here.names.extend(name);
}
