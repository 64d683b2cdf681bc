//! Query parameters of the v3 API: camelCase, each at most once, empty ones counting as absent.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::call::Call;
use super::problem::Problem;
use super::ranges::{Range, resolve};

/// The parameters of one call, all of them listed in the reference.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Query<'a> {
    /// Refuses every name that is not listed, or ignores it where the simulator is lenient. The live API also reads
    /// snake_case names; the reference tells clients to send camelCase, so they are refused here.
    pub(crate) fn of(call: &'a Call, names: &[&str]) -> Result<Self, Problem> {
        let mut pairs = Vec::new();
        for (name, value) in &call.query {
            if !names.contains(&name.as_str()) {
                if call.strict {
                    return Err(Problem::query(name, format!("unknown query parameter '{name}'")));
                }
                continue;
            }
            if pairs.iter().any(|(other, _)| other == name) {
                return Err(Problem::query(name, format!("query parameter '{name}' is repeated")));
            }
            pairs.push((name.as_str(), value.as_str()));
        }
        Ok(Self { pairs })
    }

    /// For endpoints without parameters.
    pub(crate) fn none(call: &'a Call) -> Result<(), Problem> {
        Self::of(call, &[]).map(drop)
    }

    /// The parameters, in the order they were given.
    pub(crate) fn pairs(&self) -> &[(&'a str, &'a str)] {
        &self.pairs
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.pairs.iter().find(|(found, _)| *found == name)?;
        Some(*value).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Problem> {
        self.text(name).ok_or_else(|| Problem::query(name, format!("{name} is required")))
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.text(name).map(|text| text.parse().map_err(|_| wrong(name, "a number"))).transpose()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(wrong(name, "true or false")),
        }
    }

    /// One of the listed words, spelled as listed.
    pub(crate) fn choice(
        &self,
        name: &str,
        choices: &[&'static str],
    ) -> Result<Option<&'static str>, Problem> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let known = choices.iter().find(|choice| **choice == text);
        known
            .map(|choice| Some(*choice))
            .ok_or_else(|| wrong(name, &format!("one of {}", choices.join(", "))))
    }

    /// An RFC 3339 timestamp; a plain date means its first moment.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        self.text(name).map(|text| parse_moment(text).ok_or_else(|| wrong(name, "a timestamp"))).transpose()
    }

    /// A comma list of numbers.
    pub(crate) fn numbers(&self, name: &str) -> Result<Option<Vec<u64>>, Problem> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let parsed: Result<Vec<u64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        parsed.map(Some).map_err(|_| wrong(name, "a comma list of ids"))
    }

    /// The value as a date range, in the dotted spelling of nested messages.
    pub(crate) fn range(&self, prefix: &str, now: DateTime<Utc>) -> Result<Option<Range>, Problem> {
        let relative = self.text(&format!("{prefix}.relativeDateRange"));
        let start = self.moment(&format!("{prefix}.fixedDateRange.startDate"))?;
        let end = self.moment(&format!("{prefix}.fixedDateRange.endDate"))?;
        resolve(relative, start, end, now)
            .map_err(|message| Problem::query(prefix, format!("{prefix}: {message}")))
    }
}

/// RFC 3339, or a plain date at midnight UTC.
pub(crate) fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.with_timezone(&Utc));
    }
    let date: NaiveDate = text.parse().ok()?;
    Some(date.and_time(NaiveTime::MIN).and_utc())
}

fn wrong(name: &str, expected: &str) -> Problem {
    Problem::query(name, format!("query parameter '{name}' must be {expected}"))
}
