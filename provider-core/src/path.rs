//! Paths into records: `address.country`, `tenants[vendor=microsoft].domain`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Where in a record a value stands, as names joined by points. In a list a member is selected by one of its own
/// values, compared without case: `tenants[vendor=microsoft].domain`. Contacts are selected by their role too:
/// `contacts[role=billing].email`; `role=primary` is the first contact, where the distributor knows no roles, or the
/// first one for any role.
///
/// ```
/// use provider_core::FieldPath;
///
/// let path: FieldPath = "tenants[vendor=microsoft].domain".parse()?;
/// let record = serde_json::json!({ "tenants": [
///     { "vendor": "google", "domain": "g.example.com" },
///     { "vendor": "Microsoft", "domain": "m.example.com" },
/// ]});
/// assert_eq!(path.value(&record).and_then(|value| value.as_str()), Some("m.example.com"));
/// # Ok::<(), provider_core::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Vec<Step>);

/// One name of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) name: String,
    /// Which member of the list that stands there: the one whose member of this name has this value.
    pub(crate) select: Option<(String, String)>,
}

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError(String);

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PathError {}

impl FieldPath {
    /// The first name: the record's own member.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |step| &step.name)
    }

    /// The last name.
    #[must_use]
    pub fn last(&self) -> &str {
        self.0.last().map_or("", |step| &step.name)
    }

    /// The second name, where the first one leads to a record and to no member of a list.
    #[must_use]
    pub fn second(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Step { select: None, .. }, second, ..] => Some(&second.name),
            _ => None,
        }
    }

    #[cfg(feature = "schema")]
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What stands there in a record's JSON. `None` where the distributor did not say: for nothing, for `null` and
    /// for an empty list.
    #[must_use]
    pub fn value<'v>(&self, record: &'v Value) -> Option<&'v Value> {
        self.value_behind(0, record)
    }

    /// The same, from what the first `names` names have led to: for who keeps a record in another form than JSON.
    ///
    /// ```
    /// use provider_core::FieldPath;
    /// use serde_json::json;
    ///
    /// let path: FieldPath = "tenants[vendor=microsoft].domain".parse()?;
    /// let tenants = json!([{ "vendor": "Microsoft", "domain": "m.example.com" }]);
    /// assert_eq!(path.value_behind(1, &tenants), Some(&json!("m.example.com")));
    /// # Ok::<(), provider_core::PathError>(())
    /// ```
    #[must_use]
    pub fn value_behind<'v>(&self, names: usize, found: &'v Value) -> Option<&'v Value> {
        let mut at = found;
        for (place, step) in self.0.iter().enumerate().skip(names.saturating_sub(1)) {
            if place >= names {
                at = at.get(&step.name)?;
            }
            if let Some((name, wanted)) = &step.select {
                at = selected(at.as_array()?, name, wanted)?;
            }
        }
        match at {
            Value::Null => None,
            Value::Array(members) if members.is_empty() => None,
            _ => Some(at),
        }
    }
}

impl FieldPath {
    /// Puts a value where the path leads, or takes away what stands there. Records on the way are made where they are
    /// missing, and so is the member of a list that is selected.
    ///
    /// ```
    /// use provider_core::FieldPath;
    /// use serde_json::json;
    ///
    /// let mut record = json!({ "name": "Bakery" });
    /// let path: FieldPath = "contacts[role=billing].email".parse()?;
    /// path.put(&mut record, Some(json!("b@example.com")));
    /// assert_eq!(path.value(&record), Some(&json!("b@example.com")));
    /// path.put(&mut record, None);
    /// assert_eq!(path.value(&record), None);
    /// # Ok::<(), provider_core::PathError>(())
    /// ```
    pub fn put(&self, record: &mut Value, value: Option<Value>) {
        let Some((last, way)) = self.0.split_last().filter(|(last, _)| last.select.is_none()) else { return };
        if value.is_none() && self.value(record).is_none() {
            return;
        }
        let mut at = record;
        for step in way {
            let Some(next) = step.enter(at) else { return };
            at = next;
        }
        if at.is_null() {
            *at = Value::Object(serde_json::Map::new());
        }
        if let Value::Object(members) = at {
            match value {
                Some(value) => drop(members.insert(last.name.clone(), value)),
                None => drop(members.remove(&last.name)),
            }
        }
    }
}

impl Step {
    /// What it leads to, made where there is nothing. `None` where something else stands in the way.
    fn enter<'v>(&self, at: &'v mut Value) -> Option<&'v mut Value> {
        if at.is_null() {
            *at = Value::Object(serde_json::Map::new());
        }
        let member = at.as_object_mut()?.entry(self.name.clone()).or_insert(Value::Null);
        let Some((name, wanted)) = &self.select else { return Some(member) };
        if member.is_null() {
            *member = Value::Array(Vec::new());
        }
        let members = member.as_array_mut()?;
        let place = selected_at(members, name, wanted).unwrap_or(members.len());
        if place == members.len() {
            members.push(if name == "role" {
                serde_json::json!({ "roles": [{ "kind": wanted, "primary": true }] })
            } else {
                serde_json::json!({ name.as_str(): wanted })
            });
        }
        members.get_mut(place)
    }
}

fn selected<'v>(members: &'v [Value], name: &str, wanted: &str) -> Option<&'v Value> {
    members.get(selected_at(members, name, wanted)?)
}

