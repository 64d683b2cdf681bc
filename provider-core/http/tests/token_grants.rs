//! The three grants on the wire, and what their answers mean; tokens that can be asked for again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap or index is a failed test")]

mod token_support;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use provider_core::token::TokenKey;
use provider_core::{Advice, Error, ErrorKind, Result};
use provider_http::auth::grant::{Grant, GrantResult, TokenAnswer};
use provider_http::auth::{
    ClientCredentialsJson, PasswordGrant, RotatingRefresh, SettingNames, TokenManager,
};
use provider_http::{Authenticator as _, Body, Transport, TransportError, TransportErrorKind};
use secrecy::ExposeSecret as _;
use token_support::{TestClock, bearer, patient, secret};
use tokio::time::{Instant, advance};

fn crayon() -> PasswordGrant {
    let endpoint = "https://api.example.com/api/v1/connect/token".parse().unwrap();
    PasswordGrant::new(endpoint, "client-1", secret("s3cret&1"), "api@example.com", secret("p w+d"))
        .scope("CustomerApi")
        .settings(SettingNames::new(
            "CRAYON_BASE_URL",
            ["CRAYON_CLIENT_ID", "CRAYON_CLIENT_SECRET", "CRAYON_USERNAME", "CRAYON_PASSWORD"],
            "make a client under Manage, API Management",
        ))
}

fn pax8() -> ClientCredentialsJson {
    let endpoint = "https://api.example.com/v1/token".parse().unwrap();
    ClientCredentialsJson::new(endpoint, "client-1", secret("s3cret\"1"), "https://api.pax8.com").settings(
        SettingNames::new(
            "PAX8_BASE_URL",
            ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET"],
            "make an integration under Integrations",
        ),
    )
}

fn ion() -> RotatingRefresh {
    let endpoint = "https://ion.example.com/oauth/token".parse().unwrap();
    RotatingRefresh::new(endpoint, Some(secret(" first+token\n"))).settings(SettingNames::new(
        "STREAMONE_BASE_URL",
        ["STREAMONE_REFRESH_TOKEN"],
        "request new credentials",
    ))
}

fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name).map(|value| value.to_str().unwrap())
}

fn body(request: &Request<Bytes>) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

#[test]
fn the_password_grant_is_a_form_with_the_client_as_basic() {
    let request = crayon().request(None).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.example.com/api/v1/connect/token");
    assert_eq!(header(&request, "authorization"), Some("Basic Y2xpZW50LTE6czNjcmV0JjE="));
    assert!(request.headers().get(header::AUTHORIZATION).unwrap().is_sensitive());
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&request, "accept"), Some("application/json"));
    assert_eq!(
        body(&request),
        "grant_type=password&username=api%40example.com&password=p+w%2Bd&scope=CustomerApi"
    );
}

#[test]
fn client_credentials_are_json_without_authorization() {
    let request = pax8().request(None).unwrap();
    assert_eq!(request.uri(), "https://api.example.com/v1/token");
    assert_eq!(header(&request, "authorization"), None);
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(
        body(&request),
        r#"{"client_id":"client-1","client_secret":"s3cret\"1","audience":"https://api.pax8.com","grant_type":"client_credentials"}"#
    );
}

#[test]
fn the_rotating_grant_is_a_form_with_nothing_but_the_token() {
    assert_eq!(ion().first_token().unwrap().expose_secret(), "first+token");
    let request = ion().request(Some(&secret("next+token"))).unwrap();
    assert_eq!(header(&request, "authorization"), None);
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(body(&request), "grant_type=refresh_token&refresh_token=next%2Btoken");
    assert!(ion().request(None).is_err());
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Issued,
    Refused(ErrorKind),
    Unavailable(ErrorKind),
}

