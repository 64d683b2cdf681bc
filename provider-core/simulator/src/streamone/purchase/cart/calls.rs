//! The cart endpoints. Their paths name no account.

use http::StatusCode;
use serde_json::{Value, json};

use super::record::{Cart, Payment};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::pages::OffsetPage;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::shape::{Kind, Member, optional, read_text, required};
use crate::streamone::engine::wire::merge;
use crate::streamone::state::State;

const STATUSES: &[&str] = &["CART_STATUS_UNSPECIFIED", "OPEN", "SAVED_FOR_LATER", "CHECKED_OUT", "QUOTE"];

const PAYMENT: &[Member] = &[
    required("paymentType", Kind::Choice(&["OFFLINE", "CREDIT_CARD"])),
    optional("creditCardName", Kind::Text),
];

/// `payment` of a cart or an item.
pub(crate) const PAYMENT_MEMBER: Member = optional("payment", Kind::Object(PAYMENT));

const NEW: &[Member] = &[
    optional("cartDisplayName", Kind::Text),
    optional("userName", Kind::Text),
    PAYMENT_MEMBER,
    required("status", Kind::Choice(STATUSES)),
    optional("currencyCode", Kind::Text),
];

const CHANGE: &[Member] = &[
    optional("cartDisplayName", Kind::Text),
    optional("userName", Kind::Text),
    PAYMENT_MEMBER,
    optional("status", Kind::Choice(STATUSES)),
    optional("currencyCode", Kind::Text),
];

/// The payment that a body asks for.
pub(crate) fn read_payment(body: &Value) -> Option<Payment> {
    let payment = body.get("payment")?;
    Some(Payment {
        kind: read_text(payment, "paymentType")?.to_owned(),
        card: read_text(payment, "creditCardName").map(str::to_owned),
    })
}

/// `GET /customers/{c}/carts`.
pub(crate) fn list(state: &State, call: &Call, customer: u64) -> Outcome {
    let names: Vec<&str> = ["status"].iter().chain(&OffsetPage::NAMES).copied().collect();
    let query = Query::of(call, &names)?;
    query.required("status")?;
    let status = query.choice("status", STATUSES)?.unwrap_or_default();
    let page = OffsetPage::of(&query, state.settings.largest_offset_page, &["id", "name"])?;
    let mut found: Vec<&Cart> =
        state.carts.of_customer(customer).filter(|cart| cart.status == status).collect();
    if page.sort_by == Some("name") {
        found.sort_by(|left, right| left.display_name.cmp(&right.display_name));
    }
    if page.descending {
        found.reverse();
    }
    let total = found.len();
    let carts: Vec<Value> = page.cut(found).into_iter().map(Cart::json).collect();
    Ok(Answer::json(json!({"carts": carts, "paginationResponse": {"totalSize": total}})))
}

/// `POST /customers/{c}/carts`: 201.
pub(crate) fn create(state: &mut State, call: &Call, customer: u64) -> Outcome {
    Query::none(call)?;
    let body = call.json_body(NEW)?;
    let text = |name: &str| read_text(&body, name).map(str::to_owned);
    let cart = Cart {
        id: state.fresh_id(),
        customer,
        display_name: text("cartDisplayName"),
        user_name: text("userName"),
        payment: read_payment(&body).unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        currency: text("currencyCode").unwrap_or_else(|| CURRENCY.to_owned()),
        items: Vec::new(),
    };
    let answer = cart.json();
    state.carts.insert(cart);
    Ok(Answer::json_with(StatusCode::CREATED, answer))
}

/// `GET /customers/{c}/carts/{cartId}`: only here is the number of items told.
pub(crate) fn get(state: &State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    let cart = state.carts.find(at)?;
    let mut answer = cart.json();
    merge(&mut answer, json!({"totalItems": cart.items.len()}));
    Ok(Answer::json(answer))
}

/// `PUT /customers/{c}/carts/{cartId}`: what is left out stays as it is.
pub(crate) fn update(state: &mut State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    let body = call.json_body(CHANGE)?;
    let cart = state.carts.find_mut(at)?;
    cart.check_open()?;
    let text = |name: &str| read_text(&body, name).map(str::to_owned);
    cart.display_name = text("cartDisplayName").or(cart.display_name.take());
    cart.user_name = text("userName").or(cart.user_name.take());
    if let Some(payment) = read_payment(&body) {
        cart.payment = payment;
    }
    if let Some(status) = text("status") {
        cart.status = status;
    }
    if let Some(currency) = text("currencyCode") {
        cart.currency = currency;
    }
    Ok(Answer::json(cart.json()))
}

/// `DELETE /customers/{c}/carts/{cartId}`: 204.
pub(crate) fn delete(state: &mut State, call: &Call, at: (u64, &str)) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    let id = state.carts.find(at)?.id;
    state.carts.remove(id);
    Ok(Answer::no_content())
}
