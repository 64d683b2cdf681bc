//! How a run is limited, observed and cancelled.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use provider_core::EntityKind;

use crate::report::KindReport;

/// How long a run waits for one that holds the account, unless told otherwise.
const WAIT: Duration = Duration::from_secs(120);

/// How a run is limited, observed and cancelled. The default runs to its end, and waits for two minutes while another
/// run works on the account.
#[derive(Debug, Clone)]
pub struct RunControl {
    cancelled: Arc<AtomicBool>,
    pub(crate) slice: Option<Duration>,
    pub(crate) wait: Duration,
    pub(crate) removals: Option<u64>,
    pub(crate) heal: bool,
    pub(crate) pages: Option<u64>,
    pub(crate) observer: Option<Arc<dyn SyncObserver>>,
}

impl Default for RunControl {
    fn default() -> Self {
        Self {
            cancelled: Arc::default(),
            slice: None,
            wait: WAIT,
            removals: None,
            heal: false,
            pages: None,
            observer: None,
        }
    }
}

impl RunControl {
    /// Ends the run between two kinds once this has passed; the next run goes on. Not within a kind: one that was cut
    /// proves nothing about what is missing.
    #[must_use]
    pub fn slice(mut self, time: Duration) -> Self {
        self.slice = Some(time);
        self
    }

    /// How long to wait for another run on the same account.
    #[must_use]
    pub fn wait(mut self, time: Duration) -> Self {
        self.wait = time;
        self
    }

    /// Lets so many records of a kind be removed in this run, where more are gone than could be a matter of course.
    #[must_use]
    pub fn allow_removals(mut self, records: u64) -> Self {
        self.removals = Some(records);
        self
    }

    /// Compares every row of the application with what was written there, whether the distributor changed it or not.
    #[must_use]
    pub fn heal(mut self, heal: bool) -> Self {
        self.heal = heal;
        self
    }

    /// Ends each kind after so many pages, as if that were all there is: nothing is concluded.
    pub(crate) fn pages(mut self, pages: u64) -> Self {
        self.pages = Some(pages);
        self
    }

    /// Sets the observer, which receives the events of the run.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn SyncObserver>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Stops the run from elsewhere.
    #[must_use]
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle(Arc::clone(&self.cancelled))
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(crate) fn tell(&self, event: &SyncEvent) {
        if let Some(observer) = &self.observer {
            observer.event(event);
        }
    }
}

/// Stops a run after the pages that it is at, or the record that it changes at the distributor. The next run goes on
/// there.
#[derive(Debug, Clone)]
pub struct CancelHandle(Arc<AtomicBool>);

impl CancelHandle {
    /// Stops it.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What happens in a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SyncEvent {
    /// Another run works on the account: this one waits for it.
    Waiting,
    /// A kind is begun or gone on with.
    Begun {
        /// Which one.
        kind: EntityKind,
        /// How many records there are, where the last run says it.
        expected: Option<u64>,
    },
    /// A page was dealt with, or several that came together.
    Page(KindReport),
    /// A kind has ended.
    Ended(KindReport),
}

/// Watches a run. It must not block.
pub trait SyncObserver: Debug + Send + Sync {
    /// Something happened.
    fn event(&self, event: &SyncEvent);
}
