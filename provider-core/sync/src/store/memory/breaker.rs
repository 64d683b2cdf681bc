//! How connections stand, in memory: the decisions are those of every store.

use super::MemoryStore;
use crate::decide::breaker;
use crate::notify::{AlertKind, StopCause};
use crate::plan::{BreakerPlan, Mailbox};
use crate::report::SyncOutcome;
use crate::store::breaker::{Gate, SessionClosed, SessionEnd, Standing};
use crate::store::rules::no_connection;
use crate::store::types::{ConnectionState, RunLease};
use crate::store::{StoreError, StoreResult};

impl MemoryStore {
    pub(super) fn closed(&self, lease: &RunLease, end: &SessionEnd) -> StoreResult<SessionClosed> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let state = &mut *state;
        let known = state.connections.get_mut(&end.connection);
        let known = known.ok_or_else(|| no_connection(&end.connection))?;
        let step = breaker::ended(&known.standing, end, now);
        known.outcome = Some(step.outcome);
        if end.outcome == SyncOutcome::Completed {
            known.open = false;
        }
        let before = std::mem::replace(&mut known.standing, step.after.clone());
        if let Some(about) = step.letter {
            let (name, account, to) = (&end.connection, &known.account.account, &end.recipients);
            let letters = breaker::letters(name, account, &before, &step.after, about, to, now);
            state.letters.put(step.after.stops, letters);
        }
        Ok(SessionClosed::of(step))
    }

    pub(super) fn switched(
        &self,
        connection: &str,
        to: ConnectionState,
        cause: Option<&str>,
    ) -> StoreResult<()> {
        let now = self.clock.now();
        let mut state = self.state();
        let known = state.connections.get_mut(connection).ok_or_else(|| no_connection(connection))?;
        known.standing = breaker::switched(&known.standing, to, cause, now);
        Ok(())
    }

    pub(super) fn stands(&self, connection: &str) -> Option<(Standing, bool)> {
        let now = self.clock.now();
        let standing = self.state().connections.get(connection).map(|known| known.standing.clone());
        standing.map(|standing| {
            let due = breaker::is_due(&standing, now);
            (standing, due)
        })
    }

    pub(super) fn probed(
        &self,
        lease: &RunLease,
        connection: &str,
        rules: &BreakerPlan,
    ) -> StoreResult<Gate> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let Some(known) = state.connections.get_mut(connection) else { return Ok(Gate::Open) };
        if known.standing.state == ConnectionState::Active {
            return Ok(Gate::Open);
        }
        if !breaker::is_due(&known.standing, now) {
            return Ok(Gate::Shut(Box::new(known.standing.clone())));
        }
        known.standing = breaker::trial(rules, &known.standing, now);
        Ok(Gate::Trial)
    }

    pub(super) fn unprobed(
        &self,
        lease: &RunLease,
        connection: &str,
        cause: Option<&StopCause>,
    ) -> Result<(), StoreError> {
        let ends_at = self.end(lease.ttl);
        let mut state = self.state();
        state.held(lease, ends_at)?;
        if let Some(known) = state.connections.get_mut(connection) {
            known.standing = breaker::still_stopped(&known.standing, cause.cloned());
        }
        Ok(())
    }

    pub(super) fn stopped(
        &self,
        connection: &str,
        cause: &StopCause,
        rules: &BreakerPlan,
        recipients: &[Mailbox],
    ) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        let state = &mut *state;
        let Some(known) = state.connections.get_mut(connection) else { return false };
        if known.standing.state != ConnectionState::Active {
            return false;
        }
        let after = breaker::stopped(rules, &known.standing, cause.clone(), now);
        let before = std::mem::replace(&mut known.standing, after.clone());
        let (account, about) = (&known.account.account, AlertKind::Stopped);
        let letters = breaker::letters(connection, account, &before, &after, about, recipients, now);
        state.letters.put(after.stops, letters);
        true
    }
}
