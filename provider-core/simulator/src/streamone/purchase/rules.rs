//! What an order must look like to be accepted.

use serde_json::Value;

use super::record::{Action, AddOnLine, OrderItem};
use super::template::attribute_names;
use crate::streamone::catalog::providers::{MICROSOFT, provider};
use crate::streamone::engine::problem::{Problem, Reason};
use crate::streamone::engine::shape::{Kind, Member, optional, read_list, read_text, required};
use crate::streamone::state::State;

const ACTIONS: Kind = Kind::Choice(&["CREATE", "UPDATE"]);

/// A name and a value; values are always texts.
pub(crate) const ATTRIBUTE: &[Member] = &[required("name", Kind::Text), required("value", Kind::Text)];

const ADD_ON: &[Member] = &[
    required("id", Kind::Text),
    required("addOnId", Kind::Text),
    required("planId", Kind::Text),
    required("action", ACTIONS),
    required("quantity", Kind::Whole),
];

const ITEM: &[Member] = &[
    required("action", ACTIONS),
    required("productId", Kind::Text),
    required("skuId", Kind::Text),
    required("planId", Kind::Text),
    required("quantity", Kind::Whole),
    required("attributes", Kind::Objects(ATTRIBUTE)),
    optional("resourceId", Kind::Text),
    optional("referenceId", Kind::Text),
    optional("endCustomerPO", Kind::Text),
    optional("resellerPO", Kind::Text),
    optional("addOns", Kind::Objects(ADD_ON)),
    optional("providerName", Kind::Text),
    optional("vendor", Kind::Text),
];

/// The body of a new order.
pub(crate) const ORDER: &[Member] = &[
    optional("referenceId", Kind::Text),
    optional("displayName", Kind::Text),
    required("orderItems", Kind::Objects(ITEM)),
];

/// A required attribute is absent.
const ABSENT: &str = "COMM-VL-001";
/// A value is not allowed.
const NOT_ALLOWED: &str = "COMM-VL-002";
/// `resourceId` is absent on UPDATE.
const NO_RESOURCE: &str = "COMM-VL-003";
/// `domainName` is absent on CREATE for Microsoft.
const NO_DOMAIN: &str = "COMM-VL-004";

/// The items of a well-formed body, or every reason against them.
pub(crate) fn check_items(state: &mut State, customer: u64, body: &Value) -> Result<Vec<OrderItem>, Problem> {
    let wanted = read_list(body, "orderItems");
    let mut reasons = Vec::new();
    if wanted.is_empty() {
        reasons.push(Reason::new(ABSENT, "orderItems must not be empty"));
    }
    let mut items = Vec::new();
    for item in wanted {
        let id = state.fresh_id();
        let item = read_item(state, item, id, &mut reasons);
        check_item(state, customer, &item, &mut reasons);
        items.push(item);
    }
    if reasons.is_empty() { Ok(items) } else { Err(Problem::order(reasons)) }
}

fn read_item(state: &State, item: &Value, id: u64, reasons: &mut Vec<Reason>) -> OrderItem {
    let text = |name: &str| read_text(item, name).unwrap_or_default().to_owned();
    let maybe = |name: &str| read_text(item, name).map(str::to_owned);
    let product = text("productId");
    let provider_id = state.catalog.get(&product).map(|product| product.provider);
    let names_other = |name: &str| {
        provider_id
            .and_then(provider)
            .is_some_and(|own| !name.eq_ignore_ascii_case(own.code) && !name.eq_ignore_ascii_case(own.vendor))
    };
    for member in ["providerName", "vendor"] {
        if let Some(name) = read_text(item, member).filter(|name| names_other(name)) {
            reasons
                .push(Reason::new(NOT_ALLOWED, format!("{member} {name} does not sell product {product}")));
        }
    }
    OrderItem {
        id,
        reference: maybe("referenceId"),
        cart_item: None,
        action: read_action(item),
        resource_id: maybe("resourceId"),
        quantity: read_quantity(item, reasons),
        provider: provider_id.unwrap_or_default(),
        price: state
            .catalog
            .plan(&product, &text("skuId"), &text("planId"))
            .map(|(_, _, plan)| plan.list)
            .unwrap_or_default(),
        product,
        sku: text("skuId"),
        plan: text("planId"),
        status: "PENDING",
        customer_po: maybe("endCustomerPO"),
        reseller_po: maybe("resellerPO"),
        attributes: read_attributes(item),
        add_ons: read_list(item, "addOns").iter().map(|line| read_add_on(line, reasons)).collect(),
        errors: Vec::new(),
    }
}

fn read_add_on(line: &Value, reasons: &mut Vec<Reason>) -> AddOnLine {
    let text = |name: &str| read_text(line, name).unwrap_or_default().to_owned();
    AddOnLine {
        id: text("id"),
        add_on: text("addOnId"),
        plan: text("planId"),
        action: read_action(line),
        quantity: read_quantity(line, reasons),
    }
}

fn read_action(item: &Value) -> Action {
    if read_text(item, "action") == Some("UPDATE") { Action::Update } else { Action::Create }
}

