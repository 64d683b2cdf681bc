//! An attempt that did not succeed: at which stage, and what that means.

use std::time::Duration;

use provider_core::Error;

use super::call::Reply;
use crate::breaker::Health;
use crate::retry::{Stage, delivery};
use crate::transport::TransportErrorKind;

/// An attempt that did not succeed.
pub(super) struct FailedAttempt {
    pub(super) stage: Stage,
    pub(super) error: Error,
    pub(super) retry_after: Option<Duration>,
    /// An answer that seems to be cut, for the reader to judge when it comes no better.
    pub(super) reply: Option<Box<Reply>>,
}

impl FailedAttempt {
    /// The error gets the delivery that the table gives for the stage.
    pub(super) fn new(stage: Stage, error: Error) -> Self {
        Self { stage, error: error.with_delivery(delivery(stage)), retry_after: None, reply: None }
    }

    pub(super) const fn status(&self) -> Option<u16> {
        match self.stage {
            Stage::Status { status } => Some(status),
            _ => None,
        }
    }

    pub(super) const fn health(&self) -> Health {
        match self.stage {
            Stage::Status { status: 429 } | Stage::Before | Stage::Unreadable => Health::Silent,
            Stage::Status { status: 500.. } => Health::Down,
            Stage::Status { .. } => Health::Up,
            // A short deadline of ours proves nothing about the distributor.
            Stage::Deadline => Health::Silent,
            Stage::Wire(kind) => match kind {
                TransportErrorKind::Unsendable
                | TransportErrorKind::Decode
                | TransportErrorKind::TooLarge => Health::Silent,
                _ => Health::Down,
            },
        }
    }
}
