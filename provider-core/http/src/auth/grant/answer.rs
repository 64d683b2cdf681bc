//! Reading what a token endpoint says, whatever shape it says it in.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use provider_core::{Error, ErrorKind};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{GrantResult, SettingNames, TokenSet};
use crate::decode::without_mark;
use crate::redact::Scrubber;

/// No reason that a person reads is longer.
const LONGEST_REASON: usize = 200;
/// Where a reason may be, best first. Keys are compared without case and underscores.
const REASON_KEYS: [&str; 7] =
    ["errordescription", "message", "errormessage", "detail", "error", "title", "errorcode"];

/// A complete answer of a token endpoint.
#[derive(Clone, Copy)]
pub struct TokenAnswer<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
    sent: Option<&'a SecretString>,
}

impl std::fmt::Debug for TokenAnswer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl<'a> TokenAnswer<'a> {
    /// An answer with its whole body.
    #[must_use]
    pub const fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self { status, headers, body, sent: None }
    }

    /// The refresh token that the request named, which no reason may repeat.
    #[must_use]
    pub const fn to_request_with(mut self, sent: Option<&'a SecretString>) -> Self {
        self.sent = sent;
        self
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its body, which may hold tokens.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The tokens in it, under OAuth's names in any case and with or without underscores; `None` when
    /// there is no access token.
    #[must_use]
    pub fn tokens(&self) -> Option<TokenSet> {
        let object = self.object()?;
        let mut set = TokenSet::new(secret(&object, "accesstoken")?);
        set.expires_in = seconds(&object, "expiresin");
        set.refresh_token = secret(&object, "refreshtoken");
        set.refresh_expires_in =
            seconds(&object, "refreshexpiresin").or_else(|| seconds(&object, "refreshtokenexpiresin"));
        Some(set)
    }

    /// The reason in it, one line, unless it repeats one of `secrets`.
    #[must_use]
    pub fn reason(&self, secrets: &[&SecretString]) -> Option<String> {
        let reason = match serde_json::from_slice(without_mark(self.body)) {
            Ok(value) => reason_in(&value, 0)?,
            Err(_) => plain_reason(self.body)?,
        };
        // The text may repeat what only shows once the JSON around it is read.
        if self.repeats_any(secrets, reason.as_bytes()) {
            return None;
        }
        let reason: String = reason
            .trim()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(LONGEST_REASON)
            .collect();
        (!reason.is_empty() && !self.repeats_any(secrets, self.body)).then_some(reason)
    }

    /// How long to wait, where the answer says it in seconds or as a date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // More digits than fit are a very long time all the same.
            return Some(Duration::from_secs(u64::from(text.parse().unwrap_or(u32::MAX))));
        }
        let until = httpdate::parse_http_date(text).ok()?;
        // The answer's own clock, so that a wrong clock on this machine does not matter.
        let now = self.headers.get(header::DATE).and_then(|date| date.to_str().ok());
        let now = httpdate::parse_http_date(now?).ok()?;
        Some(until.duration_since(now).unwrap_or_default())
    }

    /// What every token endpoint means by the statuses that are not about the credentials. `None` leaves
    /// the verdict to the grant.
    #[must_use]
    pub fn unavailable(&self, names: &SettingNames) -> Option<GrantResult> {
        let status = self.status.as_u16();
        let error = match status {
            300..400 => Error::config(
                &names.base_url,
                "the token endpoint answers with a redirect, which is not followed because the \
                 credentials would go along: set the address of the API itself",
            ),
            404 | 405 | 410 => Error::config(
                &names.base_url,
                "there is no token endpoint at this address: check host and path",
            ),
            408 => Error::new(ErrorKind::Timeout, "the token endpoint gave up waiting for the request"),
            425 | 429 => Error::new(ErrorKind::RateLimited, "the token endpoint throttles"),
            500.. => Error::new(ErrorKind::Unavailable, "the token endpoint is not available"),
            200..300 if self.object().is_none() => Error::new(
                ErrorKind::Decode,
                format!(
                    "the token endpoint answers with something other than JSON: check {} and any proxy on the way",
                    names.base_url
                ),
            ),
            _ => return None,
        };
        let error = error.with_http_status(status);
        Some(GrantResult::Unavailable(match self.retry_after() {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        }))
    }

    /// The credentials were refused: names the settings, what to do, and the reason that was given.
    #[must_use]
    pub fn refused(&self, kind: ErrorKind, names: &SettingNames, secrets: &[&SecretString]) -> GrantResult {
        let reason = self.reason(secrets);
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let message = format!("the distributor refused {}{reason}: {}", names.listed(), names.remedy);
        let error = Error::new(kind, message).with_http_status(self.status.as_u16());
        let error = names.mark(error, "refused by the distributor");
        GrantResult::Refused(match self.code(secrets) {
            Some(code) => error.with_code(code),
            None => error,
        })
    }

    /// OAuth's `error`, where it looks like a code.
    fn code(&self, secrets: &[&SecretString]) -> Option<String> {
        let object = self.object()?;
        let code = lookup(&object, "error")?.as_str()?;
        let is_code = !code.is_empty()
            && code.len() <= 64
            && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        (is_code && !self.repeats_any(secrets, self.body)).then(|| code.to_owned())
    }

    /// Whether a text repeats a secret, whichever way it is written.
    fn repeats_any(&self, secrets: &[&SecretString], text: &[u8]) -> bool {
        Scrubber::of(secrets.iter().copied().chain(self.sent)).finds_in(text)
    }

    fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(without_mark(self.body)).ok()
    }
}

fn lookup<'a>(object: &'a Map<String, Value>, wanted: &str) -> Option<&'a Value> {
    let same =
        |key: &str| key.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).eq(wanted.chars());
    object.iter().filter(|(_, value)| !value.is_null()).find(|(key, _)| same(key)).map(|(_, v)| v)
}

