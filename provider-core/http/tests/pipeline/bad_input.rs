//! What goes wrong when the settings are wrong: one typed error that names the setting.

use std::time::Duration;

use bytes::Bytes;
use provider_core::{Advice, Delivery, EntityKind, ErrorKind, Operation, ProviderInfo};
use provider_http::{CallOptions, HttpClient, HttpOptions, ProxySetting, RequestSpec};
use secrecy::SecretString;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::scripted::{Reply, Scripted};

const SETTING: &str = "PAX8_BASE_URL";
const READ: Operation = Operation::List(EntityKind::Customer);

fn real(base: &str, options: HttpOptions) -> HttpClient {
    HttpClient::builder(&ProviderInfo::new("pax8", "main"), base.parse().unwrap())
        .base_setting(SETTING)
        .options(options)
        .build()
        .unwrap()
}

fn once() -> HttpOptions {
    HttpOptions::default().max_attempts(1)
}

#[tokio::test]
async fn an_unreachable_host_is_not_sent_and_named() {
    // Held for as long as the test takes, and nobody listens: a port that was merely free may be another test's by now.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = held.local_addr().unwrap().port();
    for (base, host) in [
        (format!("http://127.0.0.1:{port}"), "127.0.0.1"),
        ("https://api.example.invalid".to_owned(), "api.example.invalid"),
    ] {
        let http = real(&base, once().proxy(ProxySetting::None));
        for spec in [RequestSpec::get("/x"), RequestSpec::post("/x")] {
            let error = http.send(spec.operation(READ), &CallOptions::default()).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Transport, Delivery::NotSent),
                "{error}"
            );
            assert_eq!(error.advice(), Advice::Backoff);
            assert!(error.to_string().contains(SETTING) && error.to_string().contains(host), "{error}");
        }
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_when_the_client_is_built() {
    let error =
        HttpClient::builder(&ProviderInfo::new("pax8", "main"), "http://api.example.com".parse().unwrap())
            .base_setting(SETTING)
            .build()
            .unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Config, Delivery::NotSent));
    assert!(error.to_string().contains(SETTING) && error.to_string().contains("https://"), "{error}");
}

#[tokio::test]
async fn html_instead_of_json_asks_for_the_setting() {
    for (status, kind) in
        [(200, ErrorKind::Decode), (404, ErrorKind::NotFound), (403, ErrorKind::PermissionDenied)]
    {
        let server = MockServer::start().await;
        let page = ResponseTemplate::new(status)
            .set_body_raw("\n <!DOCTYPE html><h1>Portal</h1>", "text/html; charset=utf-8");
        Mock::given(any()).respond_with(page).mount(&server).await;
        let http = real(&server.uri(), once());
        let error =
            http.send(RequestSpec::get("/x").operation(READ), &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (kind, Some(status)));
        assert!(
            error.to_string().contains("answered with HTML instead of JSON: is PAX8_BASE_URL right?"),
            "{error}"
        );
        assert!(!error.to_string().contains("Portal"), "{error}");
    }
}

#[tokio::test]
async fn html_of_a_gateway_that_is_down_is_an_outage_and_not_a_setting() {
    let wire = Scripted::new(|_, _| {
        Reply::body(502, "<html>Bad Gateway</html>").header("content-type", "text/html")
    });
    let http = wire.builder().options(once()).build().unwrap();
    let error = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(!error.to_string().contains(SETTING), "{error}");
}

#[tokio::test]
async fn json_under_an_html_label_is_json() {
    let wire = Scripted::new(|_, _| Reply::body(200, r#" {"a":1}"#).header("content-type", "text/html"));
    assert!(wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.is_ok());
    let wire = Scripted::new(|_, _| Reply::body(200, "<html>").header("content-type", "text/html"));
    assert!(
        wire.client().send(RequestSpec::get("/x").accept("text/html"), &CallOptions::default()).await.is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn an_endless_body_ends_at_the_cap() {
    let wire = Scripted::new(|_, _| {
        Reply::stream(200, futures_util::stream::repeat_with(|| Ok(Bytes::from_static(&[b' '; 65_536]))))
    });
    let http = wire.client();
    for spec in [RequestSpec::get("/x"), RequestSpec::post("/x"), RequestSpec::get("/x").max_body(100)] {
        let error = http.send(spec, &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown));
        assert!(error.to_string().contains("larger than"), "{error}");
    }
    assert_eq!(wire.count(), 3, "it would be as long a second time");
}

#[tokio::test]
async fn a_body_that_declares_itself_too_large_is_not_read() {
    let wire = Scripted::new(|_, _| {
        Reply::stream(200, futures_util::stream::once(async { panic!("it was read") }))
            .header("content-length", "100000000")
    });
    let error = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn an_explanation_that_never_ends_does_not_blur_the_status() {
    for endless in [true, false] {
        let wire = Scripted::new(move |_, _| {
            if endless {
                Reply::stream(
                    400,
                    futures_util::stream::repeat_with(|| Ok(Bytes::from_static(b"xxxxxxxxxxxxxxxx"))),
                )
            } else {
                Reply::stream(400, futures_util::stream::pending())
            }
        });
        let error = wire.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    }
}

#[tokio::test(start_paused = true)]
async fn an_explanation_takes_no_longer_than_its_attempt_has_left() {
    let wire = Scripted::new(|_, _| {
        Reply::stream(409, futures_util::stream::pending()).after(Duration::from_secs(28))
    });
    let error = wire.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.http_status(), error.delivery()), (Some(409), Delivery::Rejected), "{error}");
}

#[tokio::test]
async fn settings_of_the_network_are_checked_when_the_client_is_built() {
    let build = |options: HttpOptions| {
        HttpClient::builder(&ProviderInfo::new("pax8", "main"), "https://api.example.com".parse().unwrap())
            .options(options)
            .build()
            .unwrap_err()
            .to_string()
    };
    let secret = SecretString::from("http://user:s3cret@".to_owned());
    let said = build(HttpOptions::default().proxy(ProxySetting::Url(secret)));
    assert!(said.contains("proxy") && !said.contains("s3cret"), "{said}");
    let said = build(HttpOptions::default().extra_root(Bytes::from_static(b"not a certificate")));
    assert!(said.contains("extra_roots"), "{said}");
    let said = build(HttpOptions::default().user_agent_prefix("a\nb"));
    assert!(said.contains("user_agent"), "{said}");
}

#[tokio::test]
async fn a_proxy_is_used_when_it_is_set() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string("{}")).mount(&proxy).await;
    let url = SecretString::from(proxy.uri());
    // Loopback so that plain HTTP is allowed; nothing listens there.
    let http = real("http://127.0.0.1:9", once().proxy(ProxySetting::Url(url)));
    http.send(RequestSpec::get("/through"), &CallOptions::default()).await.unwrap();
    assert_eq!(proxy.received_requests().await.unwrap()[0].url.path(), "/through");
}

#[tokio::test]
async fn an_idle_runtime_is_not_required_but_a_runtime_is() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.client();
    let outcome = std::thread::spawn(move || {
        let call = CallOptions::default().deadline(Duration::from_secs(1));
        futures_util::FutureExt::now_or_never(http.send(RequestSpec::post("/x"), &call))
    })
    .join()
    .unwrap();
    let error = outcome.expect("it answers at once").unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Internal, Delivery::NotSent));
}
