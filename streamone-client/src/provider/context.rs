//! The ground that reads and writes stand on: the client, and what the connection is set to.

use chrono::{DateTime, Utc};
use provider_core::{
    Capabilities, Country, Currency, EntityKind, Error, Operation, ProviderInfo, ReadOptions, Result,
};
use provider_http::Deadline;

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

    /// Starts the time of one operation.
    pub(super) fn budget(&self, options: &ReadOptions) -> Budget {
        let usual = self.client.http().options().operation_timeout;
        Budget { deadline: Deadline::after(options.deadline.unwrap_or(usual)), options: options.clone() }
    }
}

/// What is left of the time that one operation may take, however many calls it makes.
#[derive(Debug)]
pub(super) struct Budget {
    deadline: Deadline,
    options: ReadOptions,
}

impl Budget {
    /// The options of the next call.
    pub(super) fn left(&self) -> ReadOptions {
        self.options.clone().deadline(self.deadline.remaining())
    }
}
