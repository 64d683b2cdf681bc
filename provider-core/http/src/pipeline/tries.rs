//! The attempts of one call: when the next one is made, and when there is none.
//!
//! An interactive call reports an outage after a few attempts. A read of a background job goes on with
//! growing pauses for as long as its deadline lets it: it waits out an open breaker and a token endpoint that is
//! down, and spends a budget of its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use provider_core::query::Priority;
use provider_core::{Error, ErrorKind, Result};

use super::call::{Call, Reply};
use super::failure::FailedAttempt;
use super::{refusal, report};
use crate::auth::Credential;
use crate::breaker::Pass;
use crate::retry::{Cost, Safety, Stage};
use crate::shared::Shared;
use crate::transport::TransportErrorKind;

/// A token that was just obtained and is refused may not be known everywhere yet: reads get one more.
const RENEWALS_OF_A_READ: u32 = 2;
const RENEWALS_OF_A_WRITE: u32 = 1;
/// How often a background read looks whether another call's probe of the breaker has an answer.
const LOOK: Duration = Duration::from_millis(250);

impl Call {
    /// A read of a background job. Whoever allows one attempt only wants no other.
    pub(super) fn is_patient(&self, shared: &Shared) -> bool {
        self.priority == Priority::Bulk && self.spec.safety == Safety::Read && shared.options.max_attempts > 1
    }
}

/// What came before the next attempt.
#[derive(Default)]
pub(super) struct Tries {
    /// Failed attempts and tokens that did not come, which pauses grow with.
    setbacks: u32,
    renewals: u32,
    /// The version of the token that was refused last.
    refused: Option<u64>,
    /// What to report if no attempt follows.
    last: Option<Error>,
}

/// Whether another attempt is made.
pub(super) enum Again {
    Yes,
    No(FailedAttempt),
}

impl Tries {
    /// Before the queue: a call that the breaker holds back does not join it. A background read waits.
    pub(super) async fn stand_by(&mut self, shared: &Shared, call: &Call) -> Result<()> {
        let breaker = &shared.account.breaker;
        while let Some(rest) = breaker.bars() {
            let nap = breaker.rest().unwrap_or(LOOK);
            if !call.is_patient(shared) || nap >= call.deadline.remaining() {
                return self.give_up(|| refusal::circuit_open(shared, rest));
            }
            tokio::time::sleep(nap).await;
        }
        Ok(())
    }

    /// The breaker's permission, behind the queue: a probe that only waits for its turn would keep everybody else out.
    /// None for a background read that another call's probe has come before.
    pub(super) fn admit(&mut self, shared: &Shared, call: &Call) -> Result<Option<Pass>> {
        match shared.account.breaker.admit() {
            Ok((pass, change)) => {
                report::breaker(shared, change);
                Ok(Some(pass))
            }
            Err(_) if call.is_patient(shared) => Ok(None),
            Err(rest) => self.give_up(|| refusal::circuit_open(shared, rest)),
        }
    }

    /// Ends with what went wrong last, or else with `otherwise`.
    pub(super) fn give_up<T>(&mut self, otherwise: impl FnOnce() -> Error) -> Result<T> {
        Err(self.last.take().unwrap_or_else(otherwise))
    }

    /// True for a token that was refused and could not be replaced.
    pub(super) fn refused(&self, credential: &Credential) -> bool {
        self.refused == Some(credential.version())
    }

    /// After a refused token: another one, once for a write and twice for a read.
    pub(super) async fn renew(
        &mut self,
        shared: &Shared,
        call: &Call,
        attempts: u32,
        credential: &Credential,
        failure: FailedAttempt,
    ) -> Result<()> {
        let most = match call.spec.safety {
            Safety::Read => RENEWALS_OF_A_READ,
            Safety::IdempotentWrite | Safety::Write => RENEWALS_OF_A_WRITE,
        };
        let first = self.renewals == 0;
        let may = first || (self.renewals < most && attempts < shared.options.max_attempts);
        if credential.is_none() || !may {
            return Err(failure.error);
        }
        if !first {
            // The first renewal needs no pause. A new token that is refused may not be known everywhere yet.
            let wait = shared.backoff.pause(attempts);
            if wait >= call.deadline.remaining() {
                return Err(failure.error);
            }
            tokio::time::sleep(wait).await;
        }
        self.renewals += 1;
        shared.authenticator.invalidate(credential.version());
        self.refused = Some(credential.version());
        self.last = Some(failure.error);
        Ok(())
    }

