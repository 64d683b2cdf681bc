//! One run over all kinds of a plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use provider_core::{Customer, EntityKind, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use tracing::Instrument as _;

use super::alarm::Alarm;
use super::breaker::Passage;
use super::control::RunControl;
use super::error::SyncError;
use super::lease::Held;
use super::{Result, SyncEngine, moved, spans};
use crate::fingerprint::Fingerprint;
use crate::plan::CheckedKind;
use crate::report::{IntentCounts, KindReport, Spent, SyncOutcome, SyncReport};
use crate::store::{KindRun, RunLease, Session, SessionStart, StoreErrorKind};

/// How the error of a run ends that has stopped its connection.
const STOPPED: &str = "the connection has stopped";

/// A run under way.
pub(super) struct Work<'a> {
    pub(super) engine: &'a SyncEngine,
    pub(super) control: &'a RunControl,
    pub(super) lease: RunLease,
    /// Until when it is certain to last, by this machine's clock.
    pub(super) until: DateTime<Utc>,
    pub(super) alarm: Alarm,
    pub(super) session: Session,
    pub(super) reports: Vec<KindReport>,
    /// Whether a kind was gone through, and not only found to have been.
    pub(super) walked: bool,
    /// Whether what is listed belongs to one document or one subscription.
    pub(super) of_one: bool,
    begun: DateTime<Utc>,
    /// What was done at the distributor, in all parts of the run.
    pub(super) spent: Spent,
    /// The distributor takes no commands at the moment.
    pub(super) halted: bool,
    /// How many commands in a row lacked a right.
    pub(super) denied: u32,
    /// What became of orders.
    pub(super) ordered: IntentCounts,
    /// Runs over kinds that were begun before their turn.
    pub(super) opened: BTreeMap<EntityKind, KindRun>,
}

impl SyncEngine {
    /// A run that looks at every row does not go on with one that did not: that one has passed rows by.
    pub(super) fn start(&self, heal: bool) -> SessionStart {
        let plan = self.plan.revision;
        SessionStart {
            connection: self.plan.connection.clone(),
            account: self.provider.info().account_key(),
            plan: if heal { Fingerprint::of_text(&format!("{plan} heals")) } else { plan },
            keys: moved::keys(&self.plan),
            keys_hold: false,
        }
    }

    pub(super) fn refused(&self, outcome: SyncOutcome, why: impl Into<String>) -> SyncReport {
        let mut report = SyncReport::new(&self.plan.connection, outcome, Vec::new());
        report.error = Some(why.into());
        report
    }
}

impl<'a> Work<'a> {
    /// A run, and the letters that are due after it, whatever came of it.
    pub(super) async fn run(engine: &'a SyncEngine, control: &'a RunControl) -> Result<SyncReport> {
        let report = Box::pin(Self::alone(engine, control)).await;
        engine.tell_people().await;
        report
    }

    async fn alone(engine: &'a SyncEngine, control: &'a RunControl) -> Result<SyncReport> {
        let due = match engine.switched_off().await? {
            Passage::Off(report) => return Ok(report),
            Passage::Due => true,
            Passage::On => false,
        };
        let mut held = match engine.take_lease(control).await {
            Ok(Some(held)) => held,
            Ok(None) => {
                let account = engine.provider.info().account_key();
                let why = format!("another run works on {account} at the moment");
                return Ok(engine.refused(SyncOutcome::Refused, why));
            }
            Err(SyncError::Cancelled) => {
                let connection = &engine.plan.connection;
                return Ok(SyncReport::new(connection, SyncOutcome::Cancelled, Vec::new()));
            }
            Err(error) => return Err(error),
        };
        if due {
            match engine.tried_again(&mut held).await {
                Ok(None) => {}
                told => {
                    let _ = engine.store.release(&held.lease).await;
                    return told
                        .map(|told| told.unwrap_or_else(|| engine.refused(SyncOutcome::Disabled, "")));
                }
            }
        }
        let session = match engine.store.open_session(&held.lease, &engine.start(control.heal)).await {
            Ok(session) => session,
            Err(error) => {
                // It ends by itself where it cannot be given back.
                let _ = engine.store.release(&held.lease).await;
                return match error.kind {
                    StoreErrorKind::OtherAccount => {
                        Ok(engine.refused(SyncOutcome::Refused, error.to_string()))
                    }
                    _ => Err(error.into()),
                };
            }
        };
        let mut work = Self::new(engine, control, held, session);
        match work.moved().await {
            Ok(None) => {}
            Ok(Some(why)) => {
                let _ = engine.store.release(&work.lease).await;
                return Ok(engine.refused(SyncOutcome::Refused, why));
            }
            Err(error) => return work.close(Err(error)).await,
        }
        let span = spans::run(&engine.plan.connection);
        let ended = Box::pin(work.kinds()).instrument(span.clone()).await;
        let report = work.close(ended).instrument(span.clone()).await?;
        spans::ended(&span, &report);
        Ok(report)
    }

