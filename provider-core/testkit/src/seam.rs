//! What the suites of the seams share: a case, and what it answers.

use std::fmt;
use std::future::Future;

use provider_core::Error;

/// A case that failed: which expectation, and what was there instead.
#[derive(Debug, Clone)]
pub struct Violation(pub(crate) String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Violation {}

impl From<Error> for Violation {
    fn from(error: Error) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

/// What a case answers.
pub type Outcome = std::result::Result<(), Violation>;

pub(crate) fn expect(holds: bool, expectation: &str) -> Outcome {
    if holds { Ok(()) } else { Err(Violation(expectation.to_owned())) }
}

pub(crate) async fn all<F: Future>(work: Vec<F>) -> Vec<F::Output> {
    futures_util::future::join_all(work).await
}

/// Runs a case to its end on a runtime of its own. Used by the macros of this crate.
///
/// # Errors
/// What the case answers, or that no runtime could be had.
pub fn run(case: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Violation(format!("no runtime: {e}")))?
        .block_on(case)
}
