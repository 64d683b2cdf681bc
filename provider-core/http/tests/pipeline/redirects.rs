//! Redirects: for reads, within the origin.

use std::sync::Arc;

use provider_core::{Delivery, ErrorKind};
use provider_http::{Basic, CallOptions, RequestSpec};
use secrecy::SecretString;

use crate::scripted::{Reply, Scripted};

fn redirecting(status: u16, location: &'static str) -> Scripted {
    Scripted::new(move |number, _| {
        if number == 0 { Reply::status(status).header("location", location) } else { Reply::status(200) }
    })
}

#[tokio::test]
async fn reads_follow_within_the_origin_with_their_credential() {
    for status in [301, 302, 303, 307, 308] {
        for location in
            ["/v2/x?y=1", "https://api.example.com/v2/x?y=1", "https://api.example.com:443/v2/x?y=1"]
        {
            let wire = redirecting(status, location);
            let basic = Basic::new("user", &SecretString::from("pass".to_owned()));
            let http = wire.builder().authenticator(Arc::new(basic)).build().unwrap();
            let answer = http.send(RequestSpec::get("/v1/x"), &CallOptions::default()).await.unwrap();
            assert_eq!(answer.status, 200);
            let seen = wire.seen();
            assert_eq!(
                (seen[1].method.as_str(), seen[1].uri.as_str()),
                ("GET", "https://api.example.com/v2/x?y=1")
            );
            assert!(seen[1].authorization.is_some());
        }
    }
}

#[tokio::test]
async fn a_search_by_post_follows_only_where_its_body_goes_along() {
    for (status, followed) in [(301, false), (302, false), (303, false), (307, true), (308, true)] {
        let wire = redirecting(status, "/v2/search");
        let spec = RequestSpec::post("/v1/search").read().json(&1).unwrap();
        let result = wire.client().send(spec, &CallOptions::default()).await;
        assert_eq!(result.is_ok(), followed, "{status}");
        if followed {
            let seen = wire.seen();
            assert_eq!((seen[1].method.as_str(), &seen[1].body), ("POST", &seen[0].body));
        }
    }
}

#[tokio::test]
async fn another_origin_is_refused_and_the_setting_named() {
    for location in [
        "https://evil.example.com/x?sig=s3cret",
        "http://api.example.com/x",
        "https://api.example.com:8443/x",
        "//evil.example.com/x",
    ] {
        for (spec, delivery) in
            [(RequestSpec::get("/x"), Delivery::Unknown), (RequestSpec::post("/x"), Delivery::Unknown)]
        {
            let wire = redirecting(302, location);
            let error = wire.client().send(spec, &CallOptions::default()).await.unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Config, delivery));
            assert_eq!(error.http_status(), Some(302));
            let shown = error.to_string();
            assert!(shown.contains("PAX8_BASE_URL") && !shown.contains("s3cret"), "{shown}");
            // Two addresses that differ in the port alone have to look different.
            assert!(!location.contains(":8443") || shown.contains("api.example.com:8443"), "{shown}");
            assert_eq!(wire.count(), 1);
        }
    }
}

#[tokio::test]
async fn writes_and_token_requests_follow_nowhere() {
    for status in [302, 303, 307, 308] {
        let wire = redirecting(status, "/elsewhere");
        let spec = RequestSpec::post("/token").without_credential().form(&[("grant_type", "password")]);
        let error = wire.client().send(spec, &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery(), wire.count()), (ErrorKind::Config, Delivery::Unknown, 1));
        assert!(error.to_string().contains("PAX8_BASE_URL"), "{error}");
    }
}

#[tokio::test]
async fn circles_end() {
    let wire = Scripted::new(|_, _| Reply::status(302).header("location", "/x"));
    let error = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), wire.count()), (ErrorKind::Config, 6));
    assert!(error.to_string().contains("circle"), "{error}");
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    let wire = Scripted::new(|_, _| Reply::status(302));
    let error = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}