fn selected_at(members: &[Value], name: &str, wanted: &str) -> Option<usize> {
    let by_role = name == "role";
    let found = members.iter().position(|member| {
        if by_role && member.get("role").is_none() {
            roles(member).any(|role| is(role.get("kind"), wanted))
        } else {
            is(member.get(name), wanted)
        }
    });
    found.or_else(|| {
        let primary = by_role && wanted.eq_ignore_ascii_case("primary");
        let first =
            |member: &&Value| roles(member).any(|role| role.get("primary") == Some(&Value::Bool(true)));
        primary.then(|| members.iter().position(|member| first(&member))).flatten()
    })
}

fn roles(contact: &Value) -> impl Iterator<Item = &Value> {
    contact.get("roles").and_then(Value::as_array).into_iter().flatten()
}

fn is(value: Option<&Value>, wanted: &str) -> bool {
    match value {
        Some(Value::String(text)) => text.to_lowercase() == wanted.to_lowercase(),
        Some(Value::Bool(holds)) => wanted == if *holds { "true" } else { "false" },
        Some(Value::Number(number)) => number.to_string() == wanted,
        _ => false,
    }
}

impl FromStr for FieldPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            refuse_unless_name(text, name)?;
            let (select, after) = match after.strip_prefix('[') {
                Some(inner) => {
                    let (select, after) = inner
                        .split_once(']')
                        .ok_or_else(|| PathError(format!("`{text}`: the bracket `[` is not closed")))?;
                    let (member, value) = select.split_once('=').ok_or_else(|| {
                        let message = "a member of a list is selected as `[member=value]`";
                        PathError(format!("`{text}`: {message}"))
                    })?;
                    refuse_unless_name(text, member.trim())?;
                    let value = value.trim().trim_matches(['"', '\'']);
                    (Some((member.trim().to_owned(), value.to_owned())), after)
                }
                None => (None, after),
            };
            steps.push(Step { name: name.to_owned(), select });
            match after.strip_prefix('.') {
                Some(after) => rest = after,
                None if after.is_empty() => return Ok(Self(steps)),
                None => return Err(PathError(format!("`{text}`: a point is missing before `{after}`"))),
            }
        }
    }
}

fn refuse_unless_name(text: &str, name: &str) -> Result<(), PathError> {
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if fits {
        return Ok(());
    }
    let problem =
        if name.is_empty() { "a name is missing".to_owned() } else { format!("`{name}` is no name") };
    Err(PathError(format!("`{text}` is no path such as `address.country`: {problem}")))
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            f.write_str(&step.name)?;
            if let Some((name, value)) = &step.select {
                write!(f, "[{name}={value}]")?;
            }
        }
        Ok(())
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FieldPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::text::read(deserializer, Self::from_str)?.map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FieldPath {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldPath".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Where in a record a value stands",
            "examples": ["name", "address.country", "tenants[vendor=microsoft].domain"],
            "pattern": r"^\w+(\[\w+ *=[^\]]*\])?(\.\w+(\[\w+ *=[^\]]*\])?)*$",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_finds_what_is_there_and_nothing_else() {
        let record = json!({
            "name": "Bakery", "phone": null, "tenants": [],
            "address": { "country": "DE" },
            "contacts": [
                { "email": "t@example.com", "roles": [{ "kind": "technical", "primary": false }] },
                { "email": "b@example.com", "roles": [{ "kind": "billing", "primary": true }] },
            ],
        });
        for (path, found) in [
            ("name", Some("Bakery")),
            ("address.country", Some("DE")),
            ("phone", None),
            ("tenants", None),
            ("tenants[vendor=microsoft].domain", None),
            ("address.city", None),
            ("name.first", None),
            ("contacts[role=technical].email", Some("t@example.com")),
            ("contacts[role=Billing].email", Some("b@example.com")),
            ("contacts[role=primary].email", Some("b@example.com")),
            ("contacts[role=admin].email", None),
            ("contacts[email=t@example.com].email", Some("t@example.com")),
        ] {
            let parsed: FieldPath = path.parse().unwrap();
            assert_eq!(parsed.value(&record).and_then(Value::as_str), found, "{path}");
            assert_eq!(parsed.to_string(), path);
        }
    }

    #[test]
    fn what_is_put_is_found_and_nothing_else_is_touched() {
        let before = json!({ "name": "Bakery", "address": null, "contacts": [
            { "email": "t@example.com", "roles": [{ "kind": "technical", "primary": false }] },
        ]});
        for path in
            ["name", "phone", "address.city", "contacts[role=technical].phone", "contacts[role=admin].email"]
        {
            let path: FieldPath = path.parse().unwrap();
            let mut record = before.clone();
            path.put(&mut record, Some(json!("x")));
            assert_eq!(path.value(&record), Some(&json!("x")), "{path}");
            let technical: FieldPath = "contacts[role=technical].email".parse().unwrap();
            assert_eq!(technical.value(&record), Some(&json!("t@example.com")), "{path}");
            path.put(&mut record, None);
            assert_eq!(path.value(&record), None, "{path}");
        }
        let mut record = before.clone();
        "name.first".parse::<FieldPath>().unwrap().put(&mut record, Some(json!("x")));
        "address.line1".parse::<FieldPath>().unwrap().put(&mut record, None);
        assert_eq!(record, before, "what stands in the way is left");
    }

    #[test]
    fn what_is_no_path_is_refused_with_the_reason() {
        for (text, says) in [
            ("", "a name is missing"),
            ("a..b", "a name is missing"),
            ("a.", "a name is missing"),
            ("a b", "`a b` is no name"),
            ("tenants[vendor=microsoft", "not closed"),
            ("tenants[0].domain", "[member=value]"),
            ("tenants[vendor=microsoft]domain", "a point is missing"),
        ] {
            let error = text.parse::<FieldPath>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
