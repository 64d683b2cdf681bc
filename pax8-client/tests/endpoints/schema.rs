//! Values against the vendor's schemas.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::spec::resolve;

/// Deeper than any schema of the files.
const DEEPEST: usize = 32;

/// Why a value that is sent does not fit a schema: by the schema to the letter, and by the same schema
/// with nothing allowed that it does not name.
pub(crate) fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let open = written_out(root, schema, 0);
    let mut faults = found(&validator(&open), value, at);
    let mut closed = open;
    close(&mut closed, false);
    let undeclared = validator(&closed);
    let stray = undeclared
        .iter_errors(value)
        .filter(|error| matches!(error.kind(), ValidationErrorKind::UnevaluatedProperties { .. }));
    faults.extend(stray.map(|error| format!("{at}{}: {error}", error.instance_path())));
    faults
}

fn found(validator: &Validator, value: &Value, at: &str) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{at}{}: {error}", error.instance_path())).collect()
}

fn validator(schema: &Value) -> Validator {
    let day = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_format("yyyy-MM-dd", day)
        .build(schema)
        .unwrap()
}

/// A schema of a request with its references written out, in the words of JSON Schema: members that are
/// read-only must not be sent, and are not required.
fn written_out(root: &Value, schema: &Value, depth: usize) -> Value {
    assert!(depth < DEEPEST, "a schema that holds itself");
    let schema = resolve(root, schema);
    let Some(object) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    for (keyword, value) in object {
        let value = match (keyword.as_str(), value) {
            // Words of OpenAPI and of people.
            ("example" | "examples" | "discriminator" | "xml" | "nullable" | "externalDocs", _) => continue,
            ("properties", Value::Object(members)) => {
                let member = |(name, member): (&String, &Value)| {
                    let read_only = resolve(root, member)["readOnly"] == true;
                    let schema = if read_only { json!(false) } else { written_out(root, member, depth + 1) };
                    (name.clone(), schema)
                };
                members.iter().map(member).collect()
            }
            ("required", Value::Array(names)) => {
                let read_only = |name: &&Value| {
                    let member = &schema["properties"][name.as_str().unwrap()];
                    resolve(root, member)["readOnly"] == true
                };
                names.iter().filter(|name| !read_only(name)).cloned().collect()
            }
            ("items" | "additionalProperties", value) => written_out(root, value, depth + 1),
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                parts.iter().map(|part| written_out(root, part, depth + 1)).collect()
            }
            (_, value) => value.clone(),
        };
        out.insert(keyword.clone(), value);
    }
    if schema["nullable"] == true {
        return json!({"anyOf": [out, {"type": "null"}]});
    }
    Value::Object(out)
}

/// Allows objects nothing that their schema does not name. A part of an `allOf` names only some.
fn close(schema: &mut Value, is_part: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for part in object.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            close(part, is_part || keyword == "allOf");
        }
    }
    for (_, member) in object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        close(member, false);
    }
    if let Some(items) = object.get_mut("items") {
        close(items, false);
    }
    let names_some = object.contains_key("properties") || object.contains_key("allOf");
    if names_some && !is_part {
        object.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}
