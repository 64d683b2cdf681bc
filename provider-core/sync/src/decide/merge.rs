//! A row that somebody else changed in the meantime.

use std::collections::BTreeMap;

use serde_json::Value;

use super::base::has_come;
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
        let agrees = same(local, remote) || local.is_null();
        let untouched = agrees || base.and_then(|base| base.get(field)).is_some_and(|base| same(local, base));
        match owner(field) {
            Owner::Local => {}
            // The row says something else since, or again what it said before: that goes there.
            Owner::Ask if !agrees && has_come(base, field, remote) => {}
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
    // A column may have made a number of a text. Of two texts both have to be written as numbers are.
    let made = one.is_number() || other.is_number();
    let number = |text: &str| {
        let text = Some(text).filter(|text| made || is_number(text))?;
        text.parse::<rust_decimal::Decimal>().ok()
    };
    let (one, other) = (plain(one), plain(other));
    one == other || matches!((number(&one), number(&other)), (Some(one), Some(other)) if one == other)
}

/// Whether a text is written as a number is. `01067` and `+4930` are codes and telephone numbers, and others than `1067`
/// and `4930`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split('.').next().unwrap_or_default();
    whole.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (whole == "0" || !whole.starts_with('0'))
}
