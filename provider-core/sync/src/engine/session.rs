//! One run over all kinds of a plan.

use chrono::{DateTime, Utc};
use provider_core::{Customer, EntityKind, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use tracing::Instrument as _;

use super::control::RunControl;
use super::error::SyncError;
use super::lease::Held;
use super::{Result, SyncEngine, spans};
use crate::plan::CheckedKind;
use crate::report::{KindReport, SyncOutcome, SyncReport};
use crate::store::{ConnectionState, RunLease, Session, SessionStart, StoreErrorKind};

/// A run under way.
pub(super) struct Work<'a> {
    pub(super) engine: &'a SyncEngine,
    pub(super) control: &'a RunControl,
    pub(super) lease: RunLease,
    /// Until when it is certain to last, by this machine's clock.
    pub(super) until: DateTime<Utc>,
    pub(super) session: Session,
    pub(super) reports: Vec<KindReport>,
    /// Whether a kind was gone through, and not only found to have been.
    pub(super) walked: bool,
    begun: DateTime<Utc>,
}

impl SyncEngine {
    pub(super) fn start(&self) -> SessionStart {
        SessionStart {
            connection: self.plan.connection.clone(),
            account: self.provider.info().account_key(),
            plan: self.plan.revision,
        }
    }

    fn refused(&self, outcome: SyncOutcome, why: impl Into<String>) -> SyncReport {
        let mut report = SyncReport::new(&self.plan.connection, outcome, Vec::new());
        report.error = Some(why.into());
        report
    }

    async fn switched_off(&self) -> Result<Option<SyncReport>> {
        if !self.plan.enabled {
            return Ok(Some(self.refused(SyncOutcome::Disabled, "the plan is not enabled")));
        }
        let all = self.store.status().await?;
        let off = all.into_iter().find(|known| {
            known.connection == self.plan.connection && known.state == ConnectionState::Disabled
        });
        Ok(off.map(|known| {
            let cause = known.cause.unwrap_or_else(|| "it was switched off".to_owned());
            self.refused(SyncOutcome::Disabled, cause)
        }))
    }
}

impl<'a> Work<'a> {
    pub(super) async fn run(engine: &'a SyncEngine, control: &'a RunControl) -> Result<SyncReport> {
        if let Some(off) = engine.switched_off().await? {
            return Ok(off);
        }
        let Some(Held { lease, until }) = engine.take_lease(control).await? else {
            let why = format!("another run works on {} at the moment", engine.provider.info().account_key());
            return Ok(engine.refused(SyncOutcome::Refused, why));
        };
        let session = match engine.store.open_session(&lease, &engine.start()).await {
            Ok(session) => session,
            Err(error) => {
                // It ends by itself where it cannot be given back.
                let _ = engine.store.release(&lease).await;
                return match error.kind {
                    StoreErrorKind::OtherAccount => {
                        Ok(engine.refused(SyncOutcome::Refused, error.to_string()))
                    }
                    _ => Err(error.into()),
                };
            }
        };
        let begun = engine.clock.now();
        let mut work =
            Self { engine, control, lease, until, session, reports: Vec::new(), walked: false, begun };
        let span = spans::run(&engine.plan.connection);
        let ended = Box::pin(work.kinds()).instrument(span.clone()).await;
        let report = work.close(ended).instrument(span.clone()).await?;
        spans::ended(&span, &report);
        Ok(report)
    }

    async fn close(self, ended: Result<SyncOutcome>) -> Result<SyncReport> {
        let (outcome, error) = match ended {
            Ok(outcome) => (outcome, None),
            Err(SyncError::Cancelled) => (SyncOutcome::Cancelled, None),
            Err(error) => (SyncOutcome::Failed, Some(error)),
        };
        let fenced = error.as_ref().is_some_and(SyncError::is_fenced);
        let mut report = SyncReport::new(&self.engine.plan.connection, outcome, self.reports);
        report.error = error.as_ref().map(ToString::to_string);
        report.failure = error.as_ref().and_then(crate::report::RunFailure::of);
        if !fenced {
            let store = &self.engine.store;
            let told =
                store.close_session(&self.lease, &report.connection, outcome, report.error.as_deref()).await;
            let given_back = store.release(&self.lease).await;
            // Of a run that failed, the first failure is the one to tell.
            if error.is_none() {
                told.and(given_back)?;
            }
        }
        Ok(report)
    }

    async fn kinds(&mut self) -> Result<SyncOutcome> {
        let plan = &self.engine.plan;
        for rule in &plan.kinds {
            if self.control.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            let slice = self.control.slice.and_then(|slice| chrono::Duration::from_std(slice).ok());
            let passed = self.engine.clock.now() - self.begun;
            // Something is done in every slice, however short it is.
            if self.walked && slice.is_some_and(|slice| passed >= slice) {
                return Ok(SyncOutcome::Sliced);
            }
            self.kind(rule).await?;
        }
        Ok(SyncOutcome::Completed)
    }

    async fn kind(&mut self, rule: &CheckedKind) -> Result<()> {
        match rule.kind() {
            EntityKind::Customer => Box::pin(self.walk::<Customer>(rule)).await,
            EntityKind::Product => Box::pin(self.walk::<Product>(rule)).await,
            EntityKind::Subscription => Box::pin(self.walk::<Subscription>(rule)).await,
            EntityKind::Order => Box::pin(self.walk::<Order>(rule)).await,
            EntityKind::Invoice => Box::pin(self.walk::<Invoice>(rule)).await,
            EntityKind::InvoiceLine => Box::pin(self.walk::<InvoiceLine>(rule)).await,
            EntityKind::Usage => Box::pin(self.walk::<UsageRecord>(rule)).await,
            other => Err(SyncError::Refused(format!("this release does not know a {other}"))),
        }
    }
}
