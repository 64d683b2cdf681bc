//! Invoices and their lines, as far as the facts go.

use provider_core::{
    Currency, Detail, Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineKind, InvoiceStatus,
    ItemError, Period, Price, Raw, Side,
};

use super::{currency, missing, vendor};
use crate::model;

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
    let named = currency(wire.extra.text(&["currency", "currencyCode"]));
    invoice.total = wire.total.map(|total| Price::new(total, named.or(preferred)).flat());
    invoice.customer = match wire.extra.get("customerId") {
        Some(serde_json::Value::String(id)) if side == Side::Receivable => Some(id.as_str().into()),
        Some(serde_json::Value::Number(id)) if side == Side::Receivable => Some(id.to_string().into()),
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
pub(crate) fn lines(wire: &model::Invoice, keep: bool) -> Result<Vec<InvoiceLine>, ItemError> {
    let id = InvoiceId::from(wire.id.as_ref().ok_or_else(|| missing("id"))?.as_str());
    Ok(wire
        .lines
        .iter()
        .map(|line| {
            let mut mapped = InvoiceLine::new(&id, InvoiceLineKind::Other("unspecified".to_owned()));
            mapped.description = line.cloud_provider_id.as_ref().map(|provider| {
                vendor(provider.as_str()).map_or_else(|| format!("cloud provider {provider}"), str::to_owned)
            });
            mapped.period = period(wire);
            if keep {
                mapped.raw = serde_json::to_string(line)
                    .ok()
                    .and_then(|json| Raw::new(&json, crate::wire::SECRET_MEMBERS).ok());
            }
            mapped
        })
        .collect())
}
