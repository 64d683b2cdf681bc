//! One round of the postman: every letter that is due is tried once.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use provider_core::clock::Clock;
use serde::Serialize;

use super::{Notifier, NotifyError, NotifyErrorKind};
use crate::store::{AlertEnd, StoreResult, SyncStore};

/// For how long one process has a letter to itself. A process that dies with it leaves it to the next after this.
const HOLD: Duration = Duration::from_secs(300);
/// How long one letter may take: shorter than it is held, so that no two processes send it at once.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first pause before a letter is tried again.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// The most letters of one round.
const MANY: usize = 200;

/// What became of the letters that were due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Delivered {
    /// They were taken.
    pub sent: u64,
    /// Their recipients were refused for good.
    pub refused: u64,
    /// They are tried again later.
    pub postponed: u64,
    /// Why the first of those that were not taken was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Tries every letter that is due, of this connection or of all. What is not taken is kept, and is due again after a
/// pause that doubles from a minute to six hours.
///
/// A run does it for its own connection, before it answers; call it as well where runs are rare.
///
/// # Errors
/// A store that cannot be used.
pub async fn deliver(
    store: &dyn SyncStore,
    notifier: &dyn Notifier,
    clock: &dyn Clock,
    connection: Option<&str>,
) -> StoreResult<Delivered> {
    let mut told = Delivered::default();
    for _ in 0..MANY {
        let Some(due) = store.claim_alert(connection, HOLD).await? else { break };
        let sending = pin!(notifier.send(&due.alert));
        let sent = match select(sending, clock.sleep(PATIENCE)).await {
            Either::Left((sent, _)) => sent,
            Either::Right(((), _)) => {
                let message = format!("no answer within {} s", PATIENCE.as_secs());
                Err(NotifyError::new(NotifyErrorKind::Unreachable, message))
            }
        };
        let (end, goes_on) = match &sent {
            Ok(()) => (AlertEnd::Sent, true),
            Err(error) => {
                let (connection, letter) = (due.alert.connection.as_str(), due.alert.id.as_str());
                tracing::warn!(connection, letter, %error, "a letter was not taken");
                told.why.get_or_insert_with(|| format!("{}: {error}", due.alert.recipient.0));
                match error.kind {
                    NotifyErrorKind::Refused => (AlertEnd::Refused(error.to_string()), true),
                    kind => {
                        let why = error.to_string();
                        let later = AlertEnd::Later { why, pause: pause(due.tries) };
                        (later, kind == NotifyErrorKind::Later)
                    }
                }
            }
        };
        match &end {
            AlertEnd::Sent => told.sent += 1,
            AlertEnd::Refused(_) => told.refused += 1,
            AlertEnd::Later { .. } => told.postponed += 1,
        }
        store.settle_alert(&due, &end).await?;
        if !goes_on {
            break;
        }
    }
    Ok(told)
}

/// How long to wait after so many tries.
fn pause(tries: u32) -> Duration {
    let doubled = 2_u32.checked_pow(tries.min(16)).unwrap_or(u32::MAX);
    FIRST_PAUSE.checked_mul(doubled).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_from_a_minute_to_six_hours() {
        let minutes = |tries| pause(tries).as_secs() / 60;
        assert_eq!([0, 1, 2, 3, 8, 9, 100].map(minutes), [1, 2, 4, 8, 256, 360, 360]);
    }
}
