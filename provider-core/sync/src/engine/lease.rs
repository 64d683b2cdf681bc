//! The right to work on an account, kept alive while something is waited for.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::control::{RunControl, SyncEvent};
use super::session::Work;
use super::{Result, SyncEngine};
use crate::store::RunLease;

/// How long a lease lasts.
pub(super) const TTL: Duration = Duration::from_secs(90);
/// How often it is renewed.
const BEAT: Duration = Duration::from_secs(30);
/// How long one batch may take.
const BATCH: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl SyncEngine {
    /// `None` where somebody else has it for longer than this run waits.
    pub(super) async fn take_lease(&self, control: &RunControl) -> Result<Option<RunLease>> {
        let account = self.provider.info().account_key();
        let mut waited = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(lease) = self.store.lease(&account, TTL).await? {
                return Ok(Some(lease));
            }
            if waited >= control.wait || control.is_cancelled() {
                return Ok(None);
            }
            if waited.is_zero() {
                control.tell(&SyncEvent::Waiting);
            }
            let rest = pause.min(control.wait.saturating_sub(waited));
            self.clock.sleep(rest).await;
            waited = waited.saturating_add(rest);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Work<'_> {
    /// Waits for something, and renews the lease meanwhile.
    pub(super) async fn keeping<T>(&mut self, work: impl Future<Output = T> + Send) -> Result<T> {
        let mut work = pin!(work);
        loop {
            let beat = self.engine.clock.sleep(BEAT);
            match select(work.as_mut(), beat).await {
                Either::Left((done, _)) => return Ok(done),
                Either::Right(((), _)) => self.renew().await?,
            }
        }
    }

    pub(super) async fn renew(&mut self) -> Result<()> {
        self.lease = self.engine.store.renew(&self.lease).await?;
        Ok(())
    }

    /// Until when a batch may be begun. No batch is begun that the lease might not outlive.
    pub(super) async fn batch_deadline(&mut self) -> Result<chrono::DateTime<chrono::Utc>> {
        let deadline = self.engine.clock.now() + BATCH;
        if self.lease.ends_at <= deadline {
            self.renew().await?;
        }
        Ok(deadline)
    }
}
