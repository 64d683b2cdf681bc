//! The items of a cart.

use serde_json::{Value, json};

use super::calls::{PAYMENT_MEMBER, read_payment};
use super::record::{Cart, CartAddOn, CartItem};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::shape::{Kind, Member, optional, read_text, required};
use crate::streamone::state::State;

const ADD_ON: &[Member] = &[
    required("planId", Kind::Text),
    required("displayName", Kind::Text),
    optional("parent", Kind::Text),
    optional("parentIdentifier", Kind::Text),
];

const ITEM: &[Member] = &[
    optional("planName", Kind::Text),
    PAYMENT_MEMBER,
    optional("quantity", Kind::Whole),
    optional("addOns", Kind::OneOrMany(ADD_ON)),
];

fn no_item(cart: &Cart, id: &str) -> Problem {
    Problem::not_found(&format!("{}/cartItems/{id}", cart.name()))
}

fn find<'a>(cart: &'a Cart, id: &str) -> Result<&'a CartItem, Problem> {
    let found = cart.items.iter().find(|item| item.id.to_string() == id);
    found.ok_or_else(|| no_item(cart, id))
}

/// `GET /customers/{c}/carts/{cartId}/cartItems`: the answer's member has a lower-case `i`.
pub(crate) fn list(state: &State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    let cart = state.carts.find(at)?;
    let items: Vec<Value> = cart.items.iter().map(|item| item.json(cart, state.account)).collect();
    Ok(Answer::json(json!({"cartitems": items})))
}

/// `GET /customers/{c}/carts/{cartId}/cartItems/{itemId}`.
pub(crate) fn get(state: &State, call: &Call, at: (u64, &str), id: &str) -> Outcome {
    Query::none(call)?;
    let cart = state.carts.find(at)?;
    Ok(Answer::json(find(cart, id)?.json(cart, state.account)))
}

/// The plan behind `accounts/{a}/products/{p}/plans/{plan}`.
fn named_plan(state: &State, id: u64, name: &str) -> Result<CartItem, Problem> {
    let parts: Vec<&str> = name.split('/').collect();
    let found = match parts.as_slice() {
        ["accounts", _, "products", product, "plans", plan] => {
            state.catalog.get(product).and_then(|product| {
                let (sku, plan) = product.plans().find(|(_, found)| found.id == *plan)?;
                Some(CartItem::new(id, name, product, sku, plan))
            })
        }
        _ => return Err(Problem::invalid_argument(format!("'{name}' is not a plan name"))),
    };
    found.ok_or_else(|| Problem::not_found(name))
}

fn read_add_ons(body: &Value) -> Vec<CartAddOn> {
    let lines = match body.get("addOns") {
        Some(Value::Array(lines)) => lines.as_slice(),
        Some(line) => std::slice::from_ref(line),
        None => &[],
    };
    let text = |line: &Value, name: &str| read_text(line, name).unwrap_or_default().to_owned();
    lines
        .iter()
        .map(|line| CartAddOn { plan: text(line, "planId"), display_name: text(line, "displayName") })
        .collect()
}

/// Applies what the body says on top of `item`.
fn fill(item: &mut CartItem, body: &Value) -> Result<(), Problem> {
    if let Some(quantity) = body.get("quantity").and_then(Value::as_i64) {
        item.quantity = u32::try_from(quantity)
            .ok()
            .filter(|quantity| *quantity > 0)
            .ok_or_else(|| Problem::invalid_argument("quantity must be at least 1"))?;
    }
    if let Some(payment) = read_payment(body) {
        item.payment = payment;
    }
    if body.get("addOns").is_some() {
        item.add_ons = read_add_ons(body);
    }
    Ok(())
}

/// `POST /customers/{c}/carts/{cartId}/cartItems`.
pub(crate) fn create(state: &mut State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    state.carts.find(at)?.check_open()?;
    let body = call.json_body(ITEM)?;
    let name =
        read_text(&body, "planName").ok_or_else(|| Problem::invalid_argument("planName is required"))?;
    let id = state.fresh_id();
    let mut item = named_plan(state, id, name)?;
    fill(&mut item, &body)?;
    let account = state.account;
    let cart = state.carts.find_mut(at)?;
    let answer = item.json(cart, account);
    cart.items.push(item);
    Ok(Answer::json(answer))
}

/// `PUT /customers/{c}/carts/{cartId}/cartItems/{itemId}`.
pub(crate) fn update(state: &mut State, call: &Call, at: (u64, &str), id: &str) -> Outcome {
    Query::none(call)?;
    let cart = state.carts.find(at)?;
    cart.check_open()?;
    let mut item = find(cart, id)?.clone();
    let body = call.json_body(ITEM)?;
    if let Some(name) = read_text(&body, "planName") {
        let named = named_plan(state, item.id, name)?;
        item = CartItem { quantity: item.quantity, payment: item.payment, add_ons: item.add_ons, ..named };
    }
    fill(&mut item, &body)?;
    let account = state.account;
    let cart = state.carts.find_mut(at)?;
    let answer = item.json(cart, account);
    if let Some(stored) = cart.items.iter_mut().find(|stored| stored.id == item.id) {
        *stored = item;
    }
    Ok(Answer::json(answer))
}

/// `DELETE /customers/{c}/carts/{cartId}/cartItems/{itemId}`: 204.
pub(crate) fn delete(state: &mut State, call: &Call, at: (u64, &str), id: &str) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    let cart = state.carts.find_mut(at)?;
    cart.check_open()?;
    let item = find(cart, id)?.id;
    cart.items.retain(|found| found.id != item);
    Ok(Answer::no_content())
}
