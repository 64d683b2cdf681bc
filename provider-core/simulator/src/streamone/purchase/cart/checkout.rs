//! `POST /customers/{c}/carts/{cartId}:checkout`: a cart becomes an order.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::record::{Cart, CartItem};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::{Problem, Reason};
use crate::streamone::engine::query::Query;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::shape::{Kind, Member, optional, read_id, read_list, required};
use crate::streamone::engine::wire::{double, merge};
use crate::streamone::purchase::fulfilment::accept;
use crate::streamone::purchase::json::order_json;
use crate::streamone::purchase::record::{Action, AddOnLine, Order, OrderItem};
use crate::streamone::purchase::rules::{ATTRIBUTE, check_item, read_attributes};
use crate::streamone::state::State;

const PROVISION: &[Member] =
    &[required("cartItemId", Kind::Id), optional("attributes", Kind::Objects(ATTRIBUTE))];
const BODY: &[Member] =
    &[optional("totalCalculatedValue", Kind::Number), optional("provisionData", Kind::Objects(PROVISION))];

/// Orders everything in the cart.
pub(crate) fn checkout(state: &mut State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    let cart = state.carts.find(at)?.clone();
    cart.check_open()?;
    let body = call.optional_json_body(BODY)?;
    let data = read_list(&body, "provisionData");
    if cart.items.is_empty() {
        return Err(Problem::bad_request(format!("BAD_REQUEST: cart {} is empty", cart.id)));
    }
    let mut reasons = Vec::new();
    for wanted in data.iter().filter_map(|data| data.get("cartItemId").and_then(read_id)) {
        if !cart.items.iter().any(|item| item.id == wanted) {
            reasons.push(Reason::new("COMM-VL-002", format!("cartItemId {wanted} is not in the cart")));
        }
    }
    let mut items = Vec::new();
    for item in &cart.items {
        let item = order_item(state, item, data);
        check_item(state, cart.customer, &item, &mut reasons);
        items.push(item);
    }
    if !reasons.is_empty() {
        return Err(Problem::order(reasons));
    }
    let order = Order {
        id: state.fresh_id(),
        customer: cart.customer,
        reference: None,
        display_name: Some(format!("Cart - {}", call.now.timestamp_millis())),
        status: "NEW",
        cart: Some(cart.id),
        items,
        errors: Vec::new(),
        created: call.now,
        updated: call.now,
    };
    let answer = checkout_json(state, &order);
    accept(state, order);
    close(state.carts.find_mut(at)?);
    Ok(Answer::json(answer))
}

fn close(cart: &mut Cart) {
    "CHECKED_OUT".clone_into(&mut cart.status);
    cart.items.iter_mut().for_each(|item| item.checked_out = true);
}

fn order_item(state: &mut State, item: &CartItem, data: &[Value]) -> OrderItem {
    let own = data.iter().find(|data| data.get("cartItemId").and_then(read_id) == Some(item.id));
    let id = state.fresh_id();
    let product = state.catalog.get(&item.product);
    let add_ons = item.add_ons.iter().map(|line| {
        let sku = product.and_then(|product| {
            product.add_ons.iter().find(|sku| sku.plans.iter().any(|plan| plan.id == line.plan))
        });
        AddOnLine {
            id: line.plan.clone(),
            add_on: sku.map(|sku| sku.id.clone()).unwrap_or_default(),
            plan: line.plan.clone(),
            action: Action::Create,
            quantity: item.quantity,
        }
    });
    OrderItem {
        id,
        reference: None,
        cart_item: Some(item.id),
        action: Action::Create,
        resource_id: None,
        add_ons: add_ons.collect(),
        provider: product.map(|product| product.provider).unwrap_or_default(),
        product: item.product.clone(),
        sku: item.sku.clone(),
        plan: item.plan.clone(),
        quantity: item.quantity,
        price: item.price,
        status: "PENDING",
        customer_po: None,
        reseller_po: None,
        attributes: own.map(read_attributes).unwrap_or_default(),
        errors: Vec::new(),
    }
}

/// The order as a checkout answers it: items tell their amounts.
fn checkout_json(state: &State, order: &Order) -> Value {
    let mut answer = order_json(state, order);
    let items = answer.get_mut("orderItems").and_then(Value::as_array_mut);
    for (json, item) in items.into_iter().flatten().zip(&order.items) {
        let plan = state.catalog.plan(&item.product, &item.sku, &item.plan);
        let cost = plan.and_then(|(_, _, plan)| plan.book).map(|book| double(book.price));
        let amounts = json!({
            "cost": cost,
            "subTotal": double(item.price * Decimal::from(item.quantity)),
            "currencyCode": CURRENCY,
        });
        merge(json, amounts);
    }
    answer
}
