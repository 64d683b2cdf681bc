//! A distributor's record as the application has it.

use std::collections::BTreeSet;

use provider_core::{EntityKind, FieldPath};
use serde_json::Value;

use crate::fingerprint::Fingerprint;
use crate::part::Extract;
use crate::plan::{CheckedField, CheckedKind, Clear, Owner, Transform, Values};
use crate::target::LocalKey;

/// What a record becomes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mapped {
    /// What is written to a row that is there: what the application owns is not in it.
    pub(crate) update: Values,
    /// What a new row holds, where that is not the same.
    pub(crate) new: Option<Values>,
    /// What the distributor says of fields that the application owns, where those go to the distributor.
    pub(crate) own: Values,
}

impl Mapped {
    /// What a row holds whether it is new or there.
    pub(crate) fn plain(values: Values) -> Self {
        Self { update: values, new: None, own: Values::new() }
    }

    /// Of what is written.
    pub(crate) fn fingerprint(values: &Values) -> Fingerprint {
        Fingerprint::of_sorted(values)
    }

    /// Everything that the distributor says.
    pub(crate) fn theirs(&self) -> Values {
        let mut theirs = self.own.clone();
        theirs.extend(self.update.clone());
        theirs
    }

    /// Leaves fields that a person has to decide about as they are.
    pub(crate) fn without(mut self, frozen: &BTreeSet<String>) -> Self {
        self.update.retain(|name, _| !frozen.contains(name));
        self
    }
}

/// Why a record becomes nothing, for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unmapped {
    /// The record that it belongs to is not there yet.
    Held { kind: EntityKind, id: String },
    /// A value cannot be changed as the plan says.
    Bad { path: String, reason: String },
}

/// The records that a record refers to, by the fields that carry their keys.
pub(crate) fn references(rule: &CheckedKind, record: &Extract) -> Vec<(EntityKind, String)> {
    let id = |(field, kind): (&CheckedField, EntityKind)| {
        record.value(&field.remote).and_then(Value::as_str).map(|id| (kind, id.to_owned()))
    };
    rule.links().filter_map(id).collect()
}

/// Maps a record. `read` answers what stands where a path leads, `full` says that everything the distributor knows is in
/// the record, `link` finds the application's key of another record.
pub(crate) fn map(
    rule: &CheckedKind,
    read: &mut dyn FnMut(&FieldPath) -> Option<Value>,
    full: bool,
    link: &dyn Fn(EntityKind, &str) -> Option<LocalKey>,
) -> Result<Mapped, Unmapped> {
    let (mut update, mut own) = (Values::new(), Values::new());
    for field in &rule.fields {
        let Some(value) = value(field, read, full, link)? else { continue };
        let values = if field.owner == Owner::Local { &mut own } else { &mut update };
        values.insert(field.local.clone(), value);
    }
    // Of a new row, what is empty is left out: the application may have a default for it.
    let kept = if rule.pushes() { own.clone() } else { Values::new() };
    let differs = !own.is_empty() || update.values().any(Value::is_null);
    let new = differs.then(|| {
        own.extend(update.clone());
        own.retain(|_, value| !value.is_null());
        own
    });
    Ok(Mapped { update, new, own: kept })
}

fn value(
    field: &CheckedField,
    read: &mut dyn FnMut(&FieldPath) -> Option<Value>,
    full: bool,
    link: &dyn Fn(EntityKind, &str) -> Option<LocalKey>,
) -> Result<Option<Value>, Unmapped> {
    let constant = matches!(field.transform.first(), Some(Transform::Constant(_)));
    let found = match read(&field.remote) {
        Some(found) => found,
        None if constant => Value::Null,
        // Absent is not empty, unless the plan and the distributor both say so.
        None => {
            let empties = match field.clear {
                Clear::Never => false,
                Clear::InFull => full,
                Clear::Always => true,
            };
            return Ok(empties.then_some(Value::Null));
        }
    };
    if let Some(kind) = field.link {
        let id = found.as_str().unwrap_or_default();
        return match link(kind, id) {
            Some(key) => Ok(Some(Value::String(key.0))),
            None => Err(Unmapped::Held { kind, id: id.to_owned() }),
        };
    }
    let currency = field.currency.as_ref().and_then(read);
    let currency = currency.as_ref().and_then(Value::as_str);
    let mut value = found;
    for transform in &field.transform {
        value = transform
            .apply(value, currency)
            .map_err(|reason| Unmapped::Bad { path: field.remote.to_string(), reason })?;
    }
    Ok(Some(value))
}
