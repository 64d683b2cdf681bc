//! Plants secrets everywhere a call can carry one, makes calls go well and badly in every way at hand, and
//! searches all that was written about it: logs of all crates at TRACE, `Debug`, `Display`, chains of
//! causes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use http::{HeaderName, Method};
use provider_core::observe::{Event, Observer};
use provider_core::{Error, ErrorKind, ProviderInfo, Result};
use provider_http::{
    Authenticator, Basic, CallOptions, Credential, Deadline, HttpClient, HttpOptions, Keys, ProxySetting,
    RequestSpec,
};
use provider_testkit::fault::{FaultServer, Repeat, WireFault};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "canary+token/1=";
const PASSWORD: &str = "canary password&2";
const REFRESH: &str = "canary%refresh+3";
const API_KEY: &str = "canary-key-4";
const SIGNATURE: &str = "canary-signature-5";
const IN_BODY: &str = "canary-body-6";
const IN_ANSWER: &str = "canary-answer-7";
const IN_COOKIE: &str = "canary-cookie-8";
const PROXY: &str = "canary-proxy-9";
const PERSON: &str = "canary-person-10";

/// Every form in which a planted value could be written down.
fn needles() -> Vec<String> {
    let mut needles = vec!["canary".to_owned()];
    for secret in [TOKEN, PASSWORD, REFRESH, API_KEY, SIGNATURE, IN_BODY, IN_ANSWER, IN_COOKIE, PROXY, PERSON]
    {
        let base64 = base64::engine::general_purpose::STANDARD.encode(secret);
        needles.push(base64.trim_end_matches('=').to_owned());
        needles.push(base64::engine::general_purpose::STANDARD.encode(format!("user:{secret}")));
        // Base64 of a part depends on where it starts; the other two positions.
        for padding in ["x", "xx"] {
            let shifted = base64::engine::general_purpose::STANDARD.encode(format!("{padding}{secret}"));
            needles.push(shifted[4..shifted.len() - 4].to_owned());
        }
        needles.push(format!("{:?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned());
    }
    needles
}

/// Everything that was written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<String>>);

impl Written {
    fn show(&self, value: &impl Debug) {
        writeln!(self.0.lock().unwrap(), "{value:?}\n{value:#?}").unwrap();
    }

    fn error(&self, error: &Error) {
        self.show(error);
        let mut out = self.0.lock().unwrap();
        writeln!(out, "{error} {:?} {:?} {:?}", error.code(), error.request_id(), error.violations())
            .unwrap();
        let mut cause = error.source();
        while let Some(error) = cause {
            writeln!(out, "{error}\n{error:?}").unwrap();
            cause = error.source();
        }
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct Watching(Written);

impl Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Written")
    }
}

impl Observer for Watching {
    fn event(&self, event: &Event) {
        self.0.show(event);
        writeln!(self.0.0.lock().unwrap(), "{}", serde_json::to_string(event).unwrap()).unwrap();
    }
}

#[derive(Debug)]
struct Token;

#[async_trait::async_trait]
impl Authenticator for Token {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        Ok(Credential::bearer(&SecretString::from(TOKEN.to_owned()), 1))
    }

    fn invalidate(&self, _version: u64) {}
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn builder(base: &str, written: &Written) -> provider_http::HttpClientBuilder {
    HttpClient::builder(&ProviderInfo::new("pax8", "main"), base.parse().unwrap())
        .base_setting("PAX8_BASE_URL")
        .observer(Arc::new(Watching(written.clone())))
        .options(options())
}

/// For servers that may never answer.
fn options() -> HttpOptions {
    HttpOptions::default()
        .max_attempts(2)
        .backoff_base(Duration::from_millis(1))
        .attempt_timeout(Duration::from_millis(300))
        .proxy(ProxySetting::None)
}

/// Every request that can hold a secret.
fn requests() -> Vec<RequestSpec> {
    let order = json!({"admin": {"password": IN_BODY}, "contact": PERSON});
    vec![
        RequestSpec::get("/v1/companies/{id}").path("id", PERSON).query("search", PERSON).query("page", 1),
        RequestSpec::get("/x").secret_header(HeaderName::from_static("x-api-key"), &secret(API_KEY)),
        RequestSpec::post("/v1/orders").json(&order).unwrap().sensitive(),
        RequestSpec::post("/token").without_credential().secret_form(
            &[("grant_type", "refresh_token")],
            &[("refresh_token", &secret(REFRESH)), ("password", &secret(PASSWORD))],
        ),
        RequestSpec::get("/v1/report").query("sig", SIGNATURE).secret(&secret(SIGNATURE)),
    ]
}

/// A server that answers as it is told by the path of the base URL, and echoes whatever it was sent.
fn echo(request: &Request) -> ResponseTemplate {
    let credential = request.headers.get("authorization").and_then(|value| value.to_str().ok());
    let key = request.headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let body = String::from_utf8_lossy(&request.body).into_owned();
    // What a careless gateway repeats: credentials, whole and taken apart, and the values of a form.
    let bare = credential.and_then(|value| value.split_once(' ')).map(|(_, value)| value);
    let pair = bare
        .and_then(|bare| base64::engine::general_purpose::STANDARD.decode(bare).ok())
        .map(|pair| String::from_utf8_lossy(&pair).into_owned());
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    // Names of people that a request searched for are no secrets: a distributor may repeat those.
    let query = request.url.query().filter(|query| !query.contains(PERSON));
    let told = json!({
        "code": credential,
        "message": format!("bad {credential:?} {key:?} {bare:?} {pair:?} {form:?} {body} {query:?}"),
        "requestId": credential,
        "errors": [{"field": key, "message": credential}],
    });
    let status = request.url.path().split('/').nth(1).unwrap().parse().unwrap();
    let answer = ResponseTemplate::new(status)
        .insert_header("set-cookie", IN_COOKIE)
        .insert_header("www-authenticate", IN_ANSWER)
        .insert_header("location", format!("https://elsewhere.example.com/?sig={SIGNATURE}"));
    match status {
        200 => answer.set_body_json(json!({"id": IN_ANSWER, "password": IN_ANSWER, "seats": IN_ANSWER})),
        403 => answer.set_body_raw(format!("<html>{credential:?} {PERSON}</html>"), "text/html"),
        _ => answer.set_body_json(told),
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it never decodes")]
struct Seats {
    seats: u32,
}

async fn statuses(written: &Written) -> usize {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(echo).mount(&server).await;
    let mut failures = 0;
    for status in [200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503] {
        let base = format!("{}/{status}", server.uri());
        for authenticator in
            [Arc::new(Token) as Arc<dyn Authenticator>, Arc::new(Basic::new("user", &secret(PASSWORD)))]
        {
            written.show(&authenticator);
            // The failures are counted, and a good answer that comes late on a slow machine would be one.
            let patience = Duration::from_secs(if status == 200 { 60 } else { 2 });
            let http = builder(&base, written)
                .options(options().attempt_timeout(patience))
                .authenticator(authenticator)
                .build()
                .unwrap();
            written.show(&http);
            for spec in requests() {
                written.show(&spec);
                let call = CallOptions::default().deadline(patience);
                match http.send(spec, &call).await {
                    Ok(answer) => {
                        written.show(&answer);
                        written.error(&answer.read::<Seats>(Keys::AnyCase).unwrap_err());
                    }
                    Err(error) => {
                        failures += 1;
                        written.error(&error);
                    }
                }
            }
        }
    }
    // The secrets were really on the wire, or this test would show nothing.
    let sent = format!("{:?}", server.received_requests().await.unwrap());
    assert!(sent.contains(API_KEY) && sent.contains(TOKEN) && sent.contains(SIGNATURE));
    failures
}

async fn faults(written: &Written) {
    for fault in WireFault::all() {
        let server = FaultServer::start(fault, Repeat::Always).await.unwrap();
        let http = builder(&server.base_url(), written).authenticator(Arc::new(Token)).build().unwrap();
        for spec in requests().into_iter().take(3) {
            let call = CallOptions::default().deadline(Duration::from_millis(400));
            if let Err(error) = http.send(spec.max_body(10_000), &call).await {
                written.error(&error);
            }
        }
    }
}

async fn downloads(written: &Written) {
    let server = MockServer::start().await;
    Mock::given(path("/gone"))
        .respond_with(ResponseTemplate::new(410).set_body_string(SIGNATURE))
        .mount(&server)
        .await;
    let http = builder(&server.uri(), written).authenticator(Arc::new(Token)).build().unwrap();
    for url in [
        format!("{}/gone?sig={SIGNATURE}", server.uri()),
        format!("https://files.example.invalid/{SIGNATURE}?sig={SIGNATURE}"),
        format!("http://files.example.com/{SIGNATURE}"),
    ] {
        let spec = RequestSpec::absolute(Method::GET, url.parse().unwrap(), "{report}").without_credential();
        written.show(&spec);
        let call = CallOptions::default().deadline(Duration::from_millis(400));
        written.error(&http.download(spec, &mut Vec::new(), &call).await.unwrap_err());
    }
}

fn settings(written: &Written) {
    let proxied = HttpOptions::default().proxy(ProxySetting::Url(secret(&format!("http://u:{PROXY}@"))));
    written.show(&proxied);
    let refused =
        HttpClient::builder(&ProviderInfo::new("pax8", "main"), "https://api.example.com".parse().unwrap());
    written.error(&refused.options(proxied).build().unwrap_err());
    let with_password = format!("https://user:{PROXY}@api.example.com").parse().unwrap();
    let refused = HttpClient::builder(&ProviderInfo::new("pax8", "main"), with_password);
    written.show(&refused);
    written.error(&refused.build().unwrap_err());
    for credential in [
        Credential::bearer(&secret(TOKEN), 1),
        Credential::basic("user", &secret(PASSWORD), 1),
        Credential::new(HeaderName::from_static("x-api-key"), secret(API_KEY), 1),
        Credential::bearer(&secret(&format!("{TOKEN}\n")), 1),
    ] {
        written.show(&credential);
        match credential.header() {
            Ok(header) => written.show(&header),
            Err(error) => written.error(&error),
        }
    }
}

#[test]
fn no_secret_is_written_anywhere() {
    let written = Written::default();
    let sink = written.clone();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(move || sink.clone())
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false);
    // Also takes what crates write through `log`: reqwest and rustls do.
    tracing_subscriber::registry().with(layer).init();

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failures = runtime.block_on(async {
        settings(&written);
        downloads(&written).await;
        faults(&written).await;
        statuses(&written).await
    });
    assert_eq!(failures, 10 * 2 * 5, "every request failed for every status but one");

    let text = written.text();
    for proof in ["TRACE", "hyper_util", "http.request", "reqwest", "rate_limited", "\"event\":\"attempt\""] {
        assert!(text.contains(proof), "nothing was captured from {proof}");
    }
    assert!(text.contains(ErrorKind::Decode.as_str()));
    // The test server runs in this process, and its own logs quote what it received.
    let ours: Vec<&str> = text.lines().filter(|line| !line.contains("wiremock")).collect();
    for needle in needles() {
        let found: Vec<_> = ours.iter().filter(|line| line.contains(&needle)).take(5).collect();
        assert!(found.is_empty(), "{needle} in {found:#?}");
    }
}
