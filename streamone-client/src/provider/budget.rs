//! One deadline over several calls.

use provider_core::ReadOptions;
use provider_http::Deadline;

use crate::client::StreamOneClient;

/// What is left of the time that one operation may take, however many calls it makes.
#[derive(Debug)]
pub(super) struct Budget {
    deadline: Deadline,
    options: ReadOptions,
}

impl Budget {
    /// Starts now.
    pub(super) fn of(client: &StreamOneClient, options: &ReadOptions) -> Self {
        let usual = client.http().options().operation_timeout;
        Self { deadline: Deadline::after(options.deadline.unwrap_or(usual)), options: options.clone() }
    }

    /// The options of the next call.
    pub(super) fn left(&self) -> ReadOptions {
        self.options.clone().deadline(self.deadline.remaining())
    }
}
