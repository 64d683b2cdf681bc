//! Invoices and statements, kept apart by kind: they are the same money twice.

pub(crate) mod record;

use std::borrow::Cow;

use provider_core::model::{Denomination, Detail, InvoiceId, InvoiceKind, InvoiceLineKind, InvoiceSide, Raw};
use provider_core::wire::moment::Moment;
use provider_core::{Currency, Invoice, InvoiceLine, ItemError, Period};

use super::{filled, told};
use crate::model::{self, BillingStatement, OrderItem};

/// Stands for the order of an invoice that names none.
pub(crate) const NO_ORDER: &str = "none";

/// The order that an invoice names. Number 0 names none.
pub(crate) fn order(id: Option<&str>) -> Option<&str> {
    let id = id?.trim();
    (!id.is_empty() && id.bytes().any(|digit| digit != b'0')).then_some(id)
}

/// The id of an invoice: its lines are found by organization and order, so it holds all three.
pub(crate) fn id(organization: i64, order: &str, invoice: &str) -> InvoiceId {
    let organization = organization.to_string();
    InvoiceId::composite([organization.as_str(), &*escaped(order), &*escaped(invoice)])
}

/// A part of an id without the slash that parts are told by: numbers such as `2026/0012` have one. All others stay as they
/// are, but for those that would be read as escaped.
fn escaped(part: &str) -> Cow<'_, str> {
    if ["/", "%2F", "%25"].iter().any(|sign| part.contains(sign)) {
        Cow::Owned(part.replace('%', "%25").replace('/', "%2F"))
    } else {
        Cow::Borrowed(part)
    }
}

/// A part of an id as the service writes it.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("%2F", "/").replace("%25", "%")
}

/// An invoice of Crayon to the partner.
pub(crate) fn invoice(
    wire: model::Invoice,
    raw: Option<Raw>,
    organization: i64,
    fallback: Option<Currency>,
) -> Result<Invoice, ItemError> {
    let number = number(wire.invoice_id)?;
    let order = order(wire.order_id.as_deref()).unwrap_or(NO_ORDER);
    let mut invoice =
        Invoice::new(id(organization, order, &number), InvoiceKind::Invoice, InvoiceSide::Payable);
    invoice.number = Some(number);
    invoice.organization = Some(organization.to_string().into());
    invoice.issued_on = wire.invoice_date.map(|issued| issued.day());
    let money = Denomination::of(wire.sales_currency_code.as_deref(), fallback);
    invoice.total = wire.sales_amount.map(|amount| money.whole(amount));
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
) -> Result<Invoice, ItemError> {
    let id = statement_id(&wire)?;
    let mut statement = Invoice::new(id, InvoiceKind::Statement, InvoiceSide::Payable);
    let owner = wire.organization.and_then(|one| told(one.id));
    statement.organization = owner.or_else(|| told(organization)).map(Into::into);
    statement.period = billed(wire.start_date, wire.end_date);
    statement.total = wire.total_sales_price.and_then(|total| {
        Some(Denomination::of(total.currency_code.as_deref(), fallback).whole(total.value?))
    });
    statement.number = order(wire.order_id.as_deref()).map(str::to_owned);
    statement.detail = Detail::Full;
    statement.raw = raw;
    Ok(statement)
}

/// The id of a statement. Those without one would all be the same.
pub(crate) fn statement_id(wire: &BillingStatement) -> Result<InvoiceId, ItemError> {
    told(wire.id).map(InvoiceId::from).ok_or_else(|| ItemError::new("Id", "is missing"))
}

/// The number of an invoice.
pub(crate) fn number(id: Option<String>) -> Result<String, ItemError> {
    filled(id).ok_or_else(|| ItemError::new("InvoiceId", "is missing"))
}

/// A line of an invoiced order. One that tells the price of a unit and not how many there are has an amount that nobody
/// knows, which is not the same as none.
pub(crate) fn line(
    wire: OrderItem,
    raw: Option<Raw>,
    invoice: &InvoiceId,
    fallback: Option<Currency>,
) -> Result<InvoiceLine, ItemError> {
    let quantity = wire.quantity;
    let total = match (wire.row_total, wire.price, quantity) {
        (Some(total), ..) => Some(total),
        (None, Some(price), Some(quantity)) => price.checked_mul(quantity),
        (None, Some(price), None) if !price.is_zero() => {
            return Err(ItemError::new("Quantity", "is not told, and with it the amount is not"));
        }
        (None, ..) => None,
    };
    let credit = total.is_some_and(|total| total.is_sign_negative() && !total.is_zero());
    let kind = if credit { InvoiceLineKind::Credit } else { InvoiceLineKind::Other("item".to_owned()) };
    let mut line = InvoiceLine::new(invoice.clone(), kind);
    line.sku = filled(wire.sku_value);
    line.description = filled(wire.line_description).or_else(|| line.sku.clone());
    line.quantity = quantity;
    let money = Denomination::of(wire.currency_code.as_deref(), fallback);
    line.cost = total.map(|amount| money.whole(amount));
    line.raw = raw;
    Ok(line)
}

/// The time that two dates of Cloud-iQ mean.
pub(super) fn billed(start: Option<Moment>, end: Option<Moment>) -> Option<Period> {
    Period::billed(&start?, &end?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn what_is_given_back_is_a_credit_however_its_amount_is_told() {
        for (told, credit) in [
            (r#""RowTotal":-20"#, true),
            (r#""Price":-20,"Quantity":1"#, true),
            (r#""Price":20,"Quantity":"-1""#, true),
            (r#""RowTotal":20,"Price":-20,"Quantity":1"#, false),
            (r#""Price":20,"Quantity":1"#, false),
        ] {
            let item: OrderItem = serde_json::from_str(&format!("{{{told}}}")).unwrap();
            let line = line(item, None, &"1/7/9".into(), None).unwrap();
            assert_eq!(line.kind == InvoiceLineKind::Credit, credit, "{told}");
            assert_eq!(line.cost.is_some_and(|cost| cost.amount.is_sign_negative()), credit, "{told}");
        }
    }

    #[test]
    fn the_price_of_nobody_knows_how_many_is_no_amount() {
        let item: OrderItem = serde_json::from_str(r#"{"Price":-20}"#).unwrap();
        let untold = line(item, None, &"1/7/9".into(), None).unwrap_err();
        assert_eq!(untold.path, "Quantity");
        let nothing: OrderItem = serde_json::from_str(r#"{"Price":0,"SkuValue":"A"}"#).unwrap();
        assert_eq!(line(nothing, None, &"1/7/9".into(), None).unwrap().cost, None);
    }

    #[test]
    fn every_number_survives_its_id() {
        for (order, invoice) in [("700000001", "13000001"), ("SO/12", "2026/0012"), ("7", "50%2F/%25")] {
            let id = id(4, order, invoice);
            let parts: Vec<_> = id.parts().map(unescaped).collect();
            assert_eq!(parts, ["4", order, invoice]);
        }
        for plain in ["CR-1002", "50%"] {
            assert_eq!(id(4, "7", plain).as_str(), format!("4/7/{plain}"));
            assert_eq!(unescaped(plain), plain);
        }
    }
}
