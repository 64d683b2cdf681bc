//! `GET /reports/billing/{provider}`: usage and amounts of a month as a tree whose depth depends on the provider.

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::edit::{ReportLine, Reported, reported};
use crate::streamone::catalog::providers::{AWS, GCP, MICROSOFT};
use crate::streamone::customer::record::Customer;
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::ranges::{back, first_of_month};
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::v1::{known_query, not_found};
use crate::streamone::engine::wire::{merge, ten_places};
use crate::streamone::state::State;
use crate::streamone::subscription::record::Subscription;

const DATE_RANGE: &str = "filter[date_range]";
const CUSTOMER: &str = "filter[customer_id]";
const REPORT_CURRENCY: &str = "filter[report_currency]";

/// The amounts of one leaf.
#[derive(Clone, Copy)]
pub(crate) struct Amounts {
    pub(crate) price: Decimal,
    pub(crate) cost: Decimal,
    pub(crate) usage: Decimal,
}

fn leaf(entity: &Value, amounts: Amounts, unit: Option<&str>) -> Value {
    let mut data = json!({
        "price": ten_places(amounts.price),
        "cost": ten_places(amounts.cost),
        "usage": ten_places(amounts.usage),
    });
    if let Some(unit) = unit {
        merge(&mut data, json!({"unit": unit}));
    }
    json!({"entity": entity, "data": data})
}

/// Wraps leaves in one level after the other, the outermost entity first; the innermost one is named apart.
fn nested(entities: Vec<Value>, innermost: &Value, leaves: &[Value]) -> Value {
    let inner = json!({"entity": innermost, "lines": leaves});
    entities.into_iter().rev().fold(inner, |inner, entity| json!({"entity": entity, "lines": [inner]}))
}

/// `m-MM-YYYY`, with the month padded or not: the first day of that month.
pub(crate) fn parse_month(text: &str) -> Option<NaiveDate> {
    let (month, year) = text.strip_prefix("m-")?.split_once('-')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

pub(crate) fn billing(state: &State, call: &Call, provider: &str) -> Outcome {
    known_query(call, &[DATE_RANGE, CUSTOMER, REPORT_CURRENCY])?;
    let text = |name: &str| {
        let found = call.query.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let cloud = match provider {
        "azureplan" => MICROSOFT,
        "aws" => AWS,
        "gcp" => GCP,
        _ => return Err(not_found("billing report", provider)),
    };
    let last_month = back(first_of_month(call.now.date_naive()), 1);
    let month = match text(DATE_RANGE) {
        None => last_month,
        Some(range) => parse_month(range)
            .ok_or_else(|| Problem::query(DATE_RANGE, format!("'{range}' is not of the form m-MM-YYYY")))?,
    };
    if text(REPORT_CURRENCY).is_some_and(|currency| currency != CURRENCY) {
        let message = format!("{REPORT_CURRENCY} must be {CURRENCY}");
        return Err(Problem::query(REPORT_CURRENCY, message));
    }
    let wanted = text(CUSTOMER);
    let data: Vec<Value> = state
        .customers
        .after(None)
        .filter(|customer| wanted.is_none_or(|wanted| customer.id.to_string() == wanted))
        .filter_map(|customer| customer_node(state, customer, cloud, month))
        .collect();
    Ok(Answer::json(json!({
        "success": true,
        "message": "ok",
        "currencyOption": {"costCurrency": CURRENCY, "priceCurrency": CURRENCY},
        "data": data,
    })))
}

fn customer_node(state: &State, customer: &Customer, cloud: u64, month: NaiveDate) -> Option<Value> {
    let next = first_of_month(month + TimeDelta::days(32));
    let mut lines: Vec<Value> = state
        .subscriptions
        .of_customer(customer.id)
        .filter(|found| found.provider == cloud)
        .filter_map(|found| Some((found, reported(state, found, month)?)))
        .map(|(found, reported)| subscription_node(found, &reported, cloud))
        .collect();
    if cloud == MICROSOFT && customer.id.is_multiple_of(5) && !lines.is_empty() {
        lines.push(credit());
    }
    let rates = format!("USD 1 -> EUR 0.92 (Rate at end of invoice month ({}))", next - TimeDelta::days(1));
    let entity = json!({
        "id": customer.id.to_string(),
        "type": "customer",
        "company": customer.fields.organization,
        "name": customer.fields.contact_name,
        "conversion_rates": rates,
    });
    (!lines.is_empty()).then(|| json!({"entity": entity, "lines": lines}))
}

/// Usage plans have no price per unit; a made-up consumption that depends on the subscription stands in.
pub(crate) fn amounts_of(found: &Subscription, units: Decimal) -> Amounts {
    if found.usage {
        let usage = Decimal::from(found.id % 700) + Decimal::new(25, 2);
        let price = usage * Decimal::new(11, 2);
        return Amounts { price, cost: price * Decimal::new(85, 2), usage };
    }
    Amounts { price: found.price * units, cost: found.cost * units, usage: units }
}

fn subscription_node(found: &Subscription, reported: &Reported, cloud: u64) -> Value {
    let currency = reported.currency.as_deref().unwrap_or(CURRENCY);
    let owner = |kind: &str| {
        json!({
            "id": reported.resource_id,
            "type": kind,
            "cost_currency": currency,
            "price_currency": currency,
        })
    };
    let level = |id: &str, kind: &str| json!({"id": id, "type": kind});
    let leaves = |entity: Value, unit: Option<&str>| -> Vec<Value> {
        reported.lines.iter().map(|line| reported_leaf(line, &entity, unit)).collect()
    };
    match cloud {
        AWS => nested(
            vec![owner("aws_linked_account")],
            &json!({"id": "Example Compute", "type": "product", "source": "aws"}),
            &leaves(level("BoxUsage:small", "usage_type"), Some("Hrs")),
        ),
        GCP => nested(
            vec![owner("subscription"), level("example-project", "resource_group")],
            &level("Compute", "category"),
            &leaves(level("Core hours", "meter"), Some("hour")),
        ),
        _ => nested(
            vec![owner("subscription")],
            &level(&found.names.product, "product"),
            &leaves(level(&found.names.sku, "sku"), None),
        ),
    }
}

fn reported_leaf(line: &ReportLine, entity: &Value, unit: Option<&str>) -> Value {
    let amounts = Amounts { price: line.price, cost: line.cost, usage: line.usage };
    if line.is_credit {
        leaf(&credited("Service credit"), amounts, unit)
    } else {
        leaf(entity, amounts, unit)
    }
}

/// The entity of what is given back.
fn credited(name: &str) -> Value {
    json!({"id": name, "type": "sku", "is_credit": true, "credit_name": name})
}

/// A credit note: negative amounts.
fn credit() -> Value {
    let amount = Decimal::new(-25, 1);
    let amounts = Amounts { price: amount, cost: amount, usage: Decimal::ONE };
    let owner = json!({
        "id": "credits",
        "type": "subscription",
        "cost_currency": CURRENCY,
        "price_currency": CURRENCY,
    });
    let leaf = leaf(&credited("Promotional credit"), amounts, None);
    nested(vec![owner], &json!({"id": "Support", "type": "product"}), &[leaf])
}
