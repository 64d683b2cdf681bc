//! A distributor that can be made to lie, forget, forbid and fail.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use provider_core::model::Entity;
use provider_core::verification::Check;
use provider_core::{
    Capabilities, Cursor, Customer, CustomerId, CustomerQuery, EntityKind, Error, ErrorKind, Invoice,
    InvoiceLine, InvoiceLineQuery, InvoiceQuery, ItemError, Operation, Page, PageRequest, Product, ProductId,
    ProductQuery, Provider, ProviderInfo, Query, ReadOptions, Result, Subscription, SubscriptionId,
    SubscriptionQuery, UsageQuery, UsageRecord, Verification, async_trait,
};

use super::crash::Fuse;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lie {
    #[default]
    None,
    /// No total is declared.
    NoTotal,
    /// One record is left out, and the total agrees with what is there.
    Hides,
    /// Less comes than is declared.
    Short,
    /// Nothing comes, and nothing is declared.
    Empty,
    /// The list is forbidden.
    Forbidden,
    /// A record moves to a page that was read already.
    Shifts,
    /// The list ends with an error after its first page.
    Breaks,
    /// The list begins again where it should end, and always promises more.
    Endless,
}

#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) customers: BTreeMap<String, Customer>,
    /// What a customer's own call tells, where that is not what is listed.
    pub(crate) details: BTreeMap<String, Customer>,
    pub(crate) subscriptions: BTreeMap<String, Subscription>,
    pub(crate) products: BTreeMap<String, Product>,
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) lines: Vec<InvoiceLine>,
    pub(crate) usage: Vec<UsageRecord>,
    pub(crate) lie: Lie,
    /// Records that cannot be read, by their ids.
    pub(crate) bad: Vec<String>,
    /// The place in each list whose record cannot be read, and does not tell its id.
    pub(crate) illegible: Option<usize>,
    /// Records whose own call, or the list of whose lines, is forbidden.
    pub(crate) forbidden: Vec<String>,
    /// Lists that are found to be forbidden when it is asked whether it works, by their names.
    pub(crate) unlisted: Vec<&'static str>,
    /// How the next page that is not a first one is refused, once: what it was asked by is no place any more.
    pub(crate) expired: Option<ErrorKind>,
    /// What every call ends with.
    pub(crate) broken: Option<Error>,
    pub(crate) lists: u64,
    pub(crate) gets: u64,
    pub(crate) verifications: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Distributor {
    info: ProviderInfo,
    capabilities: Capabilities,
    records: Arc<Mutex<Records>>,
    fuse: Fuse,
    pub(crate) page: usize,
}

impl Distributor {
    pub(crate) fn new() -> Self {
        let mut builder = Capabilities::builder();
        for kind in EntityKind::ALL {
            builder = builder.native(Operation::List(kind)).fields(kind, ["*"]);
        }
        for kind in [EntityKind::Customer, EntityKind::Product, EntityKind::Subscription] {
            builder = builder.native(Operation::Get(kind));
        }
        Self {
            info: ProviderInfo::new("shop", "shop").with_account("one"),
            capabilities: builder.build(),
            records: Arc::default(),
            fuse: Fuse::default(),
            page: 2,
        }
    }

    pub(crate) fn dying(&self, fuse: &Fuse) -> Self {
        Self { fuse: fuse.clone(), ..self.clone() }
    }

    pub(crate) fn account(mut self, account: &str) -> Self {
        self.info = self.info.with_account(account);
        self
    }

