//! The trait that every provider implements.

use std::sync::Arc;

use async_trait::async_trait;

use crate::attempt::{Attempt, Baseline, Reconciliation, WriteOptions};
use crate::capability::{Capabilities, EntityKind, Operation};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::id::{CustomerId, OrderId, ProductId, SubscriptionId};
use crate::info::ProviderInfo;
use crate::journal::Journal;
use crate::model::{Customer, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use crate::page::{Page, PageRequest};
use crate::query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, ProductQuery, ReadOptions, SubscriptionQuery,
    UsageQuery,
};
use crate::receipt::{Plan, Receipt};
use crate::verification::{Check, Verification};

/// What a default answers when there is no inner provider to ask.
fn missing<T>(provider: &(impl Provider + ?Sized), operation: Operation) -> Result<T> {
    let support = provider.capabilities().support(operation);
    let reason = support.reason().unwrap_or("this provider does not implement it");
    Err(Error::unsupported(operation, reason).with_provider(provider.info().kind.clone()))
}

/// A connection to one distributor.
///
/// The page is the primitive: a listing method answers one page, and
/// [`ProviderExt`](crate::ProviderExt) makes streams of it. Writes are data: one method executes every
/// [`Command`].
///
/// Only [`info`](Self::info) and [`capabilities`](Self::capabilities) have to be written. Every other
/// method has a default: with [`inner`](Self::inner) it forwards, without it, it answers
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) without any I/O. Implement what the
/// distributor has, and declare exactly that in the capabilities.
///
/// What is expected of an implementation:
///
/// - A filter that would be ignored is refused: call [`only`](crate::Query::only) first.
/// - A record that cannot be read becomes an [`ItemError`](crate::ItemError) in its page.
/// - Nothing outlives the deadline in the options.
/// - A write is sent at most once per call; when its answer is lost, the error's delivery is
///   [`Unknown`](crate::Delivery::Unknown).
/// - No secret in any error, record, or log.
#[async_trait]
pub trait Provider: std::fmt::Debug + Send + Sync + 'static {
    /// The distributor, the connection and the account.
    fn info(&self) -> &ProviderInfo;

    /// What it can do. Cheap, and the same for the life of the connection.
    fn capabilities(&self) -> &Capabilities;

    /// What this provider wraps, for layers. Every default below then forwards to it.
    fn inner(&self) -> Option<&dyn Provider> {
        None
    }

    /// Checks the connection ("Verify Connectivity"): the token, the account, one cheap read for each
    /// capability, the clock. It does not fail: what went wrong is a check with its reason.
    async fn verify(&self) -> Verification {
        match self.inner() {
            Some(inner) => inner.verify().await,
            None => Verification::default()
                .check(Check::skipped("connectivity", "this provider has nothing to verify")),
        }
    }

    /// One page of customers.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        match self.inner() {
            Some(inner) => inner.list_customers(query, page).await,
            None => missing(self, Operation::List(EntityKind::Customer)),
        }
    }

    /// One customer, with everything that the listing tells and possibly more.
    ///
    /// # Errors
    /// `NotFound`, `Unsupported` by default, and whatever the distributor answers.
    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        match self.inner() {
            Some(inner) => inner.get_customer(id, options).await,
            None => missing(self, Operation::Get(EntityKind::Customer)),
        }
    }

    /// One page of products; with prices when the query asks for offers.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        match self.inner() {
            Some(inner) => inner.list_products(query, page).await,
            None => missing(self, Operation::List(EntityKind::Product)),
        }
    }

    /// One product, with everything that the listing tells and possibly more.
    ///
    /// # Errors
    /// `NotFound`, `Unsupported` by default, and whatever the distributor answers.
    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        match self.inner() {
            Some(inner) => inner.get_product(id, options).await,
            None => missing(self, Operation::Get(EntityKind::Product)),
        }
    }

    /// One page of subscriptions, ended ones included.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        match self.inner() {
            Some(inner) => inner.list_subscriptions(query, page).await,
            None => missing(self, Operation::List(EntityKind::Subscription)),
        }
    }

    /// One subscription, with everything that the listing tells and possibly more.
    ///
    /// # Errors
    /// `NotFound`, `Unsupported` by default, and whatever the distributor answers.
    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        match self.inner() {
            Some(inner) => inner.get_subscription(id, options).await,
            None => missing(self, Operation::Get(EntityKind::Subscription)),
        }
    }

    /// One page of orders.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        match self.inner() {
            Some(inner) => inner.list_orders(query, page).await,
            None => missing(self, Operation::List(EntityKind::Order)),
        }
    }

    /// One order, with everything that the listing tells and possibly more.
    ///
    /// # Errors
    /// `NotFound`, `Unsupported` by default, and whatever the distributor answers.
    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        match self.inner() {
            Some(inner) => inner.get_order(id, options).await,
            None => missing(self, Operation::Get(EntityKind::Order)),
        }
    }

    /// One page of invoices, statements and drafts, told apart by kind.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        match self.inner() {
            Some(inner) => inner.list_invoices(query, page).await,
            None => missing(self, Operation::List(EntityKind::Invoice)),
        }
    }

    /// One page of invoice lines.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        match self.inner() {
            Some(inner) => inner.list_invoice_lines(query, page).await,
            None => missing(self, Operation::List(EntityKind::InvoiceLine)),
        }
    }

    /// One page of usage records.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that is not honoured, `InvalidCursor` for a foreign cursor,
    /// `Unsupported` by default, and whatever the distributor answers.
    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        match self.inner() {
            Some(inner) => inner.list_usage(query, page).await,
            None => missing(self, Operation::List(EntityKind::Usage)),
        }
    }

    /// Dry run: what a command would do, without doing it. A method of its own and no flag, because a layer that
    /// loses a flag would place the order.
    ///
    /// # Errors
    /// What would make the command fail, as far as it can be told; `Unsupported` by default.
    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        match self.inner() {
            Some(inner) => inner.plan(command, options).await,
            None => missing(self, Operation::Plan(command.kind())),
        }
    }

    /// Carries out a command: sends it at most once.
    ///
    /// # Errors
    /// [`Error::delivery`] says whether the distributor may have acted. `Unsupported` by default.
    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        match self.inner() {
            Some(inner) => inner.execute(command, options).await,
            None => missing(self, Operation::Execute(command.kind())),
        }
    }

    /// What to remember before the command is sent, so that a lost answer can be judged. `None` where
    /// nothing needs to be: the distributor keeps the caller's reference, or nothing can be judged.
    ///
    /// # Errors
    /// Any failure to read the present state; the command must then not be sent.
    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        match self.inner() {
            Some(inner) => inner.baseline(command).await,
            None => Ok(None),
        }
    }

    /// Finds out whether an attempt took effect whose answer was lost. It answers
    /// [`Reconciliation::NotApplied`] only with proof from the distributor, and after the time in which the
    /// effect could still appear.
    ///
    /// # Errors
    /// Any failure to find out; the attempt stays open.
    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        match self.inner() {
            Some(inner) => inner.reconcile(attempt).await,
            None => {
                Ok(Reconciliation::undetermined("this provider cannot find out whether a command happened"))
            }
        }
    }

    /// Whether every request of a write passes [`WriteOptions::sending`] directly before it is sent. A
    /// journal then stores the attempt as sent at that moment, and a crash before it leaves nothing in doubt.
    /// provider-http does it for whoever hands the options on.
    ///
    /// This default does not forward to [`inner`](Self::inner): a layer answers `true` only where it hands the
    /// options on unchanged and the provider within answers `true`. Where it is `false`, a journal stores the
    /// attempt as sent before [`execute`](Self::execute) is called.
    fn announces_sending(&self) -> bool {
        false
    }

    /// The journal that stands behind the writes of this provider, if one does.
    fn journal(&self) -> Option<Arc<dyn Journal>> {
        self.inner().and_then(Provider::journal)
    }

    /// Waits for what must not be cut off, such as a token that is being saved.
    ///
    /// # Errors
    /// When something could not be brought to an end.
    async fn close(&self) -> Result<()> {
        match self.inner() {
            Some(inner) => inner.close().await,
            None => Ok(()),
        }
    }
}

/// Forwards everything, so that a shared handle is a provider too.
#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<P: Provider + ?Sized> Provider for Arc<P> {
    fn info(&self) -> &ProviderInfo {
        (**self).info()
    }

    fn capabilities(&self) -> &Capabilities {
        (**self).capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        (**self).inner()
    }

    async fn verify(&self) -> Verification {
        (**self).verify().await
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        (**self).list_customers(query, page).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        (**self).get_customer(id, options).await
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        (**self).list_products(query, page).await
    }

    async fn get_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        (**self).get_product(id, options).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        (**self).list_subscriptions(query, page).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        (**self).get_subscription(id, options).await
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        (**self).list_orders(query, page).await
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        (**self).get_order(id, options).await
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        (**self).list_invoices(query, page).await
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        (**self).list_invoice_lines(query, page).await
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        (**self).list_usage(query, page).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        (**self).plan(command, options).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        (**self).execute(command, options).await
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        (**self).baseline(command).await
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        (**self).reconcile(attempt).await
    }

    fn announces_sending(&self) -> bool {
        (**self).announces_sending()
    }

    fn journal(&self) -> Option<Arc<dyn Journal>> {
        (**self).journal()
    }

    async fn close(&self) -> Result<()> {
        (**self).close().await
    }
}
