//! Categories, verticals, charges and programs of the catalog.

use serde_json::{Value, json};

use super::record::{Catalog, Product, Program};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::settings::{CURRENCY, PARTNER};
use crate::streamone::engine::shape::{Kind, Member, optional, read_text, required};
use crate::streamone::engine::wire::empty_object;
use crate::streamone::state::State;

const CATEGORIES: [(&str, &str); 5] = [
    ("Productivity", "Office applications"),
    ("Communication", "Calls and meetings"),
    ("Servers", "Server licences"),
    ("Infrastructure", "Cloud infrastructure"),
    ("Security", "Protection of devices and data"),
];

const VERTICALS: [(&str, &str); 2] =
    [("AllIndustries", "For every industry"), ("Healthcare", "For clinics and practices")];

/// `categories` as lists show them.
pub(crate) fn categories_json(account: u64, catalog: &Catalog) -> Vec<Value> {
    CATEGORIES
        .iter()
        .map(|(name, description)| {
            let held = |product: &&Product| product.category == *name;
            json!({
                "name": format!("accounts/{account}/categories/{name}"),
                "displayName": name,
                "description": description,
                "count": catalog.products().iter().filter(held).count(),
                "parent": "",
                "children": Vec::<Value>::new(),
            })
        })
        .collect()
}

/// `verticals` as lists show them.
pub(crate) fn verticals_json(account: u64) -> Vec<Value> {
    VERTICALS
        .iter()
        .map(|(name, description)| {
            json!({
                "name": format!("accounts/{account}/verticals/{name}"),
                "displayName": name,
                "description": description,
            })
        })
        .collect()
}

/// `charges` as lists show them.
pub(crate) fn charges_json(account: u64) -> Vec<Value> {
    vec![json!({
        "name": format!("accounts/{account}/charges/handling"),
        "chargeName": "Handling",
        "planType": "RECURRING",
        "applyRateTo": "PRICE",
        "tiers": [{"from": 0, "rate": 1.5}],
        "currency": CURRENCY,
    })]
}

/// `GET /accounts/{a}/products/categories`.
pub(crate) fn categories(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"categories": categories_json(state.account, &state.catalog)})))
}

/// `GET /accounts/{a}/products/verticals`.
pub(crate) fn verticals(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"verticals": verticals_json(state.account)})))
}

/// `GET /accounts/{a}/products/charges`.
pub(crate) fn charges(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"charges": charges_json(state.account)})))
}

/// `GET /accounts/{a}/products_programs`: the programs of one product, or of all.
pub(crate) fn programs(state: &State, call: &Call) -> Outcome {
    let query = Query::of(call, &["productName"])?;
    let wanted = query.text("productName");
    if let Some(id) = wanted {
        state.product(id)?;
    }
    let programs: Vec<Value> = state
        .catalog
        .products()
        .iter()
        .filter(|product| wanted.is_none_or(|id| id == product.id))
        .filter_map(|product| {
            let program = product.program.as_ref()?;
            Some(json!({
                "name": format!("accounts/{}/programs/{}", state.account, product.id),
                "programName": program.name,
                "partnerName": program.partner,
                "displayName": program.name,
            }))
        })
        .collect();
    Ok(Answer::json(json!({"programs": programs})))
}

const PROGRAM: &[Member] = &[required("programName", Kind::Text), optional("partnerName", Kind::Text)];
const PROGRAMS: &[Member] = &[required("product_programs", Kind::Object(PROGRAM))];

/// `PUT /accounts/{a}/products_programs/{p}:batchUpdate`.
pub(crate) fn update_programs(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    state.product(id)?;
    let body = call.json_body(PROGRAMS)?;
    let wanted = body.get("product_programs").unwrap_or(&Value::Null);
    let text = |name: &str, other: &str| read_text(wanted, name).unwrap_or(other).to_owned();
    let program = Program { name: text("programName", ""), partner: text("partnerName", PARTNER) };
    if let Some(product) = state.catalog.get_mut(id) {
        product.program = Some(program);
        product.touch(call.now);
    }
    Ok(Answer::json(empty_object()))
}

/// `POST /accounts/{a}/products/{p}:enable` and `:disable`.
pub(crate) fn switch(state: &mut State, call: &Call, id: &str, disabled: bool) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    if state.product(id)?.disabled == disabled {
        let word = if disabled { "disabled" } else { "enabled" };
        return Err(Problem::invalid_argument(format!("product {id} is already {word}")));
    }
    if let Some(product) = state.catalog.get_mut(id) {
        product.disabled = disabled;
        product.touch(call.now);
    }
    Ok(Answer::json(empty_object()))
}
