//! Prices by the vendor's own ids (`POST /accounts/{a}/products:pricing`), and the price books of v1.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::calls::markup;
use super::json::book_json;
use super::providers::provider_named;
use super::record::{Plan, Product, Sku};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::shape::{Kind, Member, optional, read_id, read_list, read_text, required};
use crate::streamone::engine::v1::{no_query, not_found};
use crate::streamone::engine::wire::{merge, ten_places};
use crate::streamone::state::State;

const WANTED: &[Member] = &[required("provider", Kind::Text), required("externalProducts", Kind::Texts)];

const BODY: &[Member] = &[
    required("externalProductWithProvider", Kind::Objects(WANTED)),
    optional("priceBookCustomerId", Kind::Id),
];

/// Answers a plan for every id that names one; ids that name none are left out.
pub(crate) fn pricing(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    let body = call.json_body(BODY)?;
    let markup = match body.get("priceBookCustomerId").and_then(read_id) {
        Some(customer) => markup(state, customer)?,
        None => Decimal::ONE,
    };
    let mut plans = Vec::new();
    for wanted in read_list(&body, "externalProductWithProvider") {
        let name = read_text(wanted, "provider").unwrap_or_default();
        let provider = provider_named(name)
            .ok_or_else(|| Problem::invalid_argument(format!("provider '{name}' is not known")))?;
        let ids = read_list(wanted, "externalProducts").iter().filter_map(Value::as_str);
        for id in ids {
            let sold = state.catalog.products().iter().filter(|found| found.provider == provider.id);
            let found = sold.flat_map(Product::plans).find(|(_, plan)| is_called(plan, id));
            plans.extend(found.map(|(sku, plan)| plan_json(id, sku, plan, markup)));
        }
    }
    Ok(Answer::json(json!({"plans": plans})))
}

fn is_called(plan: &Plan, id: &str) -> bool {
    plan.mpn.as_deref() == Some(id) || plan.external_id == id
}

fn plan_json(id: &str, sku: &Sku, plan: &Plan, markup: Decimal) -> Value {
    let (product, number) = sku.external_id.split_once(':').unwrap_or((&sku.external_id, "1"));
    let mut value = json!({
        "productId": id,
        "pricebookDetails": {
            "SkuDescription": sku.display_name,
            "Market": "US",
            "ProductId": product,
            "SkuId": number.parse::<u32>().unwrap_or(1),
            "UnitOfMeasure": "Licenses",
        },
    });
    merge(&mut value, book_json(plan, markup));
    value
}

/// The price books of the account: the reseller's price plus 0, 4 or 8 %.
const BOOKS: [(u64, i64); 3] = [(1, 0), (2, 4), (3, 8)];

/// The price book of a customer.
pub(crate) fn book_of(customer: u64) -> u64 {
    customer.wrapping_sub(1) % 3 + 1
}

/// `GET /price-books/{id}` of v1. Only one third-party script shows this call; its members are as that script reads them.
pub(crate) fn price_book(state: &State, call: &Call, id: &str) -> Outcome {
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
