//! Orders.

pub(crate) mod reference;

use provider_core::error::Violation;
use provider_core::model::{Denomination, Detail, OrderLine, OrderStatus, Raw};
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Currency, ItemError, Order};

use super::product::offer_id;
use super::{missing, said, says};
use crate::model::{self, OrderError, OrderItem};

/// An order, from a list or from a single read.
pub(crate) fn order(
    wire: &model::Order,
    detail: Detail,
    preferred: Option<Currency>,
    raw: Option<Raw>,
) -> Result<Order, ItemError> {
    let id = wire.id().ok_or_else(|| missing("name"))?;
    let customer = wire.customer().ok_or_else(|| missing("customerId"))?;
    let mut order = Order::new(id.as_str(), customer.as_str());
    order.reference = wire.reference_id.as_deref().and_then(reference::given).map(str::to_owned);
    order.lines = lines(wire);
    order.status = status(wire);
    let money = Denomination::of(wire.currency_code.as_deref(), preferred);
    order.total = wire.total.map(|total| money.whole(total));
    order.created_at = wire.create_time;
    order.updated_at = wire.update_time;
    order.detail = detail;
    order.raw = raw;
    Ok(order)
}

/// The status of an order. One that failed although items of it were carried out is partial.
pub(crate) fn status(wire: &model::Order) -> OrderStatus {
    use model::OrderStatus as Word;
    let told = wire.status.as_ref().filter(|word| says(word.as_str()));
    let Some(word) = told else { return OrderStatus::default() };
    let lines = wire.order_items.iter().map(|item| line_status(wire, item));
    let (mut done, mut failed) = (false, false);
    for line in lines.flatten() {
        done |= line == OrderStatus::Completed;
        failed |= line == OrderStatus::Failed;
    }
    match word {
        Word::New | Word::Confirmed => OrderStatus::Pending,
        Word::OnHold => OrderStatus::OnHold,
        Word::InProgress => OrderStatus::InProgress,
        Word::Completed | Word::Error if done && failed => OrderStatus::Partial,
        Word::Completed => OrderStatus::Completed,
        Word::Error => OrderStatus::Failed,
        Word::Canceled => OrderStatus::Cancelled,
        Word::Other(text) => OrderStatus::Other(text.clone()),
    }
}

/// The words of the wire that can stand for a status, to ask for where there is exactly one.
pub(crate) fn only_word(wanted: &OrderStatus) -> Option<model::OrderStatus> {
    use model::OrderStatus as Word;
    match wanted {
        OrderStatus::OnHold => Some(Word::OnHold),
        OrderStatus::InProgress => Some(Word::InProgress),
        OrderStatus::Completed => Some(Word::Completed),
        OrderStatus::Failed => Some(Word::Error),
        OrderStatus::Cancelled => Some(Word::Canceled),
        _ => None,
    }
}

fn lines(wire: &model::Order) -> Vec<OrderLine> {
    wire.order_items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let mut line = OrderLine::without_quantity();
            line.quantity = item.quantity;
            line.product = said(item.product_id.as_ref()).map(Into::into);
            line.offer = said(item.sku_id.as_ref())
                .zip(said(item.plan_id.as_ref()))
                .map(|(sku, plan)| offer_id(&sku, &plan));
            line.status = line_status(wire, item);
            let reasons: Vec<String> = errors(wire, index).iter().map(|error| sentence(error)).collect();
            line.error = (!reasons.is_empty()).then(|| reasons.join("; "));
            line
        })
        .collect()
}

/// Items have words of their own; where theirs say nothing, the order's do.
fn line_status(wire: &model::Order, item: &OrderItem) -> Option<OrderStatus> {
    // Items have words of their own, which no list tells: case and separators are no part of them.
    let said = item.status.as_deref().unwrap_or_default().chars().filter(|c| c.is_alphanumeric());
    let word: String = said.map(|c| c.to_ascii_uppercase()).collect();
    let of_order = wire.status.as_ref();
    Some(match word.as_str() {
        "ACTIVE" | "COMPLETED" | "COMPLETE" | "SUCCESS" | "PROVISIONED" => OrderStatus::Completed,
        "ERROR" | "FAILED" => OrderStatus::Failed,
        "CANCELED" | "CANCELLED" => OrderStatus::Cancelled,
        "NEW" | "PENDING" | "CONFIRMED" => OrderStatus::Pending,
        "INPROGRESS" => OrderStatus::InProgress,
        "ONHOLD" => OrderStatus::OnHold,
        "" => match of_order? {
            model::OrderStatus::Completed => OrderStatus::Completed,
            model::OrderStatus::Error => OrderStatus::Failed,
            model::OrderStatus::Canceled => OrderStatus::Cancelled,
            _ => return None,
        },
        _ => OrderStatus::Other(item.status.clone().unwrap_or_default()),
    })
}

/// What went wrong with one item: its own errors, and those of the order that point to it or to nothing.
fn errors(wire: &model::Order, index: usize) -> Vec<&OrderError> {
    let Some(item) = wire.order_items.get(index) else { return Vec::new() };
    if !item.errors.is_empty() {
        return item.errors.iter().collect();
    }
    let path = format!("/orderItems/{index}");
    let concerns = |error: &&OrderError| {
        let at = error.instance_path.as_deref().unwrap_or_default();
        at == path
            || at.strip_prefix(&path).is_some_and(|rest| rest.starts_with('/'))
            || !at.starts_with("/orderItems/")
    };
    wire.errors.iter().filter(concerns).collect()
}

fn sentence(error: &OrderError) -> String {
    match (said(error.code.as_ref()), said(error.detail.as_ref())) {
        (Some(code), Some(detail)) => format!("{code}: {detail}"),
        (code, detail) => code.or(detail).unwrap_or_else(|| "no reason was given".to_owned()),
    }
}

/// What came of each line so far.
pub(crate) fn receipts(wire: &model::Order) -> Vec<LineReceipt> {
    let id = wire.id();
    wire.order_items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let outcome = match line_status(wire, item) {
                Some(OrderStatus::Completed) => LineOutcome::Applied,
                Some(OrderStatus::Failed | OrderStatus::Cancelled) => LineOutcome::Rejected,
                _ => LineOutcome::Accepted,
            };
            let mut line = LineReceipt::new(index, outcome);
            line.order = id.as_ref().map(|id| id.as_str().into());
            line.violations = errors(wire, index).into_iter().map(violation).collect();
            line
        })
        .collect()
}

fn violation(error: &OrderError) -> Violation {
    let violation = Violation::new(
        error.instance_path.clone().unwrap_or_default(),
        error.detail.clone().or_else(|| error.code.clone()).unwrap_or_default(),
    );
    match &error.code {
        Some(code) => violation.with_code(code.trim()),
        None => violation,
    }
}
