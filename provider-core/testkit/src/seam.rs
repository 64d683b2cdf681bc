//! What the suites of the seams share: a case, and what it answers.

use std::fmt;
use std::future::Future;

use provider_core::Error;

/// A case that failed: which expectation, and what was there instead.
#[derive(Debug, Clone)]
pub struct SeamViolation(pub(crate) String);

impl fmt::Display for SeamViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SeamViolation {}

impl From<Error> for SeamViolation {
    fn from(error: Error) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

/// What a case answers.
pub type CaseResult = std::result::Result<(), SeamViolation>;

pub(crate) fn expect(holds: bool, expectation: &str) -> CaseResult {
    if holds { Ok(()) } else { Err(SeamViolation(expectation.to_owned())) }
}

pub(crate) async fn all<F: Future>(work: Vec<F>) -> Vec<F::Output> {
    futures_util::future::join_all(work).await
}

/// Runs a case to its end on a runtime of its own. Used by the macros of this crate.
///
/// # Errors
/// What the case answers, or that no runtime could be had.
pub fn run(case: impl Future<Output = CaseResult>) -> CaseResult {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| SeamViolation(format!("no runtime: {e}")))?
        .block_on(case)
}
