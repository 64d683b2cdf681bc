//! Single flight: one renewal of a token at a time, in a task of its own that callers cannot cut off.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use provider_core::{Error, ErrorKind, Result};
use tokio::sync::watch;

use super::held::Held;

type Outcome = Result<Arc<Held>>;

/// Holds the renewal that is under way: there is at most one.
#[derive(Debug, Default)]
pub(super) struct Runway {
    flight: Mutex<Option<Flight>>,
}

/// A renewal that is under way, or was.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    stage: watch::Receiver<Stage>,
}

#[derive(Debug)]
enum Stage {
    Flying,
    /// The outcome is known and its task still saves it: no other renewal begins.
    Saving(Outcome),
    Landed(Outcome),
}

/// Held by the task of the renewal: tells those who wait the outcome.
#[derive(Debug)]
pub(super) struct Landing {
    stage: watch::Sender<Stage>,
}

impl Landing {
    /// Tells the outcome; another renewal cannot begin yet.
    pub(super) fn announce(&self, outcome: Outcome) {
        self.stage.send_replace(Stage::Saving(outcome));
    }

    /// Tells the outcome and ends: another renewal may begin.
    pub(super) fn land(&self, outcome: Outcome) {
        self.stage.send_replace(Stage::Landed(outcome));
    }
}

impl Runway {
    /// Joins the renewal under way or starts one.
    ///
    /// # Errors
    /// `Internal` outside of a tokio runtime.
    pub(super) fn join_or_start<F, W>(&self, work: W) -> Result<Flight>
    where
        W: FnOnce(Landing) -> F,
        F: Future<Output = ()> + Send + 'static,
    {
        let mut place = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = place.as_ref().filter(|flight| flight.is_running()) {
            return Ok(flight.clone());
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(|e| {
            Error::new(ErrorKind::Internal, "tokens are renewed on a tokio runtime, and there is none")
                .with_source(e)
        })?;
        let (sender, stage) = watch::channel(Stage::Flying);
        let flight = Flight { stage };
        // Detached: a caller that gives up must not take the answer of the POST with it.
        runtime.spawn(work(Landing { stage: sender }));
        *place = Some(flight.clone());
        Ok(flight)
    }

    /// True while a renewal is under way.
    pub(super) fn is_taken(&self) -> bool {
        let place = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        place.as_ref().is_some_and(Flight::is_running)
    }

    /// The renewal under way.
    pub(super) fn under_way(&self) -> Option<Flight> {
        let place = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        place.as_ref().filter(|flight| flight.is_running()).cloned()
    }
}

impl Flight {
    /// A closed channel means that the task was cut off with its runtime.
    fn is_running(&self) -> bool {
        self.stage.has_changed().is_ok() && !matches!(*self.stage.borrow(), Stage::Landed(_))
    }

    /// True while the outcome is known and its task still saves it.
    pub(super) fn is_saving(&self) -> bool {
        self.is_running() && matches!(*self.stage.borrow(), Stage::Saving(_))
    }

    /// What came of it; `None` when its task was cut off with its runtime.
    pub(super) async fn outcome(mut self) -> Option<Outcome> {
        let known = self.stage.wait_for(|stage| !matches!(stage, Stage::Flying)).await.ok()?;
        match &*known {
            Stage::Flying => None,
            Stage::Saving(outcome) | Stage::Landed(outcome) => Some(outcome.clone()),
        }
    }

    /// Waits until nothing of it goes on.
    pub(super) async fn ended(mut self) {
        // A task that was cut off with its runtime has ended too.
        let _ = self.stage.wait_for(|stage| matches!(stage, Stage::Landed(_))).await;
    }
}
