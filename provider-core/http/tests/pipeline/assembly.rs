//! What the builder puts together by itself: transport, credentials, tokens.

use std::sync::Arc;
use std::time::Duration;

use provider_core::token::MemoryTokenStore;
use provider_core::{EntityKind, ErrorKind, Operation, ProviderInfo, Services};
use provider_http::auth::{ClientCredentialsJson, PasswordGrant, RotatingRefresh};
use provider_http::{CallOptions, HttpClient, HttpClientBuilder, HttpOptions, RequestSpec, Tokens};

use crate::scripted::{Reply, Scripted, Watcher};

const TOKEN: &str = r#"{"access_token":"first","expires_in":3600}"#;
const READ: Operation = Operation::Get(EntityKind::Customer);

fn at(base: &str) -> HttpClientBuilder {
    HttpClient::builder(&ProviderInfo::new("acme", "main"), base.parse().unwrap())
        .base_setting("ACME_BASE_URL")
}

/// Answers token requests with a token, and everything else with nothing.
fn with_tokens() -> Scripted {
    Scripted::new(|_, request| match request.uri().path() {
        path if path.ends_with("token") => Reply::body(200, TOKEN),
        _ => Reply::body(200, "{}"),
    })
}

fn credentials(audience: &'static str) -> Tokens {
    Tokens::at("/v1/token", "client-id", move |endpoint| {
        ClientCredentialsJson::new(endpoint, "client-id", "hunter2".into(), audience)
    })
}

async fn call(http: &HttpClient) {
    http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_transport_serves_whatever_is_built_with_the_options() {
    let wire = with_tokens();
    let options = HttpOptions::default().transport(Arc::new(wire.clone()));
    assert!(format!("{options:?}").contains("transport: Some([set])"), "{options:?}");
    assert!(format!("{:?}", HttpOptions::default()).contains("transport: None"));
    for base in ["https://one.example.com", "https://two.example.com"] {
        call(&at(base).options(options.clone()).bearer("fixed").build().unwrap()).await;
    }
    assert_eq!(wire.count(), 2);
    // One that is set on its own is taken before it.
    let own = with_tokens();
    let http = at("https://one.example.com").options(options).transport(Arc::new(own.clone()));
    call(&http.build().unwrap()).await;
    assert_eq!((own.count(), wire.count()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_fixed_token_goes_with_every_request_and_is_not_shown() {
    let wire = Scripted::new(|number, _| Reply::status(if number == 0 { 200 } else { 401 }));
    let http = at("https://api.example.com").transport(Arc::new(wire.clone()));
    let http = http.bearer("hunter2").build().unwrap();
    call(&http).await;
    assert_eq!(wire.seen()[0].authorization.as_deref(), Some("Bearer hunter2"));
    assert!(!format!("{http:?}").contains("hunter2") && http.tokens().is_none());
    // There is no other token to try.
    let error = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), wire.count()), (ErrorKind::Unauthenticated, 2));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_asked_for_over_the_same_transport_below_the_base() {
    let wire = with_tokens();
    let watcher = Watcher::default();
    let services = Services::default().with_observer(Arc::new(watcher.clone()));
    let http = at("https://api.example.com/tenant")
        .options(HttpOptions::default().transport(Arc::new(wire.clone())).user_agent_prefix("app/1.0"))
        .services(&services)
        .tokens(credentials("https://api.example.com"))
        .build()
        .unwrap();
    call(&http).await;
    let paths: Vec<_> = wire.seen().into_iter().map(|seen| seen.uri).collect();
    assert_eq!(paths, ["https://api.example.com/tenant/v1/token", "https://api.example.com/tenant/x"]);
    assert_eq!(wire.seen()[1].authorization.as_deref(), Some("Bearer first"));
    assert!(watcher.whole().iter().all(|event| event.provider == "acme" && event.connection == "main"));
    assert!(watcher.events().iter().any(|what| format!("{what:?}").contains("TokenRenewed")), "{watcher:?}");
    assert!(http.tokens().unwrap().status().await.unwrap().valid_until.is_some());

    // Another audience: other tokens, the same connection.
    let usage = http.with_tokens(credentials("api://usage")).unwrap();
    call(&usage).await;
    let body = String::from_utf8(wire.seen()[2].body.to_vec()).unwrap();
    assert!(body.contains("api://usage"), "{body}");
    assert_eq!(wire.count(), 4);
    call(&http).await;
    assert_eq!(wire.count(), 5, "each keeps its token");
}

#[tokio::test(start_paused = true)]
async fn every_grant_fits_and_a_rotating_one_needs_its_store() {
    let wire = with_tokens();
    let build = |tokens: Tokens| {
        at("https://api.example.com").transport(Arc::new(wire.clone())).tokens(tokens).build()
    };
    let password = |endpoint| {
        PasswordGrant::new(endpoint, "id", "secret".into(), "user", "password".into()).scope("CustomerApi")
    };
    let elsewhere = "https://login.example.com/connect/token".parse().unwrap();
    call(&build(Tokens::elsewhere(elsewhere, "id", password)).unwrap()).await;
    assert_eq!(wire.seen()[0].uri, "https://login.example.com/connect/token");
    assert!(wire.seen()[0].authorization.as_deref().unwrap().starts_with("Basic "));

    let rotating = || {
        Tokens::at("/oauth/token", "20001", |endpoint| RotatingRefresh::new(endpoint, Some("first".into())))
    };
    assert_eq!(build(rotating()).unwrap_err().kind(), ErrorKind::Internal);
    let stored = rotating().store(Arc::new(MemoryTokenStore::default())).limit(Duration::from_secs(5));
    assert!(build(stored).unwrap().tokens().unwrap().key().account == "20001");

    let plain = "http://login.example.com/token".parse().unwrap();
    let error = build(Tokens::elsewhere(plain, "id", password)).unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("acme")));
}

#[tokio::test(start_paused = true)]
async fn the_call_names_the_operation_where_the_request_does_not() {
    let wire = Scripted::new(|_, _| Reply::status(404));
    let http = wire.client();
    let own = Operation::List(EntityKind::Order);
    let named = CallOptions::default().operation(READ);
    for (spec, call, operation) in [
        (RequestSpec::get("/x"), CallOptions::default(), None),
        (RequestSpec::get("/x"), named.clone(), Some(READ)),
        (RequestSpec::get("/x").operation(own), named, Some(own)),
    ] {
        let error = http.send(spec, &call).await.unwrap_err();
        assert_eq!(error.operation(), operation);
    }
}
