//! A connection that stops by itself, is tried again, and whose people are told.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use provider_core::settings::SettingsForm;
use provider_core::verification::{Check, CheckStatus};
use provider_core::{EntityKind, Verification};

use super::lease::{BEAT, Held, TTL};
use super::session::Work;
use super::{Result, SyncEngine, SyncError};
use crate::decide::{breaker, setting};
use crate::notify::{Delivered, Notifier, SettingToFix, StopCause, StopReason, deliver};
use crate::plan::{PlanProblems, SyncPlan};
use crate::report::{SyncOutcome, SyncReport};
use crate::store::{
    ConnectionState, Gate, Pending, PendingType, QueueQuery, RunWeight, SessionEnd, StoreResult, SyncStore,
};
use crate::target::TargetError;

/// How many records in quarantine are looked at for what most of them have in common.
const SAMPLE: usize = 1000;

impl SyncEngine {
    /// Sends letters through this when the connection stops by itself, and when it works again. Without one the letters
    /// wait in the store, for whoever calls [`deliver`].
    #[must_use]
    pub fn with_notifier(mut self, notifier: Arc<dyn Notifier>) -> Self {
        self.notifier = Some(notifier);
        self
    }

    /// Names settings in letters as this form does: by the label, with the place in the portal.
    #[must_use]
    pub fn with_form(mut self, form: SettingsForm) -> Self {
        self.form = Some(Arc::new(form));
        self
    }

    /// Switches the connection on again: the next run works on it. What stopped it is forgotten, and so are the failures
    /// that were counted.
    ///
    /// # Errors
    /// `Unknown` where no run was ever made for the connection, and any failure of the store.
    pub async fn enable(&self, who: &str) -> Result<()> {
        self.store.switch(&self.plan.connection, ConnectionState::Active, None).await?;
        tracing::info!(connection = %self.plan.connection, who, "switched on");
        Ok(())
    }

    /// Switches the connection off, until somebody switches it on: it is not tried again by itself, and nobody gets a
    /// letter.
    ///
    /// # Errors
    /// `Unknown` where no run was ever made for the connection, and any failure of the store.
    pub async fn disable(&self, who: &str) -> Result<()> {
        let cause = format!("{who} switched it off");
        self.store.switch(&self.plan.connection, ConnectionState::Disabled, Some(&cause)).await?;
        tracing::info!(connection = %self.plan.connection, who, "switched off");
        Ok(())
    }

    /// Sends the letters of this connection that are due. Each run does it too.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn deliver(&self) -> Result<Delivered> {
        let Some(notifier) = &self.notifier else { return Ok(Delivered::default()) };
        let connection = Some(self.plan.connection.as_str());
        Ok(deliver(&*self.store, &**notifier, &*self.clock, connection).await?)
    }

    /// Says to a store that no run can be made for a connection, because its plan fits no more: what worked yesterday
    /// stops, and its people are told which key it is. Answers whether it has stopped by this: not where no run was ever
    /// made, and not where it had stopped before.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn stop_for(
        store: &dyn SyncStore,
        connection: &str,
        plan: &SyncPlan,
        problems: &PlanProblems,
    ) -> StoreResult<bool> {
        let first = problems.first();
        let mut end = not_begun(connection, plan);
        (end.error, end.weight) = (Some(first.to_string()), RunWeight::AtOnce(StopReason::Plan));
        end.setting = Some(SettingToFix::of_plan(first.path.clone()));
        Ok(store.not_begun(&end).await?.is_some_and(|closed| closed.stopped.is_some()))
    }

    /// Says to a store that no run can be made for a connection, because the application cannot be opened. It counts as a
    /// run that failed: after as many as the plan says, the connection stops and its people are told. Answers whether it
    /// has stopped by this: not where no run was ever made, and not where it had stopped before.
    ///
    /// # Errors
    /// A store that cannot be used.
    pub async fn failed_for(
        store: &dyn SyncStore,
        connection: &str,
        plan: &SyncPlan,
        error: &TargetError,
    ) -> StoreResult<bool> {
        let mut end = not_begun(connection, plan);
        (end.error, end.setting) = (Some(error.to_string()), Some(setting::of_target(error.kind)));
        Ok(store.not_begun(&end).await?.is_some_and(|closed| closed.stopped.is_some()))
    }

    /// What a run answers that is not begun, where the plan or the connection is off.
    pub(super) async fn switched_off(&self) -> Result<Passage> {
        if !self.plan.enabled {
            return Ok(Passage::Off(self.refused(SyncOutcome::Disabled, "the plan is not enabled")));
        }
        Ok(match self.store.standing(&self.plan.connection).await? {
            Some((_, true)) => Passage::Due,
            Some((standing, false)) if standing.state != ConnectionState::Active => {
                Passage::Off(self.refused(SyncOutcome::Disabled, standing.why()))
            }
            _ => Passage::On,
        })
    }

    /// Tries a connection again that has stopped: `None` where the run may go on.
    pub(super) async fn tried_again(&self, held: &mut Held) -> Result<Option<SyncReport>> {
        let (store, connection) = (&self.store, &self.plan.connection);
        match store.begin_probe(&held.lease, connection, &self.plan.breaker).await? {
            Gate::Open => return Ok(None),
            Gate::Shut(standing) => return Ok(Some(self.refused(SyncOutcome::Disabled, standing.why()))),
            Gate::Trial => {}
        }
        tracing::info!(%connection, "trying the connection again");
        let verification = self.verified(held).await?;
        // What of the distributor the plan does not use need not work.
        let about = |check: &Check| EntityKind::ALL.into_iter().find(|kind| kind.plural() == check.name);
        let used =
            |check: &&Check| about(check).is_none_or(|kind| self.plan.kinds().any(|used| used == kind));
        let failed = verification.checks.iter().filter(|check| check.status == CheckStatus::Failed);
        let failed: Vec<&Check> = failed.filter(used).collect();
        let Some(first) = failed.first().copied() else { return Ok(None) };
        let weigh = |check: &Check| check.error.as_ref().map_or(RunWeight::Counts, breaker::of_provider);
        let weight = weigh(first);
        // A right that is missing is noticed by the account first, at some distributors, and named by a list.
        let named = failed.iter().find_map(|check| {
            let error = check.error.as_ref().filter(|_| weigh(check) == weight)?;
            let named = setting::of_provider(error, about(check), &self.plan.kinds, self.form.as_deref())?;
            Some((*check, named))
        });
        let (failed, named) = named.map_or((first, None), |(check, named)| (check, Some(named)));
        let said = format!("{}: {}", failed.name, failed.detail);
        let reason = match weight {
            RunWeight::AtOnce(reason) => Some(reason),
            RunWeight::Counts => Some(StopReason::Runs),
            RunWeight::Outage | RunWeight::Nothing => None,
        };
        let cause = reason.map(|reason| StopCause::new(reason, said.clone()).with_setting(named));
        store.end_probe(&held.lease, connection, cause.as_ref()).await?;
        Ok(Some(
            self.refused(SyncOutcome::Disabled, format!("it was tried again, and does not work: {said}")),
        ))
    }

    /// Asks the distributor, and keeps the lease meanwhile.
    async fn verified(&self, held: &mut Held) -> Result<Verification> {
        let mut work = pin!(self.provider.verify());
        loop {
            match select(work.as_mut(), self.clock.sleep(BEAT)).await {
                Either::Left((done, _)) => return Ok(done),
                Either::Right(((), _)) => {
                    let asked = self.clock.now();
                    held.lease = self.store.renew(&held.lease).await?;
                    held.until = asked + TTL;
                }
            }
        }
    }

    /// Sends what is due. That a letter has to wait is no failure of the run.
    pub(super) async fn tell_people(&self) {
        if let Err(error) = self.deliver().await {
            let connection = &self.plan.connection;
            tracing::warn!(%connection, %error, "letters could not be sent");
        }
    }
}

