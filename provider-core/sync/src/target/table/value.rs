//! Values on their way into a table and out of it.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, SubsecRound as _, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

/// The digits of a second that PostgreSQL keeps where a column says nothing else.
#[cfg(any(test, feature = "postgres"))]
pub(super) const MICROS: u16 = 6;

/// A value as a statement is given it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Whole(i64),
    Text(String),
}

/// The same, lent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lent<'c> {
    Null,
    Whole(i64),
    Text(&'c str),
}

impl Cell {
    pub(super) fn lend(&self) -> Lent<'_> {
        match self {
            Self::Null => Lent::Null,
            Self::Whole(whole) => Lent::Whole(*whole),
            Self::Text(text) => Lent::Text(text),
        }
    }
}

/// What a column makes of what is written to it.
#[cfg_attr(
    not(all(feature = "postgres", feature = "sqlite")),
    allow(dead_code, reason = "each database has columns of its own")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// It keeps what comes: SQLite.
    Plain,
    /// It keeps numbers for texts that read like some, so that `007` comes back as `7`: SQLite, by the column's affinity.
    Number,
    /// Text of PostgreSQL, and everything that is written like text there.
    Text,
    /// Text that is filled up with blanks, and read without them.
    Padded,
    /// Whole numbers.
    Whole,
    /// Exact numbers, with so many digits behind the point.
    Exact(Option<u32>),
    /// Floats.
    Float,
    /// Yes or no.
    Truth,
    /// Days.
    Day,
    /// Moments in UTC; `zoned` where the column says so by itself.
    Moment {
        /// Whether it is `timestamptz`.
        zoned: bool,
        /// How many digits of a second it keeps.
        digits: u16,
    },
    /// UUIDs, in any case.
    Uuid,
    /// JSON.
    Json,
}

impl Form {
    /// As it is written: decimals stay text, so that no digit is lost; lists are JSON text.
    pub(super) fn cell(self, value: &Value) -> Cell {
        match (self, value) {
            (_, Value::Null) => Cell::Null,
            (Self::Json, other) => Cell::Text(other.to_string()),
            (Self::Truth, Value::Bool(holds)) => Cell::Text(holds.to_string()),
            (Self::Plain | Self::Number, Value::Bool(holds)) => Cell::Whole(i64::from(*holds)),
            (_, Value::Bool(holds)) => Cell::Text(i64::from(*holds).to_string()),
            (Self::Plain | Self::Number, Value::Number(number)) => match number.as_i64() {
                Some(whole) => Cell::Whole(whole),
                None => Cell::Text(number.to_string()),
            },
            (Self::Whole, other) => Cell::Text(whole(&text(other))),
            (Self::Moment { .. }, other) => Cell::Text(moment(&text(other))),
            (_, other) => Cell::Text(text(other)),
        }
    }

    /// Whether this value is written as it is.
    pub(super) fn as_it_is(self, value: &Value) -> bool {
        value.is_string() && !matches!(self, Self::Json | Self::Whole | Self::Moment { .. })
    }

    /// As it was read.
    #[cfg(any(test, feature = "postgres"))]
    pub(super) fn read(self, stored: Option<String>) -> Value {
        let Some(text) = stored else { return Value::Null };
        match self {
            Self::Whole => text.parse::<i64>().map_or_else(|_| Value::String(text), Value::from),
            Self::Float => match text.parse::<f64>() {
                Ok(float) if float.is_finite() => Value::from(float),
                _ => Value::String(text),
            },
            Self::Truth => Value::Bool(text == "true"),
            // As lists are written, whatever blanks the database puts between.
            Self::Json => match serde_json::from_str::<Value>(&text) {
                Ok(json) => Value::String(json.to_string()),
                Err(_) => Value::String(text),
            },
            // As a distributor's moments are written.
            Self::Moment { .. } => Value::String(as_told(&text, MICROS).unwrap_or(text)),
            _ => Value::String(text),
        }
    }

