//! Moments as they were written: with their calendar day, which a conversion to UTC may change.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::date_time::{since_1970, whole};

/// Distributors write "no end" as a date in the year 9999, and "not set" as one in the year 1.
const NEVER: i32 = 9999;
const UNSET: i32 = 1;

/// A moment, and the day that its sender wrote.
///
/// `2026-03-01T00:00:00+01:00` is the 1st of March to whoever wrote it, and the 28th of February in UTC. What
/// stands on an invoice is the former: take every calendar day from [`day`](Self::day), never from the moment
/// in UTC.
///
/// ```
/// use provider_core::wire::moment::Moment;
///
/// let issued = Moment::parse("2026-03-01T00:00:00+01:00").unwrap();
/// assert_eq!(issued.day().to_string(), "2026-03-01");
/// assert_eq!(issued.at().to_string(), "2026-02-28 23:00:00 UTC");
/// assert_eq!(Moment::parse("9999-12-31T23:59:59"), None); // "never"
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    written: DateTime<FixedOffset>,
    day_only: bool,
}

impl Moment {
    /// Reads every shape that [`date_time::parse`](super::date_time::parse) reads. A day alone is its midnight
    /// in UTC; seconds and milliseconds since 1970 name no zone, so that their day is the one in UTC.
    ///
    /// `None` where the text is no date, or means "never" or "not set".
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = parse_any(text.trim())?;
        let year = parsed.written.year();
        let in_utc = parsed.at().year();
        (year < NEVER && in_utc < NEVER && year > UNSET && in_utc > UNSET).then_some(parsed)
    }

    /// The day alone, as some rows give it.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { day_only: true, ..Self::from(day.and_time(NaiveTime::MIN).and_utc()) }
    }

    /// The moment.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.written.to_utc()
    }

    /// The calendar day as it was written, in whatever zone.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.written.date_naive()
    }

    /// The time of day as it was written; midnight where only the day was.
    pub(crate) fn time(&self) -> NaiveTime {
        self.written.time()
    }

    /// True for the beginning of a day as it was written, and where only the day was.
    #[must_use]
    pub fn is_midnight(&self) -> bool {
        self.written.time() == NaiveTime::MIN
    }
}

fn parse_any(text: &str) -> Option<Moment> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(since_1970(text.parse().ok()?)?.into());
    }
    if let Some(day) = day_alone(text) {
        return Some(Moment::on(day));
    }
    if let Ok(written) = DateTime::parse_from_rfc3339(text) {
        return Some(Moment { written, day_only: false });
    }
    if let Some(number) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return of_microsoft(number);
    }
    // What names the zone behind its offset says nothing more.
    let text = text.split_once('[').filter(|(_, zone)| zone.ends_with(']')).map_or(text, |(text, _)| text);
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"] {
        if let Ok(written) = DateTime::parse_from_str(text, format) {
            return Some(Moment { written, day_only: false });
        }
    }
    let naive = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(parsed) = NaiveDateTime::parse_from_str(naive, format) {
            return Some(parsed.and_utc().into());
        }
    }
    // Java leaves out seconds that are zero.
    for format in ["%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M%#z"] {
        if let Ok(written) = DateTime::parse_from_str(text, format) {
            return Some(Moment { written, day_only: false });
        }
    }
    day_in_zone(text).or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).map(Moment::on)
}

/// Milliseconds as older services of Microsoft write them, with the offset of the sender or none:
/// `/Date(1772319600000+0100)/`.
fn of_microsoft(number: &str) -> Option<Moment> {
    let (milliseconds, offset) = match number.find(['+', '-']) {
        Some(sign) => number.split_at_checked(sign)?,
        None => (number, "+0000"),
    };
    let at = since_1970(milliseconds.parse().ok()?)?;
    Some(Moment { written: at.with_timezone(&offset.parse::<FixedOffset>().ok()?), day_only: false })
}

