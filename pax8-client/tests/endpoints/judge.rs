//! A request against the operation it calls.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::schema::faults;
use super::spec::{Found, resolve};

/// A request as it came in.
pub(crate) struct Request<'a> {
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Request<'_> {
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Everything about a request that the files do not allow.
pub(crate) fn violations(found: &Found<'_>, request: &Request<'_>) -> Vec<String> {
    let mut out = Vec::new();
    check_token(found, request, &mut out);
    check_parameters(found, request, &mut out);
    check_body(found, request, &mut out);
    check_accept(found, request, &mut out);
    out
}

fn check_token(found: &Found<'_>, request: &Request<'_>, out: &mut Vec<String>) {
    let wanted = found.audience.map(|audience| format!("Bearer {}", token(audience)));
    if request.header(&AUTHORIZATION) != wanted.as_deref() {
        out.push("authorization: is not the token of this surface".to_owned());
    }
}

/// What the mock server issues.
pub(crate) fn token(audience: &str) -> String {
    format!("token-for-{audience}")
}

fn check_parameters(found: &Found<'_>, request: &Request<'_>, out: &mut Vec<String>) {
    let declared = found.operation["parameters"].as_array().into_iter().flatten();
    let declared: Vec<&Value> = declared.map(|one| resolve(found.root, one)).collect();
    let query: Vec<_> = form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    for (index, (name, _)) in query.iter().enumerate() {
        if !declared.iter().any(|one| one["in"] == "query" && one["name"] == **name) {
            out.push(format!("?{name}: is not declared"));
        }
        if query.iter().take(index).any(|(other, _)| other == name) {
            out.push(format!("?{name}: comes twice"));
        }
    }
    for one in declared {
        let name = one["name"].as_str().unwrap();
        let given = match one["in"].as_str().unwrap() {
            "query" => query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()),
            "path" => found.placeholders.get(name).copied(),
            "header" => request.header(&name.parse().unwrap()),
            place => panic!("parameters in the {place} are not looked at"),
        };
        match given {
            Some(text) => {
                let value = typed(resolve(found.root, &one["schema"]), text);
                out.extend(faults(found.root, &one["schema"], &value, &format!("?{name}={text}")));
            }
            None if one["required"] == true => out.push(format!("?{name}: is required")),
            None => {}
        }
    }
}

/// Text of a URL as the type that its schema names.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean" | "object") => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        _ => json!(text),
    }
}

fn check_body(found: &Found<'_>, request: &Request<'_>, out: &mut Vec<String>) {
    let declared = resolve(found.root, &found.operation["requestBody"]);
    let sent_as = request.header(&CONTENT_TYPE);
    if request.body.is_empty() {
        if !declared.is_null() {
            out.push("body: is missing".to_owned());
        }
        if sent_as.is_some() {
            out.push("body: has a type and is empty".to_owned());
        }
        return;
    }
    let media = sent_as.unwrap_or_default().split(';').next().unwrap_or_default();
    let Some(content) = declared["content"].get(media) else {
        out.push(format!("body: `{media}` is not declared"));
        return;
    };
    if media == "application/json" {
        match serde_json::from_slice(request.body) {
            Ok(body) => out.extend(faults(found.root, &content["schema"], &body, "body")),
            Err(error) => out.push(format!("body: is no JSON: {error}")),
        }
    } else {
        let fields = fields(request.body);
        let schema = resolve(found.root, &content["schema"]);
        for name in schema["required"].as_array().into_iter().flatten() {
            if !fields.iter().any(|field| name == field.as_str()) {
                out.push(format!("body: the field {name} is missing"));
            }
        }
        for field in fields.iter().filter(|field| schema["properties"].get(field.as_str()).is_none()) {
            out.push(format!("body: the field `{field}` is not declared"));
        }
    }
}

/// The names of the fields of a multipart body.
fn fields(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let names = text.lines().filter_map(|line| line.strip_prefix("Content-Disposition: form-data; name=\""));
    names.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

fn check_accept(found: &Found<'_>, request: &Request<'_>, out: &mut Vec<String>) {
    let Some(wanted) = request.header(&ACCEPT) else {
        return out.push("accept: is missing".to_owned());
    };
    let (_, response) = success(found);
    let offered: Vec<_> =
        response["content"].as_object().into_iter().flatten().map(|(media, _)| media).collect();
    let fits = |media: &str| media == wanted || media == "*/*" || wanted == "*/*";
    if !offered.is_empty() && !offered.iter().any(|media| fits(media)) {
        out.push(format!("accept: `{wanted}` is not among {offered:?}"));
    }
}

/// The first successful answer that is declared.
pub(crate) fn success<'a>(found: &Found<'a>) -> (u16, &'a Value) {
    let responses = found.operation["responses"].as_object().unwrap();
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
    (status.parse().unwrap(), resolve(found.root, response))
}
