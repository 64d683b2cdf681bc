//! How one call is made.

use std::time::Duration;

use provider_core::attempt::Sending;
use provider_core::query::Priority;
use provider_core::{Operation, ReadOptions};

/// How one call is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallOptions {
    /// How long it may take at most, with all its waits and attempts. `None`: the client's default.
    pub deadline: Option<Duration>,
    /// Who goes first when the rate limit is scarce.
    pub priority: Priority,
    /// Of a read that nobody waits for: the wait for its turn at the account's own limit does not count against
    /// the deadline. A pause that the distributor asked for does. So it is where no deadline is set.
    pub unhurried: bool,
    /// One record that cannot be decoded fails its page.
    pub strict: bool,
    /// Keep each record's own JSON.
    pub raw: bool,
    /// The operation that the call is part of. Errors carry it where the request names none itself.
    pub operation: Option<Operation>,
    /// The gate that every attempt of a request passes that is not marked as a read.
    pub sending: Sending,
}

impl CallOptions {
    /// Bounds how long it may take.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets who goes first.
    #[must_use]
    pub const fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Lets a read that nobody waits for wait for its turn at the account's own limit without losing time.
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
