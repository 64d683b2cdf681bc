//! Whether a value that a plan names goes into a column.

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;
use serde_json::Value;

use super::transform::{Transform, plain};
use crate::target::LocalType;

/// What a column holds, where that is not this value. Text takes everything, and what a column of another type takes is
/// for the application to say.
pub(super) fn misfit(value: &Value, column: LocalType) -> Option<&'static str> {
    let text = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
        Value::Bool(holds) => i32::from(*holds).to_string(),
        other => plain(other),
    };
    let number = || text.parse::<Decimal>().ok();
    let (fits, holds) = match column {
        LocalType::Text | LocalType::Any | LocalType::Other => return None,
        LocalType::Integer => (number().is_some_and(|number| number.fract().is_zero()), "whole numbers"),
        LocalType::Numeric => (number().is_some(), "numbers"),
        LocalType::Real => (text.parse::<f64>().is_ok(), "numbers"),
        LocalType::Boolean => (is_truth(&text), "true and false"),
        LocalType::Date => (value.is_string() && is_date(&text), "dates"),
    };
    (!fits).then_some(holds)
}

/// The values that a step answers, where the plan names all of them.
pub(super) fn named(step: &Transform) -> Vec<&Value> {
    match step {
        Transform::Constant(value) => vec![value],
        Transform::Map { values, otherwise } => values.values().chain(otherwise).collect(),
        _ => Vec::new(),
    }
}

fn is_truth(text: &str) -> bool {
    let words = ["0", "1", "true", "false", "t", "f", "yes", "no", "y", "n", "on", "off"];
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_date(text: &str) -> bool {
    text.parse::<NaiveDate>().is_ok() || DateTime::parse_from_rfc3339(text).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_goes_into_the_columns_that_hold_such_a_thing() {
        use LocalType::{Any, Boolean, Date, Integer, Numeric, Other, Real, Text};
        let rest = [Text, Any, Other];
        for (value, columns) in [
            (json!("shop"), &[] as &[LocalType]),
            (json!("7"), &[Integer, Numeric, Real]),
            (json!(7), &[Integer, Numeric, Real]),
            (json!(1), &[Integer, Numeric, Real, Boolean]),
            (json!("1.5"), &[Numeric, Real]),
            (json!(0.5), &[Numeric, Real]),
            (json!(true), &[Integer, Numeric, Real, Boolean]),
            (json!("Yes"), &[Boolean]),
            (json!("2026-11-30"), &[Date]),
            (json!("2026-11-30T10:00:00Z"), &[Date]),
            (json!("30.11.2026"), &[]),
            (json!(20_261_130), &[Integer, Numeric, Real]),
        ] {
            for column in [Text, Any, Other, Integer, Numeric, Real, Boolean, Date] {
                let fits = rest.contains(&column) || columns.contains(&column);
                assert_eq!(misfit(&value, column).is_none(), fits, "{value} in {column:?}");
            }
        }
        assert_eq!(misfit(&json!("abc"), Integer), Some("whole numbers"));
    }
}
