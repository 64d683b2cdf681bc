//! Cloud-iQ behind the common trait.

mod baseline;
mod capabilities;
mod change;
mod customer;
mod execute;
mod goal;
mod holding;
mod invoice;
mod listing;
mod lookup;
mod order;
mod pages;
mod place;
mod plan;
mod reads;
mod reconcile;
mod verify;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::{
    Attempt, Baseline, Capabilities, Command, Country, Currency, Customer, CustomerId, CustomerQuery,
    EntityKind, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, Operation, Order, OrderId, OrderQuery,
    Page, PageRequest, Plan, Product, ProductId, ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt,
    Reconciliation, Result, Services, Subscription, SubscriptionId, SubscriptionQuery, UsageQuery,
    UsageRecord, Verification, WriteOptions,
};
use provider_http::CallOptions;
use tokio::sync::OnceCell;

use crate::client::CrayonClient;
use crate::config::{CrayonConfig, KIND};
use crate::model::Organization;

pub(crate) use lookup::organizations;

/// Crayon Cloud-iQ behind the common trait.
///
/// The organization is the configured one; without one, all that the user may see are found with the first
/// call and read one after the other.
pub struct CrayonProvider {
    client: CrayonClient,
    info: ProviderInfo,
    capabilities: Capabilities,
    organization: Option<i64>,
    country: Option<Country>,
    currency: Option<Currency>,
    found: OnceCell<Arc<[Organization]>>,
    microsoft: OnceCell<i64>,
}

/// Errors that were made on the way name the operation and the provider like all others.
fn named<T>(operation: Operation, result: Result<T>) -> Result<T> {
    result.map_err(|error| {
        if error.operation().is_none() { error.with_operation(operation) } else { error }.with_provider(KIND)
    })
}

/// What a provider keeps of a configuration: nothing secret.
struct Scope {
    info: ProviderInfo,
    organization: Option<i64>,
    country: Option<Country>,
    currency: Option<Currency>,
}

impl Scope {
    fn of(config: &CrayonConfig) -> Self {
        let info = ProviderInfo::new(KIND, config.name.clone())
            .with_environment(config.environment)
            .with_account(config.client_id.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"));
        Self {
            info,
            organization: config.organization_id,
            country: config.country,
            currency: config.currency,
        }
    }
}

impl CrayonProvider {
    /// A provider over this client, for all organizations that the user may see.
    #[must_use]
    pub fn new(client: CrayonClient, info: ProviderInfo) -> Self {
        Self {
            client,
            info,
            capabilities: capabilities::declared(),
            organization: None,
            country: None,
            currency: None,
            found: OnceCell::new(),
            microsoft: OnceCell::new(),
        }
    }

    /// The bare provider of a configuration, without layers:
    /// [`CrayonConfig::connect`] puts those around it that the configuration asks for.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn from_config(config: CrayonConfig) -> Result<Self> {
        let scope = Scope::of(&config);
        Ok(Self::scoped(CrayonClient::new(config)?, scope))
    }

    /// As [`from_config`](Self::from_config), with the clock and the observer of a host.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn with_services(config: CrayonConfig, services: &Services) -> Result<Self> {
        let scope = Scope::of(&config);
        Ok(Self::scoped(CrayonClient::builder(config).services(services).build()?, scope))
    }

    fn scoped(client: CrayonClient, scope: Scope) -> Self {
        Self {
            organization: scope.organization,
            country: scope.country,
            currency: scope.currency,
            ..Self::new(client, scope.info)
        }
    }

    /// Works in this organization only.
    #[must_use]
    pub fn in_organization(mut self, id: i64) -> Self {
        self.organization = Some(id);
        self
    }

    /// The typed client below.
    #[must_use]
    pub fn client(&self) -> &CrayonClient {
        &self.client
    }

    /// The client for one operation, with the deadline and the priority of its caller.
    fn calls(&self, operation: Operation, options: &ReadOptions) -> CrayonClient {
        self.client.with_options(CallOptions::from(options)).during(operation)
    }
}

impl fmt::Debug for CrayonProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrayonProvider")
            .field("info", &self.info)
            .field("organization", &self.organization)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Provider for CrayonProvider {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        verify::run(self).await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        named(Operation::List(EntityKind::Customer), self.customers(query, page).await)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let client = self.calls(Operation::Get(EntityKind::Customer), options);
        named(Operation::Get(EntityKind::Customer), self.customer(&client, id).await)
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        named(Operation::List(EntityKind::Product), self.products(query, page).await)
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        let client = self.calls(Operation::Get(EntityKind::Product), options);
        named(Operation::Get(EntityKind::Product), self.product(&client, id).await)
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        named(Operation::List(EntityKind::Subscription), self.subscriptions(query, page).await)
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        let client = self.calls(Operation::Get(EntityKind::Subscription), options);
        named(Operation::Get(EntityKind::Subscription), self.subscription(&client, id).await)
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        named(Operation::List(EntityKind::Order), self.orders(query, page).await)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        let client = self.calls(Operation::Get(EntityKind::Order), options);
        named(Operation::Get(EntityKind::Order), self.order(&client, id).await)
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        named(Operation::List(EntityKind::Invoice), self.invoices(query, page).await)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        named(Operation::List(EntityKind::InvoiceLine), self.invoice_lines(query, page).await)
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        named(Operation::List(EntityKind::Usage), self.usage(query, page).await)
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        plan::run(self, command, options).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        execute::run(self, command, options).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        baseline::take(self, command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        reconcile::run(self, attempt).await
    }

    async fn close(&self) -> Result<()> {
        self.client.close().await
    }
}
