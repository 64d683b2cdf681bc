//! The members of a record, and what stands in their places.

use serde_json::{Value, json};

/// Of a longer list the first entries stand for all.
const ENTRIES: usize = 2;

/// A member of a record that holds one value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Where it stands.
    pub(super) at: Vec<String>,
    /// Its name.
    pub(super) name: String,
    pub(super) value: Value,
}

impl Member {
    pub(super) fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// Words of letters: what enums are made of, and names.
    pub(super) fn is_word(&self) -> bool {
        self.text().is_some_and(|text| {
            (2..=40).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_alphabetic() || c == ' ' || c == '_' || c == '-')
        })
    }

    pub(super) fn is_currency(&self) -> bool {
        let code =
            self.text().is_some_and(|text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()));
        code && self.name.to_ascii_lowercase().contains("currency")
    }

    /// The day and the rest of a date, as it is written.
    pub(super) fn date(&self) -> Option<(&str, &str)> {
        let (day, rest) = self.text()?.split_at_checked(10)?;
        let digit = |at: usize| day.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let dashes = day.as_bytes().get(4) == Some(&b'-') && day.as_bytes().get(7) == Some(&b'-');
        let time = rest.is_empty() || rest.starts_with(['T', ' ']);
        let never = day.starts_with("9999") || day.starts_with("0001");
        let digits = [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(digit);
        (digits && dashes && time && !never).then_some((day, rest))
    }
}

/// Every member with one value, in objects and lists within the record too.
pub(super) fn members(record: &Value) -> Vec<Member> {
    let mut found = Vec::new();
    walk(record, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, at: &mut Vec<String>, found: &mut Vec<Member>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                at.push(name.clone());
                walk(value, at, found);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().take(ENTRIES).enumerate() {
                at.push(index.to_string());
                walk(value, at, found);
                at.pop();
            }
        }
        Value::Null => {}
        scalar => {
            let named = at.iter().rev().find(|step| step.parse::<usize>().is_err());
            let name = named.cloned().unwrap_or_default();
            found.push(Member { at: at.clone(), name, value: scalar.clone() });
        }
    }
}

/// The record with another value in that place; `None` leaves the member out.
pub(super) fn with(record: &Value, at: &[String], value: Option<Value>) -> Value {
    let mut changed = record.clone();
    let Some((last, way)) = at.split_last() else { return value.unwrap_or_default() };
    let mut here = &mut changed;
    for step in way {
        let next = match here {
            Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            Value::Object(members) => members.get_mut(step),
            _ => None,
        };
        let Some(next) = next else { return record.clone() };
        here = next;
    }
    match (here, value) {
        (Value::Object(members), Some(value)) => {
            members.insert(last.clone(), value);
        }
        (Value::Object(members), None) => {
            members.remove(last);
        }
        (Value::Array(items), value) => {
            let index = last.parse::<usize>().unwrap_or(usize::MAX);
            match value {
                Some(value) => items.get_mut(index).into_iter().for_each(|item| *item = value.clone()),
                None if index < items.len() => drop(items.remove(index)),
                None => {}
            }
        }
        _ => {}
    }
    changed
}

/// The same value as other senders write it.
pub(super) fn clothes(member: &Member) -> Vec<Value> {
    let mut all = Vec::new();
    match &member.value {
        Value::Bool(flag) => {
            all.push(json!(flag.to_string()));
            all.push(json!(if *flag { "True" } else { "FALSE" }));
        }
        Value::Number(number) => {
            all.push(json!(number.to_string()));
            if let Some(whole) = number.as_i64().filter(|whole| whole.unsigned_abs() < 1 << 50) {
                all.push(json!(format!("{whole}.0")));
                // Written with its fraction of zero.
                all.extend(serde_json::from_str::<Value>(&format!("{whole}.0")).ok());
            }
        }
        Value::String(text) => {
            let plain = text.parse::<i64>().ok().filter(|number| number.to_string() == *text);
            all.extend(plain.map(|number| json!(number)));
            all.extend(epochs(member));
        }
        _ => {}
    }
    all
}

/// A date as seconds and milliseconds since 1970, as numbers and as text, where nothing is lost by that.
fn epochs(member: &Member) -> Vec<Value> {
    let Some((day, rest)) = member.date() else { return Vec::new() };
    let rest = rest.replacen(' ', "T", 1);
    let zoned = match rest.as_str() {
        "" => format!("{day}T00:00:00Z"),
        rest if rest.ends_with('Z') || rest.ends_with("+00:00") => format!("{day}{rest}"),
        // Which moment it is depends on who reads it.
        _ => return Vec::new(),
    };
    let Ok(moment) = chrono::DateTime::parse_from_rfc3339(&zoned) else { return Vec::new() };
    let (seconds, millis) = (moment.timestamp(), moment.timestamp_millis());
    let mut all = vec![json!(millis), json!(millis.to_string())];
    if millis == seconds * 1000 {
        all.extend([json!(seconds), json!(seconds.to_string())]);
    }
    all
}
