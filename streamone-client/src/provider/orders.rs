//! Orders.

use provider_core::model::Detail;
use provider_core::{Order, OrderId, OrderQuery, Page, PageRequest, Result};
use provider_http::OperationContext;

use super::context::Context;
use super::{page, subscriptions};
use crate::api::{ANY_CUSTOMER, OrderFilter};
use crate::{map, model};

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &OrderQuery,
    page: &PageRequest,
) -> Result<Page<Order>> {
    query.only(&["customer", "status", "reference"])?;
    let asked = page::token(cx.info(), query, page)?;
    let currency = cx.currency();
    let word = query.status.as_ref().and_then(map::order::only_word);
    let orders = cx.client.orders().with(op);
    let read = |wire: model::Order, raw| map::order::order(&wire, Detail::Summary, currency, raw);
    let answer = match &query.customer {
        Some(customer) => orders.answer_of_customer(customer.as_str(), word, &asked).await?,
        None => {
            let filter = OrderFilter { status: word, ..OrderFilter::default() };
            orders.answer(&filter, &asked).await?
        }
    };
    page::tell_next(cx.info(), query, page, &asked, &answer).await;
    let listed = orders.read_as(&answer, read)?;
    // Several words can mean one state, and there is no filter by reference.
    Ok(page::token_page(cx.info(), query, &asked, listed).keep(|order| {
        query.status.as_ref().is_none_or(|wanted| order.status == *wanted)
            && query.reference.as_ref().is_none_or(|wanted| order.reference.as_ref() == Some(wanted))
    }))
}

/// The record, with the subscriptions that its items became: the wire names them by the provider's id.
pub(super) async fn get(cx: &Context, op: &OperationContext, id: &OrderId) -> Result<Order> {
    let currency = cx.currency();
    let (wire, mut order) = cx
        .client
        .orders()
        .with(op)
        .get_as(ANY_CUSTOMER, id.own(), |wire: model::Order, raw| {
            let order = map::order::order(&wire, Detail::Full, currency, raw)?;
            Ok((wire, order))
        })
        .await?;
    for (line, item) in order.lines.iter_mut().zip(&wire.order_items) {
        if let Some(resource) = item.resource_id.as_deref().filter(|id| !id.is_empty()) {
            line.subscription = subscriptions::canonical(cx, op, &order.customer, resource).await?;
        }
    }
    Ok(order)
}