    pub(crate) fn without_control(mut self) -> Self {
        let mut emulated = self.capabilities.to_builder();
        for kind in [EntityKind::Customer, EntityKind::Product] {
            emulated = emulated.emulated(Operation::Get(kind), "looks into the list");
        }
        self.capabilities = emulated.build();
        self
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn customer(&self, id: &str, name: &str) {
        self.records().customers.insert(id.to_owned(), Customer::new(id, name));
    }

    pub(crate) fn customers(&self, count: usize) {
        (0..count).for_each(|n| self.customer(&format!("c{n:02}"), &format!("Customer {n}")));
    }

    pub(crate) fn subscription(&self, id: &str, customer: &str, quantity: i64) {
        self.records().subscriptions.insert(id.to_owned(), Subscription::new(id, customer, quantity));
    }

    fn slice<T: Entity, Q: Query<Item = T>>(
        &self,
        query: &Q,
        request: &PageRequest,
        mut all: Vec<T>,
    ) -> Result<Page<T>> {
        let (lie, bad, illegible) = {
            let mut records = self.records();
            records.lists += 1;
            if let Some(error) = &records.broken {
                return Err(error.clone());
            }
            (records.lie, records.bad.clone(), records.illegible)
        };
        let at = usize::try_from(request.position(&self.info, query)?.unwrap_or(0)).unwrap();
        if at > 0
            && let Some(kind) = self.records().expired.take()
        {
            return Err(Error::new(kind, "there is no such page").for_read());
        }
        match lie {
            Lie::Forbidden => return Err(Error::new(ErrorKind::PermissionDenied, "not yours").for_read()),
            Lie::Breaks if at > 0 => return Err(Error::new(ErrorKind::Unavailable, "down").for_read()),
            Lie::Empty => all.clear(),
            Lie::Hides => drop(all.pop()),
            // What was on the next page is on the one before by now.
            Lie::Shifts if at > 0 && all.len() > at => drop(all.remove(at)),
            _ => {}
        }
        let around = if lie == Lie::Endless { at % all.len().max(1) } else { at };
        let total = all.len() as u64
            + u64::from(matches!(lie, Lie::Short | Lie::Shifts) && (lie == Lie::Short || at > 0));
        let items: Vec<_> = all
            .into_iter()
            .enumerate()
            .skip(around)
            .take(self.page)
            .map(|(place, record)| match record.identity() {
                _ if illegible == Some(place) => Err(ItemError::new("quantity", "is no number")),
                Some(id) if bad.iter().any(|bad| bad == id) => {
                    Err(ItemError::new("name", "is no text").with_id(id))
                }
                _ => Ok(record),
            })
            .collect();
        let next = at + items.len();
        let more = lie == Lie::Endless
            || ((next as u64) < total
                && !items.is_empty()
                && !(lie == Lie::Short && next as u64 + 1 >= total));
        let mut page = Page::new(items);
        page.total = (!matches!(lie, Lie::NoTotal | Lie::Endless)).then_some(total);
        page.next = more.then(|| Cursor::tagged(&self.info, query, next.to_string()));
        Ok(page)
    }

    fn get<T: Clone>(&self, id: &str, find: impl Fn(&Records) -> Option<T>) -> Result<T> {
        let mut records = self.records();
        records.gets += 1;
        if let Some(error) = &records.broken {
            return Err(error.clone());
        }
        if records.forbidden.iter().any(|known| known == id) {
            return Err(Error::new(ErrorKind::PermissionDenied, "not yours").for_read());
        }
        find(&records).ok_or_else(|| Error::new(ErrorKind::NotFound, "there is none").for_read())
    }
}

#[async_trait]
impl Provider for Distributor {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        let mut records = self.records();
        records.verifications += 1;
        let broken = self.fuse.provider().err().or_else(|| records.broken.clone());
        let token = match broken {
            Some(error) => Check::failed("token", error),
            None => Check::passed("token", "is valid"),
        };
        let forbidden = || Error::new(ErrorKind::PermissionDenied, "not yours").for_read();
        let unlisted = records.unlisted.iter().map(|name| Check::failed(*name, forbidden()));
        unlisted.fold(Verification::default().check(token), Verification::check)
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.fuse.provider()?;
        let all = self.records().customers.values().cloned().collect();
        self.slice(query, page, all)
    }

    async fn get_customer(&self, id: &CustomerId, _: &ReadOptions) -> Result<Customer> {
        self.fuse.provider()?;
        self.get(id.as_str(), |records| {
            records.details.get(id.as_str()).or_else(|| records.customers.get(id.as_str())).cloned()
        })
    }

    async fn list_products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        self.fuse.provider()?;
        let all = self.records().products.values().cloned().collect();
        self.slice(query, page, all)
    }

    async fn get_product(&self, id: &ProductId, _: &ReadOptions) -> Result<Product> {
        self.fuse.provider()?;
        self.get(id.as_str(), |records| records.products.get(id.as_str()).cloned())
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.fuse.provider()?;
        let all = self.records().subscriptions.values().cloned().collect();
        self.slice(query, page, all)
    }

    async fn get_subscription(&self, id: &SubscriptionId, _: &ReadOptions) -> Result<Subscription> {
        self.fuse.provider()?;
        self.get(id.as_str(), |records| records.subscriptions.get(id.as_str()).cloned())
    }

    async fn list_invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        self.fuse.provider()?;
        query.only(&["kind"])?;
        let all = self.records().invoices.clone();
        self.slice(query, page, all)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        self.fuse.provider()?;
        let forbidden = self.records().forbidden.clone();
        if query.invoice.as_ref().is_some_and(|id| forbidden.iter().any(|known| known == id.as_str())) {
            return Err(Error::new(ErrorKind::PermissionDenied, "not yours").for_read());
        }
        let of = |line: &&InvoiceLine| query.invoice.as_ref().is_none_or(|wanted| *wanted == line.invoice);
        let all = self.records().lines.iter().filter(of).cloned().collect();
        self.slice(query, page, all)
    }

    async fn list_usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        self.fuse.provider()?;
        let within = |record: &&UsageRecord| match (&query.period, &record.period) {
            (Some(wanted), Some(own)) => wanted.contains(own.start),
            _ => true,
        };
        let all = self.records().usage.iter().filter(within).cloned().collect();
        self.slice(query, page, all)
    }
}
