//! The answer of "Verify Connectivity".

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckStatus {
    /// It works.
    Passed,
    /// It does not; the detail says what to do.
    Failed,
    /// It was not tried; the detail says why.
    Skipped,
}

impl fmt::Display for CheckStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        })
    }
}

/// One named check of a verification.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Check {
    /// What was checked, in snake_case: `token`, `account`, `customers`.
    pub name: String,
    /// How it ended.
    pub status: CheckStatus,
    /// What was found, or what to do about it.
    pub detail: String,
    /// How long it took, in whole milliseconds.
    pub millis: u64,
    /// The error behind a failure, for programs.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub error: Option<Error>,
}

impl Check {
    fn new(name: impl Into<String>, status: CheckStatus, detail: impl Into<String>) -> Self {
        Self { name: name.into(), status, detail: detail.into(), millis: 0, error: None }
    }

    /// A check that passed.
    #[must_use]
    pub fn passed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Passed, detail)
    }

    /// A check that failed.
    #[must_use]
    pub fn failed(name: impl Into<String>, error: Error) -> Self {
        let mut check = Self::new(name, CheckStatus::Failed, error.to_string());
        check.error = Some(error);
        check
    }

    /// A check that was not tried.
    #[must_use]
    pub fn skipped(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Skipped, why)
    }

    /// Sets how long it took.
    #[must_use]
    pub fn took(mut self, duration: Duration) -> Self {
        self.millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self
    }
}

/// What "Verify Connectivity" found: named checks, in the order they were made.
///
/// ```
/// use provider_core::Verification;
/// use provider_core::verification::Check;
///
/// let verification = Verification::default()
///     .check(Check::passed("token", "valid for 60 minutes"))
///     .check(Check::skipped("billing", "no API key is configured"));
/// assert!(verification.ok());
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verification {
    /// The checks.
    pub checks: Vec<Check>,
}

impl Verification {
    /// Adds a check.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// With everything that it shows passed through `edit`, which answers the text to show instead or `None`
    /// to leave it. For those who blank secrets that a distributor echoed.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        for check in &mut self.checks {
            if let Some(detail) = edit(&check.detail) {
                check.detail = detail;
            }
            check.error = check.error.take().map(|error| error.with_texts(edit));
        }
        self
    }

    /// True when nothing failed and something passed.
    #[must_use]
    pub fn ok(&self) -> bool {
        let passed = |c: &Check| c.status == CheckStatus::Passed;
        let failed = |c: &Check| c.status == CheckStatus::Failed;
        self.checks.iter().any(passed) && !self.checks.iter().any(failed)
    }

    /// The first check that failed.
    #[must_use]
    pub fn first_failure(&self) -> Option<&Check> {
        self.checks.iter().find(|c| c.status == CheckStatus::Failed)
    }
}