/// A run that could not be begun.
fn not_begun(connection: &str, plan: &SyncPlan) -> SessionEnd {
    let mut end = SessionEnd::new(connection, SyncOutcome::Failed);
    end.rules = plan.breaker.clone();
    // What is wrong may be the addresses themselves.
    end.recipients = plan.alerts.iter().filter(|mailbox| mailbox.is_address()).cloned().collect();
    end
}

/// Whether a run may begin.
pub(super) enum Passage {
    On,
    /// The connection has stopped, and is to be tried again.
    Due,
    Off(SyncReport),
}

impl Work<'_> {
    /// What the end of this run means for the connection.
    pub(super) async fn end(&self, outcome: SyncOutcome, error: Option<&SyncError>) -> Result<SessionEnd> {
        let plan = &self.engine.plan;
        let sum = |count: fn(&crate::report::KindReport) -> u64| self.reports.iter().map(count).sum::<u64>();
        let mut end = SessionEnd::new(plan.connection.as_str(), outcome);
        (end.listed, end.rejected) = (sum(|kind| kind.listed), sum(|kind| kind.quarantined));
        (end.rules, end.recipients) = (plan.breaker.clone(), plan.alerts.clone());
        if let Some(error) = error {
            // The kind that failed was told last.
            let about = self.reports.last().map(|report| report.kind);
            end.weight = match breaker::weigh(error) {
                // The list of one document or one subscription is not the whole list.
                RunWeight::AtOnce(StopReason::Right) if self.of_one => RunWeight::Counts,
                weight => weight,
            };
            end.setting = setting::of_error(error, about, &plan.kinds, self.engine.form.as_deref());
            end.error = Some(match (end.weight, about) {
                (RunWeight::AtOnce(StopReason::Right), Some(kind)) => {
                    format!("{} can no longer be listed: {error}", kind.plural().replace('_', " "))
                }
                _ => error.to_string(),
            });
        } else if outcome == SyncOutcome::Completed && breaker::too_many(&end.rules, end.listed, end.rejected)
        {
            let waiting = self.quarantined().await?;
            let rejected = format!("{} of {} records were rejected", end.rejected, end.listed);
            if let Some((most, named)) = setting::of_rejected(&waiting, &plan.kinds) {
                end.error = Some(format!("{rejected}, most of them because of this: {most}"));
                end.setting = named;
            } else {
                end.error = Some(rejected);
            }
        }
        Ok(end)
    }

    /// Some of the records in quarantine, which say what most of them have in common.
    async fn quarantined(&self) -> Result<Vec<Pending>> {
        let mut found = Vec::new();
        let connection = Some(self.engine.plan.connection.clone());
        let mut query = QueueQuery { connection, limit: Some(SAMPLE), after: None };
        while found.len() < SAMPLE {
            let page = self.engine.store.queue(&query).await?;
            let Some(last) = page.last() else { break };
            query.after = Some(last.id.number);
            found.extend(page.into_iter().filter(|pending| pending.why == PendingType::Quarantine));
        }
        Ok(found)
    }
}
