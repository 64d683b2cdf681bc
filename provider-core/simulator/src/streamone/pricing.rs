//! `POST /accounts/{a}/products:pricing`: prices by the vendor's own ids.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::catalog::{Plan, Product, Sku};
use super::cloud::provider_named;
use super::problem::Problem;
use super::product_json::book_json;
use super::products::markup;
use super::query::Query;
use super::shape::{Kind, Member, optional, read_id, read_list, read_text, required};
use super::state::State;
use super::wire::merge;

const WANTED: &[Member] = &[required("provider", Kind::Text), required("externalProducts", Kind::Texts)];
const BODY: &[Member] = &[
    required("externalProductWithProvider", Kind::Objects(WANTED)),
    optional("priceBookCustomerId", Kind::Id),
];

/// Answers a plan for every id that names one; ids that name none are left out.
pub(super) fn pricing(state: &State, call: &Call) -> Outcome {
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
