//! Redaction, what may be shown: allow-lists for headers, query parameters and bodies, and the blanking of secrets
//! that a distributor echoes.
//!
//! Everything that is not on a list is blanked, so that a new header or member is hidden until someone
//! decides otherwise.

use std::fmt;

use http::HeaderMap;
use secrecy::SecretString;
use serde_json::Value;

mod quoting;
mod scrubber;
mod views;

pub use quoting::Quoting;
pub(crate) use scrubber::Scrubber;

/// No header shows more characters.
const SHORT: usize = 200;

/// What stands where something was blanked.
pub const BLANK: &str = "***";

/// Headers whose values help to find the cause of an error and are no personal data.
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

/// Members of error bodies whose values name the error.
const MEMBERS: &[&str] = &["code", "error", "errorcode", "status", "statuscode", "title", "type"];

/// Headers for logs: shows names, and values from the allow-list, cut to a length.
pub struct ShownHeaders<'a>(pub &'a HeaderMap);

impl fmt::Debug for ShownHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        CleanHeaders(self.0, &Scrubber::default()).fmt(f)
    }
}

/// [`ShownHeaders`] without the secrets in use.
pub(crate) struct CleanHeaders<'a>(pub(crate) &'a HeaderMap, pub(crate) &'a Scrubber);

impl fmt::Debug for CleanHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            let shown = if HEADERS.contains(&name.as_str()) && !value.is_sensitive() {
                value.to_str().unwrap_or(BLANK)
            } else {
                BLANK
            };
            // A name can be an echo too.
            let name = self.1.scrub_and_cut(name.as_str(), SHORT);
            map.entry(&name, &self.1.scrub_and_cut(shown, SHORT));
        }
        map.finish()
    }
}

/// A query string for logs: shows names, and values from the allow-list.
pub struct ShownQuery<'a>(pub &'a str);

impl fmt::Debug for ShownQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in url::form_urlencoded::parse(self.0.as_bytes()) {
            let shown = PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(&name));
            map.entry(&name, &if shown { &*value } else { BLANK });
        }
        map.finish()
    }
}

/// A JSON body for logs: shows its structure, and values from the allow-list.
pub struct ShownJson<'a>(pub &'a [u8]);

impl fmt::Debug for ShownJson<'_> {
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

/// Learns the passwords that a body names as such: what else it says may repeat them.
pub(crate) fn learn_passwords(scrubber: &Scrubber, body: &[u8]) {
    /// Longer bodies hold records, and say nothing that is shown.
    const LONGEST: usize = 64 * 1024;
    if body.len() <= LONGEST
        && let Ok(value) = serde_json::from_slice::<Value>(body)
    {
        learn(scrubber, &value);
    }
}

fn learn(scrubber: &Scrubber, value: &Value) {
    // A sentence under that name is what is wrong with the field, and so is a word.
    let is_password = |name: &str, text: &str| {
        name.to_ascii_lowercase().contains("password")
            && !text.contains(char::is_whitespace)
            && !is_plain_word(text)
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if is_password(name, text) => {
                        scrubber.learn(&SecretString::from(text.as_str()));
                    }
                    member => learn(scrubber, member),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| learn(scrubber, item)),
        _ => {}
    }
}

/// `required`, `Invalid.`, `TOO_SHORT`: reasons, and the words of flags. To blank them would take the reason away.
fn is_plain_word(text: &str) -> bool {
    let is_code = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_code || (text.len() < 12 && text.trim_end_matches('.').bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// What a header or a part of an error shows is no longer, in characters.
pub(crate) const LONGEST: usize = 500;

/// Cuts a text to so many characters: it ends up in logs and on screens.
pub(crate) fn cut(mut text: String, longest: usize) -> String {
    if text.len() > longest
        && let Some((at, _)) = text.char_indices().nth(longest)
    {
        text.truncate(at);
        text.push_str("...");
    }
    text
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
        let shown = format!("{:?}", ShownHeaders(&headers));
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("application/json") && shown.contains("x-new-token"), "{shown}");
    }

    #[test]
    fn headers_that_echo_a_secret_are_blanked_and_long_ones_cut() {
        let mut headers = HeaderMap::new();
        for name in ["x-request-id", "server", "via"] {
            headers.insert(name, "1.1 s3cret-token gw".parse().unwrap());
        }
        headers.insert("date", "x".repeat(8_000).parse().unwrap());
        let shown = format!("{:?}", CleanHeaders(&headers, &Scrubber::of([&"Bearer s3cret-token".into()])));
        assert!(!shown.contains("s3cret") && shown.contains("1.1 *** gw") && shown.len() < 400, "{shown}");
    }

    #[test]
    fn queries_show_what_is_listed() {
        let shown = format!("{:?}", ShownQuery("page=3&pageSize=200&search=alice%40example.com&sig=s3cret"));
        assert_eq!(shown, r#"{"page": "3", "pageSize": "200", "search": "***", "sig": "***"}"#);
    }

    #[test]
    fn bodies_show_their_structure() {
        let body = br#"{"code":"E1","message":"no user alice","details":[{"type":{"password":"s3cret"},"n":5}],"x":null}"#;
        assert_eq!(
            format!("{:?}", ShownJson(body)),
            r#"{"code":"E1","details":[{"n":"***","type":{"password":"***"}}],"message":"***","x":null}"#
        );
        assert_eq!(format!("{:?}", ShownJson(b"s3cret")), "[6 bytes, not JSON]");
    }

    #[test]
    fn a_password_that_a_body_names_is_blanked_wherever_the_body_repeats_it() {
        let scrubber = Scrubber::default();
        learn_passwords(&scrubber, br#"{"message":"x","user":[{"initialPassword":"example-s3cret"}]}"#);
        assert_eq!(scrubber.scrub("made with example-s3cret"), format!("made with {BLANK}"));
        learn_passwords(&scrubber, br#"{"errors":{"password":"it is too short"}}"#);
        assert_eq!(scrubber.scrub("password: it is too short"), "password: it is too short");
        for reason in ["required", "Invalid.", "PASSWORD_TOO_SHORT"] {
            learn_passwords(&scrubber, format!(r#"{{"errors":{{"password":"{reason}"}}}}"#).as_bytes());
            assert_eq!(scrubber.scrub(format!("password: {reason}")), format!("password: {reason}"));
        }
        learn_passwords(&scrubber, b"no JSON");
    }
}