fn judged(grant: &dyn Grant, status: u16, body: &str) -> (Verdict, Option<Error>) {
    let headers = HeaderMap::new();
    let sent = secret("next+token");
    let answer = TokenAnswer::new(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
        .to_request_with(Some(&sent));
    match grant.judge(&answer) {
        GrantResult::Issued(_) => (Verdict::Issued, None),
        GrantResult::Refused(error) => (Verdict::Refused(error.kind()), Some(error)),
        GrantResult::Unavailable(error) => (Verdict::Unavailable(error.kind()), Some(error)),
        other => panic_on(&other),
    }
}

fn panic_on(judgement: &GrantResult) -> (Verdict, Option<Error>) {
    unreachable!("{judgement:?}")
}

#[test]
fn every_answer_has_one_meaning_for_each_grant() {
    use ErrorKind::{
        Config, Decode, PermissionDenied, RateLimited, ReauthRequired, Timeout, Unauthenticated,
    };
    use Verdict::{Issued, Refused, Unavailable};
    let down = || Unavailable(ErrorKind::Unavailable);
    let denied = || Refused(Unauthenticated);
    let lost = || Refused(ReauthRequired);
    let tokens = r#"{"access_token":"A","expires_in":7200,"refresh_token":"R"}"#;
    let pascal = r#"{"AccessToken":"A","ExpiresIn":3600,"Error":null}"#;
    let no_token = r#"{"AccessToken":null,"Error":"invalid user"}"#;
    let error = r#"{"error":"access_denied","error_description":"Unauthorized"}"#;
    for (status, body, on_crayon, on_pax8, on_ion) in [
        (200, tokens, Issued, Issued, Issued),
        (201, tokens, Issued, Issued, Issued),
        (200, pascal, Issued, Issued, Issued),
        (200, no_token, denied(), Unavailable(Decode), Unavailable(Decode)),
        (200, "{}", denied(), Unavailable(Decode), Unavailable(Decode)),
        (200, "<html></html>", Unavailable(Decode), Unavailable(Decode), Unavailable(Decode)),
        (200, "", Unavailable(Decode), Unavailable(Decode), Unavailable(Decode)),
        // A token beside an error status is not one to trust.
        (400, tokens, denied(), denied(), lost()),
        (400, error, denied(), denied(), lost()),
        (400, "", denied(), denied(), lost()),
        (400, "<html></html>", denied(), denied(), lost()),
        (401, error, denied(), denied(), lost()),
        (403, error, denied(), denied(), Unavailable(PermissionDenied)),
        (422, error, denied(), denied(), Unavailable(PermissionDenied)),
        (301, "", Unavailable(Config), Unavailable(Config), Unavailable(Config)),
        (307, "", Unavailable(Config), Unavailable(Config), Unavailable(Config)),
        (404, error, Unavailable(Config), Unavailable(Config), Unavailable(Config)),
        (405, "", Unavailable(Config), Unavailable(Config), Unavailable(Config)),
        (408, "", Unavailable(Timeout), Unavailable(Timeout), Unavailable(Timeout)),
        (429, "", Unavailable(RateLimited), Unavailable(RateLimited), Unavailable(RateLimited)),
        (500, error, down(), down(), down()),
        (502, "", down(), down(), down()),
        (503, tokens, down(), down(), down()),
        (504, "", down(), down(), down()),
    ] {
        assert_eq!(judged(&crayon(), status, body).0, on_crayon, "crayon {status} {body}");
        assert_eq!(judged(&pax8(), status, body).0, on_pax8, "pax8 {status} {body}");
        assert_eq!(judged(&ion(), status, body).0, on_ion, "ion {status} {body}");
    }
}

#[test]
fn a_refusal_names_every_setting_the_reason_and_the_remedy() {
    let body = r#"{"error":"access_denied","error_description":"Unauthorized"}"#;
    let error = judged(&pax8(), 401, body).1.unwrap();
    assert_eq!(
        error.message(),
        "the distributor refused PAX8_CLIENT_ID and PAX8_CLIENT_SECRET (Unauthorized): make an integration under Integrations"
    );
    assert_eq!((error.http_status(), error.code()), (Some(401), Some("access_denied")));
    let fields: Vec<_> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET"]);
    let error = judged(&crayon(), 200, r#"{"AccessToken":null,"Error":"invalid user"}"#).1.unwrap();
    for part in
        ["CRAYON_CLIENT_ID", "CRAYON_CLIENT_SECRET", "CRAYON_USERNAME", "CRAYON_PASSWORD", "(invalid user)"]
    {
        assert!(error.message().contains(part), "{part} in {error}");
    }
}

#[test]
fn an_answer_that_echoes_a_secret_is_not_quoted() {
    for (grant, echoed) in [
        (&crayon() as &dyn Grant, "bad s3cret&1"),
        (&crayon(), "bad p w+d"),
        (&crayon(), "bad Basic Y2xpZW50LTE6czNjcmV0JjE="),
        (&pax8(), "bad s3cret\"1"),
        (&ion(), "bad first+token"),
        (&ion(), "bad next+token"),
        (&ion(), "bad next%2Btoken"),
    ] {
        let error = judged(grant, 400, echoed).1.unwrap();
        assert!(!format!("{error} {error:?}").contains("bad "), "{error:?}");
    }
}

#[test]
fn debug_of_a_grant_shows_no_secret() {
    let shown = format!("{:?} {:?} {:?}", crayon(), pax8(), ion());
    for secret in ["s3cret", "p w+d", "first+token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A token endpoint that answers from a list and then issues `A1`, `A2`, and so on.
#[derive(Debug, Default)]
struct Endpoint {
    answers: Mutex<VecDeque<(u16, &'static str)>>,
    issued: Mutex<Vec<Instant>>,
}

#[async_trait]
impl Transport for Endpoint {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        assert_eq!(header(&request, "user-agent"), Some("app/1.0"));
        self.issued.lock().unwrap().push(Instant::now());
        let number = self.issued.lock().unwrap().len();
        let (status, body) = match self.answers.lock().unwrap().pop_front() {
            Some((0, _)) => {
                return Err(TransportError::new(TransportErrorKind::Connect, "no connection")
                    .with_source("dns error"));
            }
            Some((status, body)) => (status, body.to_owned()),
            None => (200, format!(r#"{{"access_token":"A{number}","expires_in":86400}}"#)),
        };
        let mut response = Response::new(Body::from_bytes(body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        if status == 503 {
            response.headers_mut().insert(header::RETRY_AFTER, "3".parse().unwrap());
        }
        Ok(response)
    }
}

impl Endpoint {
    fn answering(answers: &[(u16, &'static str)]) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.iter().copied().collect()), ..Self::default() })
    }

    fn posts(&self) -> usize {
        self.issued.lock().unwrap().len()
    }
}

fn manager(grant: impl Grant, endpoint: &Arc<Endpoint>) -> TokenManager {
    TokenManager::builder(TokenKey::new("streamone", "main"), grant, Arc::<Endpoint>::clone(endpoint))
        .clock(TestClock::start())
        .user_agent("app/1.0".parse().unwrap())
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn one_token_serves_everybody_until_shortly_before_its_end() {
    let endpoint = Endpoint::answering(&[]);
    let manager = manager(pax8(), &endpoint);
    let all = (0..100).map(|_| token_support::token(&manager));
    for token in futures_util::future::join_all(all).await {
        assert_eq!(token.unwrap(), "A1");
    }
    advance(Duration::from_secs(86_000)).await;
    assert_eq!(token_support::token(&manager).await.unwrap(), "A1");
    assert_eq!(endpoint.posts(), 1);
    advance(Duration::from_secs(399)).await;
    assert_eq!(token_support::token(&manager).await.unwrap(), "A2");
}

#[tokio::test(start_paused = true)]
async fn a_401_gets_a_new_token() {
    let endpoint = Endpoint::answering(&[]);
    let manager = manager(crayon(), &endpoint);
    let first = manager.credential(patient()).await.unwrap();
    manager.invalidate(first.version());
    let second = manager.credential(patient()).await.unwrap();
    assert_eq!((bearer(&first).as_str(), bearer(&second).as_str()), ("A1", "A2"));
    assert!(second.version() > first.version());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_sent_again_and_again() {
    let refusal = (401, r#"{"error":"access_denied","error_description":"Unauthorized"}"#);
    let endpoint = Endpoint::answering(&[refusal, refusal]);
    let manager = manager(pax8(), &endpoint);
    for _ in 0..100 {
        let error = manager.credential(patient()).await.unwrap_err();
        assert_eq!((error.kind(), error.advice()), (ErrorKind::Unauthenticated, Advice::AfterReauth));
    }
    assert_eq!(endpoint.posts(), 1);
    // Somebody may have corrected it in the portal.
    advance(Duration::from_secs(5)).await;
    assert!(manager.credential(patient()).await.is_err());
    advance(Duration::from_secs(5)).await;
    assert!(manager.credential(patient()).await.is_err(), "the second pause is longer");
    assert_eq!(endpoint.posts(), 2);
    advance(Duration::from_secs(5)).await;
    assert_eq!(token_support::token(&manager).await.unwrap(), "A3");
}

#[tokio::test(start_paused = true)]
async fn a_caller_waits_for_the_pause_of_a_passing_failure_and_then_succeeds() {
    let endpoint = Endpoint::answering(&[(500, ""), (0, ""), (502, "")]);
    let manager = manager(pax8(), &endpoint);
    let mut errors = Vec::new();
    let served = loop {
        match manager.credential(patient()).await {
            Ok(credential) => break bearer(&credential),
            Err(error) => errors.push(error),
        }
    };
    assert_eq!(served, "A4");
    let kinds: Vec<_> = errors.iter().map(Error::kind).collect();
    assert_eq!(kinds, [ErrorKind::Unavailable, ErrorKind::Transport, ErrorKind::Unavailable]);
    assert!(errors.iter().all(|error| error.advice() == Advice::Backoff));
    assert!(errors[1].message().contains("PAX8_BASE_URL"), "{}", errors[1]);
    assert!(errors[1].message().contains("dns error"), "{}", errors[1]);
    let times = endpoint.issued.lock().unwrap().clone();
    for (pair, at_least) in times.windows(2).zip([150, 300, 600]) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(at_least));
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_deadline_is_told_instead_of_waited_for() {
    let endpoint = Endpoint::answering(&[(503, "")]);
    let manager = manager(pax8(), &endpoint);
    assert!(manager.credential(patient()).await.is_err());
    let soon = provider_http::Deadline::after(Duration::from_secs(1));
    let error = manager.credential(soon).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert_eq!(error.advice(), Advice::After(Duration::from_secs(3)));
    assert_eq!(token_support::token(&manager).await.unwrap(), "A2");
}

#[test]
fn credentials_go_only_where_they_are_safe() {
    let build = |url: &str| {
        let grant = ClientCredentialsJson::new(url.parse().unwrap(), "id", secret("secret"), "aud")
            .settings(SettingNames::new("PAX8_BASE_URL", ["PAX8_CLIENT_ID"], ""));
        TokenManager::builder(TokenKey::new("pax8", "id"), grant, Endpoint::answering(&[])).build()
    };
    for good in
        ["https://api.example.com/t", "http://localhost:1/t", "http://127.0.0.9/t", "http://[::1]:8/t"]
    {
        assert!(build(good).is_ok(), "{good}");
    }
    for bad in [
        "http://api.example.com/t",
        "http://localhost.example.com/t",
        "http://128.0.0.1/t",
        "ftp://localhost/t",
        "https://user:pw@api.example.com/t",
    ] {
        let error = build(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{bad}");
        assert!(error.message().contains("PAX8_BASE_URL"), "{error}");
        assert!(!error.to_string().contains("pw"));
    }
}

#[test]
fn a_rotating_grant_needs_a_store() {
    let key = TokenKey::new("streamone", "1");
    let error = TokenManager::builder(key, ion(), Endpoint::answering(&[])).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
}
