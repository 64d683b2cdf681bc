//! What a server made of the vendor's files answers: the documented example or, without one, a value made
//! of the schema.

use serde_json::{Map, Value, json};

use super::case::ID;
use super::judge::success;
use super::spec::{Found, resolve};

/// Where answers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The documented example where there is one.
    Example,
    /// The schema alone.
    Schema,
}

/// A status, a media type and a body.
pub(crate) fn reply(found: &Found<'_>, accept: &str, source: Source) -> (u16, String, Vec<u8>) {
    let (status, response) = success(found);
    let content = response["content"].as_object().filter(|content| status != 204 && !content.is_empty());
    let Some(content) = content else { return (status, String::new(), Vec::new()) };
    let (media, content) = content.get_key_value(accept).or_else(|| content.iter().next()).unwrap();
    let media = if media == "*/*" { accept } else { media.as_str() };
    let body = if media == "application/json" {
        let documented = examples(found, content).into_iter().next().filter(|_| source == Source::Example);
        documented.cloned().unwrap_or_else(|| made(found.root, &content["schema"])).to_string().into_bytes()
    } else {
        b"%PDF-1.7 or PK".to_vec()
    };
    (status, media.to_owned(), body)
}

/// All examples of an answer.
pub(crate) fn examples<'a>(found: &Found<'a>, content: &'a Value) -> Vec<&'a Value> {
    let single = content.get("example").into_iter();
    let several = content["examples"].as_object().into_iter().flatten();
    single.chain(several.map(|(_, one)| &resolve(found.root, one)["value"])).collect()
}

/// A value of a schema, with every member that it names.
fn made(root: &Value, schema: &Value) -> Value {
    let schema = resolve(root, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        let own = with_members(root, schema);
        return parts.iter().map(|part| made(root, part)).fold(own, merged);
    }
    if let Some(first) = schema["oneOf"].get(0).or_else(|| schema["anyOf"].get(0)) {
        return made(root, first);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    };
    match kind {
        Some("string") => json!(text(schema)),
        Some("integer") => json!(schema["minimum"].as_i64().unwrap_or_default().max(1)),
        Some("number") => json!(1.25),
        Some("boolean") => json!(true),
        Some("array") => json!([made(root, &schema["items"])]),
        None if schema.get("items").is_some() => json!([made(root, &schema["items"])]),
        Some("object") => with_members(root, schema),
        None if schema.get("properties").is_some() => with_members(root, schema),
        // Without a type anything goes.
        _ => json!({"anything": ["goes"]}),
    }
}

fn with_members(root: &Value, schema: &Value) -> Value {
    let members = schema["properties"].as_object().into_iter().flatten();
    let readable = members.filter(|(_, member)| resolve(root, member)["writeOnly"] != true);
    Value::Object(readable.map(|(name, member)| (name.clone(), made(root, member))).collect::<Map<_, _>>())
}

fn merged(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Object(mut a), Value::Object(b)) => {
            a.extend(b);
            Value::Object(a)
        }
        (Value::Object(a), b) if a.is_empty() => b,
        (a, _) => a,
    }
}

fn text(schema: &Value) -> String {
    let text = match schema["format"].as_str() {
        Some("uuid") => ID,
        Some("date-time") => "2026-03-01T08:30:00.123Z",
        Some("date" | "yyyy-MM-dd") => "2026-03-01",
        Some("email") => "a@example.com",
        Some("uri" | "url") => "https://example.com",
        _ if schema["pattern"] == "^[A-Z]{2}$" => "US",
        _ => "text",
    };
    text.to_owned()
}
