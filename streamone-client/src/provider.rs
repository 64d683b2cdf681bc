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

use provider_core::attempt::Baseline;
use provider_core::{
    Attempt, Capabilities, Command, Customer, CustomerId, CustomerQuery, EntityKind, Invoice, InvoiceLine,
    InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery, Page, PageRequest, Plan, Product,
    ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Services,
    Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord, Verification, WriteOptions,
    async_trait,
};

use context::{Context, run};

use crate::client::StreamOneClient;
use crate::config::StreamOneConfig;

/// StreamOne ION as a [`Provider`].
///
/// Seats, renewal, suspension and cancellation are orders here, carried out after they are taken. Every
/// order carries the caller's key as its reference, so that a lost answer can be looked up: a reference
/// that is not among the customer's orders proves that nothing happened.
#[derive(Debug, Clone)]
pub struct StreamOneProvider {
    cx: Context,
}

impl StreamOneProvider {
    /// The provider over a client.
    #[must_use]
    pub fn new(client: StreamOneClient) -> Self {
        let capabilities = capabilities::of(client.has_api_key());
        Self { cx: Context::new(client, capabilities) }
    }

    /// The bare provider by configuration; rotated tokens are kept in files. What the environment is set
    /// to has no effect here: [`StreamOneConfig::connect`] puts the layers around it.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn from_config(config: StreamOneConfig) -> Result<Self> {
        StreamOneClient::new(config).map(Self::new)
    }

    /// As [`from_config`](Self::from_config), with the clock, the observer and the token store of a host.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn with_services(config: StreamOneConfig, services: &Services) -> Result<Self> {
        StreamOneClient::builder(config).services(services).build().map(Self::new)
    }

    /// The typed client, for what the common models do not have.
    #[must_use]
    pub fn client(&self) -> &StreamOneClient {
        &self.cx.client
    }
}

impl StreamOneProvider {
    /// Products at a customer's prices take a call each: the time of a page begins when it is its turn.
    async fn priced_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        let (cx, query, page) = (self.cx.clone(), query.clone(), page.clone());
        let http = self.cx.client.http();
        let options = query.options.clone();
        let read = move |options: ReadOptions| async move {
            let (cx, query) = (&cx, &query);
            let op = &cx.read(Operation::List(EntityKind::Product), &options);
            let list = |page| async move { products::list(cx, op, query, &page).await };
            run(cx, op, page::largest(cx, query, &page, page::WITH_CALLS_EACH, list)).await
        };
        http.laborious(&options, read).await
    }
}

#[async_trait]
impl Provider for StreamOneProvider {
    fn info(&self) -> &ProviderInfo {
        self.cx.info()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.cx.capabilities
    }

    async fn verify(&self) -> Verification {
        self.cx.client.http().scrubbed(Box::pin(verify::verify(&self.cx)).await)
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        let (cx, op) = (&self.cx, &self.cx.read(Operation::List(EntityKind::Customer), &query.options));
        let list = |page| async move { customers::list(cx, op, query, &page).await };
        run(cx, op, page::largest(cx, query, page, page::LARGEST, list)).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let op = self.cx.read(Operation::Get(EntityKind::Customer), options);
        run(&self.cx, &op, customers::get(&self.cx, &op, id)).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        if query.customer.is_some() {
            return self.priced_products(query, page).await;
        }
        let (cx, op) = (&self.cx, &self.cx.read(Operation::List(EntityKind::Product), &query.options));
        let list = |page| async move { products::list(cx, op, query, &page).await };
        run(cx, op, page::largest(cx, query, page, page::LARGEST, list)).await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        let op = self.cx.read(Operation::Get(EntityKind::Product), options);
        run(&self.cx, &op, products::get(&self.cx, &op, id)).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        let (cx, op) = (&self.cx, &self.cx.read(Operation::List(EntityKind::Subscription), &query.options));
        let list = |page| async move { subscriptions::list(cx, op, query, &page).await };
        run(cx, op, page::largest(cx, query, page, page::LARGEST_BY_OFFSET, list)).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        let op = self.cx.read(Operation::Get(EntityKind::Subscription), options);
        run(&self.cx, &op, subscriptions::get(&self.cx, &op, id)).await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        let (cx, op) = (&self.cx, &self.cx.read(Operation::List(EntityKind::Order), &query.options));
        let list = |page| async move { orders::list(cx, op, query, &page).await };
        run(cx, op, page::largest(cx, query, page, page::LARGEST, list)).await
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        let op = self.cx.read(Operation::Get(EntityKind::Order), options);
        run(&self.cx, &op, orders::get(&self.cx, &op, id)).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        let op = self.cx.read(Operation::List(EntityKind::Invoice), &query.options);
        run(&self.cx, &op, invoices::list(&self.cx, &op, query, page)).await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let op = self.cx.read(Operation::List(EntityKind::InvoiceLine), &query.options);
        run(&self.cx, &op, invoices::lines(&self.cx, &op, query, page)).await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        let op = self.cx.read(Operation::List(EntityKind::Usage), &query.options);
        run(&self.cx, &op, usage::list(&self.cx, &op, query, page)).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let op = self.cx.write(Operation::Plan(command.kind()), options);
        run(&self.cx, &op, write::plan(&self.cx, &op, command, &options.key)).await
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let op = self.cx.write(Operation::Execute(command.kind()), options);
        run(&self.cx, &op, write::execute(&self.cx, &op, command, &options.key)).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        self.cx.client.http().scrubbed(write::baseline(&self.cx, command).await)
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        let op = self.cx.read(Operation::Reconcile(attempt.command.kind()), &ReadOptions::default());
        run(&self.cx, &op, write::reconcile(&self.cx, &op, attempt)).await
    }

    async fn close(&self) -> Result<()> {
        self.cx.client.close().await
    }
}
