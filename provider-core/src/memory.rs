//! A provider in memory: the reference implementation of the trait, and a test double.

mod apply;
mod evidence;
mod fault;
mod listing;
mod state;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

pub use evidence::Evidence;
pub use fault::Fault;

use crate::attempt::{Attempt, Baseline, Reconciliation, WriteOptions};
use crate::capability::{Capabilities, EntityKind, Operation};
use crate::clock::{Clock, SystemClock};
use crate::command::Command;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::id::{CustomerId, OrderId, ProductId, SubscriptionId};
use crate::info::ProviderInfo;
use crate::model::{
    Customer, Detail, Entity, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord,
};
use crate::page::{Page, PageRequest};
use crate::provider::Provider;
use crate::query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, ProductQuery, ReadOptions, SubscriptionQuery,
    UsageQuery,
};
use crate::receipt::{Fidelity, Plan, Receipt};
use crate::verification::{Check, Verification};
use fault::Faults;
use listing::{keep_raw, slice};
use state::State;

/// A provider in memory, which does everything natively.
///
/// It behaves as a careful distributor would: it validates, refuses, and remembers which keys it
/// carried out, so that [`reconcile`](Provider::reconcile) has proof. Faults can be injected before and
/// after a command takes effect. Clones share the same records.
#[derive(Debug, Clone)]
pub struct MemoryProvider {
    info: ProviderInfo,
    capabilities: Capabilities,
    state: Arc<Mutex<State>>,
    faults: Arc<Mutex<Faults>>,
    clock: Arc<dyn Clock>,
    evidence: Evidence,
    page_size: u32,
}

impl MemoryProvider {
    /// A provider of kind `memory` with this connection name, without records.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            info: ProviderInfo::new("memory", name).with_client_version(env!("CARGO_PKG_VERSION")),
            capabilities: listing::capabilities(),
            state: Arc::default(),
            faults: Arc::default(),
            clock: Arc::new(SystemClock),
            evidence: Evidence::Reference,
            page_size: 100,
        }
    }

    /// Takes time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets by what it judges whether a command happened.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// Sets how many records a page has at most.
    #[must_use]
    pub fn with_page_size(mut self, records: u32) -> Self {
        self.page_size = records.max(1);
        self
    }

    /// Sets the account scope, which cursors belong to.
    #[must_use]
    pub fn with_account(mut self, account: impl Into<String>) -> Self {
        self.info = self.info.with_account(account);
        self
    }

    /// Adds customers.
    #[must_use]
    pub fn with_customers(self, customers: impl IntoIterator<Item = Customer>) -> Self {
        self.state().customers.extend(customers);
        self
    }

    /// Adds products.
    #[must_use]
    pub fn with_products(self, products: impl IntoIterator<Item = Product>) -> Self {
        self.state().products.extend(products);
        self
    }

    /// Adds subscriptions.
    #[must_use]
    pub fn with_subscriptions(self, subscriptions: impl IntoIterator<Item = Subscription>) -> Self {
        self.state().subscriptions.extend(subscriptions);
        self
    }

    /// Adds orders.
    #[must_use]
    pub fn with_orders(self, orders: impl IntoIterator<Item = Order>) -> Self {
        self.state().orders.extend(orders);
        self
    }

    /// Adds invoices.
    #[must_use]
    pub fn with_invoices(self, invoices: impl IntoIterator<Item = Invoice>) -> Self {
        self.state().invoices.extend(invoices);
        self
    }

    /// Adds invoice lines.
    #[must_use]
    pub fn with_invoice_lines(self, lines: impl IntoIterator<Item = InvoiceLine>) -> Self {
        self.state().invoice_lines.extend(lines);
        self
    }

    /// Adds usage.
    #[must_use]
    pub fn with_usage(self, usage: impl IntoIterator<Item = UsageRecord>) -> Self {
        self.state().usage.extend(usage);
        self
    }

    /// Makes the next call of this operation fail, once. Several faults of one operation are used in the order
    /// in which they were injected.
    pub fn inject(&self, operation: Operation, fault: Fault) {
        self.faults().inject(operation, fault);
    }

    /// How often an operation was called.
    #[must_use]
    pub fn calls(&self, operation: Operation) -> u64 {
        self.faults().calls(operation)
    }

    /// The subscriptions of a customer, as they are now.
    #[must_use]
    pub fn subscriptions_of(&self, customer: &CustomerId) -> Vec<Subscription> {
        self.state().subscriptions.iter().filter(|s| s.customer == *customer).cloned().collect()
    }

    /// How many customers, subscriptions and orders there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let state = self.state();
        (state.customers.len(), state.subscriptions.len(), state.orders.len())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the call and lets an injected fault fail it before anything happens.
    fn enter(&self, operation: Operation) -> Result<Option<Error>> {
        let name = |error: Error| error.with_provider(self.info.kind.clone()).with_operation(operation);
        match self.faults().enter(operation) {
            None => Ok(None),
            Some(Fault::Before(error)) => Err(name(error)),
            Some(Fault::After(error)) => Ok(Some(name(error))),
        }
    }

    fn rejected(&self, operation: Operation, error: Error) -> Error {
        error
            .with_delivery(Delivery::Rejected)
            .with_provider(self.info.kind.clone())
            .with_operation(operation)
    }

    fn find<T: Entity>(&self, records: &[T], id: &str) -> Result<T> {
        let operation = Operation::Get(T::KIND);
        let found = records.iter().find(|record| record.identity() == Some(id));
        found.cloned().ok_or_else(|| {
            self.rejected(operation, Error::new(ErrorKind::NotFound, format!("there is no record `{id}`")))
        })
    }
}

