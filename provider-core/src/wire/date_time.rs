//! Timestamps of every shape the three APIs send.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserializer, Serialize, Serializer};

/// Parses a timestamp: RFC 3339, offsets without a colon (`-0600`), no offset (taken as UTC), a blank
/// instead of the `T`, no seconds, up to nine fraction digits, the name of the zone in brackets, a date alone or with
/// its zone (midnight UTC), or seconds or milliseconds since 1970 in digits or as `/Date(…)/`.
///
/// `None` where the text is no date, or means "never" or "not set". The day in UTC need not be the one that was
/// written: calendar days come from [`date`](super::date) and [`Moment`](super::moment::Moment).
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    super::moment::Moment::parse(text).map(|moment| moment.at())
}

/// The moment so many seconds or milliseconds after the beginning of 1970. Which of the two is meant shows
/// in the number: it is taken as the one that lies after 1973, and earlier numbers, such as 0, are no date.
#[must_use]
pub fn since_1970(number: i64) -> Option<DateTime<Utc>> {
    const IN_SECONDS: i64 = 100_000_000;
    const IN_MILLISECONDS: i64 = IN_SECONDS * 1000;
    let moment = match number {
        IN_MILLISECONDS.. => DateTime::from_timestamp_millis(number),
        IN_SECONDS.. => DateTime::from_timestamp(number, 0),
        _ => None,
    };
    moment.filter(|moment| moment.year() < 9999)
}

/// Without the fraction of a second that a number may have.
pub(super) fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((seconds, _)) if seconds.bytes().all(|byte| byte.is_ascii_digit()) => seconds,
        _ => text,
    }
}

/// For optional timestamps; combine with `#[serde(default)]`.
pub mod option {
    use super::{DateTime, Deserializer, Serialize, Serializer, Utc, parse, whole};

    /// Reads a timestamp. Absent, `null`, "never" and what is no date are `None`: one odd date must not
    /// lose the record.
    ///
    /// # Errors
    /// When an object or a list stands there.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        crate::wire::lenient::loose(d, "a date", |text| {
            Ok(text.and_then(|text| crate::wire::unknown::date(&text, parse(whole(&text)))))
        })
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
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

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
            ("1772356500", "2026-03-01T09:15:00Z"),
            ("1772356500250", "2026-03-01T09:15:00.250Z"),
            ("100000000", "1973-03-03T09:46:40Z"),
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
            "0",
            "-1772356500",
            "20260301",
            "99999999",
            "253402300800000",
            "99999999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        #[derive(serde::Deserialize)]
        struct Row {
            #[serde(default, deserialize_with = "super::option::deserialize")]
            at: Option<super::DateTime<super::Utc>>,
        }
        let read = |json: &str| serde_json::from_str::<Row>(json).map(|row| row.at.map(|at| at.to_rfc3339()));
        for json in [
            r#"{"at":1772356500}"#,
            r#"{"at":1772356500000}"#,
            r#"{"at":"1772356500"}"#,
            r#"{"at":1772356500.75}"#,
            r#"{"at":"2026-03-01T09:15:00Z"}"#,
        ] {
            assert_eq!(read(json).unwrap().as_deref(), Some("2026-03-01T09:15:00+00:00"), "{json}");
        }
        for json in [r#"{"at":0}"#, r#"{"at":-5}"#, r#"{"at":null}"#, r#"{"at":"soon"}"#, "{}"] {
            assert_eq!(read(json).unwrap(), None, "{json}");
        }
        assert!(read(r#"{"at":{}}"#).is_err() && read(r#"{"at":[1]}"#).is_err());
    }
}
