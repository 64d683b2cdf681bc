//! Invoices and their detailed files.

use http::StatusCode;
use serde_json::{Value, json};

use super::record::Invoice;
use super::usage::parse_month;
use crate::streamone::access::links::signed_url;
use crate::streamone::catalog::providers;
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome, field as field_value};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::ranges::{back, first_of_month};
use crate::streamone::engine::v1::{ListQuery, Rules, envelope, no_query, not_found};
use crate::streamone::state::State;

const FIELDS: &[&str] =
    &["id", "number", "billingStartDate", "billingEndDate", "total", "status", "cloudUsed"];

const PAYABLE: Rules = Rules { fields: FIELDS, relations: &["lines"], plain: &[] };
const RECEIVABLE: Rules = Rules { plain: &["customerId"], ..PAYABLE };

fn field(invoice: &Invoice, name: &str) -> String {
    match name {
        "id" => invoice.id.to_string(),
        "number" => invoice.number.clone(),
        "billingStartDate" => invoice.start.to_string(),
        "billingEndDate" => invoice.end.to_string(),
        "status" => invoice.status.to_owned(),
        // What `cloudUsed` holds is not known; sorting by it orders by amount here.
        _ => invoice.total().to_string(),
    }
}

fn invoice_json(invoice: &Invoice, with_lines: bool) -> Value {
    let lines: Vec<Value> = invoice
        .lines
        .keys()
        .filter(|_| with_lines)
        .map(|provider| json!({"cloudProviderId": provider.to_string()}))
        .collect();
    json!({
        "id": invoice.id.to_string(),
        "number": invoice.number,
        "billingStartDate": invoice.start.to_string(),
        "billingEndDate": invoice.end.to_string(),
        "total": format!("{:.2}", invoice.total()),
        "currencyRates": format!("USD 1 -> EUR 0.92 (Rate at end of invoice month ({}))", invoice.end),
        "status": invoice.status,
        "lines": lines,
    })
}

/// `GET /invoices/myinvoices`: what the distributor bills the reseller.
pub(crate) fn payable(state: &mut State, call: &Call) -> Outcome {
    let query = ListQuery::of(call, PAYABLE)?;
    let mine = state.invoices.all().filter(|invoice| invoice.customer.is_none());
    Ok(list(&query, mine))
}

/// `GET /invoices`: what the reseller bills its customers.
pub(crate) fn receivable(state: &mut State, call: &Call) -> Outcome {
    let query = ListQuery::of(call, RECEIVABLE)?;
    let customer = query
        .plain("customerId")
        .map(|text| {
            text.parse::<u64>().map_err(|_| Problem::query("customerId", "customerId must be a number"))
        })
        .transpose()?;
    let theirs = state.invoices.all().filter(|invoice| match (invoice.customer, customer) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(owner), Some(wanted)) => owner == wanted,
    });
    Ok(list(&query, theirs))
}

fn list<'a>(query: &ListQuery<'_>, invoices: impl Iterator<Item = &'a Invoice>) -> Answer {
    let found = query.page(invoices, |invoice, name| field(invoice, name));
    let with_lines = query.embeds("lines", true);
    let records = found.into_iter().map(|invoice| invoice_json(invoice, with_lines)).collect();
    envelope("invoice", records)
}

/// `GET /invoices/{id}/detailed`: links to files, signed, so that they are fetched without credentials.
pub(crate) fn detailed(state: &mut State, call: &Call, id: &str) -> Outcome {
    no_query(call)?;
    let found = id.parse().ok().and_then(|id| state.invoices.get(id));
    let invoice = found.ok_or_else(|| not_found("invoice", id))?;
    let path = format!("/files/invoices/{}/detail.csv", invoice.id);
    let url = signed_url(state, &call.origin, &path, call.now);
    Ok(envelope("invoice", json!({"id": invoice.id.to_string(), "detailedInvoiceFilesUrls": [url]})))
}

const GENERATE: [&str; 6] = ["source", "period", "status", "customers", "resellers", "sendEmails"];

/// `POST /invoices/generate`: bills a month that has no invoices yet. The fields are a form under any content type,
/// because the vendor's own SDK sends them under a JSON one.
pub(crate) fn generate(state: &mut State, call: &Call) -> Outcome {
    no_query(call)?;
    let form = call.form_fields(&GENERATE)?;
    let period = field_value(&form, "period");
    let month = match period {
        None => back(first_of_month(call.now.date_naive()), 1),
        Some(text) => parse_month(text)
            .ok_or_else(|| Problem::body("period", format!("'{text}' is not of the form m-MM-YYYY")))?,
    };
    let billed = state.invoices.all().any(|invoice| invoice.start == month);
    let made = if billed { 0 } else { state.invoices.bill_month(&state.subscriptions, month, "open") };
    let message = format!("{made} invoices generated");
    Ok(Answer::json(json!({"success": true, "message": message, "data": {}})))
}

/// The detailed file of an invoice: one row per cloud provider.
pub(crate) fn detail_csv(state: &State, id: &str) -> Result<String, Problem> {
    let found = id.parse().ok().and_then(|id| state.invoices.get(id));
    let invoice =
        found.ok_or_else(|| Problem::legacy(StatusCode::NOT_FOUND, format!("invoice {id} not found")))?;
    let mut text = "Invoice,Cloud Provider,Amount,Currency\n".to_owned();
    for (provider, amount) in &invoice.lines {
        let name = providers::provider(*provider).map_or("", |found| found.display_name);
        text.push_str(&format!("{},{name},{amount:.10},USD\n", invoice.number));
    }
    Ok(text)
}
