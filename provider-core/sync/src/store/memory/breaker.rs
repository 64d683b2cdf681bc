//! How connections stand, in memory: the decisions are those of every store.

use chrono::{DateTime, Utc};

use super::{MemoryStore, State};
use crate::decide::breaker;
use crate::notify::StopCause;
use crate::plan::BreakerPlan;
use crate::report::SyncOutcome;
use crate::store::breaker::{Gate, SessionClosed, SessionEnd, Standing};
use crate::store::rules::no_connection;
use crate::store::status::ConnectionState;
use crate::store::types::RunLease;
use crate::store::{StoreError, StoreResult};

impl MemoryStore {
    pub(super) fn closed(&self, lease: &RunLease, end: &SessionEnd) -> StoreResult<SessionClosed> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let closed = state.ended(end, now).ok_or_else(|| no_connection(&end.connection))?;
        if end.outcome == SyncOutcome::Failed {
            state.list_again(&end.connection);
        }
        Ok(closed)
    }

    pub(super) fn unbegun(&self, end: &SessionEnd) -> Option<SessionClosed> {
        let now = self.clock.now();
        let mut state = self.state();
        let known = state.connections.get(&end.connection)?;
        if known.standing.state != ConnectionState::Active {
            return None;
        }
        state.ended(end, now)
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
}

impl State {
    /// What the end of a session makes of its connection, and the letters about that.
    fn ended(&mut self, end: &SessionEnd, now: DateTime<Utc>) -> Option<SessionClosed> {
        let known = self.connections.get_mut(&end.connection)?;
        let step = breaker::ended(&known.standing, end, now);
        known.outcome = Some(step.outcome);
        if end.outcome == SyncOutcome::Completed {
            known.open = false;
        }
        let before = std::mem::replace(&mut known.standing, step.after.clone());
        if let Some(about) = step.letter {
            let (name, account, to) = (&end.connection, &known.account.account, &end.recipients);
            let letters = breaker::letters(name, account, &before, &step.after, about, to, now);
            self.letters.put(step.after.stops, letters);
        }
        Some(SessionClosed::of(step))
    }
}
