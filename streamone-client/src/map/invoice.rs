//! Invoices and their lines, as far as the facts go.

use provider_core::model::{
    Denomination, Detail, InvoiceId, InvoiceKind, InvoiceLineKind, InvoiceSide, InvoiceStatus, Raw,
};
use provider_core::{Currency, CustomerId, Invoice, InvoiceLine, ItemError, Period};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{missing, says, vendor};
use crate::model::{self, Json};
use crate::wire::SECRET_MEMBERS;

/// Nothing longer is shown of what should be a currency.
const LONGEST_CODE: usize = 64;

/// An invoice of one side.
pub(crate) fn invoice(
    wire: &model::Invoice,
    side: InvoiceSide,
    preferred: Option<Currency>,
    raw: Option<Raw>,
) -> Result<Invoice, ItemError> {
    let id = wire.id.as_ref().filter(|id| id.is_set()).ok_or_else(|| missing("id"))?;
    let mut invoice = Invoice::new(id.as_str(), InvoiceKind::Invoice, side);
    invoice.number = wire.number.as_ref().filter(|number| number.is_set()).map(ToString::to_string);
    invoice.status = wire.status.as_deref().filter(|word| says(word)).map(InvoiceStatus::from);
    invoice.period = period(wire);
    // The member that names the currency is not documented.
    let named = [&wire.currency, &wire.currency_code].into_iter().flatten().find_map(code);
    let money = Denomination::of(named.as_deref(), preferred);
    invoice.total = wire.total.map(|total| money.whole(total));
    invoice.customer = customer(wire, side);
    invoice.detail = Detail::Full;
    invoice.raw = raw;
    Ok(invoice)
}

/// Whose it is: what the reseller is billed is for no one customer.
fn customer(wire: &model::Invoice, side: InvoiceSide) -> Option<CustomerId> {
    let Json(id) = wire.customer_id.as_ref().filter(|_| side == InvoiceSide::Receivable)?;
    match id {
        Value::String(id) => Some(id.trim()).filter(|id| !matches!(*id, "" | "0")).map(CustomerId::from),
        Value::Number(id) => Some(id.to_string().into()).filter(|_| id.as_i64() != Some(0)),
        _ => None,
    }
}

/// What stands where a currency is looked for: its code, or something that nobody understands, which is no reason to
/// take another currency for it.
fn code(Json(found): &Json) -> Option<String> {
    match found {
        Value::Null => None,
        Value::String(code) => Some(code.clone()).filter(|code| !code.trim().is_empty()),
        other => Some(other.to_string().chars().take(LONGEST_CODE).collect()),
    }
}

fn period(wire: &model::Invoice) -> Option<Period> {
    Period::billed(wire.billing_start_date.as_ref()?, wire.billing_end_date.as_ref()?).ok()
}

/// The lines of an invoice. Only their cloud provider is documented; what else they hold is in `raw`.
pub(crate) fn lines(
    wire: &model::Invoice,
    side: InvoiceSide,
    raw: Option<&Raw>,
) -> Result<Vec<InvoiceLine>, ItemError> {
    let id = wire.id.as_ref().filter(|id| id.is_set()).ok_or_else(|| missing("id"))?;
    let id = InvoiceId::from(id.as_str());
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
            mapped.customer = customer(wire, side);
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