    pub(super) fn new(engine: &'a SyncEngine, control: &'a RunControl, held: Held, session: Session) -> Self {
        let Held { lease, until } = held;
        Self {
            engine,
            control,
            lease,
            until,
            alarm: Alarm::new(Arc::clone(&engine.clock)),
            session,
            reports: Vec::new(),
            walked: false,
            of_one: false,
            begun: engine.clock.now(),
            spent: Spent::NONE,
            halted: false,
            denied: 0,
            ordered: IntentCounts::default(),
            opened: BTreeMap::new(),
        }
    }

    async fn close(self, ended: Result<SyncOutcome>) -> Result<SyncReport> {
        let (outcome, error) = match ended {
            Ok(outcome) => (outcome, None),
            Err(SyncError::Cancelled) => (SyncOutcome::Cancelled, None),
            Err(error) => (SyncOutcome::Failed, Some(error)),
        };
        let fenced = error.as_ref().is_some_and(SyncError::is_fenced);
        let mut told = error.as_ref().map(ToString::to_string);
        let mut ended = outcome;
        if !fenced {
            let store = &self.engine.store;
            let closed = match self.end(outcome, error.as_ref()).await {
                Ok(end) => store.close_session(&self.lease, &end).await.map_err(SyncError::from),
                Err(error) => Err(error),
            };
            let given_back = store.release(&self.lease).await;
            // Of a run that failed, the first failure is the one to tell.
            match closed {
                Ok(closed) => {
                    ended = closed.outcome;
                    if let Some(cause) = closed.stopped {
                        // What a preview has stopped is a copy.
                        let so = if self.engine.dry { "a run would stop the connection" } else { STOPPED };
                        told = Some(format!("{}; {so}", cause.message));
                    }
                }
                Err(closing) if error.is_none() => return Err(closing),
                Err(_) => {}
            }
            if error.is_none() {
                given_back?;
            }
        }
        let mut report = SyncReport::new(&self.engine.plan.connection, ended, self.reports);
        report.count(&self.ordered);
        report.error = told;
        report.failure = error.as_ref().and_then(crate::report::RunFailure::of);
        Ok(report)
    }

    async fn kinds(&mut self) -> Result<SyncOutcome> {
        let plan = &self.engine.plan;
        for rule in &plan.kinds {
            self.heed()?;
            let slice = self.control.slice.and_then(|slice| chrono::Duration::from_std(slice).ok());
            let passed = self.engine.clock.now() - self.begun;
            // Something is done in every slice, however short it is.
            if self.walked && slice.is_some_and(|slice| passed >= slice) {
                return Ok(SyncOutcome::Sliced);
            }
            self.kind(rule).await?;
        }
        self.left_out().await?;
        self.orders().await?;
        Ok(SyncOutcome::Completed)
    }

    /// Ends the run here where somebody has stopped it.
    pub(super) fn heed(&self) -> Result<()> {
        if self.control.is_cancelled() { Err(SyncError::Cancelled) } else { Ok(()) }
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
