//! Paged answers: `page`, `size`, `sort`, and the nested and flat envelopes.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::call::Call;
use crate::engine::answer::{Stop, put};
use crate::engine::refusal::RefusedPart;
use crate::engine::strict::Query;

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 200;

/// Which page was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageAsked {
    number: usize,
    size: usize,
}

impl PageAsked {
    /// Reads `page` (from 0) and `size` (1 to 200, default 10).
    ///
    /// A size over the maximum is refused in strict mode; otherwise it counts as the maximum.
    pub(crate) fn read<D>(call: &Call<D>, query: &Query) -> Result<Self, Stop> {
        let number = whole(call, query, "page")?.unwrap_or(0);
        let size = whole(call, query, "size")?.unwrap_or(DEFAULT_SIZE);
        if call.sim.frame.is_strict() && !(1..=MAX_SIZE).contains(&size) {
            return Err(call.wrong(RefusedPart::Query, "size", "must be between 1 and 200"));
        }
        Ok(Self { number, size: size.clamp(1, MAX_SIZE) })
    }

    fn page_of<T>(self, rows: &[T], row: impl Fn(&T) -> Value) -> Page {
        let content =
            rows.iter().skip(self.number.saturating_mul(self.size)).take(self.size).map(row).collect();
        Page { content, asked: self, total: rows.len() }
    }

    /// Cuts the page out of all matching rows; only its own rows are rendered.
    pub(crate) fn cut<T>(self, rows: &[T], row: impl Fn(&T) -> Value) -> Page {
        self.page_of(rows, row)
    }
}

/// A page about to be written.
#[derive(Debug)]
pub(crate) struct Page {
    content: Vec<Value>,
    asked: PageAsked,
    total: usize,
}

impl Page {
    fn pages(&self) -> usize {
        self.total.div_ceil(self.asked.size)
    }

    fn numbers(&self) -> Value {
        json!({
            "size": self.asked.size,
            "totalElements": self.total,
            "totalPages": self.pages(),
            "number": self.asked.number,
        })
    }

    /// `{"content":[..],"page":{..}}`.
    pub(crate) fn nested(self) -> Value {
        let mut answer = Value::Object(Map::new());
        put(&mut answer, "page", self.numbers());
        put(&mut answer, "content", self.content);
        answer
    }

    /// As [`nested`](Self::nested), but without `content` where nothing matched, as the live invoice list is.
    pub(crate) fn nested_without_empty_content(self) -> Value {
        if self.total == 0 {
            return json!({"page": self.numbers()});
        }
        self.nested()
    }

    /// The numbers beside `content`: topic definitions only.
    pub(crate) fn flat(self) -> Value {
        let mut answer = self.numbers();
        put(&mut answer, "content", self.content);
        answer
    }
}

fn whole<D>(call: &Call<D>, query: &Query, name: &str) -> Result<Option<usize>, Stop> {
    match query.get(name) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(call.wrong(RefusedPart::Query, name, "must be a whole number")),
        },
    }
}

/// A sort by one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) field: &'static str,
    pub(crate) descending: bool,
}

impl Sort {
    /// Reads `sort` as `field,asc` (or `:` on the webhook interface), for the fields of the reference only.
    ///
    /// A field alone sorts upwards: the vendor's own list of values has no direction in it.
    pub(crate) fn read<D>(
        call: &Call<D>,
        query: &Query,
        separator: char,
        fields: &[&'static str],
    ) -> Result<Option<Self>, Stop> {
        let Some(text) = query.get("sort") else {
            return Ok(None);
        };
        let (name, direction) = text.split_once(separator).unwrap_or((text, "asc"));
        let field = fields.iter().find(|field| **field == name);
        match (field, direction) {
            (Some(field), "asc" | "desc") => Ok(Some(Self { field, descending: direction == "desc" })),
            _ => Err(call.wrong(
                RefusedPart::Query,
                "sort",
                "must be one of the listed fields with a direction",
            )),
        }
    }

    /// Sorts stably by a key of the row.
    pub(crate) fn apply<T>(&self, rows: &mut [T], key: impl Fn(&T) -> SortKey) {
        if self.descending {
            rows.sort_by_cached_key(|row| std::cmp::Reverse(key(row)));
        } else {
            rows.sort_by_cached_key(key);
        }
    }
}

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortKey {
    Text(String),
    Number(Decimal),
    Time(Option<DateTime<Utc>>),
}

/// Reads a filter that must be one of `choices`.
pub(crate) fn choice<'q, D>(
    call: &Call<D>,
    query: &'q Query,
    name: &str,
    choices: &[&str],
) -> Result<Option<&'q str>, Stop> {
    match query.get(name) {
        Some(text) if !choices.contains(&text) => {
            Err(call.wrong(RefusedPart::Query, name, "not one of the allowed values"))
        }
        text => Ok(text),
    }
}

/// Reads a filter that must be `true` or `false`.
pub(crate) fn boolean<D>(call: &Call<D>, query: &Query, name: &str) -> Result<Option<bool>, Stop> {
    match query.get(name) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(call.wrong(RefusedPart::Query, name, "must be true or false")),
    }
}
