//! The deadline, name and options that all HTTP calls of one operation share.

use std::future::Future;
use std::time::Duration;

use provider_core::attempt::Sending;
use provider_core::query::Priority;
use provider_core::{Delivery, Error, ErrorKind, Operation, ReadOptions, Result, WriteOptions};

use crate::call::CallOptions;
use crate::deadline::Deadline;

/// What all HTTP calls of one operation of a provider share: the operation that errors name, one deadline, the priority
/// at the rate limit, and whether records keep their JSON. Make one at the start of each trait method.
///
/// ```
/// use std::time::Duration;
///
/// use provider_core::{EntityKind, Operation, ReadOptions};
/// use provider_http::OperationContext;
///
/// let options = ReadOptions::default().raw(true).deadline(Duration::from_secs(20));
/// let cx = OperationContext::read(Operation::Get(EntityKind::Customer), &options, Duration::from_secs(120));
/// // The record itself, and then what belongs to it, in what is left of the 20 seconds.
/// assert!(cx.call().raw && !cx.quiet().call().raw);
/// assert!(cx.call().deadline.unwrap() <= Duration::from_secs(20));
/// assert_eq!(cx.call().operation, Some(Operation::Get(EntityKind::Customer)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationContext {
    operation: Operation,
    deadline: Deadline,
    priority: Priority,
    /// A background read whose caller set no deadline: see [`CallOptions::unhurried`].
    unhurried: bool,
    raw: bool,
    sending: Sending,
}

impl OperationContext {
    /// A read that begins now. `default` is how long it may take where the caller does not say.
    #[must_use]
    pub fn read(operation: Operation, options: &ReadOptions, default: Duration) -> Self {
        Self {
            operation,
            deadline: Deadline::after(options.deadline.unwrap_or(default)),
            priority: options.priority,
            unhurried: options.deadline.is_none() && options.priority == Priority::Bulk,
            raw: options.raw,
            sending: Sending::default(),
        }
    }

    /// A write that begins now. The records that it reads on the way keep no JSON; what it sends passes the
    /// gate of the options, so that a provider whose writes are made with this context announces them
    /// ([`Provider::announces_sending`](provider_core::Provider::announces_sending)).
    #[must_use]
    pub fn write(operation: Operation, options: &WriteOptions, default: Duration) -> Self {
        let sending = options.sending.clone();
        Self { raw: false, sending, ..Self::read(operation, &options.reading(), default) }
    }

    /// The same for one step of the write, where each line is a request of its own.
    #[must_use]
    pub fn step(&self, step: u32) -> Self {
        Self { sending: self.sending.at(step), ..self.clone() }
    }

    /// The gate that writes of this operation pass before they are sent.
    #[must_use]
    pub const fn sending(&self) -> &Sending {
        &self.sending
    }

    /// The options of the next call: its deadline is what is left of the operation's.
    #[must_use]
    pub fn call(&self) -> CallOptions {
        CallOptions {
            deadline: Some(self.deadline.remaining()),
            priority: self.priority,
            unhurried: self.unhurried,
            strict: false,
            raw: self.raw,
            operation: Some(self.operation),
            sending: self.sending.clone(),
        }
    }

    /// The same for records that the caller does not see: without their JSON.
    #[must_use]
    pub fn quiet(&self) -> Self {
        Self { raw: false, ..self.clone() }
    }

    /// When the whole operation ends.
    #[must_use]
    pub const fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// The operation that errors name.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The priority at the rate limit.
    #[must_use]
    pub const fn priority(&self) -> Priority {
        self.priority
    }

    /// True where records keep their JSON.
    #[must_use]
    pub const fn raw(&self) -> bool {
        self.raw
    }

    /// Does the work of the operation: its errors name it, whichever call of it failed, and without time
    /// nothing is begun.
    ///
    /// It knows no provider: the error of an operation that was not begun has none until it is given one
    /// ([`Error::with_provider`]), which the conformance suite asks of every error.
    ///
    /// # Errors
    /// Those of the work; `Timeout`, `NotSent`, when the deadline has passed already.
    pub async fn run<T>(&self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        if self.deadline.has_passed() {
            let late = Error::new(ErrorKind::Timeout, "the deadline has passed already");
            return Err(late.with_delivery(Delivery::NotSent).with_operation(self.operation));
        }
        work.await.map_err(|error| error.with_operation(self.operation))
    }
}

impl From<&OperationContext> for CallOptions {
    fn from(context: &OperationContext) -> Self {
        context.call()
    }
}

impl From<OperationContext> for CallOptions {
    fn from(context: OperationContext) -> Self {
        context.call()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::{CommandKind, EntityKind, IdempotencyKey};

    use super::*;

    const READ: Operation = Operation::Get(EntityKind::Customer);
    const WRITE: Operation = Operation::Execute(CommandKind::PlaceOrder);
    const DEFAULT: Duration = Duration::from_secs(120);

    #[tokio::test(start_paused = true)]
    async fn all_calls_share_one_deadline() {
        let options = ReadOptions::default().raw(true).priority(Priority::Bulk);
        let cx = OperationContext::read(READ, &options, DEFAULT);
        assert_eq!(cx.call().deadline, Some(DEFAULT));
        tokio::time::advance(Duration::from_secs(100)).await;
        let call = cx.call();
        assert!(call.unhurried, "nobody waits, and no deadline was set");
        assert_eq!(call.deadline, Some(Duration::from_secs(20)));
        assert_eq!((call.priority, call.raw, call.operation), (Priority::Bulk, true, Some(READ)));
        assert_eq!(CallOptions::from(cx.quiet()), call.raw(false));
        let shorter = OperationContext::read(READ, &options.deadline(Duration::from_secs(5)), DEFAULT);
        assert_eq!(shorter.call().deadline, Some(Duration::from_secs(5)));
        assert!(!shorter.call().unhurried);
    }

    #[tokio::test(start_paused = true)]
    async fn errors_name_the_operation_and_nothing_begins_late() {
        let options =
            WriteOptions::new(IdempotencyKey::derive("test", ["1"])).deadline(Duration::from_secs(1));
        let cx = OperationContext::write(WRITE, &options, DEFAULT);
        assert!(!cx.call().raw);
        let error = Error::new(ErrorKind::NotFound, "no such product").with_operation(READ);
        let named = cx.run(async { Err::<(), _>(error) }).await.unwrap_err();
        assert_eq!((named.kind(), named.operation()), (ErrorKind::NotFound, Some(WRITE)));
        assert_eq!(cx.run(async { Ok(1) }).await.unwrap(), 1);

        tokio::time::advance(Duration::from_secs(2)).await;
        let mut begun = false;
        let work = async {
            begun = true;
            Ok(())
        };
        let late = cx.run(work).await.unwrap_err();
        assert!(!begun);
        assert_eq!((late.kind(), late.delivery()), (ErrorKind::Timeout, Delivery::NotSent));
        assert_eq!(late.operation(), Some(WRITE));
    }
}
