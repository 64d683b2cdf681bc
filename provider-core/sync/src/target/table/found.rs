//! A row as it was found.

use std::collections::BTreeMap;

use serde_json::Value;

use super::layout::{LINK, Layout};
use super::value::Lent;
use crate::fingerprint::{Fingerprint, Written};
use crate::target::{Criterion, LocalKey, LocalRecord};

/// A row, and whether it is marked as removed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: LocalRecord,
    pub(super) marked: bool,
}

impl Found {
    /// Of a row as [`Layout::selected`](Layout) names its columns, with a fingerprint that was made of it.
    pub(super) fn of(
        layout: &Layout,
        row: impl IntoIterator<Item = Value>,
        fingerprint: Option<Fingerprint>,
    ) -> Self {
        let mut row = row.into_iter();
        let mut next = || row.next().unwrap_or_default();
        let key = plain(next()).unwrap_or_default();
        let remote = plain(next());
        let marked = layout.mark.as_ref().is_some_and(|mark| mark.form.holds(&next(), mark.value.lend()));
        let values: BTreeMap<_, _> =
            layout.columns.iter().map(|column| (column.name.clone(), next())).collect();
        let fingerprint = fingerprint.unwrap_or_else(|| print(layout, remote.as_deref(), &values));
        Self { record: LocalRecord { key: LocalKey(key), remote, values, fingerprint }, marked }
    }

    /// The same, tied to `remote` as the distributor writes it, where that is what its column holds: a UUID may come back in
    /// other letters, and a number without its zeros.
    pub(super) fn in_the_words_of(mut self, layout: &Layout, remote: &str) -> Self {
        if self.record.remote.as_deref().is_some_and(|stored| layout.link.form.is_key(stored, remote)) {
            self.record.remote = Some(remote.to_owned());
        }
        self
    }

    /// The same of a row that was looked for, by its link or by something else. Nearly every column gives back the very text
    /// that was asked for.
    pub(super) fn into_asked(self, layout: &Layout, criteria: &[Criterion]) -> LocalRecord {
        let mut record = self.record;
        let Some(stored) = record.remote.as_deref() else { return record };
        let links = criteria.iter().filter(|criterion| criterion.field == layout.link.name);
        let mut asked = links.flat_map(|criterion| &criterion.values).filter_map(Value::as_str);
        if asked.clone().any(|remote| remote == stored) {
            return record;
        }
        if let Some(remote) = asked.find(|remote| layout.link.form.is_key(stored, remote)) {
            record.remote = Some(remote.to_owned());
        }
        record
    }

    /// Whether a column holds this.
    pub(super) fn holds(&self, layout: &Layout, column: &str, wanted: Lent<'_>) -> bool {
        let is = self.record.values.get(column);
        is.is_some_and(|is| layout.form(column).holds(is, wanted))
    }
}

/// The text of a key.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The fingerprint of a row: of its columns that matter, as they are stored. A link is a text, whatever its column makes
/// of it.
fn print(layout: &Layout, remote: Option<&str>, values: &BTreeMap<String, Value>) -> Fingerprint {
    let mut written = Written::default();
    for (column, at) in &layout.watched {
        if *at == LINK {
            written.value(column, &remote);
        } else {
            written.value(column, values.get(column).unwrap_or(&Value::Null));
        }
    }
    written.fingerprint()
}
