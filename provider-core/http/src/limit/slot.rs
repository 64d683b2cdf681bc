//! The permit of one concurrent call.

use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;

use super::{CallKind, Limiter};

/// Held while a call is on the wire; dropping it lets the next one go.
pub(crate) struct Slot {
    limiter: Arc<Limiter>,
    kind: CallKind,
    pub(super) interactive: bool,
    pub(super) sent_at: Option<Instant>,
}

impl Slot {
    pub(super) const fn new(limiter: Arc<Limiter>, kind: CallKind, interactive: bool) -> Self {
        Self { limiter, kind, interactive, sent_at: None }
    }

    /// The call is about to be sent: from now on the distributor may count it.
    pub(crate) fn sent(&mut self) -> Instant {
        *self.sent_at.insert(Instant::now())
    }

    /// The call was answered with a redirect and is sent once more.
    pub(crate) fn redirected(&self) {
        self.limiter.redirected(self);
    }

    /// The call was answered well, with a body of so many bytes where it was read as a whole. Answers how many
    /// calls may be in flight where that changes.
    pub(crate) fn answered(&self, bytes: Option<usize>) -> Option<u32> {
        let sent_at = self.sent_at?;
        self.limiter.answered(self.kind, sent_at, bytes)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.limiter.release(self);
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}
