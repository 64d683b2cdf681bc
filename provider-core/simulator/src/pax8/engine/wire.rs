//! How Pax8 writes values: numbers, and dates in the several shapes that the live interface sends.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde_json::{Number, Value};

/// A JSON number with the digits of `value` and no trailing zeros.
///
/// The amounts of the simulator have few digits, so that the shortest form of the nearest double is the decimal's own text.
pub(crate) fn number(value: Decimal) -> Value {
    let text = value.normalize().to_string();
    Number::from_str(&text).map_or(Value::Null, Value::Number)
}

/// The exact decimal of a JSON number.
pub(crate) fn decimal(value: &Number) -> Option<Decimal> {
    let text = value.to_string();
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// `2026-03-01`.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// `2026-03-01T08:30:00Z`.
pub(crate) fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `2026-03-01T08:30:00.000Z`.
pub(crate) fn millis(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `2026-03-01T02:30:00.000-0600`: an offset without a colon, which RFC 3339 does not allow and the live interface sends.
pub(crate) fn offset(at: DateTime<Utc>) -> String {
    match FixedOffset::west_opt(6 * 3600) {
        Some(zone) => at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%.3f%z").to_string(),
        None => millis(at),
    }
}

/// Reads a date-time of a request; `None` unless it has a time and an offset.
pub(crate) fn parse_date_time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

/// Reads `yyyy-MM-dd`.
pub(crate) fn parse_day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_lose_their_zeros() {
        let text = |value: &str| number(Decimal::from_str(value).unwrap_or_default()).to_string();
        assert_eq!(text("264.00"), "264");
        assert_eq!(text("86.456"), "86.456");
        assert_eq!(text("0.10"), "0.1");
        assert_eq!(text("-12.5"), "-12.5");
    }

    #[test]
    fn offsets_have_no_colon() {
        let at = DateTime::<Utc>::from_timestamp(1_772_353_800, 120_000_000).unwrap_or_default();
        assert_eq!(offset(at), "2026-03-01T02:30:00.120-0600");
        assert_eq!(parse_date_time(&offset(at)), Some(at));
        assert_eq!(seconds(at), "2026-03-01T08:30:00Z");
        assert_eq!(parse_date_time("2026-03-01"), None);
    }
}
