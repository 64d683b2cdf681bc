//! The engine: it reads, asks the pure functions what to do, does it, and remembers.

mod absent;
mod alarm;
mod apply;
mod batch;
mod breaker;
mod changed;
mod control;
mod dry;
mod error;
mod hints;
mod lease;
mod matches;
mod members;
mod moved;
mod page;
mod parts;
mod push;
mod quarantine;
mod records;
mod relink;
mod resolve;
mod session;
mod spans;
mod spelled;
mod timely;
mod walk;

use std::sync::Arc;

use provider_core::clock::{Clock, SystemClock};
use provider_core::settings::SettingsForm;
use provider_core::{EntityKind, Provider, Verification};

pub use control::{CancelHandle, RunControl, SyncEvent, SyncObserver};
use error::DOES_NOT_WORK;
pub use error::SyncError;
pub use push::{CredentialSink, NewCredentials};
pub use resolve::resolve_all;

use crate::notify::Notifier;
use crate::plan::CheckedPlan;
use crate::report::{Preview, SyncOutcome, SyncReport};
use crate::store::{KindScope, Pending, QueueQuery, SyncStore};
use crate::target::Target;
use dry::DryTarget;
use lease::Held;
use session::Work;

/// What an engine answers.
pub type SyncResult<T> = std::result::Result<T, SyncError>;
use SyncResult as Result;

/// Keeps one connection of an application in step with its distributor, by a checked plan.
///
/// Everything that it remembers is in its store, so that any number of engines, in any number of processes, may be
/// made for one connection: one works at a time.
#[derive(Debug, Clone)]
pub struct SyncEngine {
    provider: Arc<dyn Provider>,
    target: Arc<dyn Target>,
    store: Arc<dyn SyncStore>,
    plan: Arc<CheckedPlan>,
    clock: Arc<dyn Clock>,
    credentials: Option<Arc<dyn CredentialSink>>,
    /// Nothing is written anywhere.
    dry: bool,
    notifier: Option<Arc<dyn Notifier>>,
    form: Option<Arc<SettingsForm>>,
}

/// What was found when a connection was switched on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Activation {
    /// What the distributor answered.
    pub verification: Verification,
    /// What the first page of each kind would do.
    pub preview: Preview,
}

impl SyncEngine {
    /// An engine for this plan.
    #[must_use]
    pub fn new(
        provider: Arc<dyn Provider>,
        target: Arc<dyn Target>,
        store: Arc<dyn SyncStore>,
        plan: CheckedPlan,
    ) -> Self {
        let (plan, clock) = (Arc::new(plan), Arc::new(SystemClock));
        let (credentials, notifier, form) = (None, None, None);
        Self { provider, target, store, plan, clock, credentials, dry: false, notifier, form }
    }

    /// Takes time from this clock. It need not agree with that of the store.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Gives the passwords of new tenants to this.
    #[must_use]
    pub fn with_credentials(mut self, sink: Arc<dyn CredentialSink>) -> Self {
        self.credentials = Some(sink);
        self
    }

    /// Tries everything that a run needs, and shows what the first page of each kind would do. Nothing is written to
    /// the application.
    ///
    /// # Errors
    /// The first check of the distributor that failed, and any failure of the application or the store; the account
    /// when it is another one than before.
    pub async fn activate(&self) -> Result<Activation> {
        self.activate_with(&RunControl::default()).await
    }

    /// The same, waiting for another run on the account as long as a run would.
    ///
    /// # Errors
    /// As [`activate`](Self::activate), and `Cancelled` where it was stopped meanwhile.
    pub async fn activate_with(&self, control: &RunControl) -> Result<Activation> {
        let verification = self.provider.verify().await;
        if let Some(failed) = verification.first_failure() {
            let message = format!("{}: {}", failed.name, failed.detail);
            return Err(SyncError::Refused(format!("{DOES_NOT_WORK}: {message}")));
        }
        // A session that is opened and left says that the store can be written and that the account is the one of before.
        let Some(Held { lease, .. }) = self.take_lease(control).await? else {
            return Err(SyncError::Refused("another run works on this account at the moment".to_owned()));
        };
        let opened = self.store.open_session(&lease, &self.start(false)).await;
        self.store.release(&lease).await?;
        opened?;
        let preview = self.previewed(&RunControl::default().pages(1)).await?;
        if preview.outcome == SyncOutcome::Refused {
            return Err(SyncError::Refused(preview.error.unwrap_or_default()));
        }
        // What the distributor answers is shown; without the application or the store nothing could be tried.
        match SyncError::of_own_side(&preview) {
            Some(error) => Err(error),
            None => Ok(Activation { verification, preview }),
        }
    }

    /// What a run would do. Nothing is written anywhere. What goes wrong with the distributor or the application is told
    /// in it, as in the report of a run.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn preview(&self) -> Result<Preview> {
        self.previewed(&RunControl::default()).await
    }

    /// The same, watched and stopped as a run is.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn preview_with(&self, control: &RunControl) -> Result<Preview> {
        self.previewed(control).await
    }

    async fn previewed(&self, control: &RunControl) -> Result<Preview> {
        let copy = self.store.snapshot(Arc::clone(&self.clock)).await?;
        let dry = Self {
            target: Arc::new(DryTarget::new(Arc::clone(&self.target), &self.plan)),
            store: Arc::new(copy),
            dry: true,
            notifier: None,
            ..self.clone()
        };
        Box::pin(Work::run(&dry.timely(), control)).await
    }

    /// Brings the application in step: goes on with a run that was cut short, or begins one.
    ///
    /// What goes wrong with the distributor or the application is told in the report; the next run goes on where this
    /// one had to stop, and lists everything else anew.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn run(&self, control: &RunControl) -> Result<SyncReport> {
        Box::pin(Work::run(&self.timely(), control)).await
    }

    /// Notes that a record should be looked at again by the next run, such as after a webhook. It carries no
    /// values, so that it may come twice, late, or be wrong. Of a kind that the plan leaves out nothing is remembered.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn hint(&self, kind: EntityKind, id: &str) -> Result<()> {
        if id.len() > members::LONGEST_ID || !self.plan.kinds().any(|known| known == kind) {
            return Ok(());
        }
        Ok(self.store.hint(&KindScope::new(self.plan.connection.clone(), kind), id).await?)
    }

    /// The queue: what waits for a person's decision.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn queue(&self, query: QueueQuery) -> Result<Vec<Pending>> {
        let connection = Some(query.connection.unwrap_or_else(|| self.plan.connection.clone()));
        Ok(self.store.queue(&QueueQuery { connection, ..query }).await?)
    }
}
