//! The laws of reading: what must hold however the wire form of a record is changed.
//!
//! One body that a distributor documents is one sample. Changed member by member it is hundreds, and none of them needs
//! an expected value: without a member nothing becomes zero, a member that cannot be read is never taken for one that is
//! absent where money is meant, a word that nobody knows is no other word. [`examine`] makes the changes, hands each to
//! whatever reads a record, and compares what comes out with what came before.
//!
//! ```
//! use provider_testkit::reading::{Law, Reading, examine};
//! use serde_json::{Value, json};
//!
//! // Reads a quantity that is not said as none at all, and says 0.
//! let careless = |wire: &Value| {
//!     Reading::of([Ok(json!({ "quantity": wire["quantity"].as_u64().unwrap_or_default().to_string() }))])
//! };
//! let report = examine(&json!({ "quantity": 4 }), careless);
//! assert!(report.breaks(Law::AbsentIsNotZero));
//! ```

mod change;
mod facts;
mod laws;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use facts::Facts;

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Law {
    /// Without a member nothing becomes 0 or `false`.
    AbsentIsNotZero,
    /// A member that cannot be read is an error that names it or, unless it is money, counts as absent, and the observer
    /// hears of it.
    UnreadableIsNotAbsent,
    /// A word or a number that nobody knows is kept as it came, or counts as absent; it is no other value, and costs
    /// nothing.
    UnknownIsNoOther,
    /// The offset of a moment moves no calendar day.
    DayAsWritten,
    /// A currency that is none is kept as text, and the amount has no other.
    CurrencyAsSent,
    /// Words mean the same in any case, with any separator.
    WordsInAnyCase,
    /// Numbers and flags as text, text as numbers, whole numbers with a fraction of zero and dates as epochs are read as
    /// themselves.
    OtherClothes,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AbsentIsNotZero,
        Self::UnreadableIsNotAbsent,
        Self::UnknownIsNoOther,
        Self::DayAsWritten,
        Self::CurrencyAsSent,
        Self::WordsInAnyCase,
        Self::OtherClothes,
    ];
}

/// What reading one record on the wire came to.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Reading {
    /// The normalised records, as JSON, each read or refused on its own; the error is its whole text, path included.
    pub records: Vec<Result<Value, String>>,
    /// Why the whole answer was refused, where it was: one record must never cost its page.
    pub refused: Option<String>,
    /// What an observer heard while it was read: paths and values.
    pub told: Vec<String>,
}

impl Reading {
    /// These records, and an observer that heard nothing.
    #[must_use]
    pub fn of(records: impl IntoIterator<Item = Result<Value, String>>) -> Self {
        Self { records: records.into_iter().collect(), ..Self::default() }
    }

    /// The whole answer was refused.
    #[must_use]
    pub fn refused(reason: impl Into<String>) -> Self {
        Self { refused: Some(reason.into()), ..Self::default() }
    }

    /// With what an observer heard.
    #[must_use]
    pub fn with_told(mut self, told: impl IntoIterator<Item = String>) -> Self {
        self.told.extend(told);
        self
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a report that nobody looks at examines nothing"]
pub struct LawReport {
    held: BTreeMap<Law, usize>,
    broken: Vec<(Law, String)>,
}

impl LawReport {
    /// Whether this law was broken.
    #[must_use]
    pub fn breaks(&self, law: Law) -> bool {
        self.broken.iter().any(|(broken, _)| *broken == law)
    }

    /// How many changes this law held for.
    #[must_use]
    pub fn held(&self, law: Law) -> usize {
        self.held.get(&law).copied().unwrap_or_default()
    }

    /// Every change that broke a law, in words.
    pub fn broken(&self) -> impl Iterator<Item = (Law, &str)> {
        self.broken.iter().map(|(law, text)| (*law, text.as_str()))
    }

    /// With what was found of another record.
    pub fn and(mut self, other: Self) -> Self {
        for (law, count) in other.held {
            *self.held.entry(law).or_default() += count;
        }
        self.broken.extend(other.broken);
        self
    }

    fn note(&mut self, law: Law, verdict: Result<(), String>) {
        match verdict {
            Ok(()) => *self.held.entry(law).or_default() += 1,
            Err(text) => self.broken.push((law, text)),
        }
    }
}

impl fmt::Display for LawReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for law in Law::ALL {
            writeln!(f, "{law:?}: held {} times", self.held(law))?;
        }
        self.broken.iter().try_for_each(|(law, text)| writeln!(f, "{law:?} is broken: {text}"))
    }
}

/// Changes a record member by member, reads each changed one, and holds what comes out against what came of the record
/// itself. A record that is not read as it stands breaks [`Law::OtherClothes`].
pub fn examine(record: &Value, mut read: impl FnMut(&Value) -> Reading) -> LawReport {
    let mut report = LawReport::default();
    let before = match Facts::of(&read(record)) {
        Ok(facts) if facts.errors.is_empty() => facts,
        Ok(facts) => {
            report.note(Law::OtherClothes, Err(format!("the record itself: {}", facts.errors.join("; "))));
            return report;
        }
        Err(refused) => {
            report.note(Law::OtherClothes, Err(format!("the record itself: {refused}")));
            return report;
        }
    };
    for member in change::members(record) {
        laws::of_member(&mut report, &before, &member, &mut |value| {
            let changed = change::with(record, &member.at, value);
            read(&changed)
        });
    }
    report
}
