//! A read-only provider: commands are refused, reads and plans pass.

use std::borrow::Cow;

use async_trait::async_trait;

use crate::attempt::WriteOptions;
use crate::capability::{Capabilities, CommandKind, Operation};
use crate::command::Command;
use crate::error::{Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::provider::Provider;
use crate::receipt::Receipt;

/// Refuses every command before anything is sent; reads and plans pass.
#[derive(Debug)]
pub struct ReadOnly<P> {
    inner: P,
    capabilities: Capabilities,
    reason: Cow<'static, str>,
}

impl<P: Provider> ReadOnly<P> {
    /// Wraps a provider.
    #[must_use]
    pub fn new(inner: P) -> Self {
        Self::because(inner, "this connection is read-only")
    }

    /// Wraps a provider and says why nothing may be changed.
    #[must_use]
    pub fn because(inner: P, reason: impl Into<Cow<'static, str>>) -> Self {
        let reason = reason.into();
        let mut builder = inner.capabilities().to_builder();
        for kind in CommandKind::ALL {
            builder = builder.unsupported(Operation::Execute(kind), reason.clone());
        }
        Self { inner, capabilities: builder.build(), reason }
    }
}

#[async_trait]
impl<P: Provider> Provider for ReadOnly<P> {
    fn info(&self) -> &ProviderInfo {
        self.inner.info()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.inner)
    }

    async fn execute(&self, command: &Command, _options: &WriteOptions) -> Result<Receipt> {
        Err(Error::new(ErrorKind::Refused, format!("{}; the command was not sent", self.reason))
            .with_provider(self.info().kind.clone())
            .with_operation(Operation::Execute(command.kind())))
    }
}
