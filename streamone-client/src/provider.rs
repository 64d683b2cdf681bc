//! The common language over the client.

mod budget;
mod capabilities;
mod changes;
mod cursor;
mod customers;
mod evidence;
mod purchase;
mod reads;
mod reconcile;
pub(crate) mod reference;
mod subscriptions;
mod usage;
mod verify;
mod writes;

use provider_core::{
    Attempt, Baseline, Capabilities, Command, Customer, CustomerId, CustomerQuery, EntityKind, Invoice,
    InvoiceLine, InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery, Page, PageRequest,
    Plan, Product, ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation,
    Result, Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord, Verification,
    WriteOptions, async_trait,
};

use crate::client::StreamOneClient;
use crate::config::StreamOneConfig;

/// StreamOne ION as a [`Provider`].
///
/// Seats, renewal, suspension and cancellation are orders here, carried out after they are taken. Every
/// order carries the caller's key as its reference, so that a lost answer can be looked up: a reference
/// that is not among the customer's orders proves that nothing happened.
#[derive(Debug, Clone)]
pub struct StreamOneProvider {
    client: StreamOneClient,
    capabilities: Capabilities,
}

impl StreamOneProvider {
    /// The provider over a client.
    #[must_use]
    pub fn new(client: StreamOneClient) -> Self {
        let capabilities = capabilities::of(client.has_api_key());
        Self { client, capabilities }
    }

    /// The bare provider by configuration; rotated tokens are kept in files. What the environment is set
    /// to has no effect here: [`StreamOneConfig::connect`] puts the layers around it.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn from_config(config: StreamOneConfig) -> Result<Self> {
        StreamOneClient::new(config).map(Self::new)
    }

    /// The client, for what the common language does not say.
    #[must_use]
    pub fn client(&self) -> &StreamOneClient {
        &self.client
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
        self.client.info()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        Box::pin(verify::verify(&self.client)).await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        named(Operation::List(EntityKind::Customer), reads::customers(&self.client, query, page).await)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        named(Operation::Get(EntityKind::Customer), reads::customer(&self.client, id, options).await)
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        named(Operation::List(EntityKind::Product), reads::products(&self.client, query, page).await)
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        named(Operation::Get(EntityKind::Product), reads::product(&self.client, id, options).await)
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        named(Operation::List(EntityKind::Subscription), subscriptions::list(&self.client, query, page).await)
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        named(Operation::Get(EntityKind::Subscription), subscriptions::get(&self.client, id, options).await)
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        named(Operation::List(EntityKind::Order), reads::orders(&self.client, query, page).await)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        named(Operation::Get(EntityKind::Order), reads::order(&self.client, id, options).await)
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        named(Operation::List(EntityKind::Invoice), reads::invoices(&self.client, query, page).await)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        named(Operation::List(EntityKind::InvoiceLine), reads::invoice_lines(&self.client, query, page).await)
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        named(Operation::List(EntityKind::Usage), usage::list(&self.client, query, page).await)
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        writes::plan(&self.client, command, options).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        writes::execute(&self.client, command, options).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        reconcile::baseline(&self.client, command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        named(Operation::Reconcile(attempt.command.kind()), reconcile::reconcile(&self.client, attempt).await)
    }

    async fn close(&self) -> Result<()> {
        self.client.close().await
    }
}
