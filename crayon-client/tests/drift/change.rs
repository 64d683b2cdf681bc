//! Changes at one member of a record, as a service may make them without notice.

use serde_json::{Map, Value, json};

use super::shapes::camel;

/// What is done to a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Drift {
    Removed,
    Nulled,
    OtherCase,
    Beside,
    /// A number as text, text as a number.
    Drifted,
    /// A number that no enum knows.
    Unknown,
    /// A value of quite another type.
    Other,
}

impl Drift {
    pub(crate) const ALL: [Self; 7] = [
        Self::Removed,
        Self::Nulled,
        Self::OtherCase,
        Self::Beside,
        Self::Drifted,
        Self::Unknown,
        Self::Other,
    ];

    /// True when a record must be read nevertheless.
    pub(crate) fn is_harmless(self, at: &[String]) -> bool {
        match self {
            Self::OtherCase | Self::Beside | Self::Drifted => true,
            // The only members that a record is nothing without.
            Self::Removed | Self::Nulled => at.last().is_none_or(|name| !name.eq_ignore_ascii_case("id")),
            Self::Unknown | Self::Other => false,
        }
    }

    fn make(self, members: &mut Map<String, Value>, name: &str) {
        let value = members.remove(name).unwrap_or_default();
        let (name, value) = match self {
            Self::Removed => return,
            Self::Nulled => (name.to_owned(), Value::Null),
            Self::OtherCase => (camel(name), value),
            Self::Beside => {
                members.insert("AddedLater".to_owned(), json!({ "Deep": [1, null], "Id": "x" }));
                (name.to_owned(), value)
            }
            Self::Drifted => match value {
                Value::Number(number) => (name.to_owned(), json!(number.to_string())),
                Value::String(_) => (name.to_owned(), json!(12)),
                other => (name.to_owned(), other),
            },
            Self::Unknown => match value {
                Value::Number(_) => (name.to_owned(), json!(1_027)),
                other => (name.to_owned(), other),
            },
            Self::Other => {
                let other = if value.is_array() { json!({ "Id": 1 }) } else { json!([[true]]) };
                (name.to_owned(), other)
            }
        };
        members.insert(name, value);
    }
}

/// True for an object whose names are free: what is added there belongs to it, and case tells names apart.
fn is_map(members: &Map<String, Value>) -> bool {
    members.contains_key("first")
}

/// How many members a value has, with those inside.
pub(crate) fn members(value: &Value) -> usize {
    match value {
        Value::Object(inner) if is_map(inner) => 0,
        Value::Object(inner) => inner.values().map(|value| 1 + members(value)).sum(),
        Value::Array(items) => items.iter().map(members).sum(),
        _ => 0,
    }
}

/// Changes the member that comes `pick`-th, and tells its path.
pub(crate) fn change(value: &mut Value, pick: usize, change: Drift) -> Vec<String> {
    let mut at = Vec::new();
    walk(value, &mut pick.clone(), change, &mut at);
    at
}

fn walk(value: &mut Value, pick: &mut usize, change: Drift, at: &mut Vec<String>) -> bool {
    let members = match value {
        Value::Object(members) if !is_map(members) => members,
        Value::Array(items) => return items.iter_mut().any(|item| walk(item, pick, change, at)),
        _ => return false,
    };
    let names: Vec<String> = members.keys().cloned().collect();
    for name in names {
        at.push(name.clone());
        if *pick == 0 {
            change.make(members, &name);
            return true;
        }
        *pick -= 1;
        if members.get_mut(&name).is_some_and(|inner| walk(inner, pick, change, at)) {
            return true;
        }
        at.pop();
    }
    false
}
