//! Terms as ISO 8601 durations, and billing cycles: how long one commits, and how often one pays.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, Months, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time in calendar months and days, written as an ISO 8601 duration.
///
/// Whole years are written as years, so that `P12M` and `P1Y` are the same term.
///
/// ```
/// use provider_core::Term;
///
/// let term: Term = "P12M".parse().unwrap();
/// assert_eq!(term, Term::years(1));
/// assert_eq!(term.to_string(), "P1Y");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term {
    months: u32,
    days: u32,
}

impl Term {
    /// One month, `P1M`.
    pub const MONTH: Self = Self::months(1);
    /// One year, `P1Y`.
    pub const YEAR: Self = Self::months(12);

    /// So many calendar months.
    #[must_use]
    pub const fn months(months: u32) -> Self {
        Self { months, days: 0 }
    }

    /// So many years.
    #[must_use]
    pub const fn years(years: u32) -> Self {
        Self { months: years.saturating_mul(12), days: 0 }
    }

    /// So many days.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self { months: 0, days }
    }

    /// The calendar months in it.
    #[must_use]
    pub const fn in_months(self) -> u32 {
        self.months
    }

    /// The days beside the months.
    #[must_use]
    pub const fn in_days(self) -> u32 {
        self.days
    }

    /// The moment that lies one term after another. `None` past the end of the calendar.
    #[must_use]
    pub fn after(self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        start.checked_add_months(Months::new(self.months))?.checked_add_days(Days::new(self.days.into()))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        match self.months {
            0 if self.days == 0 => return f.write_str("0D"),
            0 => {}
            months if months % 12 == 0 => write!(f, "{}Y", months / 12)?,
            months => write!(f, "{months}M")?,
        }
        if self.days > 0 {
            write!(f, "{}D", self.days)?;
        }
        Ok(())
    }
}

/// The text is no ISO 8601 duration of years, months, weeks and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseTermError(());

impl fmt::Display for ParseTermError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a term is written like P1M, P1Y or P30D")
    }
}

impl std::error::Error for ParseTermError {}

impl FromStr for Term {
    type Err = ParseTermError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const BAD: ParseTermError = ParseTermError(());
        let mut rest = text.trim().strip_prefix(['P', 'p']).ok_or(BAD)?;
        if rest.is_empty() {
            return Err(BAD);
        }
        let mut term = Self { months: 0, days: 0 };
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(BAD)?;
            let (number, tail) = rest.split_at(digits);
            let number: u32 = number.parse().map_err(|_| BAD)?;
            let mut chars = tail.chars();
            let (field, factor) = match chars.next() {
                Some('Y' | 'y') => (&mut term.months, 12),
                Some('M' | 'm') => (&mut term.months, 1),
                Some('W' | 'w') => (&mut term.days, 7),
                Some('D' | 'd') => (&mut term.days, 1),
                _ => return Err(BAD),
            };
            *field = number.checked_mul(factor).and_then(|n| n.checked_add(*field)).ok_or(BAD)?;
            rest = chars.as_str();
        }
        Ok(term)
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Term {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Term".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "examples": ["P1M", "P1Y", "P30D"] })
    }
}

open_enum! {
    /// How often one pays. Not the commitment: a yearly commitment is often paid monthly.
    pub enum BillingCycle {
        /// Every month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Every six months.
        SemiAnnual = "semi_annual",
        /// Every year.
        Annual = "annual",
        /// Every two years.
        Biennial = "biennial",
        /// Every three years.
        Triennial = "triennial",
        /// Once.
        OneTime = "one_time",
        /// As it is consumed, in arrears.
        Usage = "usage",
        /// Nothing, while a trial runs.
        Trial = "trial",
    }
}

#[cfg(feature = "schema")]
crate::open_enum::open_enum_schema!(BillingCycle);

impl BillingCycle {
    /// The time between two payments, where there is one.
    #[must_use]
    pub fn period(&self) -> Option<Term> {
        match self {
            Self::Monthly => Some(Term::months(1)),
            Self::Quarterly => Some(Term::months(3)),
            Self::SemiAnnual => Some(Term::months(6)),
            Self::Annual => Some(Term::years(1)),
            Self::Biennial => Some(Term::years(2)),
            Self::Triennial => Some(Term::years(3)),
            Self::OneTime | Self::Usage | Self::Trial | Self::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Term;

    #[test]
    fn terms_are_normalised() {
        for (text, written) in [
            ("P12M", "P1Y"),
            ("P1Y", "P1Y"),
            ("P36M", "P3Y"),
            ("P18M", "P18M"),
            ("P1Y6M", "P18M"),
            ("P1M", "P1M"),
            ("p30d", "P30D"),
            ("P2W", "P14D"),
            ("P1M15D", "P1M15D"),
            ("P0D", "P0D"),
        ] {
            assert_eq!(text.parse::<Term>().map(|t| t.to_string()).as_deref(), Ok(written), "{text}");
        }
        for text in ["", "P", "1Y", "PT1H", "P1", "PY", "P99999999999Y", "annual"] {
            assert!(text.parse::<Term>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_after_the_31st_is_the_last_day() {
        let start = crate::wire::date_time::parse("2026-01-31T10:00:00Z");
        let end = start.and_then(|s| Term::MONTH.after(s)).map(|t| t.to_rfc3339());
        assert_eq!(end.as_deref(), Some("2026-02-28T10:00:00+00:00"));
    }
}
