//! What the v1 API has in common: JSON envelopes with singular keys, its own words for what is not found, and its
//! query rules: `filter[FIELD:modifier]`, `sort[FIELD]`, `relations`, `limit`, `offset`.

use std::cmp::Ordering;

use http::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::Call;
use super::problem::Problem;
use super::query::Query;

/// Refuses query parameters whose names are not listed.
pub(crate) fn known_query(call: &Call, names: &[&str]) -> Result<(), Problem> {
    Query::of(call, names).map(drop)
}

/// Refuses any query.
pub(crate) fn no_query(call: &Call) -> Result<(), Problem> {
    known_query(call, &[])
}

/// The envelope of lists and records: the singular entity name, whatever its number.
pub(crate) fn envelope(entity: &str, content: Value) -> Answer {
    let data: Map<String, Value> = Map::from_iter([(entity.to_owned(), content)]);
    Answer::json(json!({"success": true, "message": "", "data": data}))
}

pub(crate) fn not_found(entity: &str, id: &str) -> Problem {
    Problem::legacy(StatusCode::NOT_FOUND, format!("{entity} {id} not found"))
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Modifier {
    Exact,
    Partial,
    Greater,
    Less,
    AtLeast,
    AtMost,
}

impl Modifier {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "exact" => Self::Exact,
            "partial" => Self::Partial,
            "gt" => Self::Greater,
            "lt" => Self::Less,
            "gte" | "min" => Self::AtLeast,
            "lte" | "max" => Self::AtMost,
            _ => return None,
        })
    }

    fn admits(self, value: &str, wanted: &str) -> bool {
        match (self, compare(value, wanted)) {
            (Self::Exact, order) => order == Ordering::Equal,
            (Self::Partial, _) => like(&value.to_lowercase(), &wanted.to_lowercase()),
            (Self::Greater, order) => order == Ordering::Greater,
            (Self::Less, order) => order == Ordering::Less,
            (Self::AtLeast, order) => order != Ordering::Less,
            (Self::AtMost, order) => order != Ordering::Greater,
        }
    }
}

/// What an entity allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Fields for filters and sorting.
    pub(crate) fields: &'static [&'static str],
    pub(crate) relations: &'static [&'static str],
    /// Parameters without brackets.
    pub(crate) plain: &'static [&'static str],
}

/// The query of a v1 list.
#[derive(Debug)]
pub(crate) struct ListQuery<'a> {
    filters: Vec<(&'a str, Modifier, &'a str)>,
    sorts: Vec<(&'a str, bool)>,
    /// `None` where the parameter was not sent: then each entity has its default.
    pub(crate) relations: Option<Vec<&'a str>>,
    plain: Vec<(&'a str, &'a str)>,
    limit: usize,
    offset: usize,
}

impl<'a> ListQuery<'a> {
    pub(crate) fn of(call: &'a Call, rules: Rules) -> Result<Self, Problem> {
        let mut read = Self {
            filters: Vec::new(),
            sorts: Vec::new(),
            relations: None,
            plain: Vec::new(),
            limit: 100,
            offset: 0,
        };
        let is_ignored = |field: &str| !call.strict && !rules.fields.contains(&field);
        for (name, value) in &call.query {
            if let Some(inner) = bracketed(name, "filter") {
                let (field, modifier) = inner.split_once(':').unwrap_or((inner, "exact"));
                if is_ignored(field) {
                    continue;
                }
                let modifier = Modifier::named(modifier)
                    .ok_or_else(|| Problem::query(name, format!("unknown filter modifier '{modifier}'")))?;
                known(rules.fields, field, name)?;
                read.filters.push((field, modifier, value));
            } else if let Some(field) = bracketed(name, "sort") {
                if is_ignored(field) {
                    continue;
                }
                known(rules.fields, field, name)?;
                let descending = match value.as_str() {
                    "asc" => false,
                    "desc" => true,
                    _ => return Err(Problem::query(name, format!("{name} must be asc or desc"))),
                };
                read.sorts.push((field, descending));
            } else {
                read.plain_parameter(name, value, rules, call.strict)?;
            }
        }
        Ok(read)
    }

