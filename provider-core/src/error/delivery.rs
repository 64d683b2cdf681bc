//! Whether the distributor may have acted.

use std::fmt;

/// Whether the distributor may have acted on the call that failed, and so whether it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request never left: sending it again is safe.
    NotSent,
    /// The distributor answered that it did nothing: sending it again is safe, once the reason is gone.
    Rejected,
    /// The distributor acted, only the answer was lost or unreadable: do not send it again.
    Applied,
    /// The distributor may have acted: do not send it again before finding out. A journal does that on the next
    /// call under the same key ([`Advice::AfterReconcile`](crate::Advice::AfterReconcile)).
    Unknown,
}

impl Delivery {
    /// Every value, for tables and tests.
    pub const ALL: [Self; 4] = [Self::NotSent, Self::Rejected, Self::Applied, Self::Unknown];

    /// The stable snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Applied => "applied",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
