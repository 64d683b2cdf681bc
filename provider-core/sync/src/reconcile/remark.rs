//! What was met and could not be used: said and kept, never guessed.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// More remarks of one kind than this are counted, not kept.
const KEPT: usize = 100;

/// Something that a person has to know about the comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remark {
    /// A side could not be read.
    SideMissing {
        /// Which side.
        side: String,
        /// Why.
        why: String,
    },
    /// A side was read, and has nothing in this month.
    SideEmpty {
        /// Which side.
        side: String,
    },
    /// A side was not read to its end, or some of its records could not be read.
    SideIncomplete {
        /// Which side.
        side: String,
        /// Why.
        why: String,
    },
    /// The month has not ended, or its invoices may still come.
    MonthOpen,
    /// An invoice does not count by the rules.
    InvoiceLeft {
        /// Which one.
        invoice: String,
        /// Its state.
        status: String,
    },
    /// A value of the billed side cannot be read.
    Unreadable {
        /// The application's key of the row.
        row: String,
        /// Which value.
        what: String,
        /// What stands there.
        text: String,
    },
    /// A billed row names a subscription that is not listed.
    ForeignId {
        /// The application's key of the row.
        row: String,
        /// The id.
        id: String,
        /// The subscription of which this is the vendor's own id. It was not taken for it.
        may_be: Option<String>,
    },
    /// So many more of a kind.
    More {
        /// The kind.
        kind: String,
        /// How many.
        count: u64,
    },
}

impl Remark {
    const fn kind(&self) -> &'static str {
        match self {
            Self::SideMissing { .. } => "side_missing",
            Self::SideEmpty { .. } => "side_empty",
            Self::SideIncomplete { .. } => "side_incomplete",
            Self::MonthOpen => "month_open",
            Self::InvoiceLeft { .. } => "invoice_left",
            Self::Unreadable { .. } => "unreadable",
            Self::ForeignId { .. } => "foreign_id",
            Self::More { .. } => "more",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SideMissing { side, why } => write!(f, "{side} is not told: {why}"),
            Self::SideEmpty { side } => write!(f, "{side} has nothing in this month"),
            Self::SideIncomplete { side, why } => write!(f, "{side} is not complete: {why}"),
            Self::MonthOpen => f.write_str("the month is not closed: what is missing may still come"),
            Self::InvoiceLeft { invoice, status } => {
                write!(f, "invoice {invoice} is {status} and does not count")
            }
            Self::Unreadable { row, what, text } => write!(f, "billed row {row}: `{text}` is no {what}"),
            Self::ForeignId { row, id, may_be: None } => {
                write!(f, "billed row {row}: no subscription has the id `{id}`")
            }
            Self::ForeignId { row, id, may_be: Some(own) } => {
                write!(
                    f,
                    "billed row {row}: `{id}` is the vendor's own id of subscription {own}: bill by {own}"
                )
            }
            Self::More { kind, count } => write!(f, "{count} more of these: {}", kind.replace('_', " ")),
        }
    }
}

/// Remarks, as many of each kind as a person reads.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    kept: Vec<Remark>,
    counts: std::collections::BTreeMap<&'static str, u64>,
}

impl Remarks {
    pub(super) fn add(&mut self, remark: Remark) {
        let count = self.counts.entry(remark.kind()).or_default();
        *count += 1;
        if usize::try_from(*count).is_ok_and(|count| count <= KEPT) {
            self.kept.push(remark);
        }
    }

    pub(super) fn all(&self) -> Vec<Remark> {
        let kept = KEPT as u64;
        let more = self.counts.iter().filter(|(_, count)| **count > kept);
        let more = more.map(|(kind, count)| Remark::More { kind: (*kind).to_owned(), count: count - kept });
        self.kept.iter().cloned().chain(more).collect()
    }
}
