//! Carries a command out, and says what came of it.

use std::time::Duration;

use provider_core::query::Priority;
use provider_core::receipt::LineOutcome;
use provider_core::{Delivery, Error, ErrorKind, Receipt, Violation, WriteOptions};

use super::super::session::Work;
use super::super::walk::Kind;
use super::super::{Result, SyncEngine};
use super::{NewCredentials, name_of};
use crate::fingerprint::Fingerprint;
use crate::store::Intent;

/// How often a sink is asked that does not take a password.
const HANDS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// What came of a command.
#[derive(Debug)]
pub(super) enum Came {
    /// It took effect. `lost`: why a password that came with it was not kept.
    Applied { receipt: Box<Receipt>, lost: Option<String> },
    /// Nothing happened, and will not. `again`: not because of what is in it, so that the next run may ask once more.
    Rejected { reason: String, violations: Vec<Violation>, again: bool },
    /// A person says that it never happened: it may be decided anew.
    Never { who: String },
    /// Nobody knows.
    Unknown { reason: String },
    /// Nothing was sent, and it is tried again.
    Later { reason: String },
    /// The same, and the distributor cannot be written to at the moment.
    Halted { reason: String },
}

impl SyncEngine {
    /// Under the intent's own key, which the journal knows: whatever was begun is gone on with, and nothing is sent twice.
    pub(super) async fn send(&self, intent: &Intent) -> Came {
        let options = WriteOptions::new(intent.key.clone()).priority(Priority::Bulk);
        let mut answer = self.provider.execute(&intent.command, &options).await;
        let lost = answer.as_ref().is_err_and(was_lost);
        if lost {
            // The journal finds out what came of it.
            answer = self.provider.execute(&intent.command, &options).await;
        }
        match answer {
            Ok(receipt) => self.answered(intent, receipt).await,
            Err(error) => refused(&error, lost),
        }
    }

    async fn answered(&self, intent: &Intent, mut receipt: Receipt) -> Came {
        let mut lost = None;
        if let Some(credentials) = receipt.credentials.take() {
            let told = NewCredentials {
                connection: intent.connection.clone(),
                local: intent.local.clone(),
                customer: receipt.customer.clone(),
                credentials,
            };
            lost = self.hand_over(&told).await;
        }
        if receipt.lines.iter().any(|line| line.outcome == LineOutcome::Unknown) {
            let reason = "the distributor did not answer for every part of it".to_owned();
            return Came::Unknown { reason };
        }
        Came::Applied { receipt: Box::new(receipt), lost }
    }

    async fn hand_over(&self, told: &NewCredentials) -> Option<String> {
        let Some(sink) = &self.credentials else {
            return Some("there is nobody to give it to (`SyncEngine::with_credentials`)".to_owned());
        };
        let mut reason = String::new();
        for again in 0..HANDS {
            if again > 0 {
                self.clock.sleep(PAUSE).await;
            }
            match sink.keep(told).await {
                Ok(()) => return None,
                Err(why) => reason = why,
            }
        }
        Some(reason)
    }
}

impl Work<'_> {
    /// The same while the lease is kept. Nothing is begun that it might not outlive.
    pub(super) async fn execute(&mut self, intent: &Intent) -> Result<Came> {
        self.batch_deadline().await?;
        self.keeping(self.engine.send(intent)).await
    }
}

/// The customer that is being made may be listed from now on.
pub(super) fn remember_name(kind: &mut Kind<'_>, intent: &Intent) {
    kind.pushing.made.extend(name_of(&intent.command).map(|name| Fingerprint::of_text(&name)));
}

/// The answer alone was lost: the next call under the same key finds out what came of it.
fn was_lost(error: &Error) -> bool {
    matches!(error.delivery(), Delivery::Unknown | Delivery::Applied) && error.kind() != ErrorKind::Conflict
}

/// `lost`: it was sent just now, and its answer was lost.
fn refused(error: &Error, lost: bool) -> Came {
    let reason = error.message().to_owned();
    match (error.delivery(), error.kind()) {
        // Somebody is at it at this moment, or it is too early to say what came of it.
        (Delivery::Unknown, ErrorKind::Conflict) if !lost && error.retry_after().is_some() => {
            Came::Later { reason }
        }
        (Delivery::Unknown | Delivery::Applied, _) => Came::Unknown { reason },
        // Another command on the same record comes first.
        (Delivery::NotSent, ErrorKind::Conflict) => Came::Later { reason },
        (
            _,
            ErrorKind::InvalidInput
            | ErrorKind::Unsupported
            | ErrorKind::Refused
            | ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::PreconditionFailed
            | ErrorKind::PermissionDenied
            | ErrorKind::Conflict,
        ) => {
            let again = error.kind() == ErrorKind::PermissionDenied;
            Came::Rejected { reason, violations: error.violations().to_vec(), again }
        }
        // It was not taken, and not because of what is in it.
        _ => Came::Halted { reason },
    }
}
