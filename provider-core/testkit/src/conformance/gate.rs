//! A layer that holds commands back, loses their answers, and counts what passes: commands, and the requests
//! that they announce.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use provider_core::attempt::{SendGate, Sending};
use provider_core::journal::Journal;
use provider_core::receipt::LineReceipt;
use provider_core::{
    Capabilities, Command, Error, ErrorKind, Operation, Provider, ProviderInfo, Receipt, Result,
    WriteOptions, async_trait,
};
use tokio::sync::watch;

use super::expectations::WireCalls;

/// How many requests were let through, and whether one went out that was not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Announced {
    /// How often the gate was passed.
    pub(super) passed: u64,
    /// How many requests that write went out.
    pub(super) sent: u64,
    /// The most that were out before they were let through.
    pub(super) ahead: u64,
}

/// The gate of a journal, with a count of what goes out between one pass and the next.
struct Counting {
    gate: Sending,
    writes: WireCalls,
    /// How many requests had gone out before the command.
    before: u64,
    seen: Arc<Mutex<Announced>>,
}

impl Counting {
    /// Before another one is let through, as many may be out as were let through before.
    fn look(&self) -> MutexGuard<'_, Announced> {
        let sent = (self.writes)().saturating_sub(self.before);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sent = sent;
        seen.ahead = seen.ahead.max(sent.saturating_sub(seen.passed));
        seen
    }
}

#[async_trait]
impl SendGate for Counting {
    async fn pass(&self, step: u32) -> Result<()> {
        drop(self.look());
        self.gate.at(step).pass().await?;
        self.look().passed += 1;
        Ok(())
    }

    async fn answered(&self, step: u32, line: &LineReceipt) {
        self.gate.at(step).answered(line).await;
    }
}

pub(super) struct Gate {
    inner: Arc<dyn Provider>,
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
    passed: AtomicU64,
    loses: AtomicBool,
    writes: Option<WireCalls>,
    announced: Arc<Mutex<Announced>>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl Gate {
    pub(super) fn new(inner: Arc<dyn Provider>) -> Self {
        Self {
            inner,
            reached: watch::Sender::new(false),
            open: watch::Sender::new(false),
            passed: AtomicU64::new(0),
            loses: AtomicBool::new(false),
            writes: None,
            announced: Arc::default(),
        }
    }

    /// Counts by this what goes out.
    pub(super) fn counting(mut self, writes: Option<WireCalls>) -> Self {
        self.writes = writes;
        self
    }

    /// What was announced so far; `None` where nobody counts what goes out.
    pub(super) fn announced(&self) -> Option<Announced> {
        self.writes.as_ref()?;
        Some(*self.announced.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// The gate of the options is asked each time that this one is.
    fn announces_sending(&self) -> bool {
        self.inner.announces_sending()
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        self.reached.send_replace(true);
        let _ = self.open.subscribe().wait_for(|open| *open).await;
        self.passed.fetch_add(1, Ordering::SeqCst);
        let answer = match &self.writes {
            Some(writes) => {
                let counting = Arc::new(Counting {
                    gate: options.sending.clone(),
                    writes: Arc::clone(writes),
                    before: writes(),
                    seen: Arc::clone(&self.announced),
                });
                let options = options.clone().sending(Sending::through(Arc::clone(&counting) as _));
                let answer = self.inner.execute(command, &options).await;
                drop(counting.look());
                answer
            }
            None => self.inner.execute(command, options).await,
        };
        if answer.is_ok() && self.loses.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Transport, "the connection broke before the answer came")
                .with_provider(self.info().kind.clone())
                .with_operation(Operation::Execute(command.kind())));
        }
        answer
    }
}
