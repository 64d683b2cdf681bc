//! What a request body may contain, declared member by member.

use chrono::DateTime;
use serde_json::Value;

use super::problem::Problem;
use crate::engine::strict::member_path;

/// The type of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A JSON string.
    Text,
    /// A 64-bit id: a string of decimal digits, or a number.
    Id,
    /// A 32-bit integer as a JSON number.
    Whole,
    /// Any JSON number.
    Number,
    Flag,
    /// An RFC 3339 timestamp or a plain date, as a string.
    Moment,
    /// A string out of a closed list, spelled as listed.
    Choice(&'static [&'static str]),
    /// An object whose members are listed.
    Object(&'static [Member]),
    /// A list of objects whose members are listed.
    Objects(&'static [Member]),
    /// Such an object, or a list of them: the reference leaves open which.
    OneOrMany(&'static [Member]),
    Texts,
    Ids,
    /// Whatever the reference leaves open.
    Any,
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    name: &'static str,
    kind: Kind,
    required: bool,
}

/// A member that must be there.
pub(crate) const fn required(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, required: true }
}

/// A member that may be absent.
pub(crate) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, required: false }
}

/// Checks bodies against their declarations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shapes {
    /// Whether members that are not listed are refused.
    pub(crate) strict: bool,
}

impl Shapes {
    /// Refuses unknown members, wrong types and missing members; `at` is the JSON path so far.
    pub(crate) fn check_object(
        self,
        value: &Value,
        members: &'static [Member],
        at: &str,
    ) -> Result<(), Problem> {
        let Some(object) = value.as_object() else {
            return Err(wrong(at, "an object"));
        };
        let listed = |key: &&String| members.iter().any(|member| member.name == key.as_str());
        if self.strict
            && let Some(unknown) = object.keys().find(|key| !listed(key))
        {
            let at = member_path(at, unknown);
            return Err(Problem::body(&at, format!("unknown member '{at}'")));
        }
        for member in members {
            let at = member_path(at, member.name);
            match object.get(member.name) {
                None => missing(member, &at)?,
                // proto3 cannot tell an empty string from an absent one.
                Some(Value::String(text)) if text.is_empty() => missing(member, &at)?,
                Some(found) => self.check(found, member.kind, &at)?,
            }
        }
        Ok(())
    }

    fn check(self, value: &Value, kind: Kind, at: &str) -> Result<(), Problem> {
        let (right, expected) = match kind {
            Kind::Any => (true, "anything"),
            Kind::Text => (value.is_string(), "a string"),
            Kind::Id => (read_id(value).is_some(), "an id (decimal digits)"),
            Kind::Whole => {
                let whole = value.as_i64().and_then(|whole| i32::try_from(whole).ok());
                (whole.is_some(), "a 32-bit integer")
            }
            Kind::Number => (value.is_number(), "a number"),
            Kind::Flag => (value.is_boolean(), "a boolean"),
            Kind::Moment => (value.as_str().is_some_and(is_moment), "a timestamp"),
            Kind::Choice(choices) => return choice(value, choices, at),
            Kind::Object(members) => return self.check_object(value, members, at),
            Kind::Objects(members) => {
                return each(value, at, |item, at| self.check_object(item, members, at));
            }
            Kind::OneOrMany(members) if value.is_array() => {
                return each(value, at, |item, at| self.check_object(item, members, at));
            }
            Kind::OneOrMany(members) => return self.check_object(value, members, at),
            Kind::Texts => return each(value, at, |item, at| self.check(item, Kind::Text, at)),
            Kind::Ids => return each(value, at, |item, at| self.check(item, Kind::Id, at)),
        };
        right.then_some(()).ok_or_else(|| wrong(at, expected))
    }
}

fn choice(value: &Value, choices: &[&str], at: &str) -> Result<(), Problem> {
    if value.as_str().is_some_and(|text| choices.contains(&text)) {
        return Ok(());
    }
    Err(wrong(at, &format!("one of {}", choices.join(", "))))
}

fn missing(member: &Member, at: &str) -> Result<(), Problem> {
    if member.required {
        return Err(Problem::body(at, format!("missing required member '{at}'")));
    }
    Ok(())
}

fn each(
    value: &Value,
    at: &str,
    check_item: impl Fn(&Value, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let Some(items) = value.as_array() else {
        return Err(wrong(at, "a list"));
    };
    items.iter().enumerate().try_for_each(|(index, item)| check_item(item, &format!("{at}[{index}]")))
}

fn wrong(at: &str, expected: &str) -> Problem {
    let place = if at.is_empty() { "body" } else { at };
    Problem::body(at, format!("'{place}' must be {expected}"))
}

fn is_moment(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok() || text.parse::<chrono::NaiveDate>().is_ok()
}

/// A 64-bit id as protobuf-JSON reads it: a decimal string or a number.
pub(crate) fn read_id(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}

/// The text of a member, empty counting as absent.
pub(crate) fn read_text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The objects of a list member; none when it is absent.
pub(crate) fn read_list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    const LINE: &[Member] = &[required("quantity", Kind::Whole), optional("note", Kind::Text)];
    const ORDER: &[Member] = &[
        required("lines", Kind::Objects(LINE)),
        optional("customer", Kind::Id),
        optional("status", Kind::Choice(&["OPEN"])),
    ];

    fn refusal(body: &Value) -> Option<String> {
        let refused = Shapes { strict: true }.check_object(body, ORDER, "").err()?;
        refused.refused().map(|(_, _, reason)| reason.to_owned())
    }

    #[test]
    fn names_the_offending_member_by_its_path() {
        let accepted = json!({"lines": [{"quantity": 1}], "customer": "7", "status": "OPEN"});
        assert_eq!(refusal(&accepted), None);
        assert_eq!(refusal(&json!({"lines": [], "customer": 7})), None);
        for (body, message) in [
            (json!({}), "missing required member 'lines'"),
            (json!([]), "'body' must be an object"),
            (json!({"lines": [], "page": 1}), "unknown member 'page'"),
            (json!({"lines": [{}]}), "missing required member 'lines[0].quantity'"),
            (json!({"lines": [{"quantity": "1"}]}), "'lines[0].quantity' must be a 32-bit integer"),
            (json!({"lines": {}}), "'lines' must be a list"),
            (json!({"lines": [], "customer": "x"}), "'customer' must be an id (decimal digits)"),
            (json!({"lines": [], "status": "open"}), "'status' must be one of OPEN"),
        ] {
            assert_eq!(refusal(&body).unwrap(), message);
        }
    }
}