fn read_quantity(item: &Value, reasons: &mut Vec<Reason>) -> u32 {
    let quantity = item.get("quantity").and_then(Value::as_u64).unwrap_or_default();
    let quantity = u32::try_from(quantity).unwrap_or_default();
    if quantity == 0 {
        reasons.push(Reason::new(NOT_ALLOWED, "quantity must be at least 1"));
    }
    quantity
}

/// The attributes of an item or of a checkout.
pub(crate) fn read_attributes(item: &Value) -> Vec<(String, String)> {
    read_list(item, "attributes")
        .iter()
        .filter_map(|pair| Some((read_text(pair, "name")?.to_owned(), read_text(pair, "value")?.to_owned())))
        .collect()
}

/// Adds every reason against one item.
pub(crate) fn check_item(state: &State, customer: u64, item: &OrderItem, reasons: &mut Vec<Reason>) {
    let Some((product, sku, _)) = state.catalog.plan(&item.product, &item.sku, &item.plan) else {
        let ids = format!("{} / {} / {}", item.product, item.sku, item.plan);
        reasons.push(Reason::new(NOT_ALLOWED, format!("no such product, sku and plan: {ids}")));
        return;
    };
    for line in &item.add_ons {
        if product.plan(&line.add_on, &line.plan).is_none() {
            let ids = format!("{} / {}", line.add_on, line.plan);
            reasons.push(Reason::new(NOT_ALLOWED, format!("no such add-on and plan: {ids}")));
        }
    }
    match item.action {
        Action::Create => {
            if product.disabled || sku.disabled {
                reasons.push(Reason::new(NOT_ALLOWED, format!("product {} is disabled", item.product)));
            }
            check_create(item, reasons);
        }
        Action::Update => check_update(state, customer, item, reasons),
    }
    check_attributes(item, reasons);
}

fn check_create(item: &OrderItem, reasons: &mut Vec<Reason>) {
    if item.resource_id.is_some() {
        reasons.push(Reason::new(NOT_ALLOWED, "resourceId is not allowed when action is CREATE"));
    }
    if item.provider != MICROSOFT {
        return;
    }
    match item.attribute("domainName") {
        None => reasons.push(Reason::new(
            NO_DOMAIN,
            "attribute domainName is required when action is CREATE for an AZURE item",
        )),
        Some(domain) if !domain.to_lowercase().ends_with(".onmicrosoft.com") => {
            let detail = format!("domainName {domain} is not a tenant domain");
            reasons.push(Reason::new(NOT_ALLOWED, detail));
        }
        Some(_) => {}
    }
}

fn check_update(state: &State, customer: u64, item: &OrderItem, reasons: &mut Vec<Reason>) {
    let Some(resource) = item.resource_id.as_deref() else {
        let detail = "resourceId is required when action is UPDATE";
        reasons.push(Reason::new(NO_RESOURCE, detail));
        return;
    };
    let found = state.subscriptions.by_resource(resource);
    match found.filter(|found| found.customer == customer) {
        None => reasons.push(Reason::new(NOT_ALLOWED, format!("resourceId {resource} is not known here"))),
        Some(found) => {
            let same = found.catalog.as_ref().is_none_or(|ids| {
                ids.product == item.product && ids.sku == item.sku && ids.plan == item.plan
            });
            if !same {
                let detail = "productId, skuId and planId must be the subscription's own";
                reasons.push(Reason::new(NOT_ALLOWED, detail));
            }
        }
    }
    if item.attributes.is_empty() {
        reasons.push(Reason::new(ABSENT, "attributes must not be empty when action is UPDATE"));
    } else if item.provider == MICROSOFT && item.attribute("operations").is_none() {
        reasons.push(Reason::new(ABSENT, "attribute operations is required when action is UPDATE"));
    }
}

fn check_attributes(item: &OrderItem, reasons: &mut Vec<Reason>) {
    let known = attribute_names(item.provider, item.action);
    for (index, (name, value)) in item.attributes.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            reasons.push(Reason::new(NOT_ALLOWED, format!("attribute {name} is not allowed")));
        } else if item.attributes.iter().take(index).any(|(earlier, _)| earlier == name) {
            reasons.push(Reason::new(NOT_ALLOWED, format!("attribute {name} is repeated")));
        } else if !value_allowed(name, value) {
            let detail = format!("value {value} is not allowed for attribute {name}");
            reasons.push(Reason::new(NOT_ALLOWED, detail));
        }
    }
}

fn value_allowed(name: &str, value: &str) -> bool {
    match name {
        // Both spellings are known to work.
        "operations" => value.eq_ignore_ascii_case("updateSubscription"),
        "renewalSetting" => matches!(value, "auto-on" | "auto-off"),
        "statusUpdate" => matches!(value, "active" | "suspended" | "deleted"),
        "coterm" => matches!(value, "true" | "false"),
        "customTermEndDate" => value.parse::<chrono::NaiveDate>().is_ok(),
        _ => true,
    }
}
