//! Failures that a test asks for, and a count of the calls.

use std::collections::{HashMap, VecDeque};

use crate::capability::Operation;
use crate::error::Error;

/// What a test lets go wrong in one call, by [`MemoryProvider::inject`](super::MemoryProvider::inject).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Fault {
    /// The call fails before anything happens.
    Before(Error),
    /// A command takes effect, and then its answer is lost. A read simply fails.
    After(Error),
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: HashMap<Operation, VecDeque<Fault>>,
    calls: HashMap<Operation, u64>,
}

impl Faults {
    pub(super) fn inject(&mut self, operation: Operation, fault: Fault) {
        self.waiting.entry(operation).or_default().push_back(fault);
    }

    pub(super) fn calls(&self, operation: Operation) -> u64 {
        self.calls.get(&operation).copied().unwrap_or_default()
    }

    pub(super) fn enter(&mut self, operation: Operation) -> Option<Fault> {
        *self.calls.entry(operation).or_default() += 1;
        let fault = self.waiting.get_mut(&operation)?.pop_front()?;
        Some(if operation.is_write() { fault } else { fault.at_once() })
    }
}

impl Fault {
    /// A read has nothing to lose after it took place: it fails either way.
    fn at_once(self) -> Self {
        match self {
            Self::Before(error) | Self::After(error) => Self::Before(error),
        }
    }
}
