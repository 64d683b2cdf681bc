//! The gate of one write under a journal: the first request through it arms the attempt.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::LEASE_MARGIN;
use crate::attempt::{Attempt, Step};
use crate::clock::Clock;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::journal::{Fence, Journal};
use crate::receipt::LineReceipt;
use crate::sending::SendGate;

/// Remembers each step in the journal before it is sent. The steps of one write come one after another.
pub(super) struct Gate {
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    fence: Fence,
    deadline: Duration,
    /// Both clocks: one stands still while the machine sleeps, the other may be set.
    begun: (Instant, DateTime<Utc>),
    state: Mutex<State>,
}

struct State {
    attempt: Attempt,
    armed: bool,
    closed: bool,
}

impl Gate {
    pub(super) fn new(
        journal: Arc<dyn Journal>,
        clock: Arc<dyn Clock>,
        attempt: Attempt,
        fence: Fence,
        deadline: Duration,
    ) -> Self {
        let begun = (Instant::now(), clock.now());
        let state = Mutex::new(State { attempt, armed: false, closed: false });
        Self { journal, clock, fence, deadline, begun, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing passes from now on. Answers the attempt as it was last remembered, and whether it was armed.
    pub(super) fn close(&self) -> (Attempt, bool) {
        let mut state = self.state();
        state.closed = true;
        (state.attempt.clone(), state.armed)
    }

    /// What is left of the time in which something may be sent.
    fn left(&self) -> Duration {
        let by_wall = (self.clock.now() - self.begun.1).to_std().unwrap_or_default();
        self.deadline.saturating_sub(self.begun.0.elapsed().max(by_wall))
    }

    fn refuse(message: &'static str) -> Error {
        Error::new(ErrorKind::Timeout, message).with_delivery(Delivery::NotSent)
    }

    /// Arms the attempt of a provider that does not announce what it sends. No step is known of it, so that
    /// afterwards none counts as never sent.
    pub(super) async fn arm(&self) -> Result<()> {
        self.open(None).await
    }

    async fn open(&self, step: Option<u32>) -> Result<()> {
        let left = self.left();
        let attempt = {
            let mut state = self.state();
            if state.closed || left.is_zero() {
                return Err(Self::refuse("the time of the command was over before this request was sent"));
            }
            if let Some(step) = step.filter(|step| state.attempt.step(*step).is_none()) {
                state.attempt.steps.push(Step::new(step));
            }
            state.attempt.clone()
        };
        self.remember(&attempt, left).await.map_err(|error| error.with_delivery(Delivery::NotSent))?;
        let mut state = self.state();
        state.armed = true;
        // The journal may have been slow: what it remembers ends with the time that was left before.
        if state.closed || self.left().is_zero() {
            return Err(Self::refuse("the time of the command was over when the journal had stored it"));
        }
        Ok(())
    }

    /// Stores the attempt as it stands, with a lease for what is left of its time.
    async fn remember(&self, attempt: &Attempt, left: Duration) -> Result<()> {
        self.journal.arm(attempt, self.fence, left.saturating_add(LEASE_MARGIN)).await
    }
}

#[async_trait]
impl SendGate for Gate {
    async fn pass(&self, step: u32) -> Result<()> {
        self.open(Some(step)).await
    }

    /// What cannot be stored here is judged after a crash, as if the answer had been lost.
    async fn answered(&self, step: u32, line: &LineReceipt) {
        let attempt = {
            let mut state = self.state();
            match state.attempt.steps.iter_mut().find(|known| known.step == step) {
                Some(known) => known.line = Some(line.clone()),
                None => return,
            }
            state.attempt.clone()
        };
        let _ = self.remember(&attempt, self.left()).await;
    }
}
