//! `Retry-After` and `Date`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};

/// How long the distributor asks to wait: seconds, or an HTTP date. A date counts from the answer's own
/// `Date`, so that a clock that is wrong here does not change the wait; without one from `now`.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = seconds(value) {
        return Some(seconds);
    }
    let until = parse_date(value)?;
    let from = date(headers).unwrap_or(now);
    Some((until - from).to_std().unwrap_or(Duration::ZERO))
}

/// When the distributor answered, by its own clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    parse_date(headers.get(header::DATE)?.to_str().ok()?)
}

/// Whole seconds by the standard; gateways send fractions too, which round up.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = match value.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (value, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More than that is a very long time all the same, and can be added to any other.
    let seconds = whole.parse().unwrap_or(u32::MAX);
    let partial = u32::from(fraction.bytes().any(|b| b != b'0'));
    Some(Duration::from_secs(u64::from(seconds.saturating_add(partial))))
}

fn parse_date(value: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(value).ok().map(DateTime::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(header::DATE, date.parse().unwrap());
        }
        headers
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn seconds_are_read_whole_and_broken() {
        for (value, expected) in [
            ("0", 0),
            ("7", 7),
            (" 120 ", 120),
            ("1.5", 2),
            ("2.0", 2),
            ("99999999999999999999999", u64::from(u32::MAX)),
            ("18446744073709551615", u64::from(u32::MAX)),
            ("18446744073709551615.9", u64::from(u32::MAX)),
        ] {
            assert_eq!(
                retry_after(&headers(value, None), now()),
                Some(Duration::from_secs(expected)),
                "{value}"
            );
        }
    }

    #[test]
    fn dates_count_from_the_servers_own_clock() {
        let until = "Sun, 22 Nov 2026 12:01:00 GMT";
        assert_eq!(retry_after(&headers(until, None), now()), Some(Duration::from_secs(60)));
        let skewed = Some("Sun, 22 Nov 2026 12:00:30 GMT");
        assert_eq!(retry_after(&headers(until, skewed), now()), Some(Duration::from_secs(30)));
        let past = "Sun, 22 Nov 2026 11:00:00 GMT";
        assert_eq!(retry_after(&headers(past, None), now()), Some(Duration::ZERO));
    }

    #[test]
    fn nonsense_is_no_wait() {
        for value in ["", "soon", "-5", "1e3", "1,5", ".5", "Sun, 99 Nov 2026"] {
            assert_eq!(retry_after(&headers(value, None), now()), None, "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now()), None);
    }
}
