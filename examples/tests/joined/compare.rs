//! Records of a typed client beside the normalised ones, member by member.

use std::collections::BTreeMap;

use provider_core::Term;
use provider_core::wire::moment::Moment;
use rust_decimal::Decimal;
use serde_json::Value;

/// How two members that mean the same are told to be the same.
#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    /// Letter by letter.
    Text,
    /// The same number, in whatever digits.
    Number,
    /// The same number; 0 says nothing.
    Positive,
    /// The same moment.
    Moment,
    /// The day as it was written.
    Day,
    /// The beginning of a period, which is the day as it was written.
    Start,
    /// The end of a period, which is the day as it was written or, where that is the last one, the day after.
    End,
    /// The same length of time.
    Length,
    /// The same word, without regard for case and separators, or the one that it stands for.
    Word(&'static [(&'static str, &'static str)]),
    /// Records inside of the record, one beside the other.
    Each(&'static [Member]),
}

/// A member of a normalised record, and where it stands in that of the typed client. There `|` parts several places, of
/// which the first that says something counts; `+` joins parts with a slash and `&` with a colon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member(pub(crate) &'static str, pub(crate) &'static str, pub(crate) How);

/// What was compared, and where it differs.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) records: usize,
    /// Members that both sides told.
    pub(crate) told: BTreeMap<&'static str, usize>,
    pub(crate) differences: Vec<String>,
}

impl Comparison {
    /// Puts records beside one another: by their ids, or one by one in their order where they have none.
    pub(crate) fn of(typed: &[Value], normalised: &[Value], members: &'static [Member]) -> Self {
        let mut found = Self { records: normalised.len(), ..Self::default() };
        if typed.len() != normalised.len() {
            let numbers = format!("{} typed and {} normalised records", typed.len(), normalised.len());
            found.differences.push(numbers);
        }
        let ids = members.iter().find(|member| member.0 == "id").filter(|_| {
            // A record without an id has no place of its own but the one in the order.
            normalised.iter().all(|record| record["id"].is_string())
        });
        let Some(Member(_, id, _)) = ids else {
            for (typed, normalised) in typed.iter().zip(normalised) {
                found.record(typed, normalised, members);
            }
            return found;
        };
        let mut known: BTreeMap<String, &Value> = BTreeMap::new();
        for record in typed {
            let id = at(record, id, false).map(|id| shown(&id)).unwrap_or_default();
            if known.insert(id.clone(), record).is_some() {
                found.differences.push(format!("`{id}` is listed twice"));
            }
        }
        for record in normalised {
            match known.remove(record["id"].as_str().unwrap_or_default()) {
                Some(typed) => found.record(typed, record, members),
                None => found.differences.push(format!("`{}` is in no typed list", record["id"])),
            }
        }
        let left = known.into_keys().map(|id| format!("`{id}` is in no normalised list"));
        found.differences.extend(left);
        found
    }

    fn record(&mut self, typed: &Value, normalised: &Value, members: &'static [Member]) {
        for Member(field, place, how) in members {
            let positive = matches!(how, How::Positive);
            let (one, other) = (at(typed, place, positive), at(normalised, field, false));
            if let How::Each(members) = how {
                let list = |value: Option<Value>| value.and_then(|value| value.as_array().cloned());
                let (one, other) = (list(one).unwrap_or_default(), list(other).unwrap_or_default());
                if one.len() != other.len() {
                    self.tell(normalised, field, &format!("{} and {} records", one.len(), other.len()));
                }
                for (one, other) in one.iter().zip(&other) {
                    self.record(one, other, members);
                }
                continue;
            }
            match (one, other) {
                (None, None) => {}
                (Some(one), Some(other)) if same(&one, &other, *how) => {
                    *self.told.entry(*field).or_default() += 1;
                }
                (one, other) => {
                    let show =
                        |value: Option<Value>| value.map_or("nothing".to_owned(), |value| value.to_string());
                    self.tell(normalised, field, &format!("{} and {}", show(one), show(other)));
                }
            }
        }
    }

    fn tell(&mut self, record: &Value, field: &str, difference: &str) {
        self.differences.push(format!("{}: `{field}` is {difference}", record["id"]));
    }
}

/// What stands at a place. What is empty, `null` or unknown says nothing.
fn at(record: &Value, place: &str, positive: bool) -> Option<Value> {
    place.split('|').find_map(|place| {
        for (joint, with) in [('+', "/"), ('&', ":")] {
            if place.contains(joint) {
                let parts: Option<Vec<String>> =
                    place.split(joint).map(|part| at(record, part, false).map(|part| shown(&part))).collect();
                return parts.map(|parts| Value::String(parts.join(with)));
            }
        }
        let value = record.pointer(&format!("/{place}"))?;
        let says = match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty() && text != "unknown",
            _ => true,
        };
        let counts = says && !(positive && number(value).is_some_and(|number| number.is_zero()));
        counts.then(|| value.clone())
    })
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> Option<Decimal> {
    let text = shown(value);
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

fn folded(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn same(one: &Value, other: &Value, how: How) -> bool {
    let moments = Moment::parse(&shown(one)).zip(Moment::parse(&shown(other)));
    match how {
        How::Text => shown(one) == shown(other),
        How::Number | How::Positive => number(one).is_some_and(|it| number(other) == Some(it)),
        How::Moment => moments.is_some_and(|(one, other)| one.at() == other.at()),
        How::Day | How::Start => moments.is_some_and(|(one, other)| one.day() == other.day()),
        How::End => moments.is_some_and(|(one, other)| {
            one.day() == other.day() || one.day().succ_opt() == Some(other.day())
        }),
        How::Length => {
            let length = |value: &Value| shown(value).parse::<Term>().ok();
            length(one).is_some_and(|it| length(other) == Some(it))
        }
        How::Word(meanings) => {
            let word = folded(&shown(one));
            let meant = meanings.iter().find(|(known, _)| folded(known) == word);
            meant.map_or(word, |(_, meaning)| folded(meaning)) == folded(&shown(other))
        }
        How::Each(_) => false,
    }
}
