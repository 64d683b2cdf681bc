//! What is done to a value on its way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use provider_core::schema::FieldType;
use provider_core::{Currency, EntityKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One step of a value on its way from the distributor to the application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Transform {
    /// This value, whatever the distributor says.
    Constant(Value),
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
    /// Without blanks around it.
    Trim,
    /// One word for another.
    #[serde(rename_all = "snake_case")]
    Map {
        /// The words of the distributor, and what each becomes.
        values: BTreeMap<String, Value>,
        /// What every other word becomes; without it, such a record waits in quarantine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<Value>,
    },
    /// The members of a list as one text, with this between them.
    Join(String),
    /// An amount in the smallest unit of its currency, as a whole number.
    MinorUnits,
    /// A date or moment in this form, as in `%d.%m.%Y`.
    DateFormat(String),
    /// The application's own key of the record that is referred to. Until that is there, this one is held.
    Link,
}

/// A value between two steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flow {
    /// What the distributor's record holds.
    Of(FieldType),
    /// The application's key of a record of this kind.
    KeyOf(EntityKind),
    /// Whatever the plan says.
    Any,
    /// A whole number.
    Number,
}

impl Transform {
    /// The name in a plan.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Constant(_) => "constant",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
            Self::Map { .. } => "map",
            Self::Join(_) => "join",
            Self::MinorUnits => "minor_units",
            Self::DateFormat(_) => "date_format",
            Self::Link => "link",
        }
    }

    /// Whether the way back is known, which [`Direction::Both`](super::Direction::Both) needs.
    pub(crate) fn has_inverse(&self) -> bool {
        match self {
            Self::Constant(_) | Self::Lower | Self::Upper | Self::Trim | Self::Join(_) => false,
            Self::Map { values, otherwise } => {
                let mut taken = BTreeSet::new();
                otherwise.is_none() && values.values().flat_map(written).all(|text| taken.insert(text))
            }
            Self::MinorUnits | Self::Link => true,
            // A day is read from its parts, in any order.
            Self::DateFormat(form) => ["%Y", "%m", "%d"].iter().all(|part| form.contains(part)),
        }
    }

    /// What comes out when this goes in.
    ///
    /// # Errors
    /// Why nothing does.
    pub(crate) fn follow(&self, from: &Flow) -> Result<Flow, String> {
        let text = || Ok(Flow::Of(FieldType::Text));
        match (self, from) {
            (_, Flow::KeyOf(_)) => Err(format!("`{}` cannot follow `link`", self.name())),
            (Self::Constant(Value::Null), _) => Err("a constant is a value".to_owned()),
            (Self::Constant(Value::Array(_) | Value::Object(_)), _) => {
                Err("a constant is text, a number, true or false".to_owned())
            }
            (Self::Constant(_), _) => Ok(Flow::Any),
            (
                Self::Lower | Self::Upper | Self::Trim,
                Flow::Any | Flow::Of(FieldType::Text | FieldType::Word(_) | FieldType::Reference(_)),
            ) => text(),
            (Self::Map { values, .. }, _) if values.is_empty() => Err("`values` names nothing".to_owned()),
            (
                Self::Map { values, .. },
                Flow::Any
                | Flow::Number
                | Flow::Of(FieldType::Text | FieldType::Word(_) | FieldType::Boolean | FieldType::Reference(_)),
            ) => match values.iter().find(|(_, value)| value.is_array() || value.is_object()) {
                Some((word, _)) => Err(format!("what `{word}` becomes is no single value")),
                None => Ok(Flow::Any),
            },
            (Self::Join(_), Flow::Of(FieldType::List)) => text(),
            (Self::MinorUnits, Flow::Of(FieldType::Decimal)) => Ok(Flow::Number),
            (Self::DateFormat(form), Flow::Of(FieldType::Date | FieldType::DateTime)) => {
                if is_form(form) {
                    text()
                } else {
                    Err(format!("`{form}` is no form of a date, such as `%d.%m.%Y`"))
                }
            }
            (Self::Link, Flow::Of(FieldType::Reference(kind))) => Ok(Flow::KeyOf(*kind)),
            (Self::Link, _) => Err("`link` takes the id of another record, such as `customer`".to_owned()),
            (Self::Join(_), _) => Err("`join` takes a list".to_owned()),
            (Self::MinorUnits, _) => Err("`minor_units` takes an amount, such as `cost.amount`".to_owned()),
            (Self::DateFormat(_), _) => Err("`date_format` takes a date".to_owned()),
            (Self::Lower | Self::Upper | Self::Trim | Self::Map { .. }, _) => {
                Err(format!("`{}` takes text", self.name()))
            }
        }
    }

    /// Does it. `sibling` finds what stands beside the value in its record.
    ///
    /// # Errors
    /// Why this record's value cannot be changed like this.
    pub(crate) fn apply(&self, value: Value, currency: Option<&str>) -> Result<Value, String> {
        match self {
            Self::Constant(constant) => Ok(constant.clone()),
            Self::Lower => Ok(text(value, |text| text.to_lowercase())),
            Self::Upper => Ok(text(value, |text| text.to_uppercase())),
            Self::Trim => Ok(text(value, |text| text.trim().to_owned())),
            Self::Map { values, otherwise } => {
                let word = plain(&value);
                match values.get(&word).or(otherwise.as_ref()) {
                    Some(found) => Ok(found.clone()),
                    None => Err(format!("the plan does not say what `{word}` becomes")),
                }
            }
            Self::Join(between) => Ok(match value {
                Value::Array(members) => {
                    let texts: Vec<_> = members.iter().map(plain).collect();
                    Value::String(texts.join(between))
                }
                other => other,
            }),
            Self::MinorUnits => minor_units(&value, currency),
            Self::DateFormat(form) => date(&value, form),
            // The engine puts the key in its place.
            Self::Link => Ok(value),
        }
    }

    /// Undoes it. Only what [`has_inverse`](Self::has_inverse) can be undone.
    ///
    /// # Errors
    /// Why this value cannot come from any of the distributor's.
    pub(crate) fn undo(&self, value: Value, currency: Option<&str>) -> Result<Value, String> {
        match self {
            Self::Map { values, .. } => {
                let found = plain(&value);
                let word = values.iter().find(|(_, becomes)| written(becomes).contains(&found));
                word.map(|(word, _)| Value::String(word.clone())).ok_or_else(|| {
                    let known: Vec<_> = values.values().map(plain).collect();
                    format!("the plan does not say what `{found}` stands for; there is {}", known.join(", "))
                })
            }
            Self::MinorUnits => {
                let digits = currency.and_then(|code| code.parse::<Currency>().ok()).map_or(2, minor_digits);
                let minor = plain(&value).parse::<i64>();
                let minor = minor.map_err(|_| format!("`{}` is no whole number", plain(&value)))?;
                Ok(Value::String(Decimal::new(minor, digits).normalize().to_string()))
            }
            Self::DateFormat(form) => {
                let text = plain(&value);
                let day = NaiveDate::parse_from_str(&text, form);
                let day = day.map_err(|_| format!("`{text}` is no date such as `{form}` makes"))?;
                Ok(Value::String(day.to_string()))
            }
            // The engine puts the id in its place.
            Self::Link => Ok(value),
            other => Err(format!("`{}` cannot be undone", other.name())),
        }
    }
}

