//! Values on their way into the application's database and out of it.

use rusqlite::types::{Value as Sql, ValueRef};
use rust_decimal::Decimal;
use serde_json::Value;

/// As it is written: decimals stay text, so that no digit is lost; lists are JSON text.
pub(crate) fn to_sql(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(holds) => Sql::Integer(i64::from(*holds)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Sql::Integer(whole),
            None => Sql::Text(number.to_string()),
        },
        Value::String(text) => Sql::Text(text.clone()),
        other => Sql::Text(other.to_string()),
    }
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

/// Whether a column holds what was written, whatever its type made of it.
pub(super) fn holds(stored: &Value, written: &Sql) -> bool {
    match (stored, written) {
        (Value::Null, Sql::Null) => true,
        (Value::String(stored), Sql::Text(written)) => stored == written,
        (Value::String(stored), Sql::Integer(written)) => *stored == written.to_string(),
        (Value::Number(stored), Sql::Integer(written)) => same(&stored.to_string(), &written.to_string()),
        (Value::Number(stored), Sql::Text(written)) => same(&stored.to_string(), written),
        _ => false,
    }
}

fn same(one: &str, other: &str) -> bool {
    match (one.parse::<Decimal>(), other.parse::<Decimal>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A name as SQL has it.
pub(crate) fn quoted(name: &str) -> String {
    let mut sql = String::with_capacity(name.len() + 2);
    push_quoted(&mut sql, name);
    sql
}

/// The same, behind what a statement has already.
pub(super) fn push_quoted(sql: &mut String, name: &str) {
    sql.push('"');
    for part in name.split_inclusive('"') {
        sql.push_str(part);
        if part.ends_with('"') {
            sql.push('"');
        }
    }
    sql.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_holds_what_was_written_whatever_its_type_makes_of_it() {
        for (stored, wanted, same) in [
            (json!("10.50"), json!("10.50"), true),
            (json!("10.5"), json!("10.50"), false),
            (json!(10.5), json!("10.50"), true),
            (json!(10), json!("10.00"), true),
            (json!(1), json!(true), true),
            (json!("0"), json!(false), true),
            (json!("7"), json!(7), true),
            (json!("[\"a\"]"), json!(["a"]), true),
            (json!(null), json!(null), true),
            (json!(null), json!(""), false),
            (json!("a"), json!("b"), false),
        ] {
            assert_eq!(holds(&stored, &to_sql(&wanted)), same, "{stored} {wanted}");
        }
    }
}
