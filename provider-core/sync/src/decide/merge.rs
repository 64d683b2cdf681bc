//! A row that somebody else changed in the meantime.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::plan::{Owner, Values};
use crate::target::LocalRecord;

/// What is written to it after all, and what a person has to decide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Merged {
    pub(crate) values: Values,
    /// The fields that both sides changed: what the distributor has, and what the application has.
    pub(crate) conflicts: BTreeMap<String, (Value, Value)>,
}

/// Merges what the distributor has into a row that is not as it was left: where the distributor owns the field it is
/// written, where the application does it is left, and where nobody does it depends on whether the application changed
/// it. Without `base`, what it was left as is not known.
pub(crate) fn merge(
    wanted: &Values,
    row: &LocalRecord,
    base: Option<&Value>,
    owner: &dyn Fn(&str) -> Owner,
) -> Merged {
    let mut merged = Merged { values: Values::new(), conflicts: BTreeMap::new() };
    for (field, remote) in wanted {
        let local = row.values.get(field).unwrap_or(&Value::Null);
        let untouched = same(local, remote)
            || local.is_null()
            || base.and_then(|base| base.get(field)).is_some_and(|base| same(local, base));
        match owner(field) {
            Owner::Local => {}
            Owner::Ask if !untouched => {
                merged.conflicts.insert(field.clone(), (remote.clone(), local.clone()));
            }
            Owner::Ask | Owner::Remote => {
                merged.values.insert(field.clone(), remote.clone());
            }
        }
    }
    merged
}

/// Whether two values are one, however a column wrote it.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "1".to_owned(),
        Value::Bool(false) => "0".to_owned(),
        other => other.to_string(),
    };
    // Of two texts, one with zeros in front is a code or a telephone number, to which they belong.
    let texts = one.is_string() && other.is_string();
    let (one, other) = (plain(one), plain(other));
    if one == other {
        return true;
    }
    if texts && (is_padded(&one) || is_padded(&other)) {
        return false;
    }
    matches!(
        (one.parse::<rust_decimal::Decimal>(), other.parse::<rust_decimal::Decimal>()),
        (Ok(one), Ok(other)) if one == other
    )
}

fn is_padded(text: &str) -> bool {
    let behind = text.trim_start_matches(['+', '-']).strip_prefix('0');
    behind.is_some_and(|behind| behind.starts_with(|sign: char| sign.is_ascii_digit()))
}
