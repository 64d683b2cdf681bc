//! Whether the distributor may have acted.

use std::fmt;

/// Whether the distributor may have acted on the call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request never left: sending it again is safe.
    NotSent,
    /// The distributor answered that it did nothing.
    Rejected,
    /// The distributor acted; only the answer was lost or unreadable.
    Applied,
    /// Nobody can say.
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
