//! The options of one HTTP call.

use std::time::Duration;

use provider_core::attempt::Sending;
use provider_core::query::Priority;
use provider_core::{Operation, ReadOptions};

/// The options of one HTTP call: its deadline, its priority at the rate limit, what is kept of its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallOptions {
    /// How long it may take at most, with all its waits and attempts. `None`: the client's default.
    pub deadline: Option<Duration>,
    /// Which calls go first while the account waits at its rate limit.
    pub priority: Priority,
    /// For a background read ([`Priority::Bulk`]): the time that it waits at the account's own rate limit does not
    /// count against the deadline; a pause that the distributor asked for does. A background read without a deadline
    /// is treated so in any case; other calls never are.
    pub unhurried: bool,
    /// One record that cannot be decoded fails its page.
    pub strict: bool,
    /// Keep each record's own JSON.
    pub raw: bool,
    /// The operation that the call is part of. Errors carry it where the request names none itself.
    pub operation: Option<Operation>,
    /// The gate that every attempt of a write passes directly before it is sent: a journal notes it there.
    pub sending: Sending,
}

impl CallOptions {
    /// Bounds how long the call may take, with all its waits and attempts.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the priority at the rate limit.
    #[must_use]
    pub const fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Sets whether a background read's wait at the account's own rate limit leaves its deadline as it is.
    #[must_use]
    pub const fn unhurried(mut self, unhurried: bool) -> Self {
        self.unhurried = unhurried;
        self
    }

    /// Makes one record that cannot be decoded fail its page.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Keeps each record's own JSON.
    #[must_use]
    pub const fn raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Sends writes through this gate: a journal's, as [`WriteOptions::sending`](provider_core::WriteOptions)
    /// has it.
    #[must_use]
    pub fn sending(mut self, sending: Sending) -> Self {
        self.sending = sending;
        self
    }

    /// Names the operation that the call is part of.
    #[must_use]
    pub const fn operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }
}

impl From<&ReadOptions> for CallOptions {
    fn from(options: &ReadOptions) -> Self {
        Self {
            deadline: options.deadline,
            priority: options.priority,
            unhurried: false,
            strict: false,
            raw: options.raw,
            operation: None,
            sending: Sending::default(),
        }
    }
}

impl From<ReadOptions> for CallOptions {
    fn from(options: ReadOptions) -> Self {
        Self::from(&options)
    }
}
