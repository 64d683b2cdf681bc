//! Categories, verticals, charges and programs of the catalogue.

use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::catalog::Catalog;
use super::problem::Problem;
use super::products::find;
use super::query::Query;
use super::shape::{Kind, Member, optional, read_text, required};
use super::state::{CURRENCY, PARTNER, State};
use super::wire::empty_object;

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
pub(super) fn categories_json(account: u64, catalog: &Catalog) -> Vec<Value> {
    CATEGORIES
        .iter()
        .map(|(name, description)| {
            let held = |product: &&super::catalog::Product| product.category == *name;
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
pub(super) fn verticals_json(account: u64) -> Vec<Value> {
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
pub(super) fn charges_json(account: u64) -> Vec<Value> {
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
pub(super) fn categories(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"categories": categories_json(state.account, &state.catalog)})))
}

/// `GET /accounts/{a}/products/verticals`.
pub(super) fn verticals(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"verticals": verticals_json(state.account)})))
}

/// `GET /accounts/{a}/products/charges`.
pub(super) fn charges(state: &State, call: &Call) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(json!({"charges": charges_json(state.account)})))
}

/// `GET /accounts/{a}/products_programs`: the programs of one product, or of all.
pub(super) fn programs(state: &State, call: &Call) -> Outcome {
    let query = Query::of(call, &["productName"])?;
    let wanted = query.text("productName");
    if let Some(id) = wanted {
        find(state, id)?;
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
pub(super) fn update_programs(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    find(state, id)?;
    let body = call.json_body(PROGRAMS)?;
    let wanted = body.get("product_programs").unwrap_or(&Value::Null);
    let text = |name: &str, other: &str| read_text(wanted, name).unwrap_or(other).to_owned();
    let program =
        super::catalog::Program { name: text("programName", ""), partner: text("partnerName", PARTNER) };
    if let Some(product) = state.catalog.get_mut(id) {
        product.program = Some(program);
        product.touch(call.now);
    }
    Ok(Answer::json(empty_object()))
}

/// `POST /accounts/{a}/products/{p}:enable` and `:disable`.
pub(super) fn switch(state: &mut State, call: &Call, id: &str, disabled: bool) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    if find(state, id)?.disabled == disabled {
        let word = if disabled { "disabled" } else { "enabled" };
        return Err(Problem::invalid_argument(format!("product {id} is already {word}")));
    }
    if let Some(product) = state.catalog.get_mut(id) {
        product.disabled = disabled;
        product.touch(call.now);
    }
    Ok(Answer::json(empty_object()))
}
