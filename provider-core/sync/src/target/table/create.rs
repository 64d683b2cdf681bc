//! The table that a plan needs, where there is none.

use provider_core::schema::{self, FieldType};

use super::value::quoted;
use crate::plan::{Each, FieldMap, KindPlan, Transform};

/// The SQL that makes it.
pub(super) fn table(kind: &KindPlan, name: &str) -> String {
    let mut columns = vec!["id INTEGER PRIMARY KEY".to_owned()];
    let mut unique = Vec::new();
    for column in kind.scope.keys() {
        columns.push(format!("{} TEXT", quoted(column)));
        unique.push(quoted(column));
    }
    if let Some(key) = &kind.key {
        columns.push(format!("{} TEXT", quoted(&key.local)));
        unique.push(quoted(&key.local));
    }
    columns
        .extend(kind.fields.iter().map(|field| format!("{} {}", quoted(&field.local), column(kind, field))));
    let mapped = |column: &&String| !kind.fields.iter().any(|field| field.local == **column);
    columns
        .extend(kind.removal.column.iter().filter(mapped).map(|column| format!("{} TEXT", quoted(column))));
    if !unique.is_empty() {
        columns.push(format!("UNIQUE ({})", unique.join(", ")));
    }
    format!("CREATE TABLE {} ({});", quoted(name), columns.join(", "))
}

/// Amounts and dates are text, so that nothing of them is lost.
fn column(kind: &KindPlan, field: &FieldMap) -> &'static str {
    match field.transform.last() {
        Some(Transform::Link | Transform::MinorUnits) => return "INTEGER",
        Some(Transform::Constant(serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => {
            return "INTEGER";
        }
        Some(_) => return "TEXT",
        None => {}
    }
    match schema::member_path(kind.kind, kind.each.map(Each::as_str), &field.remote) {
        Ok(FieldType::Boolean | FieldType::Integer) => "INTEGER",
        _ => "TEXT",
    }
}