#[async_trait]
impl Provider for MemoryProvider {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        match self.enter(Operation::Verify) {
            Ok(None) => {
                let (customers, ..) = self.counts();
                Verification::default().check(Check::passed("customers", format!("{customers} customers")))
            }
            Ok(Some(error)) | Err(error) => Verification::default().check(Check::failed("customers", error)),
        }
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.enter(Operation::List(EntityKind::Customer))?;
        slice(&self.info, self.page_size, query, page, &self.state().customers)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        self.enter(Operation::Get(EntityKind::Customer))?;
        let record = self.find(&self.state().customers, id.as_str())?;
        keep_raw(Customer { detail: Detail::Full, ..record }, options)
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        self.enter(Operation::List(EntityKind::Product))?;
        slice(&self.info, self.page_size, query, page, &self.state().products)
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        self.enter(Operation::Get(EntityKind::Product))?;
        let record = self.find(&self.state().products, id.as_str())?;
        keep_raw(Product { detail: Detail::Full, ..record }, options)
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.enter(Operation::List(EntityKind::Subscription))?;
        slice(&self.info, self.page_size, query, page, &self.state().subscriptions)
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        self.enter(Operation::Get(EntityKind::Subscription))?;
        let record = self.find(&self.state().subscriptions, id.as_str())?;
        keep_raw(Subscription { detail: Detail::Full, ..record }, options)
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        self.enter(Operation::List(EntityKind::Order))?;
        slice(&self.info, self.page_size, query, page, &self.state().orders)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        self.enter(Operation::Get(EntityKind::Order))?;
        let record = self.find(&self.state().orders, id.as_str())?;
        keep_raw(Order { detail: Detail::Full, ..record }, options)
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        self.enter(Operation::List(EntityKind::Invoice))?;
        slice(&self.info, self.page_size, query, page, &self.state().invoices)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        self.enter(Operation::List(EntityKind::InvoiceLine))?;
        let state = self.state();
        if query.kind.is_none() {
            return slice(&self.info, self.page_size, query, page, &state.invoice_lines);
        }
        let of_kind: Vec<_> =
            state.invoice_lines.iter().filter(|line| state.kind_of(line) == query.kind).cloned().collect();
        slice(&self.info, self.page_size, query, page, &of_kind)
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        self.enter(Operation::List(EntityKind::Usage))?;
        slice(&self.info, self.page_size, query, page, &self.state().usage)
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let operation = Operation::Plan(command.kind());
        self.enter(operation)?;
        let now = self.clock.now();
        let before = self.state().clone();
        let mut after = before.clone();
        after.apply(command, options, now).map_err(|error| self.rejected(operation, error))?;
        let mut plan = Plan::new(Fidelity::Native);
        plan.changes = before.changes_to(&after);
        plan.cost = before.cost_of(command);
        plan.reducible = before.reducible_of(command, now);
        Ok(plan)
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let operation = Operation::Execute(command.kind());
        options
            .sending
            .pass()
            .await
            .map_err(|error| error.with_provider(self.info.kind.clone()).with_operation(operation))?;
        let lost = self.enter(operation)?;
        let now = self.clock.now();
        let receipt = {
            let mut state = self.state();
            // Applied to a copy first: a refused command leaves nothing behind.
            let mut after = state.clone();
            let receipt =
                after.apply(command, options, now).map_err(|error| self.rejected(operation, error))?;
            *state = after;
            receipt
        };
        lost.map_or(Ok(receipt), Err)
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        Ok(self.evidence.baseline(&self.state(), command, self.clock.now()))
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        let operation = Operation::Reconcile(attempt.command.kind());
        self.enter(operation)?;
        attempt.belongs_to(&self.info)?;
        Ok(self.evidence.judge(&self.state(), attempt))
    }
}
