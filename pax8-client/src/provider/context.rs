//! What reads and writes work with: the client, and what the settings say.

use std::sync::Arc;

use provider_core::clock::Clock;
use provider_core::model::Entity;
use provider_core::{
    Capabilities, Country, Currency, Error, Operation, ProviderInfo, Query, ReadOptions, WriteOptions,
};
use provider_http::OperationContext;

use crate::client::Pax8Client;
use crate::config::CompanyDefaults;

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
    /// One deadline for all calls of an operation, however many there are.
    pub(super) fn reading(&self, operation: Operation, options: &ReadOptions) -> OperationContext {
        OperationContext::read(operation, options, self.client.http().options().operation_timeout)
    }

    pub(super) fn listing<Q: Query>(&self, query: &Q) -> OperationContext {
        self.reading(Operation::List(<Q::Item as Entity>::KIND), query.options())
    }

    pub(super) fn writing(&self, operation: Operation, options: &WriteOptions) -> OperationContext {
        OperationContext::write(operation, options, self.client.http().options().operation_timeout)
    }

    /// What Pax8 does not have, in the words of the capabilities.
    pub(super) fn unsupported(&self, operation: Operation) -> Error {
        let support = self.capabilities.support(operation);
        let reason = support.reason().unwrap_or("Pax8 has no such operation");
        Error::unsupported(operation, reason).with_provider(crate::KIND)
    }
}