fn secret(object: &Map<String, Value>, key: &str) -> Option<SecretString> {
    let text = lookup(object, key)?.as_str()?.trim();
    (!text.is_empty()).then(|| SecretString::from(text))
}

/// Seconds as a number or as text. Nonsense (zero, negative, longer than a hundred years) is no answer.
fn seconds(object: &Map<String, Value>, key: &str) -> Option<Duration> {
    const CENTURY: f64 = 3_155_760_000.0;
    let seconds = match lookup(object, key)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (seconds > 0.0 && seconds <= CENTURY).then(|| Duration::from_secs_f64(seconds))
}

fn reason_in(value: &Value, depth: u8) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Array(items) if depth < 3 => items.iter().find_map(|item| reason_in(item, depth + 1)),
        Value::Object(object) if depth < 3 => REASON_KEYS
            .iter()
            .chain(&["errors", "details"])
            .filter_map(|key| lookup(object, key))
            .find_map(|inner| reason_in(inner, depth + 1)),
        _ => None,
    }
}

fn plain_reason(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    (!text.is_empty() && !text.starts_with('<')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use secrecy::ExposeSecret as _;

    use super::*;

    fn with<T>(status: u16, body: &str, read: impl FnOnce(TokenAnswer<'_>) -> T) -> T {
        let headers = HeaderMap::new();
        read(TokenAnswer::new(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes()))
    }

    #[test]
    fn tokens_are_found_under_either_spelling() {
        for body in [
            r#"{"access_token":"A","expires_in":3600,"refresh_token":"R","token_type":"Bearer"}"#,
            r#"{"AccessToken":"A","ExpiresIn":3600,"RefreshToken":"R","Error":null,"IdentityToken":null}"#,
            r#"{"accessToken":"A","expiresIn":"3600","refreshToken":"R"}"#,
            r#"{"AccessToken":null,"access_token":"A","expires_in":3600.0,"refresh_token":"R"}"#,
        ] {
            let set = with(200, body, |answer| answer.tokens()).unwrap();
            assert_eq!(set.access_token.expose_secret(), "A", "{body}");
            assert_eq!(set.expires_in, Some(Duration::from_secs(3600)), "{body}");
            assert_eq!(set.refresh_token.unwrap().expose_secret(), "R", "{body}");
        }
    }

    #[test]
    fn what_holds_no_access_token_issues_nothing() {
        for body in ["", "{}", "[]", "null", "<html>", r#"{"access_token":""}"#, r#"{"access_token":7}"#] {
            assert!(with(200, body, |answer| answer.tokens()).is_none(), "{body}");
        }
    }

    #[test]
    fn a_senseless_life_counts_as_unsaid() {
        for life in ["0", "-5", "null", "\"soon\"", "1e300", "true"] {
            let body = format!(r#"{{"access_token":"A","expires_in":{life}}}"#);
            assert_eq!(with(200, &body, |answer| answer.tokens()).unwrap().expires_in, None, "{life}");
        }
    }

    #[test]
    fn the_reason_is_found_in_every_shape() {
        for (body, expected) in [
            (r#"{"error":"access_denied","error_description":"Unauthorized"}"#, Some("Unauthorized")),
            (r#"{"error":"cannot validate token: redis: nil"}"#, Some("cannot validate token: redis: nil")),
            (r#"{"AccessToken":null,"Error":"invalid_grant"}"#, Some("invalid_grant")),
            (r#"{"ErrorCode":"E1","Message":"No such user","ObjectErrors":[]}"#, Some("No such user")),
            (r#"{"error":{"code":7,"message":"no"}}"#, Some("no")),
            (r#"{"title":"Bad","status":400,"errors":{"username":["required"]}}"#, Some("Bad")),
            ("plain\ntext", Some("plain text")),
            ("<html><body>sign in</body></html>", None),
            ("", None),
            ("{}", None),
        ] {
            assert_eq!(with(400, body, |answer| answer.reason(&[])).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_that_repeats_a_secret_is_not_shown() {
        let secret = SecretString::from("p&ss w0rd");
        for body in [
            r#"{"error":"bad p&ss w0rd"}"#,
            r#"{"error":"bad","sent":"password=p%26ss+w0rd"}"#,
            "bad cCZzcyB3MHJk",
            "bad p%26ss%20w0rd",
            r#"{"error":"bad p\u0026ss w0rd"}"#,
            r#"{"error":"bad p\\u0026ss w0rd"}"#,
        ] {
            assert_eq!(with(400, body, |answer| answer.reason(&[&secret])), None, "{body}");
        }
        assert!(with(400, "bad password", |answer| answer.reason(&[&secret])).is_some());
    }

    #[test]
    fn a_date_to_wait_for_is_measured_on_the_answers_own_clock() {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, "Sun, 22 Nov 2026 10:00:00 GMT".parse().unwrap());
        headers.insert(header::RETRY_AFTER, "Sun, 22 Nov 2026 10:00:30 GMT".parse().unwrap());
        let answer = TokenAnswer::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"");
        assert_eq!(answer.retry_after(), Some(Duration::from_secs(30)));
        headers.insert(header::RETRY_AFTER, "7".parse().unwrap());
        let answer = TokenAnswer::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"");
        assert_eq!(answer.retry_after(), Some(Duration::from_secs(7)));
        headers.insert(header::RETRY_AFTER, "18446744073709551615".parse().unwrap());
        let answer = TokenAnswer::new(StatusCode::SERVICE_UNAVAILABLE, &headers, b"");
        assert_eq!(answer.retry_after(), Some(Duration::from_secs(u64::from(u32::MAX))));
    }
}
