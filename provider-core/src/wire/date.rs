//! Calendar days of every shape the three APIs send.

use chrono::NaiveDate;
use serde::{Deserializer, Serialize, Serializer};

/// Parses a day: `2026-03-01`, or the day part of a timestamp as it was written, in the sender's zone.
/// Seconds and milliseconds since 1970 name no zone: their day is the one in UTC.
#[must_use]
pub fn parse(text: &str) -> Option<NaiveDate> {
    super::moment::Moment::parse(text).map(|moment| moment.day())
}

/// For optional days; combine with `#[serde(default)]`.
pub mod option {
    use super::{Deserializer, NaiveDate, Serialize, Serializer, parse};
    use crate::wire::date_time::whole;

    /// Reads a day. Absent, `null`, "never" and what is no date are `None`.
    ///
    /// # Errors
    /// When an object or a list stands there.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveDate>, D::Error> {
        crate::wire::lenient::loose(d, "a date", |text| {
            Ok(text.and_then(|text| crate::wire::unknown::date(&text, parse(whole(&text)))))
        })
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
        for text in ["1772409599", "1772409599999"] {
            assert_eq!(parse(text).map(|d| d.to_string()).as_deref(), Some("2026-03-01"), "{text}");
        }
        for text in ["9999-12-31", "", "soon", "0", "20260301"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
