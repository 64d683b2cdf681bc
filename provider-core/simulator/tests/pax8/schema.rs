//! The part of JSON Schema that the vendor's OpenAPI files use, for answers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

/// One way in which an answer departs from its schema: where, and by which keyword.
///
/// The place is the component that the schema is written in and the member below it, so that a defect of one component is
/// one departure, however many operations answer it.
pub(crate) type Departure = (String, String);

/// One OpenAPI file.
pub(crate) struct Document {
    root: Value,
    found: BTreeSet<Departure>,
}

impl Document {
    pub(crate) fn parse(text: &str) -> Self {
        Self { root: serde_json::from_str(text).unwrap(), found: BTreeSet::new() }
    }

    /// `GET /path` of every operation.
    pub(crate) fn operations(&self) -> BTreeSet<String> {
        let mut operations = BTreeSet::new();
        for (path, item) in self.root["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
                operations.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        operations
    }

    /// What has been found so far.
    pub(crate) fn departures(self) -> BTreeSet<Departure> {
        self.found
    }

    /// Checks an answer against what the file says of an operation and a status.
    #[track_caller]
    pub(crate) fn check(&mut self, operation: &str, status: u16, answer: &Value) {
        let (method, path) = operation.split_once(' ').unwrap();
        let responses = &self.root["paths"][path][method.to_lowercase()]["responses"];
        let response = &responses[status.to_string()];
        assert!(response.is_object(), "{operation} declares no {status}");
        let schema = response["content"]["application/json"]["schema"].clone();
        if schema.is_object() {
            let checker = Checker { root: &self.root };
            checker.check(&schema, operation, "", answer, &mut self.found);
        }
    }
}

struct Checker<'a> {
    root: &'a Value,
}

impl Checker<'_> {
    fn resolve<'s>(&'s self, schema: &'s Value) -> (Option<&'s str>, &'s Value) {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let target = self.root.pointer(reference.trim_start_matches('#')).unwrap();
                (reference.rsplit('/').next(), target)
            }
            None => (None, schema),
        }
    }

    /// The schema itself and everything that it includes by `allOf`.
    fn parts<'s>(&'s self, schema: &'s Value, into: &mut Vec<&'s Value>) {
        into.push(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (_, part) = self.resolve(part);
            self.parts(part, into);
        }
    }

    fn check(
        &self,
        schema: &Value,
        component: &str,
        path: &str,
        value: &Value,
        found: &mut BTreeSet<Departure>,
    ) {
        let (name, schema) = self.resolve(schema);
        let (component, path) = match name {
            Some(name) => (name, ""),
            None => (component, path),
        };
        let depart = |found: &mut BTreeSet<Departure>, at: &str, keyword: &str| {
            found.insert((format!("{component}{at}"), keyword.to_owned()));
        };
        let mut parts = Vec::new();
        self.parts(schema, &mut parts);
        for part in &parts {
            for keyword in broken_keywords(part, value) {
                depart(found, path, keyword);
            }
        }
        if let Value::Object(members) = value {
            let properties: BTreeMap<&String, &Value> =
                parts.iter().filter_map(|part| part["properties"].as_object()).flatten().collect();
            let required = parts.iter().filter_map(|part| part["required"].as_array()).flatten();
            for name in required.filter_map(Value::as_str) {
                let write_only = properties.get(&name.to_owned()).is_some_and(|one| one["writeOnly"] == true);
                if !members.contains_key(name) && !write_only {
                    depart(found, &format!("{path}.{name}"), "required");
                }
            }
            let is_open = parts.iter().any(|part| part.get("additionalProperties").is_some());
            for (name, member) in members {
                let at = format!("{path}.{name}");
                match properties.get(name) {
                    Some(property) if property["writeOnly"] == true => depart(found, &at, "writeOnly"),
                    Some(property) => self.check(property, component, &at, member, found),
                    None if is_open || properties.is_empty() => {}
                    None => depart(found, &at, "undeclared"),
                }
            }
        }
        if let Value::Array(items) = value {
            for part in parts.iter().filter(|part| part["items"].is_object()) {
                for item in items {
                    self.check(&part["items"], component, &format!("{path}[]"), item, found);
                }
            }
        }
    }
}

fn broken_keywords(schema: &Value, value: &Value) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let fits = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    };
    let nullable = schema["nullable"] == true && value.is_null();
    match &schema["type"] {
        Value::String(kind) if !nullable && !fits(kind) => broken.push("type"),
        Value::Array(kinds) if !kinds.iter().filter_map(Value::as_str).any(fits) => broken.push("type"),
        _ => {}
    }
    if let (Some(choices), false) = (schema["enum"].as_array(), nullable)
        && !choices.contains(value)
    {
        broken.push("enum");
    }
    if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str())
        && !has_format(format, text)
    {
        broken.push("format");
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        assert_eq!(pattern, "^[A-Z]{2}$", "the only pattern of the files");
        if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            broken.push("pattern");
        }
    }
    let number = value.as_f64();
    if number.zip(schema["minimum"].as_f64()).is_some_and(|(value, least)| value < least)
        || number.zip(schema["maximum"].as_f64()).is_some_and(|(value, most)| value > most)
    {
        broken.push("range");
    }
    broken
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "uuid" => uuid::Uuid::parse_str(text).is_ok() && text.len() == 36,
        "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
        "date" | "yyyy-MM-dd" => NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        "email" => text.contains('@'),
        "phone" => true,
        other => panic!("unknown format {other}"),
    }
}