/// A day with the zone it is one of, as XML writes it: `2026-03-01Z`, `2026-03-01+01:00`.
fn day_in_zone(text: &str) -> Option<NaiveDate> {
    let (day, zone) = text.split_at_checked("2026-03-01".len())?;
    let is_zone =
        matches!(zone, "Z" | "z") || (zone.len() <= "+01:00".len() && zone.parse::<FixedOffset>().is_ok());
    day_alone(day).filter(|_| is_zone)
}

/// `2026-03-01` and nothing else: what most days are written as, before all the shapes of a moment are tried.
fn day_alone(text: &str) -> Option<NaiveDate> {
    let [y, e, a, r, b'-', m, o, b'-', d, n] = text.as_bytes() else { return None };
    let number = |digits: &[&u8]| {
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
        digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
    };
    NaiveDate::from_ymd_opt(i32::try_from(number(&[y, e, a, r])?).ok()?, number(&[m, o])?, number(&[d, n])?)
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self { written: at.with_timezone(&Utc.fix()), day_only: false }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.day_only {
            return fmt::Display::fmt(&self.day(), f);
        }
        let utc = self.written.offset().local_minus_utc() == 0;
        f.write_str(&self.written.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, utc))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        option::deserialize(deserializer)?.ok_or_else(|| de::Error::custom("expected a date"))
    }
}

/// For optional moments; combine with `#[serde(default)]`.
pub mod option {
    use super::{Deserializer, Moment, Serialize, Serializer, whole};

    /// Reads a moment. Absent, `null`, "never" and what is no date are `None`: one odd date must not lose the
    /// record.
    ///
    /// # Errors
    /// When an object or a list stands there.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Moment>, D::Error> {
        crate::wire::lenient::loose(d, "a date", |text| {
            Ok(text.and_then(|text| crate::wire::unknown::date(&text, Moment::parse(whole(&text)))))
        })
    }

    /// Writes the moment as it was written, or `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<Moment>, s: S) -> Result<S::Ok, S::Error> {
        value.serialize(s)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::Moment;

    #[test]
    fn the_day_is_the_one_that_was_written() {
        for (text, day) in [
            ("2026-03-01T00:00:00+01:00", "2026-03-01"),
            ("2026-02-28T23:59:59-0600", "2026-02-28"),
            ("2026-03-01T00:00:00+14:00", "2026-03-01"),
            ("2026-03-01 00:00:00 +0200", "2026-03-01"),
            ("2026-03-01T00:00+01:00", "2026-03-01"),
            ("2026-02-28T23:59-06:00", "2026-02-28"),
            ("2026-03-01 00:00+0545", "2026-03-01"),
            ("2026-03-01T00:00+01:00[Europe/Oslo]", "2026-03-01"),
            ("2026-03-01T00:00:00.25+01:00[Europe/Oslo]", "2026-03-01"),
            ("2026-03-01+14:00", "2026-03-01"),
            ("2026-03-01Z", "2026-03-01"),
            ("/Date(1772323200000)/", "2026-03-01"),
            ("/Date(1772319600000+0100)/", "2026-03-01"),
            ("/Date(1772319600000-0000)/", "2026-02-28"),
            ("2026-03-01T00:00:00", "2026-03-01"),
            ("2026-03-01T00:00:00.0000000Z", "2026-03-01"),
            ("2026-03-01", "2026-03-01"),
            ("1772323200000", "2026-03-01"),
            ("1772323200", "2026-03-01"),
        ] {
            assert_eq!(Moment::parse(text).unwrap().day().to_string(), day, "{text}");
        }
        for text in [
            "9999-12-31",
            "9999-12-31T23:59:59-10:00",
            "0001-01-01T00:00:00+02:00",
            "",
            "soon",
            "0",
            "/Date(0)/",
            "/Date(x)/",
            "2026-03-01[",
            "2026-03-01X",
            "2026-02-29Z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_written_is_written_again() {
        for text in ["2026-03-01T00:00:00+01:00", "2026-03-01", "2026-03-01T09:15:00.250Z"] {
            let json = format!("\"{text}\"");
            let moment: Moment = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&moment).unwrap(), json);
            assert_eq!(moment.is_midnight(), !text.contains("09:15"));
        }
        assert!(serde_json::from_str::<Moment>("\"soon\"").is_err());
    }
}
