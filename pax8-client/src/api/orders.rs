//! Orders.

use provider_core::model::Raw;
use provider_core::{ErrorKind, ItemError, Result};
use provider_http::{CallOptions, Keys, RequestSpec, endpoints};

use crate::client::Pax8Client;
use crate::model::{CreateOrder, Order};
use crate::wire::envelope::{Listed, PageOf};

endpoints! {
    client: Pax8Client;

    /// Orders. There is no update, no cancellation and no status.
    Orders as orders {
        /// Places an order. Sent once, because an order sent again buys twice. After `Unknown` look for the order
        /// before anything is sent again.
        post "/v1/orders" => create() body(order: &CreateOrder) operation(Execute PlaceOrder) -> placed Order;
        /// Dry run: runs every check and orders nothing (`isMock=true`). The answer may lack an id; `InvalidInput` says
        /// what the order lacks.
        post "/v1/orders" => check() body(order: &CreateOrder) operation(Plan PlaceOrder) marked(read) -> mock Order;
        /// A page of orders, oldest first. Slow for large partners: name a company, and take modest pages.
        get "/v1/orders" => list() with(company: Option<&str> = "companyId") paged(page: PageOf) operation(List Order) -> page Listed<Order>;
        /// One order.
        get "/v1/orders/{orderId}" => get(id: &str = "orderId") operation(Get Order) -> record Order;
    }
}

impl Pax8Client {
    /// An order that was placed. Pax8 refuses with the status of a success as well: what has no id is no order, and
    /// whether one was made is not known.
    async fn placed(&self, spec: RequestSpec, call: &CallOptions) -> Result<Order> {
        let answer = self.send(spec, call).await?;
        let order: Order = answer.record(Keys::Exact)?;
        if order.id.as_deref().is_some_and(|id| !id.trim().is_empty()) {
            return Ok(order);
        }
        let message = match self.said(&answer) {
            Some(said) => {
                format!("Pax8 answered the order with the status of a success and without an id: {said}")
            }
            None => "Pax8 took the order, but its answer has no id".to_owned(),
        };
        Err(answer.error(ErrorKind::Decode, message))
    }

    async fn mock(&self, spec: RequestSpec, call: &CallOptions) -> Result<Order> {
        self.record(spec.query("isMock", true), call).await
    }
}

impl Orders {
    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        company: Option<&str>,
        page: PageOf,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(orders::list(company, page)?, &self.call, map).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Order, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(orders::get(id)?, &self.call, map).await
    }
}
