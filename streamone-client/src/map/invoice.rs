//! Invoices and their lines, as far as the facts go.

use provider_core::{
    Currency, Detail, Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineKind, InvoiceStatus,
    ItemError, Period, Price, Raw, Side,
};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{currency, missing, vendor};
use crate::model::{self, Json};
use crate::wire::SECRET_MEMBERS;

/// An invoice of one side.
pub(crate) fn invoice(
    wire: &model::Invoice,
    side: Side,
    preferred: Option<Currency>,
    raw: Option<Raw>,
) -> Result<Invoice, ItemError> {
    let id = wire.id.as_ref().ok_or_else(|| missing("id"))?;
    let mut invoice = Invoice::new(id.as_str(), InvoiceKind::Invoice, side);
    invoice.number = wire.number.as_ref().map(ToString::to_string);
    invoice.status = wire.status.as_deref().map(|word| InvoiceStatus::from(word.to_ascii_lowercase()));
    invoice.period = period(wire);
    // The member that names the currency is not documented.
    let named =
        [&wire.currency, &wire.currency_code].into_iter().flatten().find_map(|Json(code)| code.as_str());
    invoice.total = wire.total.map(|total| Price::new(total, currency(named).or(preferred)).flat());
    invoice.customer = match &wire.customer_id {
        Some(Json(Value::String(id))) if side == Side::Receivable => Some(id.as_str().into()),
        Some(Json(Value::Number(id))) if side == Side::Receivable => Some(id.to_string().into()),
        _ => None,
    };
    invoice.detail = Detail::Full;
    invoice.raw = raw;
    Ok(invoice)
}

/// The last day is included on the wire.
fn period(wire: &model::Invoice) -> Option<Period> {
    Period::inclusive_days(wire.billing_start_date?, wire.billing_end_date?).ok()
}

/// The lines of an invoice. Only their cloud provider is documented; what else they hold is in `raw`.
pub(crate) fn lines(wire: &model::Invoice, raw: Option<&Raw>) -> Result<Vec<InvoiceLine>, ItemError> {
    let id = InvoiceId::from(wire.id.as_ref().ok_or_else(|| missing("id"))?.as_str());
    let kept: Kept<'_> = raw.and_then(|raw| raw.parse().ok()).unwrap_or_default();
    let mut kept = kept.lines.unwrap_or_default().into_iter();
    Ok(wire
        .lines
        .iter()
        .map(|line| {
            let mut mapped = InvoiceLine::new(&id, InvoiceLineKind::Other("unspecified".to_owned()));
            mapped.description = line.cloud_provider_id.as_ref().map(|provider| {
                vendor(provider.as_str()).map_or_else(|| format!("cloud provider {provider}"), str::to_owned)
            });
            mapped.period = period(wire);
            mapped.raw = kept.next().map(|line| Raw::from_value(line, SECRET_MEMBERS));
            mapped
        })
        .collect())
}

/// The lines of an invoice as they came.
#[derive(Deserialize, Default)]
struct Kept<'a> {
    #[serde(borrow, default)]
    lines: Option<Vec<&'a RawValue>>,
}
