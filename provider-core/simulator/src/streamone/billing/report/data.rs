//! Running a report: one row per subscription that had begun before the range ended.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::record::{Column, ColumnKind, REPORT, Report, read_range};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::ranges::Range;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::shape::{read_id, read_list, read_text};
use crate::streamone::engine::wire::{double, merge, timestamp};
use crate::streamone::state::State;
use crate::streamone::subscription::record::Subscription;

/// The body of a call on one report, which must be that report if it says which.
pub(crate) fn read_body(call: &Call, id: u64) -> Result<Value, Problem> {
    let body = call.optional_json_body(REPORT)?;
    match body.get("reportId").and_then(read_id) {
        Some(other) if other != id => {
            Err(Problem::invalid_argument(format!("reportId {other} is not report {id}")))
        }
        _ => Ok(body),
    }
}

/// What a run shows: the saved report with the changes of the body.
pub(crate) struct Selection {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows_limit: u64,
    range: Option<Range>,
    /// Allowed values by column.
    values: Vec<(Column, Vec<String>)>,
    substring: Option<(Vec<Column>, String)>,
}

/// Reads what the body changes of the saved report.
pub(crate) fn selection(report: &Report, body: &Value, now: DateTime<Utc>) -> Result<Selection, Problem> {
    let specs = body.get("specs").unwrap_or(&Value::Null);
    let column = |id: Option<u64>| {
        let id = id.unwrap_or_default();
        let message = format!("column {id} does not belong to report {}", report.id);
        report.column(id).ok_or_else(|| Problem::invalid_argument(message))
    };
    let by_member = |value: &Value| column(value.get("id").and_then(read_id));
    let wanted = read_list(specs, "selectedColumns");
    let columns: Result<Vec<Column>, Problem> = wanted.iter().map(by_member).collect();
    let mut values = Vec::new();
    for filter in read_list(specs, "columnFilters") {
        let allowed: Vec<String> = read_list(filter, "selectedValues")
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect();
        if !allowed.is_empty() {
            values.push((by_member(filter)?, allowed));
        }
    }
    let substring = match specs.get("substringFilter") {
        None => None,
        Some(filter) => {
            let ids: Result<Vec<Column>, Problem> =
                read_list(filter, "ids").iter().map(|id| column(read_id(id))).collect();
            Some((ids?, read_text(filter, "substring").unwrap_or_default().to_lowercase()))
        }
    };
    let saved = json!({"relativeDateRange": report.range});
    let range = specs.pointer("/dateRangeOption/selectedRange").unwrap_or(&saved);
    Ok(Selection {
        columns: if wanted.is_empty() { report.selected_columns().collect() } else { columns? },
        rows_limit: specs.get("rowsLimit").and_then(read_id).unwrap_or(report.rows_limit),
        range: read_range(range, now),
        values,
        substring,
    })
}

/// One value of a row, as text and as typed JSON.
struct Cell {
    text: String,
    value: Value,
}

fn cell(state: &State, subscription: &Subscription, kind: ColumnKind) -> Cell {
    let live = &subscription.live;
    let seats = Decimal::from(live.quantity);
    let money = |amount: Decimal| Cell {
        text: format!("{amount:.2}"),
        value: json!({"moneyValue": {"currency": CURRENCY, "value": double(amount)}}),
    };
    let string = |text: String| Cell { value: json!({"stringValue": text}), text };
    match kind {
        ColumnKind::CustomerName => {
            let customer = state.customers.get(subscription.customer);
            string(customer.map(|found| found.fields.organization.clone()).unwrap_or_default())
        }
        ColumnKind::Subscription => string(live.name.clone()),
        ColumnKind::CustomerId => Cell {
            text: subscription.customer.to_string(),
            value: json!({"intValue": subscription.customer.to_string()}),
        },
        ColumnKind::Seats => {
            Cell { text: live.quantity.to_string(), value: json!({"intValue": live.quantity.to_string()}) }
        }
        ColumnKind::CustomerCost => money(subscription.price * seats),
        ColumnKind::PartnerCost => money(subscription.cost * seats),
        ColumnKind::MarginRate => {
            let margin = subscription.price - subscription.cost;
            let rate = margin.checked_div(subscription.price).unwrap_or_default().round_dp(6);
            Cell { text: rate.to_string(), value: json!({"floatValue": double(rate)}) }
        }
        ColumnKind::StartDate => Cell {
            text: subscription.start.date_naive().to_string(),
            value: json!({"dateValue": timestamp(subscription.start)}),
        },
        ColumnKind::AutoRenew => {
            Cell { text: live.auto_renew.to_string(), value: json!({"boolValue": live.auto_renew}) }
        }
        ColumnKind::Link => Cell {
            text: live.name.clone(),
            value: json!({"internalLinkValue": {
                "link": format!("/subscriptions/{}", subscription.id),
                "text": live.name,
            }}),
        },
    }
}

