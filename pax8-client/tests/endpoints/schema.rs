//! As much of JSON Schema as the vendor's files use.

use serde_json::Value;

/// Why a value does not fit a schema; empty when it does.
pub(crate) fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut out = Vec::new();
    check(root, schema, value, at, &mut out);
    out
}

pub(crate) fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(reference) = schema["$ref"].as_str() {
        schema = root.pointer(reference.trim_start_matches('#')).expect("a reference that leads somewhere");
    }
    schema
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let schema = resolve(root, schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(root, part, value, at, out);
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let reasons: Vec<Vec<String>> = variants.iter().map(|one| faults(root, one, value, at)).collect();
        if !reasons.iter().any(Vec::is_empty) {
            out.push(format!("{at}: fits no variant: {reasons:?}"));
        }
    }
    if let Some(wanted) = schema["type"].as_str()
        && !is(wanted, value)
    {
        out.push(format!("{at}: is no {wanted}: {value}"));
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        out.push(format!("{at}: {value} is none of the allowed values"));
    }
    if let (Some(text), Some(format)) = (value.as_str(), schema["format"].as_str())
        && !has_format(format, text)
    {
        out.push(format!("{at}: `{text}` is no {format}"));
    }
    if let (Some(text), Some("^[A-Z]{2}$")) = (value.as_str(), schema["pattern"].as_str())
        && !(text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        out.push(format!("{at}: `{text}` is no country"));
    }
    for (name, below) in [("minimum", true), ("maximum", false)] {
        if let (Some(number), Some(limit)) = (value.as_f64(), schema[name].as_f64())
            && (if below { number < limit } else { number > limit })
        {
            out.push(format!("{at}: {number} is beyond the {name} {limit}"));
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(found) = value.get(name) {
            if resolve(root, member)["readOnly"] == Value::Bool(true) {
                out.push(format!("{at}.{name}: is read-only"));
            }
            check(root, member, found, &format!("{at}.{name}"), out);
        }
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                out.push(format!("{at}.{name}: is missing"));
            }
        }
        let known = known_members(root, schema);
        for name in object.keys() {
            if !known.is_empty() && !known.contains(&name.as_str()) && schema["allOf"].is_null() {
                out.push(format!("{at}.{name}: is not in the schema"));
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(root, &schema["items"], item, &format!("{at}[{index}]"), out);
    }
}

/// Members of a schema by itself. Parts of an `allOf` hold only some of them, so those are not refused.
fn known_members<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let is_part = root["components"]["schemas"].as_object().is_some_and(|all| {
        all.values()
            .flat_map(|one| one["allOf"].as_array().into_iter().flatten())
            .any(|part| std::ptr::eq(resolve(root, part), schema))
    });
    if is_part {
        return Vec::new();
    }
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

fn is(wanted: &str, value: &Value) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => true,
    }
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "uuid" => {
            let groups: Vec<_> = text.split('-').collect();
            let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
            lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        }
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        "date" | "yyyy-MM-dd" => chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        "email" => text.contains('@'),
        _ => true,
    }
}
