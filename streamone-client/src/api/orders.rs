//! Orders (v3): purchases and changes alike.

use provider_core::{CommandKind, EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::model::{Order, OrderStatus, OrderWrite};
use crate::wire::envelope::{self, Listed, TokenPage};

handle! {
    /// Orders: purchases and changes.
    Orders
}

/// What orders are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderSort {
    /// When they were created; the default of the service.
    CreateTime,
    /// When they last changed.
    UpdateTime,
}

/// Which orders of the account. Those of accounts below it are included unless left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderFilter {
    /// In this state.
    pub status: Option<OrderStatus>,
    /// Leave accounts below this one out.
    pub exclude_sub_accounts: Option<bool>,
    /// Of these accounts.
    pub accounts: Vec<String>,
    /// Of these customers.
    pub customers: Vec<String>,
    /// Of these providers, by code.
    pub providers: Vec<String>,
    /// What to sort by.
    pub sort_by: Option<OrderSort>,
    /// Oldest first; the service has the newest first.
    pub ascending: Option<bool>,
}

/// The customer that stands for any customer in the two reads of a customer's orders.
const ANY_CUSTOMER: &str = "-";

impl Orders<'_> {
    /// One page of the account's orders: `GET /accounts/{a}/orders`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(&self, filter: &OrderFilter, page: &TokenPage) -> Result<Listed<Order>> {
        self.list_as(filter, page, |order, _| Ok(order)).await
    }

    pub(crate) async fn list_as<M>(
        &self,
        filter: &OrderFilter,
        page: &TokenPage,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let sort = filter.sort_by.map(|by| match by {
            OrderSort::CreateTime => "createTime",
            OrderSort::UpdateTime => "updateTime",
        });
        let order = filter.ascending.map(|ascending| if ascending { "ASC" } else { "DESC" });
        let joined = |list: &[String]| (!list.is_empty()).then(|| list.join(","));
        let spec = page
            .ask(RequestSpec::get("/api/v3/accounts/{accountId}/orders"))
            .query_opt("status", filter.status.as_ref())
            .query_opt("filter.excludeSubAccounts", filter.exclude_sub_accounts)
            .query_opt("filter.accountIdList", joined(&filter.accounts))
            .query_opt("filter.customerIdList", joined(&filter.customers))
            .query_opt("filter.providerNameList", joined(&filter.providers))
            .query_opt("sortBy", sort)
            .query_opt("sortOrder", order);
        self.read(spec, map).await
    }

    /// One page of a customer's orders: `GET /accounts/{a}/customers/{c}/orders`. `None` for any customer.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list_of_customer(
        &self,
        customer: Option<&str>,
        status: Option<OrderStatus>,
        page: &TokenPage,
    ) -> Result<Listed<Order>> {
        self.list_of_customer_as(customer, status, page, |order, _| Ok(order)).await
    }

    pub(crate) async fn list_of_customer_as<M>(
        &self,
        customer: Option<&str>,
        status: Option<OrderStatus>,
        page: &TokenPage,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let spec = page
            .ask(RequestSpec::get("/api/v3/accounts/{accountId}/customers/{customerId}/orders"))
            .path("customerId", customer.unwrap_or(ANY_CUSTOMER))
            .query_opt("status", status);
        self.read(spec, map).await
    }

    async fn read<M>(
        &self,
        spec: RequestSpec,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let spec = spec.operation(Operation::List(EntityKind::Order));
        let answer = self.client.send(spec, &self.call).await?;
        envelope::read(self.client.http(), &answer, &self.call, "orders", map)
    }

    /// One order: `GET /accounts/{a}/customers/{c}/orders/{o}`. `None` where the customer is not known.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, customer: Option<&str>, order: &str) -> Result<Order> {
        self.get_as(customer, order, |order, _| Ok(order)).await
    }

    pub(crate) async fn get_as<M>(
        &self,
        customer: Option<&str>,
        order: &str,
        map: impl FnOnce(Order, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}")
            .path("customerId", customer.unwrap_or(ANY_CUSTOMER))
            .path("orderId", order)
            .operation(Operation::Get(EntityKind::Order));
        let answer = self.client.send(spec, &self.call).await?;
        envelope::record(&answer, &self.call, map)
    }

    /// Places an order: `POST /accounts/{a}/customers/{c}/orders`. It is taken now and carried out later.
    /// Sent once: the service knows no idempotency key. Where the answer is lost, look for the reference
    /// among the customer's orders before sending again.
    ///
    /// # Errors
    /// `InvalidInput` with the reasons in `violations()`; whatever the call ends in.
    pub async fn create(&self, customer: &str, order: &OrderWrite) -> Result<Order> {
        self.create_as(customer, order, CommandKind::PlaceOrder).await
    }

    pub(crate) async fn create_as(
        &self,
        customer: &str,
        order: &OrderWrite,
        command: CommandKind,
    ) -> Result<Order> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/customers/{customerId}/orders")
            .path("customerId", customer)
            .json(order)?
            .operation(Operation::Execute(command));
        self.client.json(spec, &self.call).await
    }

    /// Takes an order back: `POST /accounts/{a}/customers/{c}/orders/{o}:cancel`. Possible while it is new or
    /// on hold.
    ///
    /// # Errors
    /// `InvalidInput` when it is too late; whatever the call ends in.
    pub async fn cancel(&self, customer: &str, order: &str) -> Result<Order> {
        let spec =
            RequestSpec::post("/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}:cancel")
                .path("customerId", customer)
                .path("orderId", order)
                .operation(Operation::Execute(CommandKind::CancelOrder));
        self.client.json(spec, &self.call).await
    }
}
