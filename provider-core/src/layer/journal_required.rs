//! A provider that writes only under a journal.

use async_trait::async_trait;

use crate::attempt::WriteOptions;
use crate::capability::{Capabilities, Operation};
use crate::command::Command;
use crate::error::{Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::provider::Provider;
use crate::receipt::Receipt;

/// Refuses every command that no journal stands behind: without one, a second call is a second order.
///
/// Reads and plans pass, and so do commands that a [`Journaled`](super::Journaled) around it sends.
#[derive(Debug)]
pub struct JournalRequired<P> {
    inner: P,
}

impl<P: Provider> JournalRequired<P> {
    /// Wraps a provider.
    #[must_use]
    pub fn new(inner: P) -> Self {
        Self { inner }
    }
}

#[async_trait]
impl<P: Provider> Provider for JournalRequired<P> {
    fn info(&self) -> &ProviderInfo {
        self.inner.info()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.inner)
    }

    /// The options are handed on as they are.
    fn announces_sending(&self) -> bool {
        self.inner.announces_sending()
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        if options.sending.is_gated() || self.inner.journal().is_some() {
            return self.inner.execute(command, options).await;
        }
        let message = "this connection has no journal, and without one a repeated call orders twice: give it one \
                       with Services::with_journal or ProviderExt::journaled, or say \
                       Services::without_journal to take that on yourself; the command was not sent";
        Err(Error::new(ErrorKind::Refused, message)
            .with_provider(self.info().kind.clone())
            .with_operation(Operation::Execute(command.kind())))
    }
}
