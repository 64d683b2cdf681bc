//! What the engine needs to know of each kind of record.

use std::sync::Arc;

use provider_core::model::Entity;
use provider_core::query::Priority;
use provider_core::{
    Customer, CustomerQuery, Error, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, Listing, Operation,
    Order, OrderQuery, Product, ProductQuery, Provider, ProviderExt, Query, ReadOptions, Subscription,
    SubscriptionQuery, UsageQuery, UsageRecord, async_trait,
};

/// A record that can be kept in step.
#[async_trait]
pub(super) trait Record: Entity + Sized {
    /// What it is listed by.
    type Query: Query<Item = Self>;

    /// What it belongs to at the distributor: where all of that is missing, a right may have been withdrawn.
    fn group(&self) -> Option<&str> {
        None
    }

    /// The distributor's word for its state.
    fn status(&self) -> Option<&str> {
        None
    }

    /// What people call it, where it is made under that.
    fn title(&self) -> Option<&str> {
        None
    }

    /// Whether everything the distributor knows is in it.
    fn full(&self) -> bool {
        true
    }

    /// The listing.
    fn list(provider: &Arc<dyn Provider>, query: Self::Query) -> Listing<Self>;

    /// The record's own call.
    async fn fetch(provider: &dyn Provider, _id: &str) -> provider_core::Result<Self> {
        let reason = "these records have no call of their own";
        let error = Error::unsupported(Operation::Get(Self::KIND), reason);
        Err(error.with_provider(provider.info().kind.clone()))
    }
}

fn options() -> ReadOptions {
    ReadOptions::default().priority(Priority::Bulk)
}

macro_rules! full {
    () => {
        fn full(&self) -> bool {
            self.detail == provider_core::model::Detail::Full
        }
    };
}

#[async_trait]
impl Record for Customer {
    type Query = CustomerQuery;
    full!();

    fn title(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn group(&self) -> Option<&str> {
        self.organization.as_ref().map(provider_core::model::OrganizationId::as_str)
    }

    fn status(&self) -> Option<&str> {
        self.status.as_ref().map(provider_core::model::CustomerStatus::as_str)
    }

    fn list(provider: &Arc<dyn Provider>, query: CustomerQuery) -> Listing<Self> {
        provider.customers(query)
    }

    async fn fetch(provider: &dyn Provider, id: &str) -> provider_core::Result<Self> {
        provider.get_customer(&id.into(), &options()).await
    }
}

#[async_trait]
impl Record for Product {
    type Query = ProductQuery;
    full!();

    fn group(&self) -> Option<&str> {
        self.organization.as_ref().map(provider_core::model::OrganizationId::as_str)
    }

    fn list(provider: &Arc<dyn Provider>, query: ProductQuery) -> Listing<Self> {
        provider.products(query)
    }

    async fn fetch(provider: &dyn Provider, id: &str) -> provider_core::Result<Self> {
        provider.get_product(&id.into(), &options()).await
    }
}

#[async_trait]
impl Record for Subscription {
    type Query = SubscriptionQuery;
    full!();

    fn group(&self) -> Option<&str> {
        Some(self.customer.as_str())
    }

    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }

    fn list(provider: &Arc<dyn Provider>, query: SubscriptionQuery) -> Listing<Self> {
        provider.subscriptions(query)
    }

    async fn fetch(provider: &dyn Provider, id: &str) -> provider_core::Result<Self> {
        provider.get_subscription(&id.into(), &options()).await
    }
}

#[async_trait]
impl Record for Order {
    type Query = OrderQuery;
    full!();

    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }

    fn list(provider: &Arc<dyn Provider>, query: OrderQuery) -> Listing<Self> {
        provider.orders(query)
    }

    async fn fetch(provider: &dyn Provider, id: &str) -> provider_core::Result<Self> {
        provider.get_order(&id.into(), &options()).await
    }
}

impl Record for Invoice {
    type Query = InvoiceQuery;
    full!();

    fn list(provider: &Arc<dyn Provider>, query: InvoiceQuery) -> Listing<Self> {
        provider.invoices(query)
    }
}

impl Record for InvoiceLine {
    type Query = InvoiceLineQuery;

    fn list(provider: &Arc<dyn Provider>, query: InvoiceLineQuery) -> Listing<Self> {
        provider.invoice_lines(query)
    }
}

impl Record for UsageRecord {
    type Query = UsageQuery;

    fn list(provider: &Arc<dyn Provider>, query: UsageQuery) -> Listing<Self> {
        provider.usage(query)
    }
}
