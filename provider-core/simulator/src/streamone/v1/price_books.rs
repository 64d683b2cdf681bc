//! `GET /price-books/{id}`. Only one third-party script shows this call; its members are as that script reads them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::call::{Answer, Call, Outcome};
use super::super::state::{CURRENCY, State};
use super::super::wire::ten_places;
use super::{no_query, not_found};

/// The price books of the account: the reseller's price plus 0, 4 or 8 %.
const BOOKS: [(u64, i64); 3] = [(1, 0), (2, 4), (3, 8)];

/// The price book of a customer.
pub(super) fn book_of(customer: u64) -> u64 {
    customer.wrapping_sub(1) % 3 + 1
}

pub(super) fn get(state: &State, call: &Call, id: &str) -> Outcome {
    no_query(call)?;
    let book = BOOKS.iter().find(|(book, _)| book.to_string() == id);
    let (_, percent) = book.ok_or_else(|| not_found("price book", id))?;
    let factor = Decimal::ONE + Decimal::new(*percent, 2);
    let items: Vec<Value> = state
        .catalog
        .products()
        .iter()
        .flat_map(|product| product.plans())
        .filter_map(|(sku, plan)| {
            let price = ten_places(plan.book?.price * factor);
            Some(json!({"productName": sku.display_name, "price": price, "currency": CURRENCY}))
        })
        .collect();
    let body = json!({"success": true, "message": "", "data": {"items": items}});
    Ok(Answer::json(body))
}
