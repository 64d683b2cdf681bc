//! `/v1/products`.

use axum::extract::Path;
use rust_decimal::Decimal;
use serde_json::Value;

use super::record::Product;
use crate::engine::answer::Answer;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey};
use crate::pax8::state::{Call, State};

/// `GET /v1/products`.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(&["page", "size", "sort", "search", "vendorName"])?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ',', &["name", "vendor"])?;
    let answer = call.read(|state| {
        let mut rows: Vec<&Product> = state
            .products
            .iter()
            .filter(|product| {
                query.get("search").is_none_or(|wanted| is_match(product, wanted))
                    && query.get("vendorName").is_none_or(|wanted| product.vendor == wanted)
            })
            .collect();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |product| {
                SortKey::Text(match sort.field {
                    "vendor" => product.vendor.to_owned(),
                    _ => product.name.clone(),
                })
            });
        }
        page.cut(&rows, |product| product.row()).nested()
    });
    Ok(ok(&answer))
}

/// One word in the name, vendor, SKU or id. Two words find nothing, although each of them alone may.
fn is_match(product: &Product, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    !wanted.contains(char::is_whitespace)
        && [product.name.as_str(), product.vendor, &product.sku, &product.id]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
}

fn one(call: &Call, id: &str, look: impl FnOnce(&State, &Product) -> Value) -> Answer {
    let answer = call.read(|state| {
        let product = state.products.get(id)?;
        Some(look(state, product))
    });
    answer.map(|answer| ok(&answer)).ok_or_else(|| call.not_found("Product", id))
}

/// `GET /v1/products/{productId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    one(&call, &id, |_, product| product.detail())
}

/// `GET /v1/products/{productId}/pricing`.
pub(crate) async fn pricing(call: Call, Path(id): Path<String>) -> Answer {
    let query = call.query(&["companyId"])?;
    let discount = match query.get("companyId") {
        None => Decimal::ZERO,
        Some(company_id) => call
            .read(|state| {
                let place = state.companies.place(company_id)?;
                Some(state.discount(place))
            })
            .ok_or_else(|| call.not_found("Company", company_id))?,
    };
    one(&call, &id, |_, product| product.pricing(discount))
}

/// `GET /v1/products/{productId}/dependencies`.
pub(crate) async fn dependencies(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    one(&call, &id, |state, product| {
        let parents: Vec<Value> =
            product.parents.iter().filter_map(|place| state.products.at(*place)).map(Product::row).collect();
        product.dependencies(&parents)
    })
}

/// `GET /v1/products/{productId}/provision-details`.
pub(crate) async fn provision_details(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    one(&call, &id, |_, product| product.provision_details())
}
