//! The vendor's OpenAPI files: reading them, checking values against them, making samples for them.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::{Map, Value, json};

/// The vendor's files, oldest first.
const FILES: [(&str, &str); 2] = [
    ("2021", "crayon/crayon-customer-api-openapi-2021-11-05.json"),
    ("2022", "crayon/crayon-cloudiq-swagger-2022-04-11.yaml"),
];

/// One of the vendor's files.
pub(crate) struct Spec {
    pub(crate) year: &'static str,
    file: Value,
}

/// Where a value differs from its schema, as `Schema.member: how`.
pub(crate) type Differences = BTreeSet<String>;

impl Spec {
    /// Reads the files from the folder that `VENDOR_SPECS` names; says so where there is none.
    pub(crate) fn all() -> Vec<Self> {
        let Ok(folder) = std::env::var("VENDOR_SPECS") else {
            assert!(std::env::var_os("VENDOR_SPECS_REQUIRED").is_none(), "VENDOR_SPECS is unset");
            // Not `eprintln!`, whose output a passing test hides.
            let line =
                b"SKIPPED: VENDOR_SPECS is not set, answers are not compared with the vendor's schemas\n";
            std::io::stderr().write_all(line).unwrap();
            return Vec::new();
        };
        let read = |(year, name): (&'static str, &str)| {
            let path = format!("{folder}/{name}");
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let file = match name.ends_with(".json") {
                true => serde_json::from_str(&text).unwrap(),
                false => serde_saphyr::from_str(&text).unwrap(),
            };
            Self { year, file }
        };
        FILES.into_iter().map(read).collect()
    }

    /// Every operation: method, path, description.
    pub(crate) fn operations(&self) -> Vec<(String, String, &Value)> {
        let paths = self.file["paths"].as_object().unwrap();
        let mut found = Vec::new();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().unwrap() {
                found.push((method.to_uppercase(), path.clone(), operation));
            }
        }
        found
    }

    /// The schema of an operation's successful answer. `None` where the file has no such operation or shows no answer.
    pub(crate) fn answer(&self, method: &str, path: &str) -> Option<&Value> {
        let operations = self.operations();
        let same = |known: &str, template: &str| known == method && template.eq_ignore_ascii_case(path);
        let (.., operation) = operations.iter().find(|(known, template, _)| same(known, template))?;
        let content = operation["responses"]["200"].get("content")?.as_object()?;
        content.values().next()?.get("schema")
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> (&'a str, &'a Value) {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return ("", schema);
        };
        let name = reference.rsplit('/').next().unwrap();
        (name, &self.file["components"]["schemas"][name])
    }

    /// Adds every difference between the value and its schema; lists may come in the `Items` envelope.
    pub(crate) fn compare(&self, at: &str, schema: &Value, value: &Value, found: &mut Differences) {
        let (name, resolved) = self.resolve(schema);
        let at = if name.is_empty() { at } else { name };
        if value.is_null() {
            // A reference cannot say that it is nullable in this version of OpenAPI.
            let may = schema.get("$ref").is_some() || resolved["nullable"] == json!(true);
            if !may || resolved.get("enum").is_some() {
                found.insert(format!("{at}: null"));
            }
            return;
        }
        if let Some(allowed) = resolved.get("enum").and_then(Value::as_array) {
            if !allowed.contains(value) {
                found.insert(format!("{at}: value {value}"));
            }
            return;
        }
        match resolved["type"].as_str().unwrap_or("object") {
            "array" => self.compare_list(at, &resolved["items"], value, found),
            "object" => self.compare_object(at, resolved, value, found),
            kind => {
                let format = resolved["format"].as_str().unwrap_or_default();
                if !has_type(kind, format, value) {
                    found.insert(format!("{at}: {value} is no {kind} {format}"));
                }
            }
        }
    }

    fn compare_list(&self, at: &str, items: &Value, value: &Value, found: &mut Differences) {
        let rows = value.as_array().or_else(|| member(value, "Items").and_then(Value::as_array));
        let Some(rows) = rows else {
            found.insert(format!("{at}: no list"));
            return;
        };
        for row in rows {
            self.compare(at, items, row, found);
        }
    }

    fn compare_object(&self, at: &str, schema: &Value, value: &Value, found: &mut Differences) {
        let (Some(given), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else {
            if !value.is_object() {
                found.insert(format!("{at}: no object"));
            }
            return;
        };
        for (name, value) in given {
            match properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some((known, schema)) => self.compare(&format!("{at}.{known}"), schema, value, found),
                None => {
                    found.insert(format!("{at}.{}: more", lower_first(name)));
                }
            }
        }
        for known in properties.keys() {
            if !given.keys().any(|name| name.eq_ignore_ascii_case(known)) {
                found.insert(format!("{at}.{known}: less"));
            }
        }
    }

    /// A body with every member of the schema.
    pub(crate) fn sample(&self, schema: &Value, depth: usize) -> Value {
        let (_, resolved) = self.resolve(schema);
        if let Some(allowed) = resolved.get("enum").and_then(Value::as_array) {
            return allowed[0].clone();
        }
        match resolved["type"].as_str().unwrap_or("object") {
            "integer" => json!(1),
            "number" => json!(1.5),
            "boolean" => json!(true),
            "string" if resolved["format"] == "date-time" => json!("2026-03-01T00:00:00Z"),
            "string" => json!("sample"),
            "array" if depth > 4 => json!([]),
            "array" => json!([self.sample(&resolved["items"], depth + 1)]),
            _ => {
                let Some(properties) = resolved["properties"].as_object() else {
                    return json!({});
                };
                let mut object = Map::new();
                for (name, schema) in properties {
                    object.insert(name.clone(), self.sample(schema, depth + 1));
                }
                Value::Object(object)
            }
        }
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

fn has_type(kind: &str, format: &str, value: &Value) -> bool {
    match (kind, format) {
        ("integer", "int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("integer", _) => value.is_i64(),
        ("number", _) => value.is_number(),
        ("boolean", _) => value.is_boolean(),
        ("string", "date-time") => value.as_str().is_some_and(is_date),
        ("string", "uri") => value.as_str().is_some_and(|text| text.starts_with("https://")),
        ("string", _) => value.is_string(),
        _ => false,
    }
}

/// One of the documented forms: `T` or a space, perhaps a fraction, perhaps an offset.
fn is_date(text: &str) -> bool {
    let digits = text.as_bytes();
    text.len() >= 19
        && digits[4] == b'-'
        && digits[7] == b'-'
        && matches!(digits[10], b'T' | b' ')
        && digits[13] == b':'
        && digits[16] == b':'
}
