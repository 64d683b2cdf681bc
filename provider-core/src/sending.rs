//! The gate that every request of a write passes: nothing is sent that nobody remembers.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::error::Result;
use crate::receipt::LineReceipt;

/// Stands between a write and the wire. A journal is behind it: what passes is remembered first.
///
/// Whoever sends calls [`pass`](Self::pass) directly before each request that may change something,
/// repetitions included, when nothing is left to wait for but the wire itself. provider-http does it for
/// every request that is not marked as a read.
#[async_trait]
pub trait SendGate: Send + Sync + 'static {
    /// A request of this step is about to be sent. Steps are the lines of an order where each is a request
    /// of its own; otherwise there is one, 0.
    ///
    /// # Errors
    /// The request must not be sent; the error's delivery is `NotSent`.
    async fn pass(&self, step: u32) -> Result<()>;

    /// What came of a step: remembered, so that after a crash only the steps without an answer are judged.
    async fn answered(&self, step: u32, line: &LineReceipt);
}

/// The gate of one write and the step that is being sent. Open by default.
///
/// Hand it on unchanged: a layer that makes options of its own takes the gate away, and with it the promise
/// that nothing is sent twice.
#[derive(Clone, Default)]
pub struct Sending {
    gate: Option<Arc<dyn SendGate>>,
    step: u32,
}

impl Sending {
    /// Sends through this gate.
    #[must_use]
    pub fn through(gate: Arc<dyn SendGate>) -> Self {
        Self { gate: Some(gate), step: 0 }
    }

    /// The same gate for another step.
    #[must_use]
    pub fn at(&self, step: u32) -> Self {
        Self { gate: self.gate.clone(), step }
    }

    /// True where somebody remembers what is sent.
    #[must_use]
    pub fn is_gated(&self) -> bool {
        self.gate.is_some()
    }

    /// Call it directly before each request that may change something.
    ///
    /// # Errors
    /// The request must not be sent.
    pub async fn pass(&self) -> Result<()> {
        match &self.gate {
            Some(gate) => gate.pass(self.step).await,
            None => Ok(()),
        }
    }

    /// Call it with what came of the step, where a write has several.
    pub async fn answered(&self, line: &LineReceipt) {
        if let Some(gate) = &self.gate {
            gate.answered(self.step, line).await;
        }
    }
}

impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_gated() { "Sending(gated)" } else { "Sending(open)" })
    }
}

/// The same gate and the same step.
impl PartialEq for Sending {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.gate, &other.gate) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same && self.step == other.step
    }
}

impl Eq for Sending {}
