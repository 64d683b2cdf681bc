//! The older API, v1: filters and sorting (`filter[FIELD:modifier]=value`, `sort[FIELD]=asc`), and how it
//! wraps what it answers.

use std::collections::BTreeMap;

use provider_core::model::Raw;
use provider_core::{Error, ErrorKind, ItemError, Result};
use provider_http::{Answer, CallOptions, HttpClient, RequestSpec};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::envelope::{Entry, Listed, OffsetPage, decoder, judge, name_unread};

/// How a filter of v1 compares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Modifier {
    /// The same.
    #[default]
    Exact,
    /// Like SQL: `%` in the value stands for any text.
    Partial,
    /// Greater.
    Greater,
    /// Less.
    Less,
    /// Greater or the same.
    AtLeast,
    /// Less or the same.
    AtMost,
}

impl Modifier {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Exact => "",
            Self::Partial => ":partial",
            Self::Greater => ":gt",
            Self::Less => ":lt",
            Self::AtLeast => ":gte",
            Self::AtMost => ":lte",
        }
    }
}

/// Filters, sorting and embedded relations of a v1 list. Several filters must all hold.
///
/// ```
/// use streamone_client::api::{LegacyFilter, Modifier};
///
/// let january = LegacyFilter::default()
///     .with("billingStartDate", Modifier::AtLeast, "2026-01-01")
///     .with("billingEndDate", Modifier::Less, "2026-02-01")
///     .sort("billingStartDate", true)
///     .relations(["lines"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LegacyFilter {
    filters: Vec<(String, String)>,
    sorts: Vec<(String, bool)>,
    relations: Option<String>,
    pub(crate) page: OffsetPage,
}

impl LegacyFilter {
    /// Asks for this page.
    #[must_use]
    pub fn page(mut self, page: OffsetPage) -> Self {
        self.page = page;
        self
    }

    /// Adds a filter.
    #[must_use]
    pub fn with(mut self, field: &str, modifier: Modifier, value: impl std::fmt::Display) -> Self {
        self.filters.push((format!("filter[{field}{}]", modifier.suffix()), value.to_string()));
        self
    }

    /// Sorts by a field; the first one given counts most.
    #[must_use]
    pub fn sort(mut self, field: &str, ascending: bool) -> Self {
        self.sorts.push((format!("sort[{field}]"), ascending));
        self
    }

    /// Embeds these relations and no others. Without it each list has its own default.
    #[must_use]
    pub fn relations<'r>(mut self, names: impl IntoIterator<Item = &'r str>) -> Self {
        self.relations = Some(names.into_iter().collect::<Vec<_>>().join(","));
        self
    }

    pub(crate) fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let spec = self.filters.iter().fold(spec, |spec, (name, value)| spec.query(name, value));
        let spec = self
            .sorts
            .iter()
            .fold(spec, |spec, (name, ascending)| spec.query(name, if *ascending { "asc" } else { "desc" }));
        spec.query_opt("relations", self.relations.as_deref())
    }
}

/// The envelope of v1: the key in `data` is singular and holds a list, or a single record.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default, deserialize_with = "provider_core::wire::lenient::flag")]
    success: Option<bool>,
    #[serde(default, deserialize_with = "provider_core::wire::lenient::text")]
    message: Option<String>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// The records of a v1 answer under this entity name.
fn records<'a>(answer: &'a Answer, entity: &str) -> Result<Vec<&'a RawValue>> {
    let envelope: Envelope<'_> = answer.json_borrowed()?;
    let (message, error) = (envelope.message.as_deref(), envelope.error.as_ref());
    judge(answer, envelope.success, message, error, envelope.data.is_some())?;
    let Some(data) = envelope.data else { return Ok(Vec::new()) };
    // Billing reports have their list in `data` itself, and so has whoever writes nothing as an empty list.
    let found = if data.get().starts_with('[') {
        data
    } else {
        let named: BTreeMap<String, &RawValue> =
            serde_json::from_str(data.get()).map_err(|e| unreadable(answer, entity).with_source(e))?;
        let Some(found) = named.get(entity).copied() else { return Ok(Vec::new()) };
        found
    };
    let text = found.get().trim_start();
    if text.starts_with('[') {
        return serde_json::from_str(found.get()).map_err(|e| unreadable(answer, entity).with_source(e));
    }
    Ok(if text == "null" { Vec::new() } else { vec![found] })
}

fn unreadable(answer: &Answer, entity: &str) -> Error {
    answer.error(ErrorKind::Decode, format!("the answer does not fit: data.{entity} is no list"))
}

/// Reads a list of v1.
pub(crate) fn read<W: Entry, M>(
    http: &HttpClient,
    answer: &Answer,
    call: &CallOptions,
    map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
) -> Result<Listed<M>> {
    let records = records(answer, W::NAME)?;
    let mut items = decoder(http, answer, call, W::NAME).decode::<W, M>(&records, map)?;
    name_unread::<W, M>(&mut items);
    let bytes = answer.bytes.len() as u64;
    Ok(Listed { items, next: None, total: None, told: true, bytes })
}

/// The one record of an answer, whether it stands in a list or alone. What does not fit is not quoted: it may
/// be a signed address.
pub(crate) fn first<T: Entry>(answer: &Answer) -> Result<T> {
    let records = records(answer, T::NAME)?;
    let missing = || answer.error(ErrorKind::Decode, format!("the answer holds no data.{}", T::NAME));
    let record = records.first().ok_or_else(missing)?;
    serde_json::from_str(record.get())
        .map_err(|_| answer.error(ErrorKind::Decode, format!("the answer does not fit: data.{}", T::NAME)))
}
