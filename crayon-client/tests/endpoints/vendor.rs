//! The vendor's OpenAPI files, read from the folder that `VENDOR_SPECS` names: what they say about a call, instances of
//! their answers, and whether a value fits one of their schemas.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};

use super::shapes::Filler;

/// The files, oldest first.
const FILES: [(&str, &str); 2] = [
    ("2021", "crayon/crayon-customer-api-openapi-2021-11-05.json"),
    ("2022", "crayon/crayon-cloudiq-swagger-2022-04-11.yaml"),
];

/// One of the vendor's files.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) year: &'static str,
    spec: Arc<Value>,
    /// The schemas as JSON Schema.
    schemas: Arc<Value>,
    validators: Arc<Mutex<BTreeMap<String, Validator>>>,
}

/// An operation of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) description: &'a Value,
}

impl Operation<'_> {
    /// The parameters of the path or of the query, by name.
    pub(crate) fn parameters(&self, place: &str) -> BTreeMap<&str, &Value> {
        let all = self.description["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let here = all.iter().filter(|parameter| parameter["in"] == place);
        here.map(|parameter| (parameter["name"].as_str().unwrap(), parameter)).collect()
    }

    /// The bodies that are taken, by media type.
    pub(crate) fn bodies(&self) -> Option<&Map<String, Value>> {
        self.description["requestBody"]["content"].as_object()
    }
}

impl File {
    /// Both files. None, and a line that says so, where the folder is not known.
    pub(crate) fn all() -> Vec<Self> {
        let Some(folder) = std::env::var_os("VENDOR_SPECS").map(PathBuf::from) else {
            assert!(std::env::var_os("VENDOR_SPECS_REQUIRED").is_none(), "VENDOR_SPECS is unset");
            // Not `eprintln!`, whose output a passing test hides.
            let line = b"SKIPPED: VENDOR_SPECS is not set, so nothing was compared with the vendor's files\n";
            std::io::stderr().write_all(line).unwrap();
            return Vec::new();
        };
        let read = |(year, name): (&'static str, &str)| {
            let text =
                std::fs::read_to_string(folder.join(name)).expect("VENDOR_SPECS holds the vendor's files");
            let spec: Value = match name.ends_with(".json") {
                true => serde_json::from_str(&text).unwrap(),
                false => serde_saphyr::from_str(&text).unwrap(),
            };
            let schemas = as_json_schema(&spec["components"]);
            Self { year, spec: Arc::new(spec), schemas: Arc::new(schemas), validators: Arc::default() }
        };
        FILES.into_iter().map(read).collect()
    }

    /// Every operation with its method.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (String, Operation<'_>)> {
        self.spec["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, description)| (method.to_uppercase(), Operation { path, description }))
        })
    }

    /// The operation of a path of the client's table. Names are compared with regard to case.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let mut operations = self.operations();
        operations
            .find(|(known, operation)| known == method && fits(operation.path, path))
            .map(|(_, operation)| operation)
    }

    /// An instance of an operation's answer with every property filled. `None` where the file shows none.
    pub(crate) fn answer(&self, method: &str, path: &str) -> Option<Value> {
        let operation = self.operation(method, path)?;
        let content = operation.description["responses"]["200"].get("content")?;
        Some(self.instance(&content["application/json"]["schema"], &mut Filler::default()))
    }

    /// What a reference points to.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.spec.pointer(reference.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn instance(&self, schema: &Value, filler: &mut Filler) -> Value {
        let schema = self.resolve(schema);
        if let Some(values) = schema["enum"].as_array() {
            return values.last().unwrap().clone();
        }
        let format = schema["format"].as_str().unwrap_or_default();
        match (schema["type"].as_str().unwrap(), format) {
            ("integer", "int64") => filler.fill("long"),
            ("integer", _) => filler.fill("int"),
            ("number", _) => filler.fill("dec"),
            ("boolean", _) => filler.fill("bool"),
            ("string", "date-time") => filler.fill("date"),
            ("string", "uri") => filler.fill("uri"),
            ("string", _) => filler.fill("text"),
            ("array", _) => (0..2).map(|_| self.instance(&schema["items"], filler)).collect(),
            _ => {
                let empty = Map::new();
                let mut object = Map::new();
                for (name, schema) in schema["properties"].as_object().unwrap_or(&empty) {
                    object.insert(name.clone(), self.instance(schema, filler));
                }
                if schema["additionalProperties"].is_object() {
                    object.insert("first".to_owned(), self.instance(&schema["additionalProperties"], filler));
                }
                Value::Object(object)
            }
        }
    }

    /// Where a value does not fit a schema, each line with the path of the member.
    pub(crate) fn misfits(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut validators = self.validators.lock().unwrap();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let mut schema = as_json_schema(schema);
            schema["components"] = Value::clone(&self.schemas);
            jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
        });
        validator.iter_errors(value).flat_map(|error| misfit(&error)).collect()
    }
}

fn misfit(error: &jsonschema::ValidationError<'_>) -> Vec<String> {
    let mut at = String::new();
    for segment in error.instance_path().as_str().split('/').skip(1) {
        match segment.parse::<usize>() {
            Ok(_) => at.push_str("[]"),
            Err(_) if at.is_empty() => at.push_str(segment),
            Err(_) => at.extend([".", segment]),
        }
    }
    let dot = if at.is_empty() { "" } else { "." };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| format!("{at}{dot}{name} is not in the file")).collect()
        }
        ValidationErrorKind::Enum { .. } => vec![format!("{at} has no value {}", error.instance())],
        _ => vec![format!("{at}: {error}")],
    }
}

/// True when a template of the file is one of the client's: literal segments are the same, to the letter.
fn fits(template: &str, own: &str) -> bool {
    let (template, own): (Vec<_>, Vec<_>) = (template.split('/').collect(), own.split('/').collect());
    let same = |(known, own): (&&str, &&str)| match known.starts_with('{') {
        true => own.starts_with('{'),
        false => known == own,
    };
    template.len() == own.len() && template.iter().zip(&own).all(same)
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, the ranges of integers become limits.
fn as_json_schema(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return match schema {
            Value::Array(items) => items.iter().map(as_json_schema).collect(),
            leaf => leaf.clone(),
        };
    };
    let mut converted: Map<String, Value> = members
        .iter()
        .filter(|(name, value)| *name != "nullable" || !value.is_boolean())
        .map(|(name, value)| (name.clone(), as_json_schema(value)))
        .collect();
    if members.get("nullable") == Some(&json!(true)) {
        converted.insert("type".to_owned(), json!([members["type"], "null"]));
    }
    if members.get("format") == Some(&json!("int32")) {
        converted.insert("minimum".to_owned(), json!(i32::MIN));
        converted.insert("maximum".to_owned(), json!(i32::MAX));
    }
    Value::Object(converted)
}
