//! A distributor of one's own, whose pages a test scripts: two records each, in the order of their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use provider_core::model::Entity;
use provider_core::verification::Check;
use provider_core::{
    Capabilities, Customer, CustomerId, CustomerQuery, EntityKind, Error, ErrorKind, ItemError, Operation,
    Order, OrderId, OrderQuery, Page, PageRequest, Provider, ProviderInfo, Query, ReadOptions, Result,
    Subscription, SubscriptionId, SubscriptionQuery, SubscriptionStatus, Verification, async_trait,
};

/// How many records a page has.
const PAGE: usize = 2;

/// What the distributor has, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) subscriptions: BTreeMap<String, Subscription>,
    /// Records that come as item errors.
    pub(crate) unreadable: BTreeSet<String>,
    /// Records that no list shows, and that answer their own call.
    pub(crate) unlisted: BTreeSet<String>,
    /// No list declares a total.
    pub(crate) without_total: bool,
    /// What every call ends with.
    pub(crate) broken: Option<Error>,
    pub(crate) lists: u64,
    pub(crate) gets: u64,
}

/// Clones share the shelf.
#[derive(Debug, Clone)]
pub(crate) struct Wholesaler {
    info: ProviderInfo,
    capabilities: Capabilities,
    shelf: Arc<Mutex<Shelf>>,
}

impl Default for Wholesaler {
    fn default() -> Self {
        let mut builder = Capabilities::builder();
        for kind in [EntityKind::Customer, EntityKind::Subscription, EntityKind::Order] {
            builder = builder.native(Operation::List(kind)).native(Operation::Get(kind)).fields(kind, ["*"]);
        }
        Self {
            info: ProviderInfo::new("wholesale", "wholesale").with_account("acme"),
            capabilities: builder.build(),
            shelf: Arc::default(),
        }
    }
}

impl Wholesaler {
    pub(crate) fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn customer(&self, id: &str, name: &str) {
        self.shelf().customers.insert(id.to_owned(), Customer::new(id, name));
    }

    /// So many customers, `c00` and so on.
    pub(crate) fn customers(&self, count: usize) {
        (0..count).for_each(|n| self.customer(&format!("c{n:02}"), &format!("Customer {n}")));
    }

    pub(crate) fn edit(&self, id: &str, edit: impl FnOnce(&mut Customer)) {
        edit(self.shelf().customers.get_mut(id).unwrap());
    }

    pub(crate) fn seats(&self, id: &str, customer: &str, quantity: i64) {
        let mut seats = Subscription::new(id, customer, quantity);
        seats.status = SubscriptionStatus::Active;
        self.shelf().subscriptions.insert(id.to_owned(), seats);
    }

    pub(crate) fn break_with(&self, kind: ErrorKind, message: &'static str) {
        self.shelf().broken = Some(Error::new(kind, message).for_read());
    }

    pub(crate) fn mend(&self) {
        self.shelf().broken = None;
    }

    fn page<Q: Query>(
        &self,
        query: &Q,
        request: &PageRequest,
        pick: impl Fn(&Shelf) -> Vec<Q::Item>,
    ) -> Result<Page<Q::Item>> {
        query.only(&[])?;
        let from = usize::try_from(request.position(&self.info, query)?.unwrap_or(0)).unwrap();
        let mut shelf = self.shelf();
        shelf.lists += 1;
        if let Some(error) = &shelf.broken {
            return Err(error.clone());
        }
        let mut all = pick(&shelf);
        all.retain(|record| record.identity().is_none_or(|id| !shelf.unlisted.contains(id)));
        let (total, end) = (all.len(), all.len().min(from + PAGE));
        let read = |record: Q::Item| match record.identity() {
            Some(id) if shelf.unreadable.contains(id) => {
                Err(ItemError::new("name", "is no text").with_id(id))
            }
            _ => Ok(record),
        };
        let items: Vec<_> = all.into_iter().skip(from).take(PAGE).map(read).collect();
        let next = (end < total).then_some(end as u64);
        let page: Page<Q::Item> = Page::new(items).with_next_position(&self.info, query, next);
        Ok(if shelf.without_total { page } else { page.with_total(total as u64) })
    }

    fn record<T>(&self, pick: impl Fn(&Shelf) -> Option<T>) -> Result<T> {
        let mut shelf = self.shelf();
        shelf.gets += 1;
        if let Some(error) = &shelf.broken {
            return Err(error.clone());
        }
        pick(&shelf).ok_or_else(|| Error::new(ErrorKind::NotFound, "there is none").for_read())
    }
}

#[async_trait]
impl Provider for Wholesaler {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        let broken = self.shelf().broken.clone();
        let check = match broken {
            Some(error) => Check::failed("token", error),
            None => Check::passed("token", "is valid"),
        };
        Verification::default().check(check)
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.page(query, page, |shelf| shelf.customers.values().cloned().collect())
    }

    async fn get_customer(&self, id: &CustomerId, _: &ReadOptions) -> Result<Customer> {
        self.record(|shelf| shelf.customers.get(id.as_str()).cloned())
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.page(query, page, |shelf| shelf.subscriptions.values().cloned().collect())
    }

    async fn get_subscription(&self, id: &SubscriptionId, _: &ReadOptions) -> Result<Subscription> {
        self.record(|shelf| shelf.subscriptions.get(id.as_str()).cloned())
    }

    async fn list_orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        self.page(query, page, |_| Vec::new())
    }

    async fn get_order(&self, _: &OrderId, _: &ReadOptions) -> Result<Order> {
        self.record(|_| None)
    }
}
