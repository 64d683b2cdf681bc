//! What the reference says about records, and instances of them: every member filled, no two values alike.

#![allow(dead_code, reason = "not every test binary needs all of it")]

// Also a part of the tests of drift, from another folder.
#[path = "shapes/records.rs"]
mod records;

use serde_json::{Map, Value, json};

pub(crate) use records::RECORDS;

/// Fills records. Each value is made once, so that values which change places are found out.
#[derive(Debug, Default)]
pub(crate) struct Filler {
    made: i64,
}

impl Filler {
    /// An instance of a type: `text`, `uri`, `int`, `long`, `dec`, `bool`, `date`, `day`, `base64`, `enum`, `any`, a record's
    /// name, `[type]` for a list and `{type}` for a map.
    pub(crate) fn fill(&mut self, kind: &str) -> Value {
        if let Some(inner) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            return json!([self.fill(inner), self.fill(inner)]);
        }
        if let Some(inner) = kind.strip_prefix('{').and_then(|kind| kind.strip_suffix('}')) {
            return json!({ "first": self.fill(inner), "second": self.fill(inner) });
        }
        let number = self.next();
        match kind {
            "text" => json!(format!("text {number}")),
            "uri" => json!(format!("https://example.com/{number}")),
            "int" => json!(number),
            "long" => json!(5_000_000_000 + number),
            "dec" => json!(f64::from(i32::try_from(number).unwrap()) + 0.25),
            "bool" => json!(true),
            "date" => {
                json!(format!("2025-03-01T{:02}:{:02}:{:02}Z", number / 3600, number / 60 % 60, number % 60))
            }
            "day" => json!(format!("2025-{:02}-{:02}", number / 28 % 12 + 1, number % 28 + 1)),
            "base64" => json!("UGVyaW9kLEFtb3VudAo="),
            // Each enum has a 1.
            "enum" => json!(1),
            "any" => json!({ "Deep": [number, null] }),
            record => self.record(record),
        }
    }

    fn next(&mut self) -> i64 {
        self.made += 1;
        self.made
    }

    fn record(&mut self, name: &str) -> Value {
        let members = RECORDS.iter().find(|(known, _)| *known == name);
        let (_, members) = members.unwrap_or_else(|| panic!("{name} is no record"));
        let mut object = Map::new();
        for member in members.split_whitespace() {
            let (member, kind) = member.split_once(':').unwrap_or((member, "text"));
            object.insert(member.to_owned(), self.fill(kind));
        }
        Value::Object(object)
    }
}

/// An instance of a type.
pub(crate) fn filled(kind: &str) -> Value {
    Filler::default().fill(kind)
}

/// The same value with every name of a member changed.
pub(crate) fn renamed(value: &Value, rename: fn(&str) -> String) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| renamed(item, rename)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (rename(name), renamed(value, rename)));
            Value::Object(members.collect())
        }
        leaf => leaf.clone(),
    }
}

/// `PartNumber` as `partNumber`.
pub(crate) fn camel(name: &str) -> String {
    first(name, char::to_ascii_lowercase)
}

/// `partNumber` as `PartNumber`.
pub(crate) fn pascal(name: &str) -> String {
    first(name, char::to_ascii_uppercase)
}

fn first(name: &str, change: fn(&char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(|letter| change(&letter)).into_iter().chain(letters).collect()
}
