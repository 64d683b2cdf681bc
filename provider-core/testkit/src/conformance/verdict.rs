//! How a case says what it found.

/// What was found, or why the case did not pass.
pub(super) type Verdict = Result<String, Problem>;

/// Why a case did not pass.
#[derive(Debug, Clone)]
pub(super) enum Problem {
    /// The promise was broken.
    Broken(String),
    /// There was nothing to examine.
    Moot(String),
}

pub(super) fn broken(detail: impl Into<String>) -> Problem {
    Problem::Broken(detail.into())
}

pub(super) fn moot(detail: impl Into<String>) -> Problem {
    Problem::Moot(detail.into())
}

/// An error where there should be none breaks the promise.
impl From<provider_core::Error> for Problem {
    fn from(error: provider_core::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

macro_rules! ensure {
    ($condition:expr, $($detail:tt)+) => {
        if !$condition {
            return Err($crate::conformance::verdict::broken(format!($($detail)+)));
        }
    };
}

pub(super) use ensure;
