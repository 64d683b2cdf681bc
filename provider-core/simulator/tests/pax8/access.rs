//! The token endpoint and bearer tokens.

use std::time::Duration;

use serde_json::json;

use crate::account::{Account, keys, refused_field, text, token_request};
use crate::wire::Wire;

const DENIED: &str = r#"{"error":"access_denied","error_description":"Unauthorized"}"#;

#[tokio::test]
async fn a_token_is_answered_as_documented() {
    let account = Account::open().await;
    let wire = Wire::new(account.pax8.base_url());
    let answer = wire.json("POST", "/v1/token", &token_request(&account.pax8)).await.expect(200);
    assert_eq!(keys(&answer), ["access_token", "expires_at", "expires_in", "scope", "token_type"]);
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!(86_400), &json!("Bearer")));
    assert_eq!(answer["expires_at"], "2026-03-16T12:00:00.000+00:00");
}

#[tokio::test]
async fn wrong_credentials_are_denied_outside_the_normal_envelope() {
    let account = Account::open().await;
    let wire = Wire::new(account.pax8.base_url());
    for field in ["client_id", "client_secret"] {
        let mut request = token_request(&account.pax8);
        request[field] = json!("wrong");
        let reply = wire.json("POST", "/v1/token", &request).await;
        assert_eq!((reply.status, reply.text().as_str()), (401, DENIED), "{field}");
    }
}

#[tokio::test]
async fn the_token_request_is_json_in_exactly_four_fields() {
    let account = Account::open().await;
    let wire = Wire::new(account.pax8.base_url());
    let good = token_request(&account.pax8);
    for field in ["client_id", "client_secret", "audience", "grant_type"] {
        let mut request = good.clone();
        request.as_object_mut().unwrap().remove(field);
        assert_eq!(refused_field(&wire.json("POST", "/v1/token", &request).await), field);
    }
    for (field, value) in [("grant_type", "password"), ("audience", "https://example.com"), ("scope", "all")]
    {
        let mut request = good.clone();
        request[field] = json!(value);
        assert_eq!(refused_field(&wire.json("POST", "/v1/token", &request).await), field);
    }
    let form = wire.clone().with("content-type", "application/x-www-form-urlencoded");
    let reply = form.send("POST", "/v1/token", b"grant_type=client_credentials").await.unwrap();
    assert_eq!(refused_field(&reply), "content-type");
    let basic = wire.with("authorization", "Basic eDp5");
    assert_eq!(refused_field(&basic.json("POST", "/v1/token", &good).await), "authorization");
    assert_eq!(account.pax8.refused().len(), 9);
}

#[tokio::test]
async fn calls_without_a_live_token_are_unauthorized() {
    let account = Account::open().await;
    let wire = Wire::new(account.pax8.base_url());
    for header in [None, Some("Bearer nonsense"), Some("Basic eDp5"), Some("bearer")] {
        let wire = header.map_or(wire.clone(), |value| wire.clone().with("authorization", value));
        let reply = wire.get("/v1/companies").await;
        assert_eq!((reply.status, reply.text().as_str()), (401, DENIED), "{header:?}");
        let answer = wire.get("/api/v2/webhooks").await.expect(401);
        assert_eq!(
            answer,
            json!({
                "type": "UNAUTHORIZED",
                "message": "Missing or invalid token",
                "instance": "/public/api/v2/webhooks",
                "status": 401,
                "details": [],
            })
        );
    }
}

#[tokio::test]
async fn a_token_lives_for_a_day_of_simulated_time() {
    let account = Account::open().await;
    account.advance(Duration::from_secs(86_399));
    assert_eq!(account.wire.get("/v1/products").await.status, 200);
    account.advance(Duration::from_secs(1));
    assert_eq!(account.wire.get("/v1/products").await.status, 401);
}

#[tokio::test]
async fn revoked_tokens_and_tokens_of_other_audiences_do_not_count() {
    let account = Account::open().await;
    let anonymous = Wire::new(account.pax8.base_url());
    let status = async |audience: &str| {
        let mut request = token_request(&account.pax8);
        request["audience"] = json!(audience);
        let token = anonymous.json("POST", "/v1/token", &request).await.expect(200);
        let bearer = format!("Bearer {}", text(&token, "access_token"));
        anonymous.clone().with("authorization", &bearer).get("/v1/products").await.status
    };
    assert_eq!(status("api://p8p.client").await, 200, "the older name of the partner audience");
    assert_eq!(status("api://provisioning").await, 401);
    assert_eq!(status("api://usage").await, 401);
    account.pax8.revoke_tokens();
    assert_eq!(account.wire.get("/v1/products").await.status, 401);
}
