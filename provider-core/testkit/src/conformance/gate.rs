//! A layer that holds commands back, loses their answers, and counts what passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use provider_core::{
    Capabilities, Command, Error, ErrorKind, Journal, Operation, Provider, ProviderInfo, Receipt, Result,
    WriteOptions, async_trait,
};
use tokio::sync::watch;

#[derive(Debug)]
pub(super) struct Gate {
    inner: Arc<dyn Provider>,
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
    passed: AtomicU64,
    loses: AtomicBool,
}

impl Gate {
    pub(super) fn new(inner: Arc<dyn Provider>) -> Self {
        Self {
            inner,
            reached: watch::Sender::new(false),
            open: watch::Sender::new(false),
            passed: AtomicU64::new(0),
            loses: AtomicBool::new(false),
        }
    }

    /// An open gate. While it loses, commands are carried out and their answers never come back.
    pub(super) fn open_to(inner: Arc<dyn Provider>) -> Self {
        let gate = Self::new(inner);
        gate.open();
        gate
    }

    pub(super) fn lose(&self, answers: bool) {
        self.loses.store(answers, Ordering::SeqCst);
    }

    /// Until a command waits at the gate.
    pub(super) async fn reached(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self.reached.subscribe().wait_for(|reached| *reached).await;
    }

    pub(super) fn open(&self) {
        self.open.send_replace(true);
    }

    /// How many commands reached the provider.
    pub(super) fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Provider for Gate {
    fn info(&self) -> &ProviderInfo {
        self.inner.info()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&*self.inner)
    }

    /// The suite's own journal stands before the gate, whatever stands behind it.
    fn journal(&self) -> Option<Arc<dyn Journal>> {
        None
    }

    /// The options are handed on as they are.
    fn announces_sending(&self) -> bool {
        self.inner.announces_sending()
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        self.reached.send_replace(true);
        let _ = self.open.subscribe().wait_for(|open| *open).await;
        self.passed.fetch_add(1, Ordering::SeqCst);
        let answer = self.inner.execute(command, options).await;
        if answer.is_ok() && self.loses.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Transport, "the connection broke before the answer came")
                .with_provider(self.info().kind.clone())
                .with_operation(Operation::Execute(command.kind())));
        }
        answer
    }
}
