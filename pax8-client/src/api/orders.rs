//! Orders.

use provider_core::{CommandKind, EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::auth::Audience;
use crate::model::{CreateOrder, Order};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Orders. There is no update, no cancellation and no status.
    Orders
}

fn list(company: Option<&str>, page: PageOf) -> RequestSpec {
    RequestSpec::get("/v1/orders")
        .operation(Operation::List(EntityKind::Order))
        .query("page", page.number)
        .query("size", page.size)
        .query_opt("companyId", company)
}

fn get(id: &str) -> RequestSpec {
    RequestSpec::get("/v1/orders/{orderId}").operation(Operation::Get(EntityKind::Order)).path("orderId", id)
}

impl Orders<'_> {
    /// `GET /v1/orders`, oldest first. Slow for large partners: name a company, and take modest pages.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, company: Option<&str>, page: PageOf) -> Result<Listed<Order>> {
        self.list_as(company, page, |record, _| Ok(record)).await
    }

    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        company: Option<&str>,
        page: PageOf,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, list(company, page), &self.call, map).await
    }

    /// `GET /v1/orders/{orderId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Order> {
        self.client.record(Audience::Partner, get(id), &self.call).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Order, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(get(id), &self.call, map).await
    }

    /// `POST /v1/orders`: buys. Sent once, because an order sent again buys twice.
    ///
    /// # Errors
    /// Whatever the call ended in; after `Unknown` look for the order before anything is sent again.
    pub async fn create(&self, order: &CreateOrder) -> Result<Order> {
        let spec = RequestSpec::post("/v1/orders")
            .operation(Operation::Execute(CommandKind::PlaceOrder))
            .json(order)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `POST /v1/orders?isMock=true`: runs every check and buys nothing. The answer may lack an id.
    ///
    /// # Errors
    /// `InvalidInput` with what the order lacks, or whatever the call ended in.
    pub async fn check(&self, order: &CreateOrder) -> Result<Order> {
        let spec = RequestSpec::post("/v1/orders")
            .operation(Operation::Plan(CommandKind::PlaceOrder))
            .read()
            .query("isMock", true)
            .json(order)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }
}
