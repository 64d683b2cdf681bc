//! What an operation works with: the client, which knows its name and its deadline, and what a connection is set
//! to and keeps from one operation to the next.

pub(super) mod directory;
pub(super) mod organizations;
pub(super) mod refusal;

use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt as _};
use provider_core::model::Entity;
use provider_core::receipt::LineReceipt;
use provider_core::{
    Capabilities, Country, Currency, EntityKind, Operation, ProviderInfo, Query, ReadOptions, Result,
    WriteOptions,
};
use provider_http::{ApiClient as _, CallOptions, OperationContext, Quoting, TtlCache};
use tokio::sync::OnceCell;

use crate::client::CrayonClient;
use crate::config::{CrayonConfig, KIND};
use crate::model::Organization;
use directory::{Directory, GOOD_FOR, Issued};

/// What a provider keeps of a configuration: nothing secret.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) info: ProviderInfo,
    /// The organization to work in; all that the user may see where none is set.
    pub(super) organization: Option<i64>,
    /// The country of customers that are created without one.
    pub(super) country: Option<Country>,
    /// The currency of prices that name none.
    pub(super) currency: Option<Currency>,
}

impl Settings {
    /// Those of a connection that nothing is set of.
    pub(super) const fn new(info: ProviderInfo) -> Self {
        Self { info, organization: None, country: None, currency: None }
    }

    /// Those of a configuration.
    pub(super) fn of(config: &CrayonConfig) -> Self {
        Self {
            info: config.info(),
            organization: config.organization_id,
            country: config.country,
            currency: config.currency,
        }
    }
}

/// What is found once and does not change.
struct Found {
    organizations: OnceCell<Arc<[Organization]>>,
    microsoft: OnceCell<i64>,
    directories: TtlCache<i64, Directory>,
    issued: TtlCache<i64, Issued>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            organizations: OnceCell::new(),
            microsoft: OnceCell::new(),
            directories: TtlCache::new(GOOD_FOR),
            issued: TtlCache::new(GOOD_FOR),
        }
    }
}

/// What every read and write works with. Cheap to clone; clones share what was found.
#[derive(Clone)]
pub(super) struct Context {
    /// The client; within an operation with its name, its deadline and its priority.
    pub(super) client: CrayonClient,
    pub(super) settings: Arc<Settings>,
    pub(super) capabilities: Arc<Capabilities>,
    found: Arc<Found>,
}

impl Context {
    pub(super) fn new(client: CrayonClient, settings: Settings, capabilities: Capabilities) -> Self {
        Self {
            client,
            settings: Arc::new(settings),
            capabilities: Arc::new(capabilities),
            found: Arc::default(),
        }
    }

    /// The context of one operation, with the deadline and the priority of its caller.
    pub(super) fn during(&self, operation: Operation, options: &ReadOptions) -> Self {
        let most = self.client.http().options().operation_timeout;
        let operation = OperationContext::read(operation, options, most);
        Self { client: self.client.within(operation), ..self.clone() }
    }

    /// The context of a write: what it sends passes the gate of the options.
    pub(super) fn writing(&self, operation: Operation, options: &WriteOptions) -> Self {
        let most = self.client.http().options().operation_timeout;
        let operation = OperationContext::write(operation, options, most);
        Self { client: self.client.within(operation), ..self.clone() }
    }

    /// The same for one step of a write, where each line is a request of its own.
    pub(super) fn step(&self, step: u32) -> Self {
        match self.client.operation() {
            Some(operation) => Self { client: self.client.within(operation.step(step)), ..self.clone() },
            None => self.clone(),
        }
    }

    /// Remembers what came of the step, so that after a crash only steps without an answer are judged.
    pub(super) async fn answered(&self, line: &LineReceipt) {
        if let Some(operation) = self.client.operation() {
            operation.sending().answered(&self.client.http().scrubbed(line.clone())).await;
        }
    }

    /// The context of a listing.
    pub(super) fn list<Q: Query>(&self, query: &Q) -> Self {
        self.during(Operation::List(<Q::Item as Entity>::KIND), query.options())
    }

    /// The context of reading one record.
    pub(super) fn get(&self, kind: EntityKind, options: &ReadOptions) -> Self {
        self.during(Operation::Get(kind), options)
    }

    /// Does the work of the operation: its errors name it and the provider like all others, and no secret leaves in
    /// what it quotes. Boxed, because the calls of one operation together are too large to lie within the caller's
    /// future.
    pub(super) fn run<'a, T: Quoting + 'a>(
        &'a self,
        work: impl Future<Output = Result<T>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T>> {
        let work = work.boxed();
        let named = async move {
            let done = match self.client.operation() {
                Some(operation) => operation.run(work).await,
                None => work.await,
            };
            self.client.http().scrubbed(done).map_err(|error| error.with_provider(KIND))
        };
        named.boxed()
    }

    /// How the next call is made: with what is left of the operation's time.
    pub(super) fn call(&self) -> CallOptions {
        self.client.call()
    }

    /// Microsoft's id at Cloud-iQ, once it was looked up.
    pub(super) fn microsoft(&self) -> &OnceCell<i64> {
        &self.found.microsoft
    }

    /// The time, by the clock of the connection.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.client.http().clock().now()
    }
}
