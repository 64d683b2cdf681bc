//! What every read and write of the provider uses: the client, and what the connection is set to.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::{
    Capabilities, Country, Currency, CustomerId, EntityKind, Error, Operation, Product, ProviderInfo,
    ReadOptions, Result, WriteOptions,
};
use provider_http::{OperationContext, Quoting, TtlCache};

use crate::api::{Listed, ProductFilter, TokenPage};
use crate::client::{StreamOneClient, no_api_key};
use crate::map::usage::Joined;

/// What every operation works with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) client: StreamOneClient,
    pub(super) capabilities: Capabilities,
    kept: Arc<TtlCache<Option<CustomerId>, JoinedById>>,
    pub(super) ahead: Arc<Ahead>,
}

/// Subscriptions by the provider's id, in lower case: what reports call them.
pub(super) type JoinedById = HashMap<String, Joined>;

/// What was listed is good for so long: as long as a listing needs that reads report after report.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(5);

/// A page that was read ahead is the page of that moment; a caller who comes later than this reads it again.
const AHEAD_FOR: TimeDelta = TimeDelta::seconds(60);

/// The page behind one whose products are read at a customer's prices. Only the page before names it, so that no
/// listing can ask for it earlier: it is read beside those prices, and taken by the call that asks for it.
#[derive(Default)]
pub(super) struct Ahead(Mutex<Option<ReadAhead>>);

pub(super) struct ReadAhead {
    pub(super) filter: ProductFilter,
    pub(super) page: TokenPage,
    pub(super) raw: bool,
    pub(super) at: DateTime<Utc>,
    pub(super) reading: Reading,
}

/// A call that may still be under way.
pub(super) type Reading = Pin<Box<dyn Future<Output = Result<Listed<Product>>> + Send>>;

impl Ahead {
    pub(super) fn put(&self, read: ReadAhead) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
    }

    pub(super) fn take(
        &self,
        filter: &ProductFilter,
        page: &TokenPage,
        raw: bool,
        now: DateTime<Utc>,
    ) -> Option<Reading> {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |read: &mut ReadAhead| {
            let fresh = (TimeDelta::zero()..AHEAD_FOR).contains(&(now - read.at));
            fresh && read.filter == *filter && read.page == *page && read.raw == raw
        };
        read.take_if(fits).map(|read| read.reading)
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}

impl Context {
    pub(super) fn new(client: StreamOneClient, capabilities: Capabilities) -> Self {
        Self { client, capabilities, kept: Arc::new(TtlCache::new(GOOD_FOR)), ahead: Arc::default() }
    }

    /// The subscriptions of a customer, or of all.
    pub(super) async fn listed(
        &self,
        op: &OperationContext,
        customer: Option<&CustomerId>,
    ) -> Result<Arc<JoinedById>> {
        let read = super::subscriptions::by_resource(self, op, customer);
        self.kept.get(&customer.cloned(), self.now(), read).await
    }

    pub(super) fn info(&self) -> &ProviderInfo {
        self.client.info()
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.client.clock().now()
    }

    /// The country of customers that are created without one.
    pub(super) fn country(&self) -> Option<Country> {
        self.client.country()
    }

    /// The currency of prices that name none.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.client.currency()
    }

    /// Refuses a list of the older interface where there is no key for it.
    pub(super) fn needs_api_key(&self, kind: EntityKind) -> Result<()> {
        if self.client.has_api_key() {
            return Ok(());
        }
        Err(Error::unsupported(Operation::List(kind), no_api_key()).with_provider(crate::KIND))
    }

    /// A read that begins now.
    pub(super) fn read(&self, operation: Operation, options: &ReadOptions) -> OperationContext {
        OperationContext::read(operation, options, self.client.http().options().operation_timeout)
    }

    /// A write that begins now, or its plan.
    pub(super) fn write(&self, operation: Operation, options: &WriteOptions) -> OperationContext {
        OperationContext::write(operation, options, self.client.http().options().operation_timeout)
    }
}

/// Does the work of an operation. It may take several calls, each of an operation of its own: errors are
/// named after what the caller asked for, and no secret leaves in what it quotes. Boxed, because the calls of one
/// operation together are too large to lie within the caller's future.
pub(super) fn run<'a, T: Quoting + Send + 'a>(
    cx: &'a Context,
    op: &'a OperationContext,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>> {
    let work = Box::pin(work);
    Box::pin(async move {
        let done = op.run(work).await;
        cx.client.http().scrubbed(done).map_err(|error| error.with_provider(crate::KIND))
    })
}
