//! A clock to turn by hand, a journal that kills its caller, and a provider that never answers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::{
    Attempt, Capabilities, Command, Error, ErrorKind, Provider, ProviderInfo, Receipt, Result, WriteOptions,
    async_trait,
};
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct TestClock(watch::Sender<DateTime<Utc>>);

impl Default for TestClock {
    fn default() -> Self {
        let start = provider_core::wire::date_time::parse("2026-03-01T00:00:00Z").unwrap();
        Self(watch::Sender::new(start))
    }
}

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now += by);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        let mut time = self.0.subscribe();
        let end = self.now() + duration;
        Box::pin(async move {
            let _ = time.wait_for(|now| *now >= end).await;
        })
    }
}

/// Stops the caller for good after so many steps; a later caller is let through.
#[derive(Debug)]
pub(crate) struct CrashingJournal {
    inner: MemoryJournal,
    steps: AtomicUsize,
    crash_at: usize,
    crashed: watch::Sender<bool>,
    finish_fails: AtomicBool,
    log: Mutex<Vec<&'static str>>,
}

impl CrashingJournal {
    pub(crate) fn new(inner: MemoryJournal, crash_at: usize) -> Self {
        Self {
            inner,
            steps: AtomicUsize::new(0),
            crash_at,
            crashed: watch::Sender::new(false),
            finish_fails: AtomicBool::new(false),
            log: Mutex::default(),
        }
    }

    pub(crate) fn failing_to_finish(self) -> Self {
        self.finish_fails.store(true, Ordering::SeqCst);
        self
    }

    pub(crate) fn inner(&self) -> &MemoryJournal {
        &self.inner
    }

    pub(crate) async fn crashed(&self) {
        let _ = self.crashed.subscribe().wait_for(|crashed| *crashed).await;
    }

    pub(crate) fn has_crashed(&self) -> bool {
        *self.crashed.borrow()
    }

    /// Before and after every call is a place to die.
    async fn step(&self, name: &'static str) {
        self.log.lock().unwrap().push(name);
        if self.steps.fetch_add(1, Ordering::SeqCst) == self.crash_at && !self.has_crashed() {
            self.crashed.send_replace(true);
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Journal for CrashingJournal {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.step("before begin").await;
        let answer = self.inner.begin(attempt, ttl).await;
        self.step("after begin").await;
        answer
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.step("before arm").await;
        let answer = self.inner.arm(attempt, fence, ttl).await;
        self.step("after arm").await;
        answer
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        if self.finish_fails.swap(false, Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Internal, "the disk is full"));
        }
        self.step("before finish").await;
        let answer = self.inner.finish(attempt, fence, receipt).await;
        self.step("after finish").await;
        answer
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.step("before release").await;
        self.inner.release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.step("before leave_open").await;
        let answer = self.inner.leave_open(attempt, fence).await;
        self.step("after leave_open").await;
        answer
    }
}

/// Takes every command and never answers.
#[derive(Debug)]
pub(crate) struct Endless {
    info: ProviderInfo,
    capabilities: Capabilities,
}

impl Endless {
    pub(crate) fn new(connection: &str) -> Self {
        Self { info: ProviderInfo::new("endless", connection), capabilities: Capabilities::default() }
    }
}

#[async_trait]
impl Provider for Endless {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn execute(&self, _: &Command, _: &WriteOptions) -> Result<Receipt> {
        std::future::pending().await
    }
}