/// The rows of a run, and how many there are before the limit.
fn rows(state: &State, selection: &Selection) -> (Vec<Vec<Cell>>, usize) {
    let text = |found: &Subscription, column: &Column| cell(state, found, column.kind).text;
    let found: Vec<&Subscription> = state
        .subscriptions
        .all()
        .filter(|found| selection.range.is_none_or(|range| found.start < range.end))
        .filter(|found| {
            let wanted = |(column, values): &(Column, Vec<String>)| values.contains(&text(found, column));
            selection.values.iter().all(wanted)
        })
        .filter(|found| {
            selection.substring.as_ref().is_none_or(|(columns, part)| {
                columns.iter().any(|column| text(found, column).to_lowercase().contains(part))
            })
        })
        .collect();
    let limit = match selection.rows_limit {
        0 => usize::MAX,
        limit => usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let available = found.len();
    let rows = found
        .into_iter()
        .take(limit)
        .map(|found| selection.columns.iter().map(|column| cell(state, found, column.kind)).collect())
        .collect();
    (rows, available)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn csv_text(state: &State, selection: &Selection) -> (String, usize) {
    let heading = |column: &Column| match column.kind.value_type() {
        "MONEY" => format!("{} ({CURRENCY})", column.kind.display_name()),
        _ => column.kind.display_name().to_owned(),
    };
    let headings: Vec<String> = selection.columns.iter().map(heading).collect();
    let (rows, _) = rows(state, selection);
    let mut text = headings.join(",") + "\n";
    for row in &rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&cell.text)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    (text, rows.len())
}

fn read(state: &State, call: &Call, id: &str) -> Result<(Report, Selection), Problem> {
    Query::none(call)?;
    let report = state.report(id)?;
    let body = read_body(call, report.id)?;
    Ok((report.clone(), selection(report, &body, call.now)?))
}

/// `POST …/reports/{id}/reportDataCsv`: the text as one JSON string.
pub(crate) fn csv(state: &State, call: &Call, id: &str) -> Outcome {
    let (_, selection) = read(state, call, id)?;
    let (text, count) = csv_text(state, &selection);
    Ok(Answer::json(json!({"results": text, "resultCount": count.to_string()})))
}

/// `POST …/reports/{id}/reportDataCsvStream`: bytes, which protobuf-JSON writes in base64.
pub(crate) fn csv_stream(state: &State, call: &Call, id: &str) -> Outcome {
    let (_, selection) = read(state, call, id)?;
    let (text, _) = csv_text(state, &selection);
    Ok(Answer::json(json!({"contentType": "text/csv", "data": STANDARD.encode(text)})))
}

/// `POST …/reports/{id}/data`: typed values; without a body the report as it was saved.
pub(crate) fn data(state: &State, call: &Call, id: &str) -> Outcome {
    let (report, selection) = read(state, call, id)?;
    let (rows, available) = rows(state, &selection);
    let count = rows.len();
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let values: Vec<Value> = selection
                .columns
                .iter()
                .zip(row)
                .map(|(column, cell)| {
                    let mut value = json!({"valueType": column.kind.value_type()});
                    merge(&mut value, cell.value);
                    value
                })
                .collect();
            json!({"values": values})
        })
        .collect();
    Ok(Answer::json(json!({
        "report": report.full(call.now),
        "results": {"rows": rows},
        "resultCount": count.to_string(),
        "availableRowsCount": available.to_string(),
        "cacheTimestamp": timestamp(call.now),
    })))
}
