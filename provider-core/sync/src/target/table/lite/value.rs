//! Values on their way into a file and out of it.

use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use serde_json::Value;

use super::super::value::{Cell, Form, Lent};

/// As it is written.
pub(crate) fn to_sql(value: &Value) -> Sql {
    match Form::Plain.cell(value) {
        Cell::Null => Sql::Null,
        Cell::Whole(whole) => Sql::Integer(whole),
        Cell::Text(text) => Sql::Text(text),
    }
}

/// The same, lent to a statement.
pub(super) fn lent(cell: Lent<'_>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match cell {
        Lent::Null => ValueRef::Null,
        Lent::Whole(whole) => ValueRef::Integer(whole),
        Lent::Text(text) => ValueRef::Text(text.as_bytes()),
    })
}

/// As it was read.
pub(crate) fn from_sql(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(whole) => Value::from(whole),
        ValueRef::Real(float) => Value::from(float),
        ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::String(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}
