//! Which members of a record on the wire move which field: each is changed, one by one, and the record is read anew.
//! Where a field has a second source, that one moves it once the first is left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::reader::Reader;

/// Members by the fields that they move.
pub(crate) type Influences = BTreeMap<String, BTreeSet<String>>;

/// What is done to a member.
#[derive(Debug, Clone, Copy)]
enum Edit {
    /// It is left out.
    Gone,
    /// It has another value: another day, one more, the other way round, a word that nobody knows.
    Other,
    /// Its sign is turned; a text is blank.
    Turned,
}

/// What a record is read as: the fields of every record that comes of it.
type Fields = BTreeMap<(usize, String), Value>;

/// The members that move a field of this record.
pub(crate) fn of_record(reader: &Reader, record: &Value) -> Influences {
    let mut found = Influences::new();
    let Some(before) = fields(reader, record) else { return found };
    let members = members(record);
    for member in &members {
        for field in moved_by(reader, record, &before, member) {
            found.entry(field).or_default().insert(member.clone());
        }
        let base = changed(record, member, Edit::Gone);
        let Some(after) = fields(reader, &base) else { continue };
        let moved = difference(&before, &after);
        // What stands in for it now that it is missing.
        for other in members.iter().filter(|other| *other != member && !moved.is_empty()) {
            for field in moved_by(reader, &base, &after, other).intersection(&moved) {
                found.entry(field.clone()).or_default().insert(other.clone());
            }
        }
    }
    found
}

/// The fields that another value of a member moves. One that only has to be there moves none.
fn moved_by(reader: &Reader, record: &Value, before: &Fields, member: &str) -> BTreeSet<String> {
    let after = [Edit::Other, Edit::Turned].map(|change| fields(reader, &changed(record, member, change)));
    after.iter().flatten().flat_map(|after| difference(before, after)).collect()
}

/// The members that move a field by themselves, without what stands in for others.
pub(crate) fn direct(reader: &Reader, record: &Value) -> Influences {
    let mut found = Influences::new();
    let Some(before) = fields(reader, record) else { return found };
    for member in members(record) {
        for field in moved_by(reader, record, &before, &member) {
            found.entry(field).or_default().insert(member.clone());
        }
    }
    found
}

/// `None` where one of the records cannot be read.
fn fields(reader: &Reader, record: &Value) -> Option<Fields> {
    let mut fields = Fields::new();
    for (at, record) in reader.read(record).records.into_iter().enumerate() {
        let Value::Object(members) = record.ok()? else { return None };
        fields.extend(members.into_iter().map(|(name, value)| ((at, name), value)));
    }
    Some(fields)
}

fn difference(before: &Fields, after: &Fields) -> BTreeSet<String> {
    let all = before.keys().chain(after.keys());
    let moved = all.filter(|key| before.get(*key) != after.get(*key)).map(|(_, name)| name.clone());
    moved.filter(|name| !["detail", "raw"].contains(&name.as_str())).collect()
}

/// The members of a record that hold a value, by their paths; the places in lists are left out.
pub(crate) fn members(record: &Value) -> BTreeSet<String> {
    fn enter(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    enter(value, &path, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| enter(item, path, found)),
            Value::Null => {}
            _ => drop(found.insert(path.to_owned())),
        }
    }
    let mut found = BTreeSet::new();
    enter(record, "", &mut found);
    found
}

/// The record with a member changed, in every entry of a list.
fn changed(value: &Value, path: &str, change: Edit) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| changed(item, path, change)).collect(),
        Value::Object(members) => {
            let (first, rest) =
                path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
            let kept = members.iter().filter_map(|(name, value)| match rest {
                _ if name != first => Some((name.clone(), value.clone())),
                Some(rest) => Some((name.clone(), changed(value, rest, change))),
                None => Some((name.clone(), with(value, change)?)),
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn with(value: &Value, change: Edit) -> Option<Value> {
    match (value, change) {
        (_, Edit::Gone) => None,
        (Value::Array(items), _) => Some(items.iter().filter_map(|item| with(item, change)).collect()),
        (Value::Bool(flag), Edit::Other) => Some((!flag).into()),
        (Value::Number(number), _) => {
            let number = number.as_f64().unwrap();
            let changed = if matches!(change, Edit::Other) { number + 1.0 } else { -number };
            // Whole numbers stay whole: ids and enums are such.
            let whole = changed.fract() == 0.0;
            Some(if whole { (changed as i64).into() } else { changed.into() })
        }
        (Value::String(text), Edit::Other) => Some(another(text).into()),
        (Value::String(text), Edit::Turned) => Some(turned(text).into()),
        (other, _) => Some(other.clone()),
    }
}

/// Another day, another number, or a word that nobody knows.
fn another(text: &str) -> String {
    let year: Option<i32> = text.get(..5).and_then(|start| start.strip_suffix('-')?.parse().ok());
    if let (Some(year), Some(rest)) = (year, text.get(4..)) {
        return format!("{}{rest}", year + 1);
    }
    match text.parse::<i64>() {
        Ok(number) => (number + 1).to_string(),
        Err(_) => match text.parse::<f64>() {
            Ok(number) => (number + 1.0).to_string(),
            Err(_) => format!("{text}7"),
        },
    }
}

fn turned(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) => (-number).to_string(),
        Err(_) => String::new(),
    }
}
