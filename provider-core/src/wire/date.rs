//! Calendar days of every shape the three APIs send.

use chrono::NaiveDate;
use serde::{Deserializer, Serialize, Serializer};

/// Parses a day: `2026-03-01`, or the day part of a timestamp as it was written, in the sender's zone.
#[must_use]
pub fn parse(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    super::date_time::parse(text)?;
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

/// For optional days; combine with `#[serde(default)]`.
pub mod option {
    use super::{Deserializer, NaiveDate, Serialize, Serializer, parse};

    /// Reads a day. Absent, `null`, "never" and text that is no date are `None`.
    ///
    /// # Errors
    /// When the value is neither text nor `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveDate>, D::Error> {
        crate::wire::text::read_option(d, parse)
    }

    /// Writes `yyyy-MM-dd`, or `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<NaiveDate>, s: S) -> Result<S::Ok, S::Error> {
        value.serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_day_is_the_one_that_was_written() {
        for text in ["2026-03-01", "2026-03-01T23:30:00-0600", "2026-03-01 00:00:00.000"] {
            assert_eq!(parse(text).map(|d| d.to_string()).as_deref(), Some("2026-03-01"), "{text}");
        }
        for text in ["9999-12-31", "", "soon"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
