//! A provider with a journal, so that no command is carried out twice.

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
use crate::journal::{Begin, Blocked, Fence, Journal};
use crate::provider::Provider;
use crate::receipt::Receipt;

/// How long an operation may take when the caller does not say; the default of every provider.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(120);

/// How much longer a lease lasts than the operation it covers.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// Stores every attempt before it is sent, and answers a repeated key from what is stored.
///
/// - While an attempt is under way, the same key answers `Conflict` with delivery `Unknown` and the
///   time to come back.
/// - An attempt whose lease ran out is reconciled. It is sent again only after
///   [`Reconciliation::NotApplied`], with a fresh baseline.
/// - Where a baseline decides, one attempt at a time is open per customer or subscription.
/// - A receipt that cannot be stored is still answered; the attempt then stays open.
///
/// The promise: never two. Exactly one where a reference or a baseline decides. Everything else is
/// reported as unknown, for a person.
#[derive(Debug)]
pub struct Journaled<P> {
    inner: P,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
}

impl<P: Provider> Journaled<P> {
    /// Wraps a provider.
    #[must_use]
    pub fn new(inner: P, journal: Arc<dyn Journal>) -> Self {
        Self { inner, journal, clock: Arc::new(SystemClock) }
    }

    /// Takes time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    fn error(&self, error: Error, command: &Command) -> Error {
        error.with_provider(self.info().kind.clone()).with_operation(Operation::Execute(command.kind()))
    }

    fn busy(&self, rest: Duration, command: &Command) -> Error {
        let message = "another call with the same key is under way: come back with the same key";
        self.error(Error::leased(message.to_owned(), rest), command)
    }

    fn blocked(&self, blocked: &Blocked, command: &Command) -> Error {
        let Blocked { key, scope, rest } = blocked;
        let error = Error::new(
            ErrorKind::Conflict,
            match rest {
                Some(_) => format!("another command on {scope} is under way (key {key})"),
                None => format!(
                    "the outcome of an earlier command on {scope} is not known (key {key}): \
                     settle it first by calling again with that key"
                ),
            },
        )
        .with_delivery(Delivery::NotSent);
        self.error(rest.map_or(error.clone(), |rest| error.with_retry_after(rest)), command)
    }

    /// From a fresh baseline to the stored outcome. The caller holds the lease.
    async fn send(&self, attempt: Attempt, fence: Fence, options: &WriteOptions) -> Result<Receipt> {
        let deadline = options.options.deadline.unwrap_or(DEFAULT_DEADLINE);
        let command = &attempt.command;
        let baseline = match self.inner.baseline(command).await {
            Ok(baseline) => baseline,
            Err(error) => {
                self.let_go(&attempt, fence).await;
                return Err(self.error(error.with_delivery(Delivery::NotSent), command));
            }
        };
        let attempt = attempt.clone().with_baseline(baseline);
        if let Err(error) = self.journal.arm(&attempt, fence, deadline + LEASE_MARGIN).await {
            return Err(self.error(error.with_delivery(Delivery::NotSent), command));
        }
        let sent = within(self.inner.execute(command, options), self.clock.sleep(deadline)).await;
        match sent {
            Some(Ok(receipt)) => {
                // An answer that cannot be stored is still the answer. The attempt stays open and the
                // next call with this key reconciles it.
                let _ = self.journal.finish(&attempt, fence, &receipt).await;
                Ok(receipt)
            }
            Some(Err(error)) => {
                match error.delivery() {
                    Delivery::NotSent | Delivery::Rejected => {
                        let _ = self.journal.release(&attempt, fence).await;
                    }
                    Delivery::Applied | Delivery::Unknown => {
                        let _ = self.journal.leave_open(&attempt, fence).await;
                    }
                }
                Err(self.error(error, command))
            }
            // The lease is left to run out: what was cut off may still be arriving.
            None => Err(self.error(
                Error::new(ErrorKind::Timeout, "the command did not end within its deadline"),
                command,
            )),
        }
    }

    /// Nothing of this call was sent. An attempt of an earlier call stays open.
    async fn let_go(&self, attempt: &Attempt, fence: Fence) {
        let _ = if attempt.baseline.is_none() {
            self.journal.release(attempt, fence).await
        } else {
            self.journal.leave_open(attempt, fence).await
        };
    }

    async fn settle(&self, open: Attempt, fence: Fence, options: &WriteOptions) -> Result<Receipt> {
        let command = open.command.clone();
        match self.inner.reconcile(&open).await {
            Ok(Reconciliation::Applied(mut receipt)) => {
                let _ = self.journal.finish(&open, fence, &receipt).await;
                receipt.replayed = true;
                Ok(receipt)
            }
            Ok(Reconciliation::NotApplied) => {
                let fresh =
                    Attempt::new(open.connection.clone(), command, open.key.clone(), self.clock.now());
                self.send(fresh, fence, options).await
            }
            Ok(Reconciliation::Undetermined { reason, retry_after }) => {
                let _ = self.journal.leave_open(&open, fence).await;
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

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let attempt = Attempt::new(
            self.info().connection.clone(),
            command.clone(),
            options.key.clone(),
            self.clock.now(),
        );
        let deadline = options.options.deadline.unwrap_or(DEFAULT_DEADLINE);
        let begun = self
            .journal
            .begin(&attempt, deadline + LEASE_MARGIN)
            .await
            .map_err(|error| self.error(error.with_delivery(Delivery::NotSent), command))?;
        match begun {
            Begin::Fresh(fence) => self.send(attempt, fence, options).await,
            Begin::Busy(rest) => Err(self.busy(rest, command)),
            Begin::Open(open, fence) => self.settle(*open, fence, options).await,
            Begin::Done(receipt) => Ok(Receipt { replayed: true, ..*receipt }),
            Begin::Blocked(blocked) => Err(self.blocked(&blocked, command)),
        }
    }
}