    /// Whether a column holds what was written, whatever it made of it.
    pub(super) fn holds(self, stored: &Value, written: Lent<'_>) -> bool {
        let whole;
        let written = match written {
            Lent::Null => return stored.is_null(),
            Lent::Whole(number) => {
                whole = number.to_string();
                whole.as_str()
            }
            Lent::Text(text) => text,
        };
        match (self, stored) {
            (_, Value::Null) => false,
            (Self::Plain | Self::Number, Value::String(stored)) => *stored == written,
            (Self::Plain | Self::Number, Value::Number(stored)) => same(&stored.to_string(), written),
            (Self::Exact(scale), Value::String(stored)) => same(stored, &rounded(written, scale)),
            (Self::Whole | Self::Float, stored) => same(&text(stored), written),
            (Self::Truth, Value::Bool(stored)) => truth(written) == Some(*stored),
            (Self::Day, Value::String(stored)) => *stored == written.get(..10).unwrap_or(written),
            (Self::Moment { digits, .. }, Value::String(stored)) => {
                Some(stored) == as_told(written, digits).as_ref()
            }
            (Self::Uuid, Value::String(stored)) => bare(stored) == bare(written),
            (Self::Json, Value::String(stored)) => {
                json(stored).is_some_and(|json_| Some(json_) == json(written))
            }
            (Self::Text, Value::String(stored)) => *stored == written,
            (Self::Padded, Value::String(stored)) => {
                stored.trim_end_matches(' ') == written.trim_end_matches(' ')
            }
            _ => false,
        }
    }

    /// Whether a column that holds keys of this form holds this one.
    pub(super) fn is_key(self, stored: &str, wanted: &str) -> bool {
        match self {
            Self::Uuid => bare(stored) == bare(wanted),
            Self::Number | Self::Whole | Self::Exact(_) => same(stored, wanted),
            _ => stored == wanted,
        }
    }

