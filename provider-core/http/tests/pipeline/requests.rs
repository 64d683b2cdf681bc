//! Exactly what goes over the wire, through the real transport.

use http::{HeaderName, Method, header};
use provider_core::{Delivery, ErrorKind, ProviderInfo};
use provider_http::{Basic, CallOptions, HttpClient, HttpOptions, RequestSpec};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::scripted::{Reply, Scripted};

async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    server
}

fn client(server: &MockServer) -> HttpClient {
    HttpClient::builder(&ProviderInfo::new("pax8", "main"), server.uri().parse().unwrap())
        .user_agent("pax8-client/9.9")
        .options(HttpOptions::default().user_agent_prefix("shop/1.0"))
        .authenticator(Arc::new(Basic::new("user", &SecretString::from("pass".to_owned()))))
        .build()
        .unwrap()
}

async fn sent(spec: RequestSpec) -> Request {
    let server = server().await;
    client(&server).send(spec, &CallOptions::default()).await.unwrap();
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn header_of<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn paths_and_queries_are_encoded_and_keep_their_case() {
    let request = sent(
        RequestSpec::get("/v3/accounts/{accountId}/products/{id}:pricing")
            .path("accountId", "a/../b?c#d e")
            .path("id", "x:y%2F")
            .query("pageSize", 50)
            .query("AgreementIds", "1,2")
            .query_opt("status", None::<&str>)
            .query_opt("q", Some("a&b=c+d é"))
            .query_all("tag", ["x", "y"]),
    )
    .await;
    assert_eq!(request.method.as_str(), "GET");
    assert_eq!(
        request.url.as_str().split_once("/v3/").unwrap().1,
        "accounts/a%2F..%2Fb%3Fc%23d%20e/products/x%3Ay%252F:pricing?pageSize=50&AgreementIds=1%2C2&q=a%26b%3Dc%2Bd%20%C3%A9&tag=x&tag=y"
    );
}

#[tokio::test]
async fn headers_say_who_asks_for_what() {
    let request = sent(RequestSpec::get("/x").header(HeaderName::from_static("x-page"), "7")).await;
    assert_eq!(header_of(&request, "accept"), Some("application/json"));
    assert_eq!(header_of(&request, "accept-encoding"), Some("gzip"));
    assert_eq!(header_of(&request, "authorization"), Some("Basic dXNlcjpwYXNz"));
    assert_eq!(header_of(&request, "x-page"), Some("7"));
    assert_eq!(header_of(&request, "referer"), None);
    assert_eq!(header_of(&request, "content-type"), None);
    let agent = header_of(&request, "user-agent").unwrap();
    assert!(agent.starts_with("shop/1.0 pax8-client/9.9 provider-http/"), "{agent}");
    let csv = sent(RequestSpec::get("/x").accept("text/csv")).await;
    assert_eq!(header_of(&csv, "accept"), Some("text/csv"));
}

#[tokio::test]
async fn bodies_are_json_or_forms() {
    let request = sent(RequestSpec::put("/x").json(&json!({"quantity": 5})).unwrap()).await;
    assert_eq!((request.method.as_str(), &*request.body), ("PUT", br#"{"quantity":5}"#.as_slice()));
    assert_eq!(header_of(&request, "content-type"), Some("application/json"));
    assert_eq!(header_of(&request, "content-length"), Some("14"));

    let token = SecretString::from("r+t".to_owned());
    let request = sent(
        RequestSpec::post("/x").secret_form(&[("grant_type", "refresh_token")], &[("refresh_token", &token)]),
    )
    .await;
    assert_eq!(&*request.body, b"grant_type=refresh_token&refresh_token=r%2Bt");
    assert_eq!(header_of(&request, "content-type"), Some("application/x-www-form-urlencoded"));

    let request = sent(RequestSpec::delete("/x")).await;
    assert_eq!((request.method.as_str(), request.body.len()), ("DELETE", 0));
}

#[tokio::test]
async fn requests_without_a_credential_carry_none() {
    let request = sent(RequestSpec::get("/x").without_credential()).await;
    assert_eq!(header_of(&request, "authorization"), None);
}

#[tokio::test]
async fn a_path_prefix_of_the_base_stays() {
    let server = server().await;
    let base = format!("{}/gateway/pax8/", server.uri()).parse().unwrap();
    let http = HttpClient::builder(&ProviderInfo::new("pax8", "main"), base).build().unwrap();
    http.send(RequestSpec::get("/v1/companies"), &CallOptions::default()).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap()[0].url.path(), "/gateway/pax8/v1/companies");
}

#[tokio::test]
async fn connections_are_reused() {
    // A server that counts connections, because wiremock does not tell.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
                }
            });
        }
    });
    let http =
        HttpClient::builder(&ProviderInfo::new("pax8", "main"), format!("http://{address}").parse().unwrap())
            .build()
            .unwrap();
    for _ in 0..20 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    }
    assert_eq!(connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn arguments_that_cannot_be_sent_are_refused_before_anything_is() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.client();
    for (spec, field) in [
        (RequestSpec::get("/v1/{companyId}").path("companyId", ""), "companyId"),
        (RequestSpec::get("/v1/{companyId}").path("companyId", "  "), "companyId"),
        (RequestSpec::get("/v1/{companyId}").path("companyId", ".."), "companyId"),
        (RequestSpec::get("/v1/{companyId}").path("companyId", "."), "companyId"),
        (RequestSpec::get("/x").header(header::IF_MATCH, "a\nb"), "if-match"),
    ] {
        let error = http.send(spec, &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));
        assert_eq!(error.violations()[0].field, field);
    }
    let unkeyed = std::collections::BTreeMap::from([((1, 2), 3)]);
    let error = RequestSpec::post("/x").json(&unkeyed).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));
    let error = http.send(RequestSpec::get("/v1/{id}"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Internal, Delivery::NotSent));
    assert_eq!(wire.count(), 0);
}

#[tokio::test]
async fn complete_urls_keep_the_credential_within_the_origin_only() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire
        .builder()
        .authenticator(Arc::new(Basic::new("user", &SecretString::from("pass".to_owned()))))
        .build()
        .unwrap();
    let absolute = |url: &str| RequestSpec::absolute(Method::GET, url.parse().unwrap(), "{next page}");
    let call = CallOptions::default();

    http.send(absolute("https://api.example.com/v1/x?page=2").query("size", 5), &call).await.unwrap();
    let seen = wire.seen();
    assert_eq!(seen[0].uri, "https://api.example.com/v1/x?page=2&size=5");
    assert!(seen[0].authorization.is_some());

    let error = http.send(absolute("https://evil.example.com/v1/x"), &call).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Config, Delivery::NotSent));
    assert!(error.to_string().contains("PAX8_BASE_URL"), "{error}");
    assert!(http.send(absolute("http://files.example.com/").without_credential(), &call).await.is_err());

    http.send(absolute("https://files.example.com/signed?sig=1").without_credential(), &call).await.unwrap();
    let seen = wire.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (seen[1].uri.as_str(), &seen[1].authorization),
        ("https://files.example.com/signed?sig=1", &None)
    );
}
