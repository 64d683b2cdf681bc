//! Tokens: the password grant with client Basic authentication, and the bearer check.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use crate::crayon::engine::failure::{ErrorAnswer, ErrorForm, FieldViolation};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::settings::{LoginFailure, Settings};
use crate::engine::refusal::RefusedPart;
use crate::engine::tokens::AccessTokens;

/// What a client must present. Examples that anyone with the seed can compute, not secrets.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) username: String,
    pub(crate) password: String,
}

/// The answer to a token request.
#[derive(Debug)]
pub(crate) enum Login {
    /// Status and body.
    Answered(u16, Option<Json>),
    /// A request that the reference does not allow.
    Refused(ErrorAnswer),
}

const FIELDS: [&str; 4] = ["grant_type", "username", "password", "scope"];

/// `POST connect/token`.
pub(crate) fn login(
    credentials: &Credentials,
    tokens: &AccessTokens,
    settings: &Settings,
    strict: bool,
    headers: &HeaderMap,
    body: &[u8],
) -> Login {
    let form = match read_form(headers, body, strict) {
        Ok(form) => form,
        Err(violations) => return Login::Refused(ErrorAnswer::malformed(violations)),
    };
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    if field("grant_type") != "password" {
        return denied(settings, "unsupported_grant_type");
    }
    if field("scope") != "CustomerApi" {
        return denied(settings, "invalid_scope");
    }
    if !knows_client(credentials, headers) {
        return denied(settings, "invalid_client");
    }
    let known_user = field("username").eq_ignore_ascii_case(&credentials.username);
    if !known_user || field("password") != credentials.password {
        return denied(settings, "invalid_grant");
    }
    let (token, _) = tokens.issue(&credentials.username, settings.token_lifetime);
    let seconds = i64::try_from(settings.token_lifetime.as_secs()).unwrap_or(i64::MAX);
    Login::Answered(200, Some(token_object(Json::from(token), Json::Null, seconds)))
}

fn token_object(token: Json, error: Json, seconds: i64) -> Json {
    object! {
        "AccessToken": token,
        "IdentityToken": Json::Null,
        "Error": error,
        "ExpiresIn": seconds,
        "TokenType": "Bearer",
        "RefreshToken": Json::Null,
    }
}

fn denied(settings: &Settings, error: &'static str) -> Login {
    let token = token_object(Json::Null, Json::from(error), 0);
    match settings.login_failure {
        LoginFailure::TokenObject => Login::Answered(400, Some(token)),
        LoginFailure::Success => Login::Answered(200, Some(token)),
        // OAuth's own names, which no casing rule touches.
        LoginFailure::OAuth => {
            Login::Answered(400, Some(Json::Map(vec![("error".to_owned(), Json::from(error))])))
        }
        LoginFailure::ApiError => {
            Login::Answered(400, ErrorAnswer::rule(error, "The login was refused.").body(ErrorForm::Sdk))
        }
        LoginFailure::Empty => Login::Answered(400, None),
    }
}

/// The vendor's SDK does not percent-encode id and secret before encoding them: neither is decoded here.
fn knows_client(credentials: &Credentials, headers: &HeaderMap) -> bool {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pair =
        sent.and_then(|value| value.strip_prefix("Basic ")).and_then(|encoded| STANDARD.decode(encoded).ok());
    pair.is_some_and(|pair| {
        pair == format!("{}:{}", credentials.client_id, credentials.client_secret).into_bytes()
    })
}

fn read_form(
    headers: &HeaderMap,
    body: &[u8],
    strict: bool,
) -> Result<Vec<(String, String)>, Vec<FieldViolation>> {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        let reason = "the token request is a form (application/x-www-form-urlencoded)";
        return Err(vec![
            FieldViolation::new("InvalidHeader", "content-type", reason).of(RefusedPart::Header),
        ]);
    }
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let mut violations = Vec::new();
    if strict {
        let unknown = form.iter().filter(|(name, _)| !FIELDS.contains(&name.as_str()));
        violations.extend(
            unknown.map(|(name, _)| {
                FieldViolation::new("UnknownMember", name, format!("{name} is no form field"))
            }),
        );
    }
    for name in FIELDS {
        match form.iter().filter(|(known, _)| known == name).count() {
            0 => violations.push(FieldViolation::new("Required", name, format!("{name} is required"))),
            1 => {}
            _ => violations.push(FieldViolation::new(
                "RepeatedParameter",
                name,
                format!("{name} is given twice"),
            )),
        }
    }
    if violations.is_empty() { Ok(form) } else { Err(violations) }
}