    /// Whether a key of this text can be in such a column: of another it is known without asking that it is not.
    #[cfg(feature = "postgres")]
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::Whole => text.parse::<i64>().is_ok(),
            Self::Exact(_) => text.parse::<Decimal>().is_ok(),
            Self::Uuid => bare(text).len() == 32 && bare(text).bytes().all(|byte| byte.is_ascii_hexdigit()),
            Self::Plain | Self::Number | Self::Text | Self::Padded => !text.contains('\0'),
            Self::Float | Self::Truth | Self::Day | Self::Moment { .. } | Self::Json => false,
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `5.00` is a whole number that is written otherwise.
fn whole(text: &str) -> String {
    match text.trim().parse::<Decimal>() {
        Ok(number) if number.fract().is_zero() => number.trunc().normalize().to_string(),
        _ => text.to_owned(),
    }
}

/// A day is its midnight in UTC, wherever the session of the database is.
fn moment(text: &str) -> String {
    match text.parse::<chrono::NaiveDate>() {
        Ok(day) => format!("{day}T00:00:00Z"),
        Err(_) => text.to_owned(),
    }
}

/// A moment as a distributor's are written, rounded as PostgreSQL does.
fn as_told(text: &str, digits: u16) -> Option<String> {
    let at: DateTime<Utc> = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.to_utc(),
        Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc(),
    };
    Some(at.round_subsecs(digits).to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

fn rounded(text: &str, scale: Option<u32>) -> String {
    match (text.parse::<Decimal>(), scale) {
        (Ok(number), Some(scale)) => {
            number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero).to_string()
        }
        _ => text.to_owned(),
    }
}

fn truth(written: &str) -> Option<bool> {
    match written.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn bare(uuid: &str) -> String {
    uuid.chars()
        .filter(|sign| !matches!(sign, '-' | '{' | '}'))
        .map(|sign| sign.to_ascii_lowercase())
        .collect()
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
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
        let (two, at) = (Form::Exact(Some(2)), Form::Moment { zoned: true, digits: MICROS });
        let whole = Form::Moment { zoned: false, digits: 0 };
        for (form, stored, wanted, same) in [
            (Form::Plain, json!("10.50"), json!("10.50"), true),
            (Form::Plain, json!("10.5"), json!("10.50"), false),
            (Form::Plain, json!(10.5), json!("10.50"), true),
            (Form::Plain, json!(10), json!("10.00"), true),
            (Form::Plain, json!(1), json!(true), true),
            (Form::Plain, json!("0"), json!(false), true),
            (Form::Plain, json!("7"), json!(7), true),
            (Form::Plain, json!("[\"a\"]"), json!(["a"]), true),
            (Form::Plain, json!(null), json!(null), true),
            (Form::Plain, json!(null), json!(""), false),
            (Form::Plain, json!("a"), json!("b"), false),
            (two, json!("5.00"), json!("5"), true),
            (two, json!("5.01"), json!("5.005"), true),
            (two, json!("-5.01"), json!("-5.005"), true),
            (two, json!("5.00"), json!("5.01"), false),
            (Form::Exact(None), json!("0.10"), json!("0.1"), true),
            (Form::Whole, json!(5), json!("5.00"), true),
            (Form::Whole, json!(5), json!(6), false),
            (Form::Truth, json!(true), json!(true), true),
            (Form::Truth, json!(true), json!("1"), true),
            (Form::Truth, json!(false), json!(true), false),
            (Form::Day, json!("2026-11-20"), json!("2026-11-20T08:00:00Z"), true),
            (Form::Day, json!("2026-11-20"), json!("2026-11-21"), false),
            (at, json!("2026-11-20T08:00:00Z"), json!("2026-11-20T08:00:00Z"), true),
            (at, json!("2026-11-20T00:00:00Z"), json!("2026-11-20"), true),
            (at, json!("2026-11-20T08:00:00.123456Z"), json!("2026-11-20T08:00:00.123456Z"), true),
            (at, json!("2026-11-20T08:00:00.123457Z"), json!("2026-11-20T08:00:00.1234567Z"), true),
            (whole, json!("2026-11-20T08:00:00Z"), json!("2026-11-20T08:00:00.438Z"), true),
            (whole, json!("2026-11-20T08:00:01Z"), json!("2026-11-20T08:00:00.500Z"), true),
            (whole, json!("2026-11-20T08:00:01Z"), json!("2026-11-20T08:00:00.438Z"), false),
            (
                Form::Uuid,
                json!("0a6f8f3c-0000-4000-8000-00000000000a"),
                json!("0A6F8F3C-0000-4000-8000-00000000000A"),
                true,
            ),
            (Form::Json, json!("[\"a\",1]"), json!(["a", 1]), true),
            (Form::Json, json!("\"a\""), json!("a"), true),
            (Form::Json, json!("[\"b\"]"), json!(["a"]), false),
            (Form::Text, json!("ab"), json!("ab  "), false),
            (Form::Padded, json!("ab"), json!("ab  "), true),
            (Form::Text, json!("1"), json!(true), true),
            (Form::Text, json!(null), json!("x"), false),
        ] {
            assert_eq!(form.holds(&stored, form.cell(&wanted).lend()), same, "{form:?} {stored} {wanted}");
        }
    }

    #[test]
    fn what_a_server_answers_reads_as_what_a_distributor_says() {
        let at = Form::Moment { zoned: false, digits: MICROS };
        for (form, stored, read) in [
            (at, "2026-11-20T08:00:00.000000Z", json!("2026-11-20T08:00:00Z")),
            (at, "2026-11-20T08:00:00.500000Z", json!("2026-11-20T08:00:00.500Z")),
            (at, "infinity", json!("infinity")),
            (Form::Whole, "-7", json!(-7)),
            (Form::Exact(Some(2)), "12345678901234567890.12", json!("12345678901234567890.12")),
            (Form::Truth, "false", json!(false)),
            (Form::Json, "{\"b\": 1, \"a\": [1, 2]}", json!("{\"a\":[1,2],\"b\":1}")),
            (Form::Float, "NaN", json!("NaN")),
            (Form::Float, "0.5", json!(0.5)),
        ] {
            assert_eq!(form.read(Some(stored.to_owned())), read, "{form:?} {stored}");
        }
    }

    #[test]
    fn whole_numbers_are_written_as_such_and_days_are_days_everywhere() {
        let at = Form::Moment { zoned: true, digits: MICROS };
        assert_eq!(Form::Whole.cell(&json!("5.00")), Cell::Text("5".into()));
        assert_eq!(Form::Whole.cell(&json!("500")), Cell::Text("500".into()));
        assert_eq!(Form::Whole.cell(&json!("5.5")), Cell::Text("5.5".into()));
        assert_eq!(Form::Whole.cell(&json!("x")), Cell::Text("x".into()));
        assert_eq!(at.cell(&json!("2026-11-20")), Cell::Text("2026-11-20T00:00:00Z".into()));
    }
}
