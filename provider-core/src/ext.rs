//! What every provider can do beyond the trait: streams, typed writes, waiting, layers.

mod listing;
mod wait;

use std::borrow::Borrow;
use std::sync::Arc;
use std::time::Duration;

use crate::attempt::{Attempt, WriteOptions};
use crate::clock::{Clock, SystemClock};
use crate::command::{
    AttachCustomer, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CreateCustomer,
    PlaceOrder, RecordConsent, ResumeSubscription, SuspendSubscription, UpdateCustomer,
};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{CustomerId, OrderId, ProductId, SubscriptionId};
use crate::idempotency::IdempotencyKey;
use crate::journal::{Journal, Settlement};
use crate::layer::{Journaled, ReadOnly};
use crate::model::{Customer, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use crate::page::Listing;
use crate::provider::Provider;
use crate::query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, Priority, ProductQuery, ReadOptions,
    SubscriptionQuery, UsageQuery,
};
use crate::receipt::{Plan, Receipt};

use self::listing::listing;

/// Streams, typed writes and layers over any shared provider.
///
/// Options of writes are taken by value or by reference.
///
/// Implemented for every `Arc<P>` where `P` is a [`Provider`], `Arc<dyn Provider>` included. What it
/// returns owns its handle, so it can be spawned.
pub trait ProviderExt: Sized {
    /// Every customer of a query.
    fn customers(&self, query: CustomerQuery) -> Listing<Customer>;

    /// Every product of a query.
    fn products(&self, query: ProductQuery) -> Listing<Product>;

    /// Every subscription of a query.
    fn subscriptions(&self, query: SubscriptionQuery) -> Listing<Subscription>;

    /// Every order of a query.
    fn orders(&self, query: OrderQuery) -> Listing<Order>;

    /// Every invoice of a query.
    fn invoices(&self, query: InvoiceQuery) -> Listing<Invoice>;

    /// Every invoice line of a query.
    fn invoice_lines(&self, query: InvoiceLineQuery) -> Listing<InvoiceLine>;

    /// Every usage record of a query.
    fn usage(&self, query: UsageQuery) -> Listing<UsageRecord>;

    /// One customer, with the usual [`ReadOptions`]; [`Provider::get_customer`] takes others.
    ///
    /// # Errors
    /// `NotFound` when there is none with this id; see [`Provider::get_customer`].
    fn customer(&self, id: impl Into<CustomerId> + Send) -> impl Future<Output = Result<Customer>> + Send;

    /// One product, with the usual [`ReadOptions`]; [`Provider::get_product`] takes others.
    ///
    /// # Errors
    /// `NotFound` when there is none with this id; see [`Provider::get_product`].
    fn product(&self, id: impl Into<ProductId> + Send) -> impl Future<Output = Result<Product>> + Send;

    /// One subscription, with the usual [`ReadOptions`]; [`Provider::get_subscription`] takes others.
    ///
    /// # Errors
    /// `NotFound` when there is none with this id; see [`Provider::get_subscription`].
    fn subscription(
        &self,
        id: impl Into<SubscriptionId> + Send,
    ) -> impl Future<Output = Result<Subscription>> + Send;

    /// One order, with the usual [`ReadOptions`]; [`Provider::get_order`] takes others.
    ///
    /// # Errors
    /// `NotFound` when there is none with this id; see [`Provider::get_order`].
    fn order(&self, id: impl Into<OrderId> + Send) -> impl Future<Output = Result<Order>> + Send;

    /// Dry run: what a command would do, without doing it. [`Provider::plan`] for a command of any kind.
    ///
    /// # Errors
    /// See [`Provider::plan`].
    fn plan_command(
        &self,
        command: impl Into<Command> + Send,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Plan>> + Send;

    /// Creates a customer.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn create_customer(
        &self,
        command: CreateCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Changes a customer.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn update_customer(
        &self,
        command: UpdateCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Takes over a customer that exists at the vendor.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn attach_customer(
        &self,
        command: AttachCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Records that a customer accepted the vendor's agreement.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn record_consent(
        &self,
        command: RecordConsent,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Places an order.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn place_order(
        &self,
        command: PlaceOrder,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Cancels an order before it is carried out.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn cancel_order(
        &self,
        command: CancelOrder,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Changes how many units a subscription has.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn change_quantity(
        &self,
        command: ChangeQuantity,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Changes what happens at the end of the term.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn change_renewal(
        &self,
        command: ChangeRenewal,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Suspends a subscription.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn suspend(
        &self,
        command: SuspendSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Resumes a suspended subscription.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn resume(
        &self,
        command: ResumeSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Cancels a subscription.
    ///
    /// # Errors
    /// See [`Provider::execute`].
    fn cancel_subscription(
        &self,
        command: CancelSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Receipt>> + Send;

    /// Takes the baseline of a command and makes the [`Attempt`] to store before it is sent.
    ///
    /// # Errors
    /// See [`Provider::baseline`].
    fn attempt(
        &self,
        command: &Command,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> impl Future<Output = Result<Attempt>> + Send;

    /// Asks for an order again and again, with growing pauses, until its state is final.
    ///
    /// `deadline` counts from now. Errors that a later call may not meet are waited out.
    /// [`wait_for_order_with`](Self::wait_for_order_with) takes the clock of a host.
    ///
    /// # Errors
    /// `Timeout` when the state is not final by the deadline; the last state is in the message.
    fn wait_for_order(
        &self,
        id: impl Into<OrderId> + Send,
        deadline: Duration,
    ) -> impl Future<Output = Result<Order>> + Send;

    /// As [`wait_for_order`](Self::wait_for_order), on this clock.
    ///
    /// # Errors
    /// As [`wait_for_order`](Self::wait_for_order).
    fn wait_for_order_with(
        &self,
        id: impl Into<OrderId> + Send,
        deadline: Duration,
        clock: &dyn Clock,
    ) -> impl Future<Output = Result<Order>> + Send;

    /// Settles an open attempt in the provider's own journal by a person's word, unless the distributor shows
    /// the contrary: see [`journal::settle`](crate::journal::settle()).
    ///
    /// # Errors
    /// `Refused` when no journal stands behind the provider; otherwise as there.
    fn settle(
        &self,
        key: &IdempotencyKey,
        settlement: Settlement,
        who: &str,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The same provider, read-only: every command is refused before anything is sent ([`ReadOnly`](crate::layer::ReadOnly)).
    fn read_only(&self) -> Arc<dyn Provider>;

    /// The same provider with a journal, so that no command is carried out twice ([`Journaled`](crate::layer::Journaled)).
    fn journaled(&self, journal: impl Journal) -> Arc<dyn Provider>;
}

impl<P: Provider + ?Sized> ProviderExt for Arc<P> {
    fn customers(&self, query: CustomerQuery) -> Listing<Customer> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_customers(&q, &page).await },
        )
    }

    fn products(&self, query: ProductQuery) -> Listing<Product> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_products(&q, &page).await },
        )
    }

    fn subscriptions(&self, query: SubscriptionQuery) -> Listing<Subscription> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_subscriptions(&q, &page).await },
        )
    }

    fn orders(&self, query: OrderQuery) -> Listing<Order> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_orders(&q, &page).await },
        )
    }

