//! What the suite found.

use std::fmt;

use provider_core::ProviderInfo;
use serde::Serialize;

use super::rule::Rule;

/// How one case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// The promise was kept.
    Passed,
    /// It was not; the detail says how.
    Failed,
    /// There was nothing to examine; the detail says why, and what would change that.
    NotApplicable,
}

impl fmt::Display for CaseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::NotApplicable => "n/a",
        })
    }
}

/// One rule, examined on one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Case {
    /// The promise.
    pub rule: Rule,
    /// On what it was examined: an entity, a filter, an operation, a command. Empty for the provider as
    /// a whole.
    pub subject: String,
    /// How it ended.
    pub status: CaseStatus,
    /// What was found, or why there was nothing to examine.
    pub detail: String,
}

impl Case {
    pub(super) fn new(rule: Rule, subject: String, status: CaseStatus, detail: String) -> Self {
        Self { rule, subject, status, detail }
    }

    /// The rule and what it was examined on, such as `listing.proven: customers`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.subject.is_empty() {
            self.rule.name().to_owned()
        } else {
            format!("{}: {}", self.rule, self.subject)
        }
    }
}

/// What the suite found, case by case. `Display` is a table for people; it serialises for programs.
#[derive(Debug, Clone, Serialize)]
#[must_use = "a report that nobody looks at proves nothing: call `assert`"]
#[non_exhaustive]
pub struct ConformanceReport {
    /// The provider kind.
    pub provider: String,
    /// The connection's name.
    pub connection: String,
    /// The cases, in the order in which they were examined.
    pub cases: Vec<Case>,
}

impl ConformanceReport {
    pub(super) fn new(info: &ProviderInfo, cases: Vec<Case>) -> Self {
        Self { provider: info.kind.clone(), connection: info.connection.clone(), cases }
    }

    fn of_status(&self, status: CaseStatus) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |case| case.status == status)
    }

    /// The cases in which a promise was broken.
    pub fn failures(&self) -> impl Iterator<Item = &Case> {
        self.of_status(CaseStatus::Failed)
    }

    /// The cases in which there was nothing to examine.
    pub fn not_applicable(&self) -> impl Iterator<Item = &Case> {
        self.of_status(CaseStatus::NotApplicable)
    }

    /// The cases in which the promise was kept.
    pub fn passed(&self) -> impl Iterator<Item = &Case> {
        self.of_status(CaseStatus::Passed)
    }

    /// True when no promise was broken and something was examined.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.failures().next().is_none() && self.passed().next().is_some()
    }

    /// For tests: panics with the broken promises unless [`ok`](Self::ok).
    ///
    /// # Panics
    /// When a promise was broken, or nothing was examined.
    #[allow(clippy::panic, reason = "a test fails by panicking, and this is made for tests")]
    pub fn assert(&self) {
        if !self.ok() {
            let failed = Self { cases: self.failures().cloned().collect(), ..self.clone() };
            panic!("the provider breaks promises:\n{failed}{}", self.summary());
        }
    }

    fn summary(&self) -> String {
        format!(
            "{}/{}: {} passed, {} failed, {} not applicable",
            self.provider,
            self.connection,
            self.passed().count(),
            self.failures().count(),
            self.not_applicable().count()
        )
    }
}

impl fmt::Display for ConformanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.cases.iter().map(|case| case.rule.name().len()).max().unwrap_or_default();
        let subjects = self.cases.iter().map(|case| case.subject.chars().count()).max().unwrap_or_default();
        for case in &self.cases {
            let Case { rule, subject, status, detail } = case;
            writeln!(f, "{status:<6}  {rule:<rules$}  {subject:<subjects$}  {detail}")?;
        }
        writeln!(f, "{}", self.summary())
    }
}
