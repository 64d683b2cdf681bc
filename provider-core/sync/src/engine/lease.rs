//! The right to work on an account, kept alive while something is waited for.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::control::{RunControl, SyncEvent};
use super::error::SyncError;
use super::session::Work;
use super::{Result, SyncEngine};
use crate::store::RunLease;

/// How long a lease lasts.
pub(super) const TTL: Duration = Duration::from_secs(90);
/// How often it is renewed.
pub(super) const BEAT: Duration = Duration::from_secs(30);
/// How long one batch may take.
const BATCH: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl SyncEngine {
    /// `None` where somebody else has it for longer than this run waits; `Cancelled` where it was stopped meanwhile.
    pub(super) async fn take_lease(&self, control: &RunControl) -> Result<Option<Held>> {
        let account = self.provider.info().account_key();
        let mut waited = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        loop {
            let asked = self.clock.now();
            if let Some(lease) = self.store.lease(&account, TTL).await? {
                return Ok(Some(Held { lease, until: asked + TTL }));
            }
            if control.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            if waited >= control.wait {
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

/// A lease, and until when it is certain to last by this machine's clock. Its own end is by the store's, which may be
/// hours away.
pub(super) struct Held {
    pub(super) lease: RunLease,
    pub(super) until: DateTime<Utc>,
}

impl Work<'_> {
    /// Waits for something, and renews the lease meanwhile.
    pub(super) async fn keeping<T>(&mut self, work: impl Future<Output = T> + Send) -> Result<T> {
        let mut work = pin!(work);
        loop {
            let beat = self.engine.clock.now() + BEAT;
            match self.alarm.until(beat, work.as_mut()).await {
                Some(done) => return Ok(done),
                None => self.renew().await?,
            }
        }
    }

    pub(super) async fn renew(&mut self) -> Result<()> {
        let asked = self.engine.clock.now();
        self.lease = self.engine.store.renew(&self.lease).await?;
        self.until = asked + TTL;
        Ok(())
    }

    /// Until when a batch may be begun. No batch is begun that the lease might not outlive.
    pub(super) async fn batch_deadline(&mut self) -> Result<DateTime<Utc>> {
        let deadline = self.engine.clock.now() + BATCH;
        if self.until <= deadline {
            self.renew().await?;
        }
        Ok(deadline)
    }
}