fn text(value: Value, change: impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        other => other,
    }
}

/// A value as a word.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How a column may hold a value, as text. Truth is 1 or 0 where columns know no truth of their own.
fn written(value: &Value) -> Vec<String> {
    let mut all = vec![plain(value)];
    if let Value::Bool(holds) = value {
        all.push(i32::from(*holds).to_string());
    }
    all
}

fn minor_units(value: &Value, currency: Option<&str>) -> Result<Value, String> {
    let amount: Decimal = plain(value).parse().map_err(|_| format!("`{}` is no amount", plain(value)))?;
    let digits = currency.and_then(|code| code.parse::<Currency>().ok()).map_or(2, minor_digits);
    let minor = amount
        .checked_mul(Decimal::from(10_i64.pow(digits)))
        .filter(|minor| minor.fract().is_zero())
        .and_then(|minor| minor.to_i64())
        .ok_or_else(|| format!("{amount} is no whole number of the smallest unit of its currency"))?;
    Ok(Value::Number(minor.into()))
}

/// How many digits a currency has behind the point (ISO 4217).
fn minor_digits(currency: Currency) -> u32 {
    match currency.to_string().as_str() {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

fn is_form(form: &str) -> bool {
    use chrono::format::{Item, StrftimeItems};
    form.contains('%') && !StrftimeItems::new(form).any(|item| matches!(item, Item::Error))
}

fn date(value: &Value, form: &str) -> Result<Value, String> {
    use std::fmt::Write as _;
    let text = plain(value);
    let mut written = String::new();
    let done = if let Ok(moment) = DateTime::parse_from_rfc3339(&text) {
        write!(written, "{}", moment.format(form))
    } else if let Ok(day) = text.parse::<NaiveDate>() {
        write!(written, "{}", day.format(form))
    } else {
        return Err(format!("`{text}` is no date"));
    };
    done.map_err(|_| format!("`{text}` has not what `{form}` asks for"))?;
    Ok(Value::String(written))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_changed_exactly() {
        let map = Transform::Map {
            values: [("active".to_owned(), json!(1)), ("true".to_owned(), json!("yes"))].into(),
            otherwise: None,
        };
        for (transform, value, currency, expected) in [
            (Transform::Lower, json!("DE"), None, Ok(json!("de"))),
            (Transform::Trim, json!("  a b "), None, Ok(json!("a b"))),
            (map.clone(), json!("active"), None, Ok(json!(1))),
            (map.clone(), json!(true), None, Ok(json!("yes"))),
            (map, json!("gone"), None, Err("`gone`")),
            (Transform::Join(", ".into()), json!(["a", "b"]), None, Ok(json!("a, b"))),
            (Transform::MinorUnits, json!("10.5"), Some("EUR"), Ok(json!(1050))),
            (Transform::MinorUnits, json!("10"), Some("JPY"), Ok(json!(10))),
            (Transform::MinorUnits, json!("1.234"), Some("KWD"), Ok(json!(1234))),
            (Transform::MinorUnits, json!("-0.01"), None, Ok(json!(-1))),
            (Transform::MinorUnits, json!("0.001"), Some("EUR"), Err("no whole number")),
            (Transform::DateFormat("%d.%m.%Y".into()), json!("2026-03-01"), None, Ok(json!("01.03.2026"))),
            (Transform::DateFormat("%H:%M".into()), json!("2026-03-01T10:20:00Z"), None, Ok(json!("10:20"))),
            (Transform::DateFormat("%H".into()), json!("2026-03-01"), None, Err("asks for")),
            (Transform::Constant(json!("x")), json!("y"), None, Ok(json!("x"))),
        ] {
            let found = transform.apply(value.clone(), currency);
            match expected {
                Ok(expected) => assert_eq!(found.unwrap(), expected, "{transform:?} {value}"),
                Err(says) => assert!(found.unwrap_err().contains(says), "{transform:?} {value}"),
            }
        }
    }

    #[test]
    fn what_was_done_is_undone() {
        let map = Transform::Map {
            values: [("active".to_owned(), json!(1)), ("suspended".to_owned(), json!(0))].into(),
            otherwise: None,
        };
        for (transform, value, currency) in [
            (map.clone(), json!("active"), None),
            (map.clone(), json!("suspended"), None),
            (Transform::MinorUnits, json!("10.5"), Some("EUR")),
            (Transform::MinorUnits, json!("10"), Some("JPY")),
            (Transform::MinorUnits, json!("1.234"), Some("KWD")),
            (Transform::DateFormat("%d.%m.%Y".into()), json!("2026-03-01"), None),
        ] {
            assert!(transform.has_inverse());
            let done = transform.apply(value.clone(), currency).unwrap();
            assert_eq!(transform.undo(done, currency).unwrap(), value, "{transform:?}");
        }
        let truth = |word: &str, holds: bool| (word.to_owned(), json!(holds));
        let map_of_truth = Transform::Map {
            values: [truth("active", true), truth("suspended", false)].into(),
            otherwise: None,
        };
        // A column of truth, of numbers and of text.
        for (held, word) in [
            (json!(true), "active"),
            (json!(1), "active"),
            (json!("1"), "active"),
            (json!(false), "suspended"),
            (json!(0), "suspended"),
            (json!("0"), "suspended"),
        ] {
            assert_eq!(map_of_truth.undo(held.clone(), None), Ok(json!(word)), "{held}");
        }
        assert!(map_of_truth.undo(json!(2), None).unwrap_err().contains("what `2` stands for"));
        let unknown = map.undo(json!(7), None).unwrap_err();
        assert!(unknown.contains("what `7` stands for"), "{unknown}");
        assert!(Transform::DateFormat("%d.%m.%Y".into()).undo(json!("soon"), None).is_err());
    }

    #[test]
    fn only_what_loses_nothing_has_a_way_back() {
        let values = |a: Value, b: Value| -> BTreeMap<String, Value> {
            [("a".to_owned(), a), ("b".to_owned(), b)].into()
        };
        let words = |a: &str, b: &str| values(json!(a), json!(b));
        let map = |a, b| Transform::Map { values: values(a, b), otherwise: None };
        for (transform, back) in [
            (Transform::Lower, false),
            (Transform::Constant(json!(1)), false),
            (Transform::Map { values: words("1", "2"), otherwise: None }, true),
            (Transform::Map { values: words("1", "1"), otherwise: None }, false),
            (Transform::Map { values: words("1", "2"), otherwise: Some(json!("3")) }, false),
            (map(json!(true), json!(false)), true),
            // In a table they are the same.
            (map(json!(1), json!("1")), false),
            (map(json!(true), json!(1)), false),
            (map(json!("0"), json!(false)), false),
            (map(json!("true"), json!(true)), false),
            (Transform::MinorUnits, true),
            (Transform::DateFormat("%d.%m.%Y".into()), true),
            (Transform::DateFormat("%m/%Y".into()), false),
        ] {
            assert_eq!(transform.has_inverse(), back, "{transform:?}");
        }
    }
}
