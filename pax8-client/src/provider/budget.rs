//! The time that one operation of several calls has.

use std::time::Duration;

use provider_core::ReadOptions;
use provider_http::{CallOptions, Deadline};

/// What an operation may take unless the caller says otherwise.
const DEFAULT: Duration = Duration::from_secs(120);

/// One deadline for all calls of an operation, however many there are.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    deadline: Deadline,
    call: CallOptions,
}

impl Budget {
    pub(super) fn new(options: &ReadOptions) -> Self {
        let deadline = Deadline::after(options.deadline.unwrap_or(DEFAULT));
        Self { deadline, call: CallOptions::from(options) }
    }

    /// For operations that a caller gave no options for.
    pub(super) fn unhurried() -> Self {
        Self::new(&ReadOptions::default())
    }

    /// How the next call is made: with what is left of the time.
    pub(super) fn call(&self) -> CallOptions {
        self.call.clone().deadline(self.deadline.remaining())
    }

    /// As [`call`](Self::call), for records that the caller does not see.
    pub(super) fn quiet_call(&self) -> CallOptions {
        self.call().raw(false)
    }
}
