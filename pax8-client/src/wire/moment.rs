//! Moments that are sometimes known by the day alone.

use chrono::{DateTime, NaiveDate, Utc};
use provider_core::wire::{date_time, lenient};
use serde::{Deserializer, Serialize, Serializer};

/// A moment. In rows of lists Pax8 may give the day alone: it then stands at midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Moment {
    /// The moment, or midnight UTC of the day.
    pub at: DateTime<Utc>,
    /// Only the day was told.
    pub day_only: bool,
}

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        let at = date_time::parse(text)?;
        let day_only = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").is_ok();
        Some(Self { at, day_only })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.day_only { self.at.date_naive().serialize(serializer) } else { self.at.serialize(serializer) }
    }
}

/// Reads a moment; text that is no date is none, because one odd date must not lose the record.
pub(crate) fn option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    Ok(lenient::text(deserializer)?.as_deref().and_then(Moment::parse))
}
