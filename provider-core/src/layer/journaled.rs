//! A provider with a journal, so that no command is carried out twice.

mod gate;
mod known;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;

use crate::attempt::{Attempt, Reconciliation, WriteOptions};
use crate::capability::{Capabilities, Operation};
use crate::clock::{Clock, SystemClock};
use crate::command::Command;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::journal::{Begin, Blocked, Fence, Held, Journal};
use crate::provider::Provider;
use crate::receipt::Receipt;
use crate::sending::Sending;
use gate::Gate;

/// How long an operation may take when the caller does not say; the default of every provider.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(120);

/// How much longer a lease lasts than the operation it covers.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// Stores every attempt before it is sent, and answers a repeated key from what is stored.
///
/// - An attempt is stored as *sent* at the moment of its first request, where the provider
///   [announces](Provider::announces_sending) its requests; otherwise before the provider is called at all. A
///   crash before that moment leaves nothing in doubt.
/// - While an attempt is under way, the same key answers `Conflict` with delivery `Unknown`, who makes it and
///   the time to come back.
/// - An attempt whose lease ran out is reconciled. It is sent again only after
///   [`Reconciliation::NotApplied`], with a fresh baseline.
/// - Where a baseline decides, one attempt at a time is open per record.
/// - A receipt that cannot be stored is still answered; the attempt then stays open. So does one with a line of
///   which nobody can say what came of it: the next call with its key finds that out, or answers the lines that
///   are known.
/// - A provider that keeps a journal already is passed through: two would wait for each other.
///
/// The promise: never two. Exactly one where a reference or a baseline decides. Everything else is
/// reported as unknown, for a person, who settles it with [`journal::settle`](crate::journal::settle()).
#[derive(Debug)]
pub struct Journaled<P> {
    inner: P,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    holder: String,
}

/// The process and its machine, as far as the environment tells.
fn this_process() -> String {
    let machine = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let machine = machine.filter(|name| !name.trim().is_empty());
    let process = std::process::id();
    machine.map_or_else(|| format!("process {process}"), |machine| format!("process {process} on {machine}"))
}

impl<P: Provider> Journaled<P> {
    /// Wraps a provider.
    #[must_use]
    pub fn new(inner: P, journal: Arc<dyn Journal>) -> Self {
        Self { inner, journal, clock: Arc::new(SystemClock), holder: this_process() }
    }

    /// Takes time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Names who writes here, for people who meet a key that is held: by default the process and its machine.
    #[must_use]
    pub fn with_holder(mut self, holder: impl Into<String>) -> Self {
        self.holder = holder.into();
        self
    }

    fn error(&self, error: Error, command: &Command) -> Error {
        error.with_provider(self.info().kind.clone()).with_operation(Operation::Execute(command.kind()))
    }

    fn attempt(&self, command: &Command, options: &WriteOptions) -> Attempt {
        let info = self.info();
        let mut attempt =
            Attempt::new(&*info.connection, command.clone(), options.key.clone(), self.clock.now())
                .with_account(info.account_key());
        attempt.holder = Some(self.holder.clone());
        attempt
    }

    fn busy(&self, held: &Held, command: &Command) -> Error {
        let message = format!(
            "another call with the same key is under way{}: come back with the same key in {} s at the latest",
            by(held.by.as_deref()),
            seconds(held.rest),
        );
        self.error(Error::leased(message, held.rest), command)
    }

    fn blocked(&self, blocked: &Blocked, command: &Command) -> Error {
        let Blocked { key, scope, rest, by: holder } = blocked;
        let error = Error::new(
            ErrorKind::Conflict,
            match rest {
                Some(rest) => format!(
                    "another command on {scope} is under way{} (key {key}), for at most {} s more",
                    by(holder.as_deref()),
                    seconds(*rest),
                ),
                None => format!(
                    "the outcome of an earlier command on {scope} is not known (key {key}): call again with \
                     that key to have it looked up, or settle it by a person's word"
                ),
            },
        )
        .with_delivery(Delivery::NotSent);
        self.error(rest.map_or(error.clone(), |rest| error.with_retry_after(rest)), command)
    }

