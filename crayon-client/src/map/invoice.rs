//! Invoices and statements, kept apart by kind: they are the same money twice.

use provider_core::{
    Currency, Detail, Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineKind, ItemError, Period,
    Price, Raw, Side,
};
use rust_decimal::Decimal;

use super::{currency, filled};
use crate::model::{self, BillingStatement, OrderItem, ProvisionType};
use crate::wire::Document;

/// The id of an invoice: its lines are found by organization and order, so it holds all three.
pub(crate) fn id(organization: i64, order: &str, invoice: &str) -> InvoiceId {
    InvoiceId::composite([organization.to_string().as_str(), order, invoice])
}

/// An invoice of Crayon to the partner.
pub(crate) fn invoice(
    wire: model::Invoice,
    raw: Option<Raw>,
    organization: i64,
    fallback: Option<Currency>,
) -> Result<Invoice, ItemError> {
    let number = filled(wire.invoice_id).ok_or_else(|| ItemError::new("InvoiceId", "is missing"))?;
    let order = filled(wire.order_id).unwrap_or_else(|| "none".to_owned());
    let mut invoice = Invoice::new(id(organization, &order, &number), InvoiceKind::Invoice, Side::Payable);
    invoice.number = Some(number);
    invoice.organization = Some(organization.to_string().into());
    invoice.issued_on = wire.invoice_date.map(|at| at.date_naive());
    let money = currency(wire.sales_currency_code.as_deref(), fallback);
    invoice.total = wire.sales_amount.map(|amount| Price::new(amount, money).flat());
    invoice.detail = Detail::Full;
    invoice.raw = raw;
    Ok(invoice)
}

/// A billing statement: what the invoice for its order will claim, or has claimed.
pub(crate) fn statement(
    wire: BillingStatement,
    raw: Option<Raw>,
    organization: i64,
    fallback: Option<Currency>,
) -> Invoice {
    let mut statement = Invoice::new(wire.id.to_string(), InvoiceKind::Statement, Side::Payable);
    let owner = wire.organization.map_or(organization, |organization| organization.id);
    statement.organization = Some(owner.to_string().into());
    statement.period = match (wire.start_date, wire.end_date) {
        // The last day is the first of the next month: half-open already.
        (Some(start), Some(end)) => Period::new(start, end).ok(),
        _ => None,
    };
    statement.total = wire.total_sales_price.and_then(|total| {
        let money = currency(total.currency_code.as_deref(), fallback);
        Some(Price::new(total.value?, money).flat())
    });
    statement.number = filled(wire.order_id);
    statement.detail = Detail::Full;
    statement.raw = raw;
    statement
}

/// A line of an invoiced order.
pub(crate) fn line(
    wire: OrderItem,
    raw: Option<Raw>,
    invoice: &InvoiceId,
    fallback: Option<Currency>,
) -> InvoiceLine {
    let quantity = wire.quantity;
    let credit = wire.row_total.is_some_and(|total| total.is_sign_negative() && !total.is_zero());
    let kind = if credit { InvoiceLineKind::Credit } else { InvoiceLineKind::Other("item".to_owned()) };
    let mut line = InvoiceLine::new(invoice.clone(), kind);
    line.description = filled(wire.line_description).or(filled(wire.sku_value));
    line.quantity = quantity;
    let money = currency(wire.currency_code.as_deref(), fallback);
    let total = wire.row_total.or_else(|| Some(wire.price? * quantity?));
    line.cost = total.map(|amount| Price::new(amount, money).flat());
    line.raw = raw;
    line
}

/// A record of a statement's file. Its columns are not documented: what is not found stays unsaid.
pub(crate) fn record(
    wire: &Document,
    statement: &InvoiceId,
    provision: Option<ProvisionType>,
    fallback: Option<Currency>,
) -> InvoiceLine {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| {
            let text = wire
                .get::<String>(&[name])
                .or_else(|| wire.get::<i64>(&[name]).map(|number| number.to_string()));
            filled(text)
        })
    };
    let number = |names: &[&str]| names.iter().find_map(|name| decimal(wire, name));
    let kind = match provision {
        Some(ProvisionType::Usage) => InvoiceLineKind::Usage,
        Some(ProvisionType::OneTime) => InvoiceLineKind::OneTime,
        _ => InvoiceLineKind::Subscription,
    };
    let mut line = InvoiceLine::new(statement.clone(), kind);
    line.description = text(&["OfferName", "SubscriptionName", "MeterName", "ProductName"]);
    line.quantity = number(&["Quantity"]);
    line.unit = text(&["Unit"]);
    let money = currency(text(&["Currency", "CurrencyCode"]).as_deref(), fallback);
    let total = number(&["Amount", "SummedAmount"])
        .or_else(|| number(&["UnitPrice"]).zip(line.quantity).map(|(price, quantity)| price * quantity));
    line.cost = total.map(|amount| Price::new(amount, money).flat());
    let resale = number(&["ResellerSalesPriceTotal", "ResellerPrice"]);
    line.sale = resale.map(|amount| Price::new(amount, money).flat());
    let date = |names: &[&str]| text(names).as_deref().and_then(provider_core::wire::date_time::parse);
    line.period = date(&["ChargeStartDate"])
        .zip(date(&["ChargeEndDate"]))
        .and_then(|(start, end)| Period::inclusive_days(start.date_naive(), end.date_naive()).ok());
    line
}

fn decimal(wire: &Document, name: &str) -> Option<Decimal> {
    let raw = wire.raw(name)?.trim().trim_matches('"');
    provider_core::wire::decimal::parse(raw).ok()
}