    /// Waits for the next attempt, or answers the failure where there is none.
    pub(super) async fn wait(
        &mut self,
        shared: &Arc<Shared>,
        call: &Call,
        attempts: u32,
        failure: FailedAttempt,
        pause_of_account: Option<Duration>,
    ) -> Again {
        let cost = if failure.timed_out() { Cost::TimedOut } else { Cost::Plain };
        let asked = failure.retry_after.or(pause_of_account);
        self.setbacks = self.setbacks.saturating_add(1);
        let failure = match asked {
            Some(asked) => FailedAttempt { error: failure.error.with_retry_after(asked), ..failure },
            None => failure,
        };
        let account = &shared.account;
        // Where nothing ever answered, or an HTML page did, the base URL is wrong more often than the service is down.
        let doubtful = matches!(failure.stage, Stage::Wire(TransportErrorKind::Connect) | Stage::Unreadable)
            && !account.reached.load(Ordering::Relaxed);
        let patient = call.is_patient(shared) && !doubtful;
        // Nobody counts the attempts of a background read: to come back at once it would do without a pause until its
        // deadline.
        let said = asked.filter(|asked| !(patient && asked.is_zero()));
        let wait = said.unwrap_or_else(|| {
            if patient {
                self.pause(shared, account.patience.spend(cost))
            } else {
                shared.backoff.pause(self.setbacks)
            }
        });
        let gives_up = wait >= call.deadline.remaining()
            || (!patient
                && (attempts >= shared.options.max_attempts
                    || account.breaker.rest().is_some()
                    || !account.budget.spend(cost)));
        if gives_up {
            return Again::No(failure);
        }
        report::retry(shared, call, attempts, wait, failure.error.kind());
        tokio::time::sleep(wait).await;
        self.last = Some(failure.error);
        Again::Yes
    }

    /// A background read asks for a token again too, unless a person has to act.
    pub(super) async fn wait_without_token(
        &mut self,
        shared: &Shared,
        call: &Call,
        error: Error,
    ) -> Result<()> {
        let passes = matches!(
            error.kind(),
            ErrorKind::Unavailable
                | ErrorKind::Timeout
                | ErrorKind::Transport
                | ErrorKind::RateLimited
                | ErrorKind::Decode
        );
        self.setbacks = self.setbacks.saturating_add(1);
        let wait = self.pause(shared, true).max(error.retry_after().unwrap_or_default());
        if !call.is_patient(shared) || !passes || wait >= call.deadline.remaining() {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        self.last = Some(error);
        Ok(())
    }

    /// The pause of a background read: drawn like any other for the first few attempts, then at least half of its
    /// bound, so that it really grows. Without budget it is the longest at once.
    fn pause(&self, shared: &Shared, within_budget: bool) -> Duration {
        if within_budget && self.setbacks < shared.options.max_attempts {
            return shared.backoff.pause(self.setbacks);
        }
        let setbacks = if within_budget { self.setbacks } else { u32::MAX };
        shared.backoff.long_pause(setbacks)
    }
}

impl FailedAttempt {
    /// No answer came in the time that an attempt has.
    pub(super) fn timed_out(&self) -> bool {
        self.stage == Stage::Wire(TransportErrorKind::Timeout)
    }

    /// Ends the call: with the answer where it is one after all, which only its reader can judge, or else with
    /// the error.
    pub(super) fn give_up(self) -> Result<Reply> {
        self.reply.map_or(Err(self.error), |reply| Ok(*reply))
    }
}
