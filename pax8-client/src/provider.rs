//! The `Provider` over the client.

mod capabilities;
mod context;
mod customers;
mod invoices;
mod orders;
mod page;
mod products;
mod subscriptions;
mod usage;
mod verify;
mod write;

use std::future::Future;
use std::sync::Arc;

use provider_core::attempt::Baseline;
use provider_core::clock::Clock;
use provider_core::{
    Attempt, Capabilities, Command, Customer, CustomerId, CustomerQuery, EntityKind, Invoice, InvoiceLine,
    InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery, Page, PageRequest, Plan, Product,
    ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Services,
    Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord, Verification, WriteOptions,
    async_trait,
};
use provider_http::{OperationContext, Quoting};

use self::context::Context;
use crate::client::Pax8Client;
use crate::config::Pax8Config;

/// Pax8 as a [`Provider`].
///
/// It has no layers: it keeps no journal and places orders in the sandbox too. [`Pax8Config::connect`] and
/// [`Registry::build`](provider_core::Registry::build) put both around it.
#[derive(Debug, Clone)]
pub struct Pax8Provider {
    cx: Context,
}

impl Pax8Provider {
    /// Over a client that exists, with the settings of a connection.
    #[must_use]
    pub fn new(client: Pax8Client, config: &Pax8Config) -> Self {
        let cx = Context {
            clock: Arc::clone(client.http().clock()),
            client,
            info: config.info(),
            capabilities: capabilities::all(),
            currency: config.currency,
            country: config.country,
            defaults: config.effective_defaults(),
        };
        Self { cx }
    }

    /// From settings alone. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn from_config(config: Pax8Config) -> Result<Self> {
        let settings = config.clone();
        Ok(Self::new(Pax8Client::new(config)?, &settings))
    }

    /// From settings, with the clock and the observer of a host. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn with_services(config: Pax8Config, services: &Services) -> Result<Self> {
        let settings = config.clone();
        Ok(Self::new(Pax8Client::builder(config).services(services).build()?, &settings))
    }

    /// Takes the wall time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.cx.clock = clock;
        self
    }

    /// The typed client, for what the common models do not have.
    #[must_use]
    pub fn client(&self) -> &Pax8Client {
        &self.cx.client
    }
}

/// Does the work of one operation. It is put on the heap once, or each layer would hold a copy of it.
fn run<'a, T: Quoting>(
    cx: &'a Context,
    op: &'a OperationContext,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> impl Future<Output = Result<T>> + Send + 'a {
    let work = Box::pin(work);
    async move {
        let done = op.run(work).await;
        cx.client.http().scrubbed(done).map_err(|error| error.with_provider(crate::KIND))
    }
}

/// Lists a page whose records take calls of their own: its time begins when it is its turn.
macro_rules! laborious {
    ($self:ident, $query:ident, $page:ident, $list:path) => {{
        let (cx, mut query, page) = ($self.cx.clone(), $query.clone(), $page.clone());
        let read = move |options| async move {
            query.options = options;
            let op = cx.listing(&query);
            run(&cx, &op, $list(&cx, &op, &query, &page)).await
        };
        $self.cx.client.http().laborious(&$query.options, read).await
    }};
}

#[async_trait]
impl Provider for Pax8Provider {
    fn info(&self) -> &ProviderInfo {
        &self.cx.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.cx.capabilities
    }

    async fn verify(&self) -> Verification {
        self.cx.client.http().scrubbed(Box::pin(verify::run(&self.cx)).await)
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        if query.with_contacts {
            return laborious!(self, query, page, customers::list);
        }
        let op = self.cx.listing(query);
        run(&self.cx, &op, customers::list(&self.cx, &op, query, page)).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let op = self.cx.reading(Operation::Get(EntityKind::Customer), options);
        run(&self.cx, &op, customers::get(&self.cx, &op, id)).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        if query.with_offers {
            return laborious!(self, query, page, products::list);
        }
        let op = self.cx.listing(query);
        run(&self.cx, &op, products::list(&self.cx, &op, query, page)).await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        let op = self.cx.reading(Operation::Get(EntityKind::Product), options);
        run(&self.cx, &op, products::get(&self.cx, &op, id)).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        let op = self.cx.listing(query);
        run(&self.cx, &op, subscriptions::list(&self.cx, &op, query, page)).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        let op = self.cx.reading(Operation::Get(EntityKind::Subscription), options);
        run(&self.cx, &op, subscriptions::get(&self.cx, &op, id)).await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        laborious!(self, query, page, orders::list)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        let op = self.cx.reading(Operation::Get(EntityKind::Order), options);
        run(&self.cx, &op, orders::get(&self.cx, &op, id)).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        let op = self.cx.listing(query);
        run(&self.cx, &op, invoices::list(&self.cx, &op, query, page)).await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let op = self.cx.listing(query);
        run(&self.cx, &op, invoices::lines(&self.cx, &op, query, page)).await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        laborious!(self, query, page, usage::list)
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let op = self.cx.writing(Operation::Plan(command.kind()), options);
        run(&self.cx, &op, write::plan(&self.cx, &op, command)).await
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let op = self.cx.writing(Operation::Execute(command.kind()), options);
        run(&self.cx, &op, write::execute(&self.cx, &op, command)).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        let op = self.cx.reading(Operation::Reconcile(command.kind()), &ReadOptions::default());
        run(&self.cx, &op, write::baseline(&self.cx, &op, command)).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        let op = self.cx.reading(Operation::Reconcile(attempt.command.kind()), &ReadOptions::default());
        run(&self.cx, &op, write::reconcile(&self.cx, &op, attempt)).await
    }

    async fn close(&self) -> Result<()> {
        self.cx.client.close().await
    }
}
