//! Date ranges: relative to the simulated present, or fixed.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

use crate::engine::clock::midnight;

/// A half-open range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
}

impl Range {
    pub(crate) fn contains(&self, moment: DateTime<Utc>) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// The names that the reference lists.
pub(crate) const RELATIVE: &[&str] = &[
    "UNKNOWN_RELATIVE_DATE_RANGE",
    "CUSTOM",
    "TODAY",
    "MONTH_TO_DATE",
    "QUARTER_TO_DATE",
    "YEAR_TO_DATE",
    "LAST_MONTH",
    "LAST_QUARTER",
    "LAST_YEAR",
    "LATEST_MONTH",
    "WEEK_TO_DATE",
    "LAST_WEEK",
    "TWO_MONTHS_AGO",
];

/// The range asked for. A fixed range counts only when the relative one is unset, `CUSTOM` or unknown.
pub(crate) fn resolve(
    relative: Option<&str>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<Range>, String> {
    let relative = match relative {
        None => "CUSTOM",
        Some(text) => RELATIVE
            .iter()
            .find(|name| **name == text)
            .ok_or_else(|| format!("relativeDateRange '{text}' is not known"))?,
    };
    if matches!(relative, "CUSTOM" | "UNKNOWN_RELATIVE_DATE_RANGE") {
        let fixed = (start.is_some() || end.is_some()).then(|| Range {
            start: start.unwrap_or(DateTime::<Utc>::MIN_UTC),
            end: end.unwrap_or(DateTime::<Utc>::MAX_UTC),
        });
        return Ok(fixed);
    }
    Ok(Some(named(relative, now)))
}

fn named(relative: &str, now: DateTime<Utc>) -> Range {
    let today = now.date_naive();
    let month = first_of_month(today);
    let quarter = back(month, today.month0() % 3);
    let year = back(month, today.month0());
    let week = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
    let (start, end) = match relative {
        "TODAY" => (today, None),
        "QUARTER_TO_DATE" => (quarter, None),
        "YEAR_TO_DATE" => (year, None),
        "LAST_MONTH" => (back(month, 1), Some(month)),
        "LAST_QUARTER" => (back(quarter, 3), Some(quarter)),
        "LAST_YEAR" => (back(year, 12), Some(year)),
        "WEEK_TO_DATE" => (week, None),
        "LAST_WEEK" => (week - TimeDelta::days(7), Some(week)),
        "TWO_MONTHS_AGO" => (back(month, 2), Some(back(month, 1))),
        // Every month has billing data here, so the latest month is always the running one.
        _ => (month, None),
    };
    Range { start: midnight(start), end: end.map_or(now + TimeDelta::milliseconds(1), midnight) }
}

/// The first day of the month of `date`.
pub(crate) fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// `months` earlier.
pub(crate) fn back(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_sub_months(Months::new(months)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn days(relative: &str) -> (String, String) {
        let now = "2026-05-13T10:00:00Z".parse().unwrap();
        let range = resolve(Some(relative), None, None, now).unwrap().unwrap();
        (range.start.date_naive().to_string(), range.end.date_naive().to_string())
    }

    #[test]
    fn names_are_resolved_against_the_clock() {
        let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        assert_eq!(days("LAST_MONTH"), pair("2026-04-01", "2026-05-01"));
        assert_eq!(days("LAST_QUARTER"), pair("2026-01-01", "2026-04-01"));
        assert_eq!(days("LAST_YEAR"), pair("2025-01-01", "2026-01-01"));
        assert_eq!(days("LAST_WEEK"), pair("2026-05-04", "2026-05-11"));
        assert_eq!(days("TWO_MONTHS_AGO"), pair("2026-03-01", "2026-04-01"));
        assert_eq!(days("MONTH_TO_DATE"), pair("2026-05-01", "2026-05-13"));
        assert_eq!(days("TODAY"), pair("2026-05-13", "2026-05-13"));
    }

    #[test]
    fn a_fixed_range_counts_only_without_a_relative_one() {
        let now = "2026-05-13T10:00:00Z".parse().unwrap();
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let fixed = resolve(Some("CUSTOM"), Some(start), None, now).unwrap().unwrap();
        assert_eq!(fixed.start, start);
        let relative = resolve(Some("TODAY"), Some(start), None, now).unwrap().unwrap();
        assert_ne!(relative.start, start);
        assert_eq!(resolve(None, None, None, now), Ok(None));
        assert!(resolve(Some("LAST_365_DAYS"), None, None, now).is_err());
    }
}
