//! Pax8 in the common language.

mod baseline;
mod budget;
mod capabilities;
mod customers;
mod execute;
mod invoices;
mod new_order;
mod offers;
mod orders;
mod pages;
mod plan;
mod products;
mod reconcile;
mod subscriptions;
mod usage;
mod verify;

use std::future::Future;
use std::sync::Arc;

use provider_core::{
    Attempt, Baseline, Capabilities, Clock, Command, Customer, CustomerId, CustomerQuery, EntityKind,
    Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery, Page,
    PageRequest, Plan, Product, ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt,
    Reconciliation, Result, Services, Subscription, SubscriptionId, SubscriptionQuery, UsageQuery,
    UsageRecord, Verification, WriteOptions, async_trait,
};
use provider_http::TokioClock;

use crate::client::Pax8Client;
use crate::config::{CompanyDefaults, Pax8Config};

/// A Pax8 connection behind the common trait.
///
/// It is bare: it buys when it is told to, whatever the environment. [`Pax8Config::connect`] and
/// [`Registry::build`](provider_core::Registry::build) put the layers around it.
#[derive(Debug, Clone)]
pub struct Pax8Provider {
    client: Pax8Client,
    info: ProviderInfo,
    capabilities: Capabilities,
    currency: Option<provider_core::Currency>,
    country: Option<provider_core::Country>,
    defaults: CompanyDefaults,
    clock: Arc<dyn Clock>,
}

impl Pax8Provider {
    /// Over a client that exists, with the settings of a connection.
    #[must_use]
    pub fn new(client: Pax8Client, config: &Pax8Config) -> Self {
        let info = ProviderInfo::new(crate::KIND, config.name.clone())
            .with_environment(config.environment)
            .with_account(config.client_id.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"));
        Self {
            client,
            info,
            capabilities: capabilities::all(),
            currency: config.currency,
            country: config.country,
            defaults: config.effective_defaults(),
            clock: Arc::new(TokioClock::new()),
        }
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
        self.clock = clock;
        self
    }

    /// The client below, for everything that is Pax8's own.
    #[must_use]
    pub fn client(&self) -> &Pax8Client {
        &self.client
    }

    /// One operation as the caller sees it: its errors name it, whichever call of it failed, and without
    /// time nothing is begun.
    async fn within<T>(
        &self,
        operation: Operation,
        options: &ReadOptions,
        work: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let named = |error: provider_core::Error| error.with_provider(crate::KIND).with_operation(operation);
        if options.deadline.is_some_and(|time| time.is_zero()) {
            let late = provider_core::Error::new(
                provider_core::ErrorKind::Timeout,
                "the deadline has passed already",
            );
            return Err(named(late.with_delivery(provider_core::Delivery::NotSent)));
        }
        work.await.map_err(named)
    }

    fn unsupported(&self, operation: Operation) -> provider_core::Error {
        let support = self.capabilities.support(operation);
        let reason = support.reason().unwrap_or("Pax8 has no such operation");
        provider_core::Error::unsupported(operation, reason).with_provider(crate::KIND)
    }
}

/// A record that was read on its own and does not fit.
fn unreadable(item: provider_core::ItemError, kind: provider_core::EntityKind) -> provider_core::Error {
    let message = format!("the record could not be read: {item}");
    provider_core::Error::new(provider_core::ErrorKind::Decode, message)
        .with_delivery(provider_core::Delivery::Rejected)
        .with_provider(crate::KIND)
        .with_operation(Operation::Get(kind))
        .with_source(item)
}

#[async_trait]
impl Provider for Pax8Provider {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        self.run_checks().await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.within(Operation::List(EntityKind::Customer), &query.options, self.customer_page(query, page))
            .await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        self.within(Operation::Get(EntityKind::Customer), options, self.one_customer(id, options)).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        self.within(Operation::List(EntityKind::Product), &query.options, self.product_page(query, page))
            .await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        self.within(Operation::Get(EntityKind::Product), options, self.one_product(id, options)).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.within(
            Operation::List(EntityKind::Subscription),
            &query.options,
            self.subscription_page(query, page),
        )
        .await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        self.within(Operation::Get(EntityKind::Subscription), options, self.one_subscription(id, options))
            .await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        self.within(Operation::List(EntityKind::Order), &query.options, self.order_page(query, page)).await
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        self.within(Operation::Get(EntityKind::Order), options, self.one_order(id, options)).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        self.within(Operation::List(EntityKind::Invoice), &query.options, self.invoice_page(query, page))
            .await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        self.within(
            Operation::List(EntityKind::InvoiceLine),
            &query.options,
            self.invoice_line_page(query, page),
        )
        .await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        self.within(Operation::List(EntityKind::Usage), &query.options, self.usage_page(query, page)).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        self.within(Operation::Plan(command.kind()), &options.options, self.planned(command, options)).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        self.within(Operation::Execute(command.kind()), &options.options, self.executed(command, options))
            .await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        self.baseline_of(command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        self.reconciled(attempt).await
    }

    async fn close(&self) -> Result<()> {
        self.client.close().await
    }
}