    fn invoices(&self, query: InvoiceQuery) -> Listing<Invoice> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_invoices(&q, &page).await },
        )
    }

    fn invoice_lines(&self, query: InvoiceLineQuery) -> Listing<InvoiceLine> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_invoice_lines(&q, &page).await },
        )
    }

    fn usage(&self, query: UsageQuery) -> Listing<UsageRecord> {
        listing(
            self,
            query,
            |q| q.priority(Priority::Bulk),
            |p, q, page| async move { p.list_usage(&q, &page).await },
        )
    }

    async fn customer(&self, id: impl Into<CustomerId> + Send) -> Result<Customer> {
        let id = id.into();
        self.get_customer(&id, &ReadOptions::default()).await
    }

    async fn product(&self, id: impl Into<ProductId> + Send) -> Result<Product> {
        let id = id.into();
        self.get_product(&id, &ReadOptions::default()).await
    }

    async fn subscription(&self, id: impl Into<SubscriptionId> + Send) -> Result<Subscription> {
        let id = id.into();
        self.get_subscription(&id, &ReadOptions::default()).await
    }

    async fn order(&self, id: impl Into<OrderId> + Send) -> Result<Order> {
        let id = id.into();
        self.get_order(&id, &ReadOptions::default()).await
    }

    async fn plan_command(
        &self,
        command: impl Into<Command> + Send,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Plan> {
        let command = command.into();
        self.plan(&command, options.borrow()).await
    }

    async fn create_customer(
        &self,
        command: CreateCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn update_customer(
        &self,
        command: UpdateCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn attach_customer(
        &self,
        command: AttachCustomer,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn record_consent(
        &self,
        command: RecordConsent,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn place_order(
        &self,
        command: PlaceOrder,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn cancel_order(
        &self,
        command: CancelOrder,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn change_quantity(
        &self,
        command: ChangeQuantity,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn change_renewal(
        &self,
        command: ChangeRenewal,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn suspend(
        &self,
        command: SuspendSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn resume(
        &self,
        command: ResumeSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn cancel_subscription(
        &self,
        command: CancelSubscription,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Receipt> {
        self.execute(&command.into(), options.borrow()).await
    }

    async fn attempt(
        &self,
        command: &Command,
        options: impl Borrow<WriteOptions> + Send + Sync,
    ) -> Result<Attempt> {
        let baseline = self.baseline(command).await?;
        let now = SystemClock.now();
        let info = self.info();
        let attempt = Attempt::new(&*info.connection, command.clone(), options.borrow().key.clone(), now);
        Ok(attempt.with_account(info.account_key()).with_baseline(baseline))
    }

    async fn wait_for_order(&self, id: impl Into<OrderId> + Send, deadline: Duration) -> Result<Order> {
        self.wait_for_order_with(id, deadline, &SystemClock).await
    }

    async fn wait_for_order_with(
        &self,
        id: impl Into<OrderId> + Send,
        deadline: Duration,
        clock: &dyn Clock,
    ) -> Result<Order> {
        wait::until_final(self, &id.into(), deadline, clock).await
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        let Some(journal) = self.journal() else {
            let message = "this connection has no journal, so nothing is open in it";
            return Err(Error::new(ErrorKind::Refused, message).with_provider(self.info().kind.clone()));
        };
        crate::journal::settle(self, &*journal, key, settlement, who).await
    }

    fn read_only(&self) -> Arc<dyn Provider> {
        Arc::new(ReadOnly::new(Arc::clone(self)))
    }

    fn journaled(&self, journal: impl Journal) -> Arc<dyn Provider> {
        Arc::new(Journaled::new(Arc::clone(self), Arc::new(journal)))
    }
}
