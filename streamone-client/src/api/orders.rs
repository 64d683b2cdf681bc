//! Orders (v3): purchases and changes alike.

use provider_core::model::Raw;
use provider_core::{CommandKind, ItemError, Operation, Result};
use provider_http::{Answer, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::{Order, OrderStatus, OrderWrite};
use crate::wire::envelope::{Listed, TokenPage};

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
    /// With this status.
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
    /// Which page, and how large.
    pub page: TokenPage,
}

provider_http::setters! {
    OrderFilter {
        /// With this status.
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
}

impl OrderFilter {
    /// Asks for this page.
    #[must_use]
    pub fn page(mut self, page: TokenPage) -> Self {
        self.page = page;
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let sort = self.sort_by.map(|by| match by {
            OrderSort::CreateTime => "createTime",
            OrderSort::UpdateTime => "updateTime",
        });
        let order = self.ascending.map(|ascending| if ascending { "ASC" } else { "DESC" });
        let joined = |list: &[String]| (!list.is_empty()).then(|| list.join(","));
        spec.query_opt("status", self.status.as_ref())
            .query_opt("filter.excludeSubAccounts", self.exclude_sub_accounts)
            .query_opt("filter.accountIdList", joined(&self.accounts))
            .query_opt("filter.customerIdList", joined(&self.customers))
            .query_opt("filter.providerNameList", joined(&self.providers))
            .query_opt("sortBy", sort)
            .query_opt("sortOrder", order)
    }
}

/// The customer that stands for any customer in the two reads of a customer's orders.
pub const ANY_CUSTOMER: &str = "-";

provider_http::written!(OrderStatus);

provider_http::endpoints! {
    client: StreamOneClient;

    /// Orders: purchases and changes.
    Orders as orders {
        /// One page of the account's orders.
        get "/api/v3/accounts/{accountId}/orders" => list()
            query(filter: OrderFilter, page: TokenPage) operation(List Order) -> page Listed<Order>;

        /// One page of a customer's orders; of [`ANY_CUSTOMER`] those of all.
        get "/api/v3/accounts/{accountId}/customers/{customerId}/orders" =>
            list_of_customer(customer: &str = "customerId") with(status: Option<OrderStatus> = "status")
            paged(page: &TokenPage) operation(List Order) -> page Listed<Order>;

        /// One order; of [`ANY_CUSTOMER`] where the customer is not known.
        get "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}" =>
            get(customer: &str = "customerId", order: &str = "orderId") operation(Get Order) -> fetch Order;

        /// Places an order. It is taken now and carried out later. Sent once: the service knows no idempotency
        /// key. Where the answer is lost, look for the reference among the customer's orders before sending
        /// again. `InvalidInput` has the reasons in `violations()`.
        post "/api/v3/accounts/{accountId}/customers/{customerId}/orders" =>
            create(customer: &str = "customerId") body(order: &OrderWrite) operation(Execute PlaceOrder)
            -> written Order;

        /// Cancels an order. Possible while it is new or on hold; `InvalidInput` when it is too late.
        post "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}:cancel" =>
            cancel(customer: &str = "customerId", order: &str = "orderId") operation(Execute CancelOrder)
            -> written Order;
    }
}

impl Orders {
    /// The answer to a page, for what can be told before it is read.
    pub(crate) async fn answer(&self, filter: &OrderFilter, page: &TokenPage) -> Result<Answer> {
        self.client.answer(orders::list(filter, page.clone())?, &self.call).await
    }

    /// The same of a customer's orders.
    pub(crate) async fn answer_of_customer(
        &self,
        customer: &str,
        status: Option<OrderStatus>,
        page: &TokenPage,
    ) -> Result<Answer> {
        self.client.answer(orders::list_of_customer(customer, status, page)?, &self.call).await
    }

    /// Reads the answer to a page, and maps its records.
    pub(crate) fn read_as<M>(
        &self,
        answer: &Answer,
        map: impl FnMut(Order, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.read_page(answer, &self.call, map)
    }

    pub(crate) async fn get_as<M>(
        &self,
        customer: &str,
        order: &str,
        map: impl FnOnce(Order, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        self.client.record_as(orders::get(customer, order)?, &self.call, map).await
    }

    /// Places an order that carries this command out.
    pub(crate) async fn create_as(
        &self,
        customer: &str,
        order: &OrderWrite,
        command: CommandKind,
    ) -> Result<Order> {
        let spec = orders::create(customer, order)?.operation(Operation::Execute(command));
        self.client.written(spec, &self.call).await
    }
}
