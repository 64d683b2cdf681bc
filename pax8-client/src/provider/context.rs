//! The ground that reads and writes stand on: the client, and what the settings say.

use std::sync::Arc;
use std::time::Duration;

use provider_core::{Capabilities, Clock, Country, Currency, Error, Operation, ProviderInfo, ReadOptions};
use provider_http::{CallOptions, Deadline};

use crate::client::Pax8Client;
use crate::config::CompanyDefaults;

/// What an operation may take unless the caller says otherwise.
const DEFAULT: Duration = Duration::from_secs(120);

/// What every operation of a connection has at hand.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) client: Pax8Client,
    pub(super) info: ProviderInfo,
    pub(super) capabilities: Capabilities,
    pub(super) currency: Option<Currency>,
    pub(super) country: Option<Country>,
    pub(super) defaults: CompanyDefaults,
    pub(super) clock: Arc<dyn Clock>,
}

impl Context {
    /// What Pax8 does not have, in the words of the capabilities.
    pub(super) fn unsupported(&self, operation: Operation) -> Error {
        let support = self.capabilities.support(operation);
        let reason = support.reason().unwrap_or("Pax8 has no such operation");
        Error::unsupported(operation, reason).with_provider(crate::KIND)
    }
}

/// One deadline for all calls of an operation, however many there are.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    deadline: Deadline,
    call: CallOptions,
}

impl Budget {
    pub(super) fn new(options: &ReadOptions) -> Self {
        let deadline = Deadline::after(options.deadline.unwrap_or(DEFAULT));
        Self { deadline, call: CallOptions::from(options) }
    }

    /// For operations that a caller gave no options for.
    pub(super) fn unhurried() -> Self {
        Self::new(&ReadOptions::default())
    }

    /// How the next call is made: with what is left of the time.
    pub(super) fn call(&self) -> CallOptions {
        self.call.clone().deadline(self.deadline.remaining())
    }

    /// As [`call`](Self::call), for records that the caller does not see.
    pub(super) fn quiet_call(&self) -> CallOptions {
        self.call().raw(false)
    }
}
