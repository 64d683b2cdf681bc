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

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::attempt::Baseline;
use provider_core::{
    Attempt, Capabilities, Command, Customer, CustomerId, CustomerQuery, EntityKind, Invoice, InvoiceLine,
    InvoiceLineQuery, InvoiceQuery, Order, OrderId, OrderQuery, Page, PageRequest, Plan, Product, ProductId,
    ProductQuery, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Services,
    Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord, Verification, WriteOptions,
};

use self::context::{Context, Settings};
use self::page::{LARGEST_SIZE, WITH_CALLS_EACH, largest};
use crate::client::CrayonClient;
use crate::config::CrayonConfig;

pub(crate) use context::organizations::all as organizations;

/// Crayon Cloud-iQ as a [`Provider`].
///
/// The organization is the configured one; without one, all that the user may see are found with the first
/// call and read one after the other.
pub struct CrayonProvider {
    context: Context,
}

impl CrayonProvider {
    /// A provider over this client, for all organizations that the user may see.
    #[must_use]
    pub fn new(client: CrayonClient, info: ProviderInfo) -> Self {
        Self::over(client, Settings::new(info))
    }

    /// The bare provider of a configuration, without layers:
    /// [`CrayonConfig::connect`] puts those around it that the configuration asks for.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn from_config(config: CrayonConfig) -> Result<Self> {
        let settings = Settings::of(&config);
        Ok(Self::over(CrayonClient::new(config)?, settings))
    }

    /// As [`from_config`](Self::from_config), with the clock and the observer of a host.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn with_services(config: CrayonConfig, services: &Services) -> Result<Self> {
        let settings = Settings::of(&config);
        Ok(Self::over(CrayonClient::builder(config).services(services).build()?, settings))
    }

    fn over(client: CrayonClient, settings: Settings) -> Self {
        Self { context: Context::new(client, settings, capabilities::declared()) }
    }

    /// Works in this organization only.
    #[must_use]
    pub fn in_organization(mut self, id: i64) -> Self {
        Arc::make_mut(&mut self.context.settings).organization = Some(id);
        self
    }

    /// The typed client below.
    #[must_use]
    pub fn client(&self) -> &CrayonClient {
        &self.context.client
    }
}

impl fmt::Debug for CrayonProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrayonProvider")
            .field("info", &self.context.settings.info)
            .field("organization", &self.context.settings.organization)
            .finish_non_exhaustive()
    }
}

/// Lists a page whose records take calls of their own: its time begins when it is its turn.
macro_rules! laborious {
    ($self:ident, $query:ident, $page:ident, $list:path) => {{
        let (context, mut query, page) = ($self.context.clone(), $query.clone(), $page.clone());
        let read = move |options| async move {
            query.options = options;
            let (cx, query) = (&context.list(&query), &query);
            let list = |page| async move { $list(cx, query, &page).await };
            cx.run(largest(cx, query, &page, WITH_CALLS_EACH, list)).await
        };
        $self.context.client.http().laborious(&$query.options, read).await
    }};
}

#[async_trait]
impl Provider for CrayonProvider {
    fn info(&self) -> &ProviderInfo {
        &self.context.settings.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.context.capabilities
    }

    async fn verify(&self) -> Verification {
        self.context.client.http().scrubbed(verify::verify(&self.context).await)
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        if query.with_contacts {
            return laborious!(self, query, page, customers::list);
        }
        let cx = &self.context.list(query);
        let list = |page| async move { customers::list(cx, query, &page).await };
        cx.run(largest(cx, query, page, LARGEST_SIZE, list)).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let cx = self.context.get(EntityKind::Customer, options);
        cx.run(customers::get(&cx, id)).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        if query.with_offers && query.customer.is_some() {
            return laborious!(self, query, page, products::list);
        }
        let cx = &self.context.list(query);
        let list = |page| async move { products::list(cx, query, &page).await };
        cx.run(largest(cx, query, page, LARGEST_SIZE, list)).await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        let cx = self.context.get(EntityKind::Product, options);
        cx.run(products::get(&cx, id)).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        let cx = &self.context.list(query);
        let list = |page| async move { subscriptions::list(cx, query, &page).await };
        cx.run(largest(cx, query, page, LARGEST_SIZE, list)).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        let cx = self.context.get(EntityKind::Subscription, options);
        cx.run(subscriptions::get(&cx, id)).await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        let cx = &self.context.list(query);
        let list = |page| async move { orders::list(cx, query, &page).await };
        cx.run(largest(cx, query, page, LARGEST_SIZE, list)).await
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        let cx = self.context.get(EntityKind::Order, options);
        cx.run(orders::get(&cx, id)).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        let cx = &self.context.list(query);
        let list = |page| async move { invoices::list(cx, query, &page).await };
        cx.run(largest(cx, query, page, LARGEST_SIZE, list)).await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let cx = self.context.list(query);
        cx.run(invoices::lines::list(&cx, query, page)).await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        let cx = self.context.list(query);
        cx.run(usage::list(&cx, query, page)).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        write::plan(&self.context, command, options).await
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        write::execute(&self.context, command, options).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        self.context.client.http().scrubbed(write::baseline::take(&self.context, command).await)
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        self.context.client.http().scrubbed(write::reconcile::judge(&self.context, attempt).await)
    }

    async fn close(&self) -> Result<()> {
        self.context.client.close().await
    }
}
