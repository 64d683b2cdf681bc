//! What clients sent, kept without secrets.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde_json::Value;

use super::lock::lock;

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// Requests kept; older ones are forgotten, the counts are not.
const KEPT_REQUESTS: usize = 20_000;

/// One request that a simulator received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Simulated time of arrival.
    pub at: DateTime<Utc>,
    /// Method in upper case.
    pub method: String,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Decoded query parameters in the order sent.
    pub query: Vec<(String, String)>,
    /// Headers in the order received, names in lower case, secrets redacted.
    pub headers: Vec<(String, String)>,
    /// Body as text, secrets redacted; empty where there was none.
    pub body: String,
    /// Status of the answer; `None` while the request is being handled and where the connection was cut without one.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The value of the header `name` (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of the query parameter `name`.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
struct Log {
    first: u64,
    kept: VecDeque<RecordedRequest>,
    counts: HashMap<(String, String), u64>,
}

/// The requests of one distributor.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

impl RequestLog {
    /// Records a request on arrival; the number finds it again in [`finish`](Self::finish).
    pub(crate) fn begin(&self, request: RecordedRequest, routed_path: String) -> u64 {
        let mut log = lock(&self.0);
        *log.counts.entry((request.method.clone(), routed_path)).or_insert(0) += 1;
        if log.kept.len() >= KEPT_REQUESTS {
            log.kept.pop_front();
            log.first += 1;
        }
        log.kept.push_back(request);
        log.first + u64::try_from(log.kept.len()).unwrap_or(u64::MAX) - 1
    }

    /// Adds the status of the answer.
    pub(crate) fn finish(&self, number: u64, status: Option<u16>) {
        let mut log = lock(&self.0);
        let place = number.checked_sub(log.first).and_then(|place| usize::try_from(place).ok());
        if let Some(request) = place.and_then(|place| log.kept.get_mut(place)) {
            request.status = status;
        }
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        lock(&self.0).kept.iter().cloned().collect()
    }

    /// Requests whose method and path (as routed) fit; `*` fits anything.
    pub(crate) fn count(&self, method: &str, pattern: &str) -> u64 {
        lock(&self.0)
            .counts
            .iter()
            .filter(|((known, path), _)| (method == "*" || known == method) && path_fits(pattern, path))
            .map(|(_, count)| count)
            .sum()
    }

    pub(crate) fn clear(&self) {
        let mut log = lock(&self.0);
        let first = log.first + u64::try_from(log.kept.len()).unwrap_or(u64::MAX);
        *log = Log { first, ..Log::default() };
    }
}

/// True if `path` fits `pattern`, in which each `*` stands for any text, slashes included.
pub(crate) fn path_fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let Some(last) = pattern.rsplit_once('*').map(|(_, last)| last) else {
        return rest.is_empty();
    };
    let middle = pattern.matches('*').count() - 1;
    for part in parts.take(middle) {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Names, in lower case without separators, whose values are secrets in headers, queries and bodies.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "proxyauthorization",
    "cookie",
    "clientsecret",
    "secret",
    "password",
    "accesstoken",
    "refreshtoken",
    "apikey",
    "apisecret",
    "credential",
    "sharedsecret",
    "token",
    "previewauthtoken",
];

fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    SECRET_NAMES.contains(&plain.as_str())
}

/// Headers without secrets.
pub(crate) fn redacted_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let name = name.as_str().to_owned();
            let value = if is_secret(&name) || value.is_sensitive() {
                REDACTED.to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name, value)
        })
        .collect()
}

/// Query pairs without secrets.
pub(crate) fn redacted_pairs(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .map(|(name, value)| {
            let value = if is_secret(&name) { REDACTED.to_owned() } else { value };
            (name, value)
        })
        .collect()
}

/// A body without secrets: the bytes as sent unless a member had to be blanked.
pub(crate) fn redacted_body(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            if blank_secrets(&mut value) {
                value.to_string()
            } else {
                text
            }
        }
        Err(_) => text,
    }
}

fn blank_secrets(value: &mut Value) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().fold(false, |blanked, item| blank_secrets(item) | blanked),
        Value::Object(members) => members.iter_mut().fold(false, |blanked, (name, member)| {
            if is_secret(name) && !member.is_null() {
                *member = Value::String(REDACTED.to_owned());
                true
            } else {
                blank_secrets(member) | blanked
            }
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(path_fits("/v1/companies", "/v1/companies"));
        assert!(!path_fits("/v1/companies", "/v1/companies/7"));
        assert!(path_fits("/v1/companies/*", "/v1/companies/7/contacts"));
        assert!(path_fits("/v1/*/contacts", "/v1/companies/7/contacts"));
        assert!(!path_fits("/v1/*/contacts", "/v1/companies/7/contacts/8"));
        assert!(path_fits("*", "/anything"));
        assert!(path_fits("/a*b*c", "/a-b-b-c"));
        assert!(!path_fits("/a*a", "/a"));
    }

    #[test]
    fn secrets_are_blanked_and_other_bodies_kept_to_the_byte() {
        assert_eq!(redacted_body(br#"{"b": 1,  "a":2}"#), r#"{"b": 1,  "a":2}"#);
        let blanked = redacted_body(br#"{"rows":[{"client_secret":"s","authorization":"Bearer x","n":1}]}"#);
        assert_eq!(
            blanked,
            r#"{"rows":[{"authorization":"[redacted]","client_secret":"[redacted]","n":1}]}"#
        );
    }
}
