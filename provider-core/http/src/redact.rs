//! What may be shown: allow-lists for headers, query parameters and bodies, and the blanking of secrets
//! that a distributor echoes.
//!
//! Everything that is not on a list is blanked, so that a new header or member is hidden until someone
//! decides otherwise.

use std::fmt;

use base64::Engine as _;
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::request::{form_encode, percent_encode};

/// What stands where something was blanked.
pub const BLANK: &str = "***";

/// Headers whose values help to find a fault and tell nothing about anyone.
const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "request-id",
    "retry-after",
    "server",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "x-correlation-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
];

/// Query parameters that only say which part of a list is meant.
const PARAMETERS: &[&str] = &["limit", "page", "pagesize", "pagenumber", "size", "sort"];

/// Members of error bodies whose values name the fault.
const MEMBERS: &[&str] = &["code", "error", "errorcode", "status", "statuscode", "title", "type"];

/// Headers for people to read; shows names, and values from the allow-list.
pub struct Headers<'a>(pub &'a HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            let shown = if HEADERS.contains(&name.as_str()) && !value.is_sensitive() {
                value.to_str().unwrap_or(BLANK)
            } else {
                BLANK
            };
            map.entry(&name.as_str(), &shown);
        }
        map.finish()
    }
}

/// A query for people to read; shows names, and values from the allow-list.
pub struct Query<'a>(pub &'a str);

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in url::form_urlencoded::parse(self.0.as_bytes()) {
            let shown = PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(&name));
            map.entry(&name, &if shown { &*value } else { BLANK });
        }
        map.finish()
    }
}

/// A JSON body for people to read; shows its structure, and values from the allow-list.
pub struct Json<'a>(pub &'a [u8]);

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Longer bodies are not worth parsing for a log line.
        const LONGEST: usize = 16 * 1024;
        if self.0.len() > LONGEST {
            return write!(f, "[{} bytes]", self.0.len());
        }
        match serde_json::from_slice::<Value>(self.0) {
            Ok(mut value) => {
                blank(&mut value);
                write!(f, "{value}")
            }
            Err(_) => write!(f, "[{} bytes, not JSON]", self.0.len()),
        }
    }
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let scalar = !member.is_object() && !member.is_array();
                if !(scalar && MEMBERS.iter().any(|known| known.eq_ignore_ascii_case(name))) {
                    blank(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Null => {}
        scalar => *scalar = Value::String(BLANK.to_owned()),
    }
}

/// Blanks the secrets of one request wherever they turn up in what the distributor said.
#[derive(Clone, Default)]
pub(crate) struct Scrubber(Vec<SecretString>);

impl Scrubber {
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a SecretString>) -> Self {
        /// Shorter ones would blank ordinary words, and are no secrets.
        const SHORTEST: usize = 4;
        let mut needles = Vec::new();
        for secret in secrets {
            needles.push(secret.clone());
            needles.extend(parts(secret.expose_secret()));
        }
        // As they went over the wire, for those who echo the request itself.
        let coded = needles.iter().flat_map(|secret| {
            let plain = secret.expose_secret();
            [percent_encode(plain), form_encode(plain)].map(SecretString::from)
        });
        let coded: Vec<_> = coded.collect();
        needles.extend(coded);
        needles.retain(|secret| secret.expose_secret().len() >= SHORTEST);
        // One secret may hold another: the longer goes first, or its rest would stay.
        needles.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
        Self(needles)
    }

    pub(crate) fn scrub(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| {
            if text.contains(secret.expose_secret()) {
                text.replace(secret.expose_secret(), BLANK)
            } else {
                text
            }
        })
    }
}

/// What the value of an `Authorization` header is made of: the token, or the pair and its password.
fn parts(value: &str) -> Vec<SecretString> {
    // Other secrets may hold a space too; their words are not secret by themselves.
    let Some((scheme @ ("Basic" | "Bearer"), rest)) = value.split_once(' ') else { return Vec::new() };
    let mut parts = vec![rest.to_owned()];
    if scheme == "Basic"
        && let Ok(pair) = base64::engine::general_purpose::STANDARD.decode(rest)
        && let Ok(pair) = String::from_utf8(pair)
    {
        parts.extend(pair.split_once(':').map(|(_, password)| password.to_owned()));
        parts.push(pair);
    }
    parts.into_iter().map(SecretString::from).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn headers_show_what_is_listed() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer s3cret".parse().unwrap());
        headers.insert("x-new-token", "s3cret".parse().unwrap());
        headers.insert("set-cookie", "s=s3cret".parse().unwrap());
        headers.insert("location", "https://files.example.com/?sig=s3cret".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        let shown = format!("{:?}", Headers(&headers));
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("application/json") && shown.contains("x-new-token"), "{shown}");
    }

    #[test]
    fn queries_show_what_is_listed() {
        let shown = format!("{:?}", Query("page=3&pageSize=200&search=alice%40example.com&sig=s3cret"));
        assert_eq!(shown, r#"{"page": "3", "pageSize": "200", "search": "***", "sig": "***"}"#);
    }

    #[test]
    fn bodies_show_their_structure() {
        let body = br#"{"code":"E1","message":"no user alice","details":[{"type":{"password":"s3cret"},"n":5}],"x":null}"#;
        assert_eq!(
            format!("{:?}", Json(body)),
            r#"{"code":"E1","details":[{"n":"***","type":{"password":"***"}}],"message":"***","x":null}"#
        );
        assert_eq!(format!("{:?}", Json(b"s3cret")), "[6 bytes, not JSON]");
    }

    #[test]
    fn echoed_secrets_are_blanked_longest_first() {
        let secrets = [SecretString::from("abcd".to_owned()), SecretString::from("abcdefgh".to_owned())];
        let scrubber = Scrubber::new(secrets.iter());
        assert_eq!(scrubber.scrub("key abcdefgh is wrong, abcd too".to_owned()), "key *** is wrong, *** too");
        let scrubber = Scrubber::new([SecretString::from("a b+c/d".to_owned())].iter());
        let basic = Scrubber::new([SecretString::from("Basic dXNlcjpwYXNzd29yZA==".to_owned())].iter());
        assert_eq!(
            basic.scrub("dXNlcjpwYXNzd29yZA== is user:password, password".to_owned()),
            "*** is ***, ***"
        );
        assert_eq!(scrubber.scrub("t=a+b%2Bc%2Fd&u=a%20b%2Bc%2Fd a b+c/d".to_owned()), "t=***&u=*** ***");
    }
}
