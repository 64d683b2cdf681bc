//! The many ways Cloud-iQ writes a date.

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::json::Json;

/// One of the forms seen in answers; which field uses which is fixed, so that a client meets them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2015-11-23T13:55:00.37+01:00`
    Local,
    /// `2015-11-23T12:55:00.3700000Z`
    Ticks,
    /// `2015-11-23T12:55:00+00:00`
    Offset,
    /// `2015-11-23T12:55:00`
    Bare,
    /// `2015-11-23T12:55:00Z`
    Zulu,
    /// `2015-11-23 12:55:00.370`
    Spaced,
}

/// Writes `at` in that form.
pub(crate) fn write(at: DateTime<Utc>, form: Form) -> Json {
    let seconds = "%Y-%m-%dT%H:%M:%S";
    Json::from(match form {
        Form::Local => {
            let offset =
                FixedOffset::east_opt(3600).map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone));
            format!("{}.{:02}{}", offset.format(seconds), at.nanosecond() / 10_000_000, offset.format("%:z"))
        }
        Form::Ticks => format!("{}.{:07}Z", at.format(seconds), at.nanosecond() / 100),
        Form::Offset => format!("{}+00:00", at.format(seconds)),
        Form::Bare => at.format(seconds).to_string(),
        Form::Zulu => format!("{}Z", at.format(seconds)),
        Form::Spaced => at.format("%Y-%m-%d %H:%M:%S%.3f").to_string(),
    })
}

/// [`write`] for a date that may be missing.
pub(crate) fn write_opt(at: Option<DateTime<Utc>>, form: Form) -> Json {
    at.map_or(Json::Null, |at| write(at, form))
}

/// Reads a date that a client sent: RFC 3339, without an offset (taken as UTC), with a space, or a plain date.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(text, form) {
            return Some(at.and_utc());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

/// The start of the month that `at` lies in.
pub(crate) fn month_start(at: DateTime<Utc>) -> DateTime<Utc> {
    day_start(at).with_day(1).unwrap_or(at)
}

/// Midnight before or at `at`.
pub(crate) fn day_start(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// `at` moved by whole months, back when negative; the last representable time when out of range.
pub(crate) fn add_months(at: DateTime<Utc>, months: i32) -> DateTime<Utc> {
    let by = Months::new(months.unsigned_abs());
    let moved = if months < 0 { at.checked_sub_months(by) } else { at.checked_add_months(by) };
    moved.unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The vendor's "never".
pub(crate) fn never() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 12, 31)
        .and_then(|day| day.and_hms_opt(23, 59, 59))
        .map_or(DateTime::<Utc>::MAX_UTC, |at| at.and_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::*;

    #[test]
    fn every_form_reads_back() {
        let at = read("2026-03-01T09:15:00.37Z").unwrap();
        let forms = [
            (Form::Local, "2026-03-01T10:15:00.37+01:00"),
            (Form::Ticks, "2026-03-01T09:15:00.3700000Z"),
            (Form::Offset, "2026-03-01T09:15:00+00:00"),
            (Form::Bare, "2026-03-01T09:15:00"),
            (Form::Zulu, "2026-03-01T09:15:00Z"),
            (Form::Spaced, "2026-03-01 09:15:00.370"),
        ];
        for (form, expected) in forms {
            let written = write(at, form);
            assert_eq!(written, Json::from(expected));
            assert_eq!(read(expected).unwrap().timestamp(), at.timestamp());
        }
        assert_eq!(write(never(), Form::Offset), Json::from("9999-12-31T23:59:59+00:00"));
    }

    #[test]
    fn plain_dates_and_months() {
        assert_eq!(read("2026-01-31").map(|at| add_months(at, 1)), read("2026-02-28"));
        assert_eq!(read("2026-01-31").map(|at| add_months(at, -2)), read("2025-11-30"));
        assert_eq!(read("2026-01-31T10:00:00").map(month_start), read("2026-01-01"));
        assert_eq!(read("next week"), None);
    }
}
