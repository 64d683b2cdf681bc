//! Invoices and their items.

use provider_core::{
    CustomerId, Detail, Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineId, InvoiceLineKind,
    InvoiceStatus, Period, ProductId, Raw, Side, SubscriptionId,
};

use super::{currency, said, whole};
use crate::model::{self, InvoiceItemTerm, InvoiceItemType};

pub(crate) const FIELDS: [&str; 11] =
    ["id", "kind", "side", "status", "customer", "issued_on", "due_on", "total", "balance", "detail", "raw"];
pub(crate) const LINE_FIELDS: [&str; 16] = [
    "id",
    "invoice",
    "kind",
    "customer",
    "subscription",
    "product",
    "description",
    "quantity",
    "unit",
    "cost",
    "sale",
    "tax",
    "fee",
    "period",
    "purchase_order",
    "raw",
];

pub(crate) fn invoice(from: model::Invoice, raw: Option<Raw>) -> Invoice {
    let currency = currency(from.currency_code.as_deref());
    let mut invoice = Invoice::new(from.id, InvoiceKind::Invoice, Side::Payable);
    invoice.status = from.status.as_ref().map(status);
    invoice.customer = said(from.company_id).map(CustomerId::from);
    invoice.issued_on = from.invoice_date;
    invoice.due_on = from.due_date;
    invoice.total = whole(from.total, currency);
    invoice.balance = whole(from.balance, currency);
    invoice.detail = Detail::Full;
    invoice.raw = raw;
    invoice
}

fn status(status: &model::InvoiceStatus) -> InvoiceStatus {
    use model::InvoiceStatus as Wire;
    match status {
        Wire::Unpaid => InvoiceStatus::Open,
        Wire::Paid => InvoiceStatus::Paid,
        Wire::Void => InvoiceStatus::Void,
        Wire::Carried => InvoiceStatus::Carried,
        Wire::NothingDue => InvoiceStatus::NothingDue,
        Wire::Credited => InvoiceStatus::Credited,
        other => InvoiceStatus::Other(other.as_str().to_owned()),
    }
}

/// The state as a filter; `None` where no issued invoice is ever in it.
pub(crate) fn status_filter(status: &InvoiceStatus) -> Option<model::InvoiceStatus> {
    use model::InvoiceStatus as Wire;
    Some(match status {
        InvoiceStatus::Open => Wire::Unpaid,
        InvoiceStatus::Paid => Wire::Paid,
        InvoiceStatus::Void => Wire::Void,
        InvoiceStatus::Carried => Wire::Carried,
        InvoiceStatus::NothingDue => Wire::NothingDue,
        InvoiceStatus::Credited => Wire::Credited,
        _ => return None,
    })
}

pub(crate) fn line(from: model::InvoiceItem, invoice: &InvoiceId, raw: Option<Raw>) -> InvoiceLine {
    let currency = currency(from.currency_code.as_deref());
    let mut line = InvoiceLine::new(invoice.clone(), kind(from.kind.as_ref(), from.term.as_ref()));
    line.id = said(from.id).map(InvoiceLineId::from);
    line.customer = said(from.company_id).map(CustomerId::from);
    line.subscription = said(from.subscription_id).map(SubscriptionId::from);
    line.product = said(from.product_id).map(ProductId::from);
    line.description = said(from.description).or_else(|| said(from.product_name));
    line.quantity = from.quantity;
    line.unit = said(from.unit_of_measure);
    line.cost = whole(from.cost_total, currency);
    line.sale = whole(from.sub_total.or(from.total), currency);
    line.tax = whole(from.sales_tax, currency);
    line.fee = whole(from.billing_fee, currency);
    line.period = match (from.start_period, from.end_period) {
        // The last day is included on the wire.
        (Some(first), Some(last)) => Period::inclusive_days(first, last).ok(),
        _ => None,
    };
    line.purchase_order = said(from.purchase_order_number);
    line.raw = raw;
    line
}

fn kind(kind: Option<&InvoiceItemType>, term: Option<&InvoiceItemTerm>) -> InvoiceLineKind {
    match kind {
        Some(InvoiceItemType::Subscription) if term == Some(&InvoiceItemTerm::Arrears) => {
            InvoiceLineKind::Usage
        }
        Some(InvoiceItemType::Subscription) => InvoiceLineKind::Subscription,
        Some(InvoiceItemType::Prorate) => InvoiceLineKind::Prorate,
        Some(InvoiceItemType::OneTime) => InvoiceLineKind::OneTime,
        Some(InvoiceItemType::Rebate) => InvoiceLineKind::Rebate,
        Some(
            InvoiceItemType::PaymentCredit | InvoiceItemType::ServiceCredit | InvoiceItemType::InvoiceCredit,
        ) => InvoiceLineKind::Credit,
        Some(InvoiceItemType::ServiceCharge) => InvoiceLineKind::Fee,
        Some(other) => InvoiceLineKind::Other(other.as_str().to_owned()),
        None => InvoiceLineKind::Other("unknown".to_owned()),
    }
}
