//! Pax8 in the common language.

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

use provider_core::{
    Attempt, Baseline, Capabilities, Clock, Command, Customer, CustomerId, CustomerQuery, Delivery, Entity,
    EntityKind, Error, ErrorKind, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, Operation, Order,
    OrderId, OrderQuery, Page, PageRequest, Plan, Product, ProductId, ProductQuery, Provider, ProviderInfo,
    Query, ReadOptions, Receipt, Reconciliation, Result, Services, Subscription, SubscriptionId,
    SubscriptionQuery, UsageQuery, UsageRecord, Verification, WriteOptions, async_trait,
};
use provider_http::TokioClock;

use self::context::Context;
use crate::client::Pax8Client;
use crate::config::Pax8Config;

/// A Pax8 connection behind the common trait.
///
/// It is bare: it buys when it is told to, whatever the environment. [`Pax8Config::connect`] and
/// [`Registry::build`](provider_core::Registry::build) put the layers around it.
#[derive(Debug, Clone)]
pub struct Pax8Provider {
    cx: Context,
}

impl Pax8Provider {
    /// Over a client that exists, with the settings of a connection.
    #[must_use]
    pub fn new(client: Pax8Client, config: &Pax8Config) -> Self {
        let info = ProviderInfo::new(crate::KIND, config.name.clone())
            .with_environment(config.environment)
            .with_account(config.client_id.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"));
        let cx = Context {
            client,
            info,
            capabilities: capabilities::all(),
            currency: config.currency,
            country: config.country,
            defaults: config.effective_defaults(),
            clock: Arc::new(TokioClock::new()),
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

    /// From settings, with what a host lends. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn with_services(config: Pax8Config, services: &Services) -> Result<Self> {
        let settings = config.clone();
        let client = Pax8Client::builder()
            .config(config)
            .clock(Arc::clone(&services.clock))
            .observer(Arc::clone(&services.observer))
            .build()?;
        Ok(Self::new(client, &settings).with_clock(Arc::clone(&services.clock)))
    }

    /// Takes the wall time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.cx.clock = clock;
        self
    }

    /// The client below, for everything that is Pax8's own.
    #[must_use]
    pub fn client(&self) -> &Pax8Client {
        &self.cx.client
    }
}

/// One operation as the caller sees it: its errors name it, whichever call of it failed, and without time
/// nothing is begun. What is to be done is put on the heap once, or each layer would hold a copy of it.
fn within<'a, T>(
    operation: Operation,
    options: &'a ReadOptions,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> impl Future<Output = Result<T>> + Send + 'a {
    let work = Box::pin(work);
    async move {
        let named = |error: Error| error.with_provider(crate::KIND).with_operation(operation);
        if options.deadline.is_some_and(|time| time.is_zero()) {
            let late = Error::new(ErrorKind::Timeout, "the deadline has passed already");
            return Err(named(late.with_delivery(Delivery::NotSent)));
        }
        work.await.map_err(named)
    }
}

fn list<'a, Q: Query, T>(
    query: &'a Q,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> impl Future<Output = Result<T>> + Send + 'a {
    within(Operation::List(<Q::Item as Entity>::KIND), query.options(), work)
}

fn get<'a, T>(
    kind: EntityKind,
    options: &'a ReadOptions,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> impl Future<Output = Result<T>> + Send + 'a {
    within(Operation::Get(kind), options, work)
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
        Box::pin(verify::run(&self.cx)).await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        list(query, customers::list(&self.cx, query, page)).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        get(EntityKind::Customer, options, customers::get(&self.cx, id, options)).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        list(query, products::list(&self.cx, query, page)).await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        get(EntityKind::Product, options, products::get(&self.cx, id, options)).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        list(query, subscriptions::list(&self.cx, query, page)).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        get(EntityKind::Subscription, options, subscriptions::get(&self.cx, id, options)).await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        list(query, orders::list(&self.cx, query, page)).await
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        get(EntityKind::Order, options, orders::get(&self.cx, id, options)).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        list(query, invoices::list(&self.cx, query, page)).await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        list(query, invoices::lines(&self.cx, query, page)).await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        list(query, usage::list(&self.cx, query, page)).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let operation = Operation::Plan(command.kind());
        within(operation, &options.options, write::plan(&self.cx, command, options)).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let operation = Operation::Execute(command.kind());
        within(operation, &options.options, write::execute(&self.cx, command, options)).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        write::baseline(&self.cx, command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        write::reconcile(&self.cx, attempt).await
    }

    async fn close(&self) -> Result<()> {
        self.cx.client.close().await
    }
}
