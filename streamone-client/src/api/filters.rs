//! Filters and sorting of v1: `filter[FIELD:modifier]=value`, `sort[FIELD]=asc`.

use provider_http::RequestSpec;

use super::OffsetPage;

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
}

impl LegacyFilter {
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

    pub(super) fn ask(&self, spec: RequestSpec, page: OffsetPage) -> RequestSpec {
        let spec = self.filters.iter().fold(spec, |spec, (name, value)| spec.query(name, value));
        let spec = self
            .sorts
            .iter()
            .fold(spec, |spec, (name, ascending)| spec.query(name, if *ascending { "asc" } else { "desc" }));
        spec.query_opt("relations", self.relations.as_deref())
            .query("limit", page.limit)
            .query("offset", page.offset)
    }
}
