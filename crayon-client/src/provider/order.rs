//! Orders: what is read of them, and how they are placed line by line.

mod add_on;
mod attributes;
mod buyer;
pub(super) mod cancel;
mod cart;
mod line;
mod resolve;
mod send;

use provider_core::{Delivery, Error, ErrorKind, Order, OrderId, OrderQuery, Page, PageRequest, Result};

pub(super) use resolve::{Bought, Resolved};

use super::CrayonProvider;
use super::change::refused;
use super::listing::{List, Reader, Yield};
use super::lookup::number;
use crate::api::request;
use crate::client::CrayonClient;
use crate::map;
use crate::model::{AssetQuery, PurchaseRequestOrder};
use crate::wire::Paging;

impl CrayonProvider {
    pub(super) async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        query.only(&["customer"])?;
        let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
        let lists = vec![List { key: "orders".to_owned(), organization: 0 }];
        let filter = AssetQuery { reseller_customer_id: tenant, ..Default::default() };
        let now = self.client.http().clock().now();
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: false,
        };
        reader
            .read(
                |_: &List, paging: Paging| request::assets::orders(&filter, paging),
                |wire: PurchaseRequestOrder, raw, _| map::order::purchase(wire, raw, now).map(Yield::One),
            )
            .await
    }

    pub(super) async fn order(&self, client: &CrayonClient, id: &OrderId) -> Result<Order> {
        let own = id.own();
        let customer = id.parts().next().filter(|part| *part != own);
        let tenant = customer.map(|customer| number("order", customer)).transpose()?;
        if !is_guid(own) {
            return self.purchase(client, tenant, own).await?.ok_or_else(|| unknown(own));
        }
        // Purchase requests may have GUIDs as well, and nothing in an id tells the two apart.
        let became = match client.subscriptions().of_order(own).await {
            Ok(became) => became.items,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return self.purchase(client, tenant, own).await?.ok_or(error);
            }
            Err(error) => return Err(error),
        };
        if became.is_empty()
            && let Ok(Some(order)) = self.purchase(client, tenant, own).await
        {
            return Ok(order);
        }
        let mut read = Vec::with_capacity(became.len());
        for subscription in became {
            read.push(self.subscription(client, &subscription.to_string().into()).await?);
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
    async fn purchase(
        &self,
        client: &CrayonClient,
        tenant: Option<i64>,
        number: &str,
    ) -> Result<Option<Order>> {
        let filter = AssetQuery {
            reseller_customer_id: tenant,
            external_order_id: Some(number.to_owned()),
            ..Default::default()
        };
        let found = client.assets().orders(&filter, Paging::first(100)).await?;
        let is_it = |order: &PurchaseRequestOrder| {
            order.external_order_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(number))
        };
        let order = found.into_iter().find(is_it);
        order
            .map(|order| map::order::purchase(order, None, self.client.http().clock().now()))
            .transpose()
            .map_err(|item| Error::new(ErrorKind::Decode, item.to_string()).for_read())
    }
}

fn unknown(number: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("Cloud-iQ knows no order `{}`", number.escape_debug()))
        .with_delivery(Delivery::Rejected)
        .for_read()
}

/// New commerce orders have GUIDs.
fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
