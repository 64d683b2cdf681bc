//! Invoices and their items.

use provider_core::model::{
    Denomination, Detail, InvoiceId, InvoiceKind, InvoiceLineId, InvoiceLineKind, InvoiceSide, InvoiceStatus,
    Raw,
};
use provider_core::{
    Currency, CustomerId, Invoice, InvoiceLine, ItemError, Period, ProductId, SubscriptionId,
};

use super::{needed, said, says, whole};
use crate::model::{self, InvoiceItemTerm, InvoiceItemType};

pub(crate) const FIELDS: [&str; 11] =
    ["id", "kind", "side", "status", "customer", "issued_on", "due_on", "total", "balance", "detail", "raw"];
pub(crate) const LINE_FIELDS: [&str; 18] = [
    "id",
    "invoice",
    "kind",
    "customer",
    "customer_reference",
    "subscription",
    "product",
    "sku",
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

pub(crate) fn invoice(
    from: model::Invoice,
    raw: Option<Raw>,
    configured: Option<Currency>,
) -> Result<Invoice, ItemError> {
    let money = Denomination::of(from.currency_code.as_deref(), configured);
    let id = needed(Some(from.id), "id")?;
    let mut invoice = Invoice::new(id, InvoiceKind::Invoice, InvoiceSide::Payable);
    invoice.status = from.status.as_ref().filter(|word| says(word.as_str())).map(status);
    invoice.customer = said(from.company_id).map(CustomerId::from);
    invoice.issued_on = from.invoice_date;
    invoice.due_on = from.due_date;
    invoice.total = whole(from.total, &money);
    invoice.balance = whole(from.balance, &money);
    invoice.detail = Detail::Full;
    invoice.raw = raw;
    Ok(invoice)
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

/// The status as a filter; `None` where no issued invoice is ever in it.
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

pub(crate) fn line(
    from: model::InvoiceItem,
    invoice: &InvoiceId,
    raw: Option<Raw>,
    configured: Option<Currency>,
) -> InvoiceLine {
    let money = Denomination::of(from.currency_code.as_deref(), configured);
    // What is due is what is owed, credits too, which have no cost of services.
    let owed = from.amount_due.or(from.cost_total);
    let told = from.kind.as_ref().filter(|word| says(word.as_str()));
    let kind = kind(told, from.term.as_ref()).charged(told.map(InvoiceItemType::as_str), owed);
    let mut line = InvoiceLine::new(invoice.clone(), kind);
    line.id = said(from.id).map(InvoiceLineId::from);
    line.customer = said(from.company_id).map(CustomerId::from);
    line.customer_reference = said(from.external_id).or_else(|| said(from.company_name));
    line.subscription = said(from.subscription_id).map(SubscriptionId::from);
    line.product = said(from.product_id).map(ProductId::from);
    line.sku = said(from.sku);
    line.description = said(from.description).or_else(|| said(from.product_name));
    line.quantity = from.quantity;
    line.unit = said(from.unit_of_measure);
    line.cost = whole(owed, &money);
    // Both totals of the customer hold the fee: the parts have to add up to them.
    let charged = from.total.or(from.sub_total);
    let fee = from.billing_fee.unwrap_or_default();
    line.sale = whole(charged.and_then(|charged| charged.checked_sub(fee)), &money);
    line.tax = whole(from.sales_tax, &money);
    line.fee = whole(from.billing_fee, &money);
    line.period =
        from.start_period.zip(from.end_period).and_then(|(start, end)| Period::billed(&start, &end).ok());
    line.purchase_order = said(from.purchase_order_number);
    line.raw = raw;
    line
}

fn kind(kind: Option<&InvoiceItemType>, term: Option<&InvoiceItemTerm>) -> InvoiceLineKind {
    match kind {
        // What is paid afterwards is what was used.
        Some(InvoiceItemType::Subscription | InvoiceItemType::OneTime)
            if term == Some(&InvoiceItemTerm::Arrears) =>
        {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn read(json: &str) -> InvoiceLine {
        line(serde_json::from_str(json).unwrap(), &"i".into(), None, None)
    }

    fn amount(price: Option<provider_core::Price>) -> Option<String> {
        price.map(|price| price.amount.to_string())
    }

    #[test]
    fn the_parts_of_a_line_add_up_to_what_is_owed() {
        let credit = read(r#"{"type":"subscription","costTotal":0,"amountDue":-50,"currencyCode":"USD"}"#);
        assert_eq!((amount(credit.cost).as_deref(), credit.kind), (Some("-50"), InvoiceLineKind::Credit));
        let with_fee =
            read(r#"{"type":"Subscription","subTotal":111,"billingFee":3,"total":111,"costTotal":90}"#);
        assert_eq!(
            (amount(with_fee.sale).as_deref(), amount(with_fee.fee).as_deref()),
            (Some("108"), Some("3"))
        );
        assert_eq!(
            (amount(with_fee.cost).as_deref(), with_fee.kind),
            (Some("90"), InvoiceLineKind::Subscription)
        );
        for (word, known) in [
            (r#""CREDIT""#, InvoiceLineKind::Credit),
            (r#""pro-rated""#, InvoiceLineKind::Prorate),
            (r#""""#, InvoiceLineKind::Other("unknown".to_owned())),
            ("null", InvoiceLineKind::Other("unknown".to_owned())),
        ] {
            assert_eq!(read(&format!(r#"{{"type":{word},"amountDue":5}}"#)).kind, known, "{word}");
        }
        let nothing = read("{}");
        assert_eq!((nothing.cost, nothing.sale, nothing.fee), (None, None, None));
        let prorate = read(r#"{"type":"prorate","amountDue":-13.55}"#);
        assert_eq!(prorate.kind, InvoiceLineKind::Prorate);
    }

    #[test]
    fn periods_of_months_touch() {
        for (end, until) in
            [("2019-05-01", "2019-05-01"), ("2019-04-30", "2019-05-01"), ("2019-04-15", "2019-04-16")]
        {
            let line = read(&format!(r#"{{"startPeriod":"2019-04-01","endPeriod":"{end}"}}"#));
            assert_eq!(line.period.unwrap().end.date_naive().to_string(), until);
        }
    }
}