    /// From a fresh baseline to the stored outcome. The caller holds the lease.
    async fn send(&self, attempt: Attempt, fence: Fence, options: &WriteOptions) -> Result<Receipt> {
        let deadline = options.deadline.unwrap_or(DEFAULT_DEADLINE);
        let command = attempt.command.clone();
        let baseline = match self.inner.baseline(&command).await {
            Ok(baseline) => baseline,
            Err(error) => {
                let _ = self.journal.release(&attempt, fence).await;
                return Err(self.error(error.with_delivery(Delivery::NotSent), &command));
            }
        };
        let attempt = attempt.with_baseline(baseline);
        let (journal, clock) = (Arc::clone(&self.journal), Arc::clone(&self.clock));
        let gate = Arc::new(Gate::new(journal, clock, attempt, fence, deadline));
        if !self.inner.announces_sending() {
            // Nobody will say when it is sent, so it counts as sent from here on.
            if let Err(error) = gate.arm().await {
                // Nothing was called, whatever the journal has stored of it.
                let _ = self.journal.release(&gate.close().0, fence).await;
                return Err(self.error(error, &command));
            }
        }
        let options = options.clone().sending(Sending::through(Arc::clone(&gate) as _));
        let sent = within(self.inner.execute(&command, &options), self.clock.sleep(deadline)).await;
        let (attempt, armed) = gate.close();
        match sent {
            // What is known is answered, and the line that is not is left to be found out.
            Some(Ok(receipt)) if armed && known::is_in_doubt(&receipt) => {
                let _ = self.journal.leave_open(&attempt, fence).await;
                Ok(receipt)
            }
            Some(Ok(receipt)) => {
                // An answer that cannot be stored is still the answer. The attempt stays open and the
                // next call with this key reconciles it.
                let _ = self.journal.finish(&attempt, fence, &receipt).await;
                Ok(receipt)
            }
            Some(Err(error)) => {
                let error = if armed { error } else { error.with_delivery(Delivery::NotSent) };
                match error.delivery() {
                    Delivery::NotSent | Delivery::Rejected => {
                        let _ = self.journal.release(&attempt, fence).await;
                    }
                    Delivery::Applied | Delivery::Unknown => {
                        let _ = self.journal.leave_open(&attempt, fence).await;
                    }
                }
                Err(self.error(error, &command))
            }
            // What was cut off may still be arriving, so the lease is left to run out.
            None if armed => Err(self.error(
                Error::new(ErrorKind::Timeout, "the command did not end within its deadline"),
                &command,
            )),
            None => {
                let _ = self.journal.release(&attempt, fence).await;
                let message = "the command was not sent within its deadline";
                let error = Error::new(ErrorKind::Timeout, message).with_delivery(Delivery::NotSent);
                Err(self.error(error, &command))
            }
        }
    }

    async fn settle(&self, open: Attempt, fence: Fence, options: &WriteOptions) -> Result<Receipt> {
        let command = open.command.clone();
        match self.inner.reconcile(&open).await {
            Ok(Reconciliation::Applied(mut receipt)) => {
                let _ = if known::is_in_doubt(&receipt) {
                    self.journal.leave_open(&open, fence).await
                } else {
                    self.journal.finish(&open, fence, &receipt).await
                };
                receipt.replayed = true;
                Ok(receipt)
            }
            Ok(Reconciliation::NotApplied) => {
                self.send(self.attempt(&command, options), fence, options).await
            }
            Ok(Reconciliation::Undetermined { reason, retry_after }) => {
                let _ = self.journal.leave_open(&open, fence).await;
                // Once a line took effect an error would hide it.
                if let Some(known) = known::lines(&open) {
                    return Ok(Receipt { replayed: true, ..known });
                }
                let error = Error::new(
                    ErrorKind::Conflict,
                    format!("it is not known whether an earlier call with this key took effect: {reason}"),
                );
                let error = retry_after.map_or(error.clone(), |wait| error.with_retry_after(wait));
                Err(self.error(error, &command))
            }
            Err(error) => {
                let _ = self.journal.leave_open(&open, fence).await;
                Err(self.error(error.with_delivery(Delivery::Unknown), &command))
            }
        }
    }
}

fn by(holder: Option<&str>) -> String {
    holder.map_or_else(String::new, |holder| format!(" ({holder})"))
}

/// Whole seconds, never too few.
fn seconds(rest: Duration) -> u64 {
    rest.as_secs() + u64::from(rest.subsec_nanos() > 0)
}

/// The output of `work` unless `timer` ends first; then `work` is dropped.
async fn within<T>(work: impl Future<Output = T>, timer: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut timer) = (pin!(work), pin!(timer));
    poll_fn(|cx| match (work.as_mut().poll(cx), timer.as_mut().poll(cx)) {
        (Poll::Ready(output), _) => Poll::Ready(Some(output)),
        (Poll::Pending, Poll::Ready(())) => Poll::Ready(None),
        (Poll::Pending, Poll::Pending) => Poll::Pending,
    })
    .await
}

#[async_trait]
impl<P: Provider> Provider for Journaled<P> {
    fn info(&self) -> &ProviderInfo {
        self.inner.info()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.inner)
    }

    fn journal(&self) -> Option<Arc<dyn Journal>> {
        self.inner.journal().or_else(|| Some(Arc::clone(&self.journal)))
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        // A journal within or without does the same already.
        if options.sending.is_gated() || self.inner.journal().is_some() {
            return self.inner.execute(command, options).await;
        }
        let attempt = self.attempt(command, options);
        let deadline = options.deadline.unwrap_or(DEFAULT_DEADLINE);
        let begun = self
            .journal
            .begin(&attempt, deadline + LEASE_MARGIN)
            .await
            .map_err(|error| self.error(error.with_delivery(Delivery::NotSent), command))?;
        match begun {
            Begin::Fresh(fence) => self.send(attempt, fence, options).await,
            Begin::Busy(held) => Err(self.busy(&held, command)),
            Begin::Open(open, fence) => self.settle(*open, fence, options).await,
            Begin::Done(receipt) => Ok(Receipt { replayed: true, ..*receipt }),
            Begin::Blocked(blocked) => Err(self.blocked(&blocked, command)),
        }
    }
}
