//! A calendar month.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use provider_core::Period;

/// A calendar month, as `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// The text is no month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthError(());

impl fmt::Display for MonthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no month: write it as 2026-10")
    }
}

impl std::error::Error for MonthError {}

impl Month {
    /// The month that a moment lies in.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = at.date_naive();
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month before this one.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// From its first moment to the first one after it.
    #[must_use]
    pub fn period(self) -> Period {
        Period::month_of(self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let digits = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (year, month) = text.split_once('-').ok_or(MonthError(()))?;
        if !digits(year, 4) || !digits(month, 2) {
            return Err(MonthError(()));
        }
        let number = |part: &str| part.parse().map_err(|_| MonthError(()));
        let (year, month) = (number(year)?, number(month)?);
        let year = i32::try_from(year).map_err(|_| MonthError(()))?;
        NaiveDate::from_ymd_opt(year, month, 1).map(Self).ok_or(MonthError(()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_month_is_written_one_way() {
        let january: Month = "2026-01".parse().unwrap();
        assert_eq!((january.to_string(), january.before().to_string()), ("2026-01".into(), "2025-12".into()));
        assert_eq!(Some(january.period()), Period::month(2026, 1));
        for text in ["2026-13", "2026-1", "26-01", "2026-01-01", "2026", "", "january", "+026-01", "2026-+1"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
