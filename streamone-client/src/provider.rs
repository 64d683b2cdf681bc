//! The common language over the client.

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

use provider_core::{
    Attempt, Baseline, Capabilities, Command, Customer, CustomerId, CustomerQuery, EntityKind, Invoice,
    InvoiceLine, InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery, Page, PageRequest,
    Plan, Product, ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation,
    Result, Services, Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord, Verification,
    WriteOptions, async_trait,
};

use context::Context;

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
        Self { cx: Context { client, capabilities } }
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

    /// The client, for what the common language does not say.
    #[must_use]
    pub fn client(&self) -> &StreamOneClient {
        &self.cx.client
    }
}

/// One operation may take several calls, each with an operation of its own: the error is named after what
/// the caller asked for.
fn named<T>(operation: Operation, result: Result<T>) -> Result<T> {
    result.map_err(|error| error.with_provider(crate::KIND).with_operation(operation))
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
        Box::pin(verify::verify(&self.cx)).await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        named(Operation::List(EntityKind::Customer), customers::list(&self.cx, query, page).await)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        named(Operation::Get(EntityKind::Customer), customers::get(&self.cx, id, options).await)
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        named(Operation::List(EntityKind::Product), products::list(&self.cx, query, page).await)
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        named(Operation::Get(EntityKind::Product), products::get(&self.cx, id, options).await)
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        named(Operation::List(EntityKind::Subscription), subscriptions::list(&self.cx, query, page).await)
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        named(Operation::Get(EntityKind::Subscription), subscriptions::get(&self.cx, id, options).await)
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        named(Operation::List(EntityKind::Order), orders::list(&self.cx, query, page).await)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        named(Operation::Get(EntityKind::Order), orders::get(&self.cx, id, options).await)
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        named(Operation::List(EntityKind::Invoice), invoices::list(&self.cx, query, page).await)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        named(Operation::List(EntityKind::InvoiceLine), invoices::lines(&self.cx, query, page).await)
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        named(Operation::List(EntityKind::Usage), usage::list(&self.cx, query, page).await)
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        write::plan(&self.cx, command, options).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        write::execute(&self.cx, command, options).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        write::baseline(&self.cx, command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        named(Operation::Reconcile(attempt.command.kind()), write::reconcile(&self.cx, attempt).await)
    }

    async fn close(&self) -> Result<()> {
        self.cx.client.close().await
    }
}
