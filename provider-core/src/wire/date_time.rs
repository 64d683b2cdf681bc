//! Timestamps of every shape the three APIs send.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserializer, Serialize, Serializer};

/// Distributors write "no end" as a date in the year 9999, and "not set" as one in the year 1.
const NEVER: i32 = 9999;
const UNSET: i32 = 1;

/// Parses a timestamp: RFC 3339, offsets without a colon (`-0600`), no offset (taken as UTC), a blank
/// instead of the `T`, up to nine fraction digits, or a date alone (midnight UTC).
///
/// `None` where the text is no date, or means "never" or "not set".
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let parsed = parse_any(text.trim())?;
    (parsed.year() < NEVER && parsed.year() > UNSET).then_some(parsed)
}

fn parse_any(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(parsed) = DateTime::parse_from_rfc3339(text) {
        return Some(parsed.with_timezone(&Utc));
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"] {
        if let Ok(parsed) = DateTime::parse_from_str(text, format) {
            return Some(parsed.with_timezone(&Utc));
        }
    }
    let naive = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(parsed) = NaiveDateTime::parse_from_str(naive, format) {
            return Some(parsed.and_utc());
        }
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc())
}

/// For optional timestamps; combine with `#[serde(default)]`.
pub mod option {
    use super::{DateTime, Deserializer, Serialize, Serializer, Utc, parse};

    /// Reads a timestamp. Absent, `null`, "never" and text that is no date are `None`: one odd date
    /// must not lose the record.
    ///
    /// # Errors
    /// When the value is neither text nor `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        crate::wire::text::read_option(d, parse)
    }

    /// Writes RFC 3339 in UTC, or `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<DateTime<Utc>>, s: S) -> Result<S::Ok, S::Error> {
        value.serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_shape_of_the_references_is_read() {
        for (text, utc) in [
            ("2015-11-23T13:55:00.37+01:00", "2015-11-23T12:55:00.370Z"),
            ("2025-03-02T10:15:04.8964818Z", "2025-03-02T10:15:04.896481800Z"),
            ("2026-03-02T09:15:00.000+00:00", "2026-03-02T09:15:00Z"),
            ("2022-09-01T00:00:00", "2022-09-01T00:00:00Z"),
            ("2022-08-31 23:59:59.000", "2022-08-31T23:59:59Z"),
            ("2026-08-11T11:33:12.314-0600", "2026-08-11T17:33:12.314Z"),
            ("2026-01-01T08:30:00Z", "2026-01-01T08:30:00Z"),
            ("2026-04-23T00:00:00.000Z", "2026-04-23T00:00:00Z"),
            ("2026-01-01", "2026-01-01T00:00:00Z"),
            (" 2026-01-01T08:30 ", "2026-01-01T08:30:00Z"),
        ] {
            let parsed = parse(text).map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
            assert_eq!(parsed.as_deref(), Some(utc), "{text}");
        }
    }

    #[test]
    fn never_unset_and_nonsense_are_none() {
        for text in [
            "9999-12-31T23:59:59",
            "9999-12-21",
            "9999-12-31T23:59:59+00:00",
            "0001-01-01T00:00:00",
            "",
            "Pending",
            "2026-13-01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
