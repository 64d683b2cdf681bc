//! The ground that reads and writes stand on: the client, and what the connection is set to.

use std::pin::Pin;

use chrono::{DateTime, Utc};
use provider_core::{
    Capabilities, Country, Currency, EntityKind, Error, Operation, ProviderInfo, ReadOptions, Result,
    WriteOptions,
};
use provider_http::OperationContext;

use crate::client::{StreamOneClient, no_api_key};

/// What every operation works with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) client: StreamOneClient,
    pub(super) capabilities: Capabilities,
}

impl Context {
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
/// named after what the caller asked for. Boxed, because the calls of one operation together are too large to
/// lie within the caller's future.
pub(super) fn run<'a, T: Send + 'a>(
    op: &'a OperationContext,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>> {
    let work = Box::pin(work);
    Box::pin(async move { op.run(work).await.map_err(|error| error.with_provider(crate::KIND)) })
}
