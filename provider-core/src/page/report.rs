//! What a listing can say about itself, during and after.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// Why it is not proven that a listing is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnprovenReason {
    /// It has not ended yet, or was dropped.
    Unfinished,
    /// It ended with an error.
    Failed,
    /// The distributor declares no total.
    NoTotal,
    /// A record could not be read: which one is missing is not known.
    BadRecord,
    /// It was cut by a limit.
    Limited,
    /// It did not start at the beginning.
    Resumed,
    /// Records came without an id, so repeats cannot be told.
    NoId,
    /// More records came than were declared: the total is not to be trusted.
    MoreThanDeclared,
    /// Records are known, or suspected, that this list does not show: [`ListingReport::hidden`] says which.
    Hidden,
}

impl fmt::Display for UnprovenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unfinished => "the listing has not ended",
            Self::Failed => "the listing ended with an error",
            Self::NoTotal => "the distributor declares no total",
            Self::BadRecord => "a record could not be read",
            Self::Limited => "the listing was cut by a limit",
            Self::Resumed => "the listing was resumed in the middle",
            Self::NoId => "records came without an id",
            Self::MoreThanDeclared => "more records came than were declared",
            Self::Hidden => "there may be records that this list does not show",
        })
    }
}

/// Whether a listing is known to hold every record.
///
/// Only after `Proven` may a caller conclude that a record it knows, and did not see, is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "completeness", content = "reason")]
#[non_exhaustive]
pub enum Completeness {
    /// Every record was listed: as many distinct ones came as the distributor declared, on every page the same
    /// number, and nothing is known to be hidden from the list.
    Proven,
    /// Records may be missing, so nothing may be concluded from what was not listed; the reason says why.
    Unproven(UnprovenReason),
}

impl Completeness {
    /// True when proven.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        matches!(self, Self::Proven)
    }
}

impl fmt::Display for Completeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proven => f.write_str("proven"),
            Self::Unproven(reason) => write!(f, "not proven: {reason}"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Counts {
    pub(super) pages: u64,
    pub(super) records: u64,
    pub(super) left_out: u64,
    pub(super) bad: u64,
    pub(super) duplicates: u64,
    pub(super) declared: Option<u64>,
    pub(super) completeness: Completeness,
    pub(super) hidden: Option<Cow<'static, str>>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            pages: 0,
            records: 0,
            left_out: 0,
            bad: 0,
            duplicates: 0,
            declared: None,
            completeness: Completeness::Unproven(UnprovenReason::Unfinished),
            hidden: None,
        }
    }
}

/// A handle on a listing's counts, which outlives it.
#[derive(Debug, Clone, Default)]
pub struct ListingReport(Arc<Mutex<Counts>>);

impl ListingReport {
    fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn update(&self, edit: impl FnOnce(&mut Counts)) {
        edit(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Pages taken up so far.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.counts().pages
    }

    /// Distinct records received so far: those handed out, those that could not be read and those that
    /// the provider left out on purpose.
    #[must_use]
    pub fn received(&self) -> u64 {
        let counts = self.counts();
        counts.records.saturating_add(counts.bad).saturating_add(counts.left_out)
    }

    /// Records that could be read and were not repeats.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.counts().records
    }

    /// Records that could not be read.
    #[must_use]
    pub fn bad(&self) -> u64 {
        self.counts().bad
    }

    /// Records that came again and were dropped.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.counts().duplicates
    }

    /// The total that the distributor declared first.
    #[must_use]
    pub fn declared(&self) -> Option<u64> {
        self.counts().declared
    }

    /// Which records this list does not show, in words; `None` where nothing is known to be hidden.
    #[must_use]
    pub fn hidden(&self) -> Option<Cow<'static, str>> {
        self.counts().hidden
    }

    /// Whether the listing is known to hold every record.
    #[must_use]
    pub fn completeness(&self) -> Completeness {
        self.counts().completeness
    }
}
