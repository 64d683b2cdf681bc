//! What was read, as flat facts that can be compared.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Reading;

/// Says nothing about the distributor: how much of a record it is, and its own JSON.
const ASIDE: [&str; 2] = ["detail", "raw"];

/// Every value that was read, by where it stands, and what could not be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    pub(super) values: BTreeMap<String, Value>,
    pub(super) errors: Vec<String>,
    pub(super) told: Vec<String>,
}

impl Facts {
    /// # Errors
    /// Why the whole answer was refused.
    pub(super) fn of(outcome: &Reading) -> Result<Self, String> {
        if let Some(refused) = &outcome.refused {
            return Err(format!("the whole answer was refused: {refused}"));
        }
        let mut facts = Self { values: BTreeMap::new(), errors: Vec::new(), told: outcome.told.clone() };
        for (at, record) in outcome.records.iter().enumerate() {
            match record {
                Ok(record) => facts.add(&at.to_string(), record),
                Err(error) => facts.errors.push(error.clone()),
            }
        }
        Ok(facts)
    }

    fn add(&mut self, path: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|(name, _)| !ASIDE.contains(&name.as_str())) {
                    self.add(&format!("{path}.{name}"), value);
                }
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.add(&format!("{path}.{at}"), item));
            }
            Value::String(text) if text == "unknown" => {}
            scalar => {
                self.values.insert(path.to_owned(), scalar.clone());
            }
        }
    }

    /// Where the two differ, with what stands there in this one.
    pub(super) fn differences<'a>(&'a self, other: &'a Self) -> Vec<(&'a str, Option<&'a Value>)> {
        let changed = self.values.iter().filter(|(path, value)| other.values.get(*path) != Some(*value));
        let gone = other.values.keys().filter(|path| !self.values.contains_key(*path));
        changed
            .map(|(path, value)| (path.as_str(), Some(value)))
            .chain(gone.map(|path| (path.as_str(), None)))
            .collect()
    }

    pub(super) fn get(&self, path: &str) -> Option<&Value> {
        self.values.get(path)
    }

    /// Whether an error names this member.
    pub(super) fn blames(&self, member: &str) -> bool {
        self.errors.iter().any(|error| names(error, member))
    }

    /// Whether an observer heard of this member.
    pub(super) fn tells(&self, member: &str) -> bool {
        self.told.iter().any(|told| names(told, member))
    }
}

fn names(text: &str, member: &str) -> bool {
    text.to_ascii_lowercase().contains(&member.to_ascii_lowercase())
}

/// A price's amount.
pub(super) fn is_amount(path: &str) -> bool {
    path.ends_with(".amount")
}

/// A calendar day, or the end of a period, which is one.
pub(super) fn is_day(path: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let of_period = path.ends_with("period.start") || path.ends_with("period.end");
    let day = |text: &str| text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    of_period || day(text)
}

/// Zero, or the flag that says no.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => {
            let digits = text.bytes().filter(u8::is_ascii_digit);
            !text.is_empty() && text.bytes().all(|byte| byte == b'0' || byte == b'.') && digits.count() > 0
        }
        _ => false,
    }
}