    fn plain_parameter(
        &mut self,
        name: &'a str,
        value: &'a str,
        rules: Rules,
        strict: bool,
    ) -> Result<(), Problem> {
        let number =
            || value.parse::<usize>().map_err(|_| Problem::query(name, format!("{name} must be a number")));
        match name {
            "limit" => self.limit = number()?,
            "offset" => self.offset = number()?,
            "relations" => {
                let wanted: Vec<&str> = value.split(',').filter(|part| !part.is_empty()).collect();
                for relation in &wanted {
                    known(rules.relations, relation, name)?;
                }
                self.relations = Some(wanted);
            }
            _ if rules.plain.contains(&name) => self.plain.push((name, value)),
            _ if strict => {
                return Err(Problem::query(name, format!("unknown query parameter '{name}'")));
            }
            _ => {}
        }
        Ok(())
    }

    /// A parameter without brackets.
    pub(crate) fn plain(&self, name: &str) -> Option<&'a str> {
        self.plain.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    /// Whether the list embeds this relation.
    pub(crate) fn embeds(&self, relation: &str, by_default: bool) -> bool {
        self.relations.as_ref().map_or(by_default, |wanted| wanted.contains(&relation))
    }

    /// Filters, sorts and cuts the page; `field` reads a record's value, all filters must hold.
    pub(crate) fn page<T>(
        &self,
        records: impl Iterator<Item = T>,
        field: impl Fn(&T, &str) -> String,
    ) -> Vec<T> {
        let mut found: Vec<T> = records
            .filter(|record| {
                self.filters
                    .iter()
                    .all(|(name, modifier, wanted)| modifier.admits(&field(record, name), wanted))
            })
            .collect();
        if !self.sorts.is_empty() {
            found.sort_by(|left, right| {
                let by = |(name, descending): &(&str, bool)| {
                    let order = compare(&field(left, name), &field(right, name));
                    if *descending { order.reverse() } else { order }
                };
                self.sorts.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            });
        }
        found.into_iter().skip(self.offset).take(self.limit).collect()
    }
}

fn known(fields: &[&str], field: &str, parameter: &str) -> Result<(), Problem> {
    if fields.contains(&field) {
        return Ok(());
    }
    Err(Problem::query(parameter, format!("{parameter}: unknown field '{field}'")))
}

fn bracketed<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    name.strip_prefix(prefix)?.strip_prefix('[')?.strip_suffix(']')
}

/// As numbers where both are numbers, otherwise as texts.
fn compare(left: &str, right: &str) -> Ordering {
    match (left.parse::<Decimal>(), right.parse::<Decimal>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

/// SQL's LIKE with `%` alone; without a `%` the whole text must match.
fn like(value: &str, pattern: &str) -> bool {
    match pattern.split_once('%') {
        None => value == pattern,
        Some((head, rest)) => value.strip_prefix(head).is_some_and(|tail| {
            (0..=tail.len()).filter_map(|at| tail.get(at..)).any(|tail| like(tail, rest))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_compare_numbers_as_numbers_and_dates_as_texts() {
        assert!(Modifier::Greater.admits("1000", "999.5"));
        assert!(Modifier::AtLeast.admits("2026-01-01", "2026-01-01"));
        assert!(!Modifier::Less.admits("2026-02-01", "2026-02-01"));
        assert!(Modifier::Exact.admits("7", "7"));
        assert!(!Modifier::Exact.admits("open", "OPEN"));
        assert!(Modifier::Partial.admits("Example Dental Group", "%dental%"));
        assert!(Modifier::Partial.admits("Example Dental Group", "exam%group"));
        assert!(!Modifier::Partial.admits("Example Dental Group", "dental%"));
    }
}
