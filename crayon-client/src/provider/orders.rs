//! Orders: purchase requests, new commerce orders by the subscriptions they became, and scheduled orders.

use provider_core::model::Raw;
use provider_core::wire::moment::Moment;
use provider_core::{
    CancelOrder, Delivery, Error, ErrorKind, Order, OrderId, OrderQuery, Page, PageRequest, Result,
};
use provider_http::Keys;
use provider_http::decode::member;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::context::Context;
use super::context::refusal::{number, refused};
use super::page::whole::whole;
use super::page::{self, List, Reader, Yield};
use super::subscriptions;
use crate::map;
use crate::map::is_guid;
use crate::model::{
    AssetFilter, PurchaseRequestOrder, ScheduledPurchaseFilter, ScheduledPurchaseLine,
    ScheduledPurchaseRequest,
};
use crate::wire::{Lists, Paging};

/// Scheduled orders that are read at a time.
const PAGE: u32 = 100;

pub(super) async fn list(cx: &Context, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
    query.only(&["customer"])?;
    let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
    let lists = vec![List { key: "orders".to_owned(), organization: 0 }];
    let filter = AssetFilter { reseller_customer_id: tenant, ..Default::default() };
    let now = cx.now();
    let page = Reader::new(cx, query, page, lists)
        .identified(|order, _| {
            let part = |name| member(order, name, Keys::AnyCase);
            let (tenant, number) = (part("ResellerCustomerId")?, part("ExternalOrderId")?);
            Some(OrderId::composite([tenant.as_str(), number.as_str()]).to_string())
        })
        .read(
            |_, paging| {
                let filter = filter.clone();
                async move { cx.client.assets().orders_answer(&filter, paging).await }
            },
            |wire: PurchaseRequestOrder, raw, _| map::order::purchase(wire, raw, now).map(Yield::One),
        )
        .await?;
    Ok(page.with_hidden("new commerce orders are in no list of Cloud-iQ: each is found by its id"))
}

pub(super) async fn get(cx: &Context, id: &OrderId) -> Result<Order> {
    let own = id.own();
    let customer = id.parts().next().filter(|part| *part != own);
    let tenant = customer.map(|customer| number("order", customer)).transpose()?;
    if !is_guid(own) {
        return purchase(cx, tenant, own).await?.ok_or_else(|| unknown(own));
    }
    // Purchase requests may have GUIDs as well, and nothing in an id tells the two apart.
    let became = match cx.client.subscriptions().of_order(own).await {
        Ok(became) => became.into_records().collect::<Vec<_>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return purchase(cx, tenant, own).await?.ok_or(error);
        }
        Err(error) => return Err(error),
    };
    if became.is_empty()
        && let Ok(Some(order)) = purchase(cx, tenant, own).await
    {
        return Ok(order);
    }
    let mut read = Vec::with_capacity(became.len());
    for subscription in became {
        read.push(subscriptions::get(cx, &subscription.to_string().into()).await?);
    }
    let customer = match (customer, read.first()) {
        (Some(customer), _) => customer.into(),
        (None, Some(first)) => first.customer.clone(),
        (None, None) => {
            return Err(refused(
                "order",
                "is being carried out and does not say whose it is yet: ask for it as customer/order",
            )
            .for_read());
        }
    };
    Ok(map::order::new_commerce(id.clone(), customer, &read))
}

/// A purchase request by its number. There is no call for one, so the customer's are listed.
async fn purchase(cx: &Context, tenant: Option<i64>, number: &str) -> Result<Option<Order>> {
    let filter = AssetFilter {
        reseller_customer_id: tenant,
        external_order_id: Some(number.to_owned()),
        ..Default::default()
    };
    let answer = cx.client.assets().orders_answer(&filter, Paging::first(100)).await?;
    let decoder = page::decoder(cx).report(cx.client.http(), &answer);
    let (found, _) =
        decoder.page::<Lists, _, _>(&answer.bytes, |wire: PurchaseRequestOrder, raw| Ok((wire, raw)))?;
    let is_it = |(order, _): &(PurchaseRequestOrder, Option<Raw>)| {
        order.external_order_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(number))
    };
    let order = found.into_iter().flatten().find(is_it);
    order
        .map(|(order, raw)| map::order::purchase(order, raw, cx.now()))
        .transpose()
        .map_err(|item| Error::new(ErrorKind::Decode, item.to_string()).for_read())
}

fn unknown(number: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("Cloud-iQ knows no order `{}`", number.escape_debug()))
        .with_delivery(Delivery::Rejected)
        .for_read()
}

/// A line of a scheduled order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) number: String,
    pub(super) until: Option<Moment>,
}

impl Waiting {
    fn of(line: ScheduledPurchaseLine) -> Option<Self> {
        Some(Self { number: line.order_number?, until: line.scheduled_date })
    }
}

/// The scheduled orders of a customer by their references in lower case; those of all customers where the command
/// names none.
pub(super) async fn scheduled(cx: &Context, command: &CancelOrder) -> Result<BTreeMap<String, Vec<Waiting>>> {
    let own = command.order.own();
    let named = command.order.parts().next().filter(|part| *part != own);
    let named = named.or_else(|| command.customer.as_ref().map(|customer| customer.as_str()));
    let tenant = named.map(|customer| number("order", customer)).transpose()?;
    let query = &ScheduledPurchaseFilter { reseller_customer_id: tenant, ..Default::default() };
    let requests = whole("waiting orders", PAGE, reference, |paging| async move {
        cx.client.scheduled_purchase_requests().list(query.clone().page(paging)).await
    });
    let lines = |request: ScheduledPurchaseRequest| {
        request.order_items.into_iter().filter_map(Waiting::of).collect::<Vec<_>>()
    };
    Ok(requests.await?.into_iter().map(|(own, request)| (own, lines(request))).collect())
}

fn reference(request: &ScheduledPurchaseRequest) -> Option<String> {
    request.order_reference_id.as_ref().map(|reference| reference.to_ascii_lowercase())
}

/// The lines of the order that a command is about; none where it is not scheduled.
pub(super) async fn waiting(cx: &Context, command: &CancelOrder) -> Result<Vec<Waiting>> {
    let mut all = scheduled(cx, command).await?;
    Ok(all.remove(&command.order.own().to_ascii_lowercase()).unwrap_or_default())
}
