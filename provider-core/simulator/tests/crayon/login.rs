//! Tokens, bearer checks, routes and what every call refuses.

use std::time::Duration;

use provider_simulator::{Casing, ErrorForm, LoginFailure, RefusedPart};
use serde_json::{Value, json};

use crate::desk::{Desk, PARENT, form, sign_in, token_client};
use crate::wire::Wire;

#[tokio::test]
async fn a_token_is_answered_in_pascal_case_and_lives_an_hour() {
    let desk = Desk::open().await;
    let reply = sign_in(&desk.crayon).await;
    let body = reply.expect(200);
    let token = body["AccessToken"].as_str().unwrap();
    assert_eq!(
        body,
        json!({
            "AccessToken": token, "IdentityToken": null, "Error": null, "ExpiresIn": 3600,
            "TokenType": "Bearer", "RefreshToken": null,
        })
    );
    desk.get("me").await;
    desk.sim.clock().advance(Duration::from_secs(3599));
    desk.get("me").await;
    desk.sim.clock().advance(Duration::from_secs(1));
    let reply = desk.send("GET", "me", None).await;
    assert_eq!((reply.status, reply.text().as_str()), (401, ""));
}

#[tokio::test]
async fn tokens_can_be_shortened_expired_and_revoked() {
    let desk = Desk::open().await;
    desk.crayon.revoke_tokens();
    assert_eq!(desk.send("GET", "me", None).await.status, 401);
    desk.crayon.set_token_lifetime(Duration::from_secs(60));
    let body = sign_in(&desk.crayon).await.expect(200);
    assert_eq!(body["ExpiresIn"], 60);
    let bearer = format!("Bearer {}", body["AccessToken"].as_str().unwrap());
    let wire = Wire::new(desk.crayon.base_url()).with("authorization", &bearer);
    assert_eq!(wire.get("/api/v1/me").await.status, 200);
    desk.crayon.expire_tokens();
    assert_eq!(wire.get("/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn the_token_path_ignores_case_and_a_last_slash() {
    let desk = Desk::open().await;
    let crayon = &desk.crayon;
    let body = form(&[
        ("scope", "CustomerApi"),
        ("grant_type", "password"),
        ("username", crayon.username()),
        ("password", crayon.password()),
    ]);
    let wire = token_client(crayon, crayon.client_secret());
    for path in ["/api/v1/connect/token/", "/api/v1/Connect/Token"] {
        assert_eq!(wire.send("POST", path, &body).await.unwrap().status, 200, "{path}");
    }
    assert_eq!(wire.get("/api/v1/connect/token").await.status, 404);
}

#[tokio::test]
async fn wrong_credentials_are_a_400_in_the_chosen_form() {
    let desk = Desk::open().await;
    let crayon = &desk.crayon;
    let body = |password: &str| {
        let user = crayon.username();
        form(&[
            ("grant_type", "password"),
            ("username", user),
            ("password", password),
            ("scope", "CustomerApi"),
        ])
    };
    let bad_client = token_client(crayon, "wrong");
    let bad_user = token_client(crayon, crayon.client_secret());
    let send = async |form: LoginFailure| {
        crayon.set_login_failure(form);
        let client =
            bad_client.send("POST", "/api/v1/connect/token", &body(crayon.password())).await.unwrap();
        let user = bad_user.send("POST", "/api/v1/connect/token", &body("wrong")).await.unwrap();
        (client, user)
    };
    let (client, user) = send(LoginFailure::TokenObject).await;
    assert_eq!(client.expect(400)["Error"], "invalid_client");
    let body = user.expect(400);
    assert_eq!((&body["Error"], &body["AccessToken"]), (&json!("invalid_grant"), &Value::Null));
    let (client, user) = send(LoginFailure::OAuth).await;
    assert_eq!(client.expect(400), json!({"error": "invalid_client"}));
    assert_eq!(user.expect(400), json!({"error": "invalid_grant"}));
    let (_, user) = send(LoginFailure::ApiError).await;
    assert_eq!(user.expect(400)["ErrorCode"], "invalid_grant");
    let (_, user) = send(LoginFailure::Empty).await;
    assert_eq!((user.status, user.text().as_str()), (400, ""));
    let (_, user) = send(LoginFailure::Success).await;
    assert_eq!(user.expect(200)["AccessToken"], Value::Null);
    assert!(crayon.refused().is_empty(), "wrong credentials are not a wrong request");
}

#[tokio::test]
async fn a_token_request_must_be_the_documented_form() {
    let desk = Desk::open().await;
    let crayon = &desk.crayon;
    let wire = token_client(crayon, crayon.client_secret());
    let (user, password) = (crayon.username(), crayon.password());
    let without_scope = form(&[("grant_type", "password"), ("username", user), ("password", password)]);
    let reply = wire.send("POST", "/api/v1/connect/token", &without_scope).await.unwrap();
    assert_eq!(reply.expect(400)["ObjectErrors"][0]["Message"], "scope is required");
    let right =
        [("grant_type", "password"), ("username", user), ("password", password), ("scope", "CustomerApi")];
    let mut more = right.to_vec();
    more.push(("client_id", "x"));
    assert_eq!(wire.send("POST", "/api/v1/connect/token", &form(&more)).await.unwrap().status, 400);
    let as_json = Wire::new(crayon.base_url()).json("POST", "/api/v1/connect/token", &json!({})).await;
    assert_eq!(as_json.status, 400);
    let other_grant =
        right.map(|(name, value)| (name, if name == "grant_type" { "client_credentials" } else { value }));
    let reply = wire.send("POST", "/api/v1/connect/token", &form(&other_grant)).await.unwrap();
    assert_eq!(reply.expect(400)["Error"], "unsupported_grant_type");
    let refused: Vec<_> = crayon.refused().into_iter().map(|refusal| (refusal.part, refusal.name)).collect();
    let expected = [
        (RefusedPart::Body, "scope".to_owned()),
        (RefusedPart::Body, "client_id".to_owned()),
        (RefusedPart::Header, "content-type".to_owned()),
    ];
    assert_eq!(refused, expected);
}

#[tokio::test]
async fn ping_needs_no_token_and_everything_else_does() {
    let desk = Desk::open().await;
    let wire = Wire::new(desk.crayon.base_url());
    assert!(wire.get("/api/v1/ping").await.expect(200)["Version"].is_string());
    for target in ["/api/v1/me", "/api/v1/organizations", "/api/v1/customertenants?organizationId=4100001"] {
        let reply = wire.get(target).await;
        assert_eq!((reply.status, reply.text().as_str()), (401, ""), "{target}");
    }
    let basic = wire.with("authorization", "Basic eDp5");
    assert_eq!(basic.get("/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn unknown_paths_methods_and_values_are_refused() {
    let desk = Desk::open().await;
    let cases = [
        ("GET", "nothing", 404),
        ("DELETE", "organizations", 405),
        ("GET", "organizations/seven", 400),
        ("GET", "organizations?nope=1", 400),
        ("GET", "organizations?page=0", 400),
        ("GET", "organizations?pageSize=1001", 400),
        ("GET", "organizations?page=one", 400),
        ("GET", "organizations?page=1&Page=2", 400),
        ("GET", "subscriptions?isTrial=yes", 400),
        ("GET", "subscriptions?statuses=512", 400),
        ("GET", "subscriptions?search=a&Search=b", 400),
        ("GET", "customertenants", 400),
        ("GET", "customertenants?organizationId=0", 400),
    ];
    for (method, path, status) in cases {
        desk.crayon.reset_counters();
        let reply = desk.send(method, path, None).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
        assert_eq!(desk.crayon.refused().len(), 1, "{path}");
    }
    let refusal = &desk.crayon.refused()[0];
    assert_eq!((refusal.part, refusal.name.as_str()), (RefusedPart::Query, "OrganizationId"));
    assert_eq!(refusal.reason, "OrganizationId is required");
}

#[tokio::test]
async fn strictness_can_be_switched_off_for_names_but_not_for_types() {
    let desk = Desk::open().await;
    desk.crayon.set_strict(false);
    desk.get("organizations?nope=1").await;
    desk.answer("GET", "organizations?page=0", None, 400).await;
    let mut body = crate::desk::new_tenant("lenient");
    body["Tenant"]["Nonsense"] = json!(1);
    desk.post("customertenants", body.clone()).await;
    desk.crayon.set_strict(true);
    body["Tenant"]["DomainPrefix"] = json!("strict");
    let error = desk.answer("POST", "customertenants", Some(body), 400).await;
    assert_eq!(error["ObjectErrors"][0]["Parameters"]["Field"], "Tenant.Nonsense");
}

#[tokio::test]
async fn names_in_queries_and_bodies_ignore_case() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("CustomerTenants/?ORGANIZATIONID={PARENT}&Page=2&PAGESIZE=3")).await;
    assert_eq!(page["Items"].as_array().unwrap().len(), 3);
    let camel = json!({"customerTenantId": 1, "partNumber": "x", "billingCycle": 1, "termDuration": "P1Y", "quantity": 1});
    let reply = desk.post("subscriptions/new-commerce-orders", camel).await;
    assert_eq!(reply["IsSuccessful"], false);
}

#[tokio::test]
async fn bodies_must_be_json_of_the_right_types() {
    let desk = Desk::open().await;
    let target = "/api/v1/subscriptions/new-commerce-orders";
    let json =
        br#"{"CustomerTenantId":1,"PartNumber":"x","BillingCycle":1,"TermDuration":"P1Y","Quantity":1}"#;
    for media in
        ["application/json; charset=utf-8", "text/json", "application/json-patch+json", "application/x+json"]
    {
        let wire = desk.wire().clone().with("content-type", media);
        assert_eq!(wire.send("POST", target, json).await.unwrap().status, 200, "{media}");
    }
    let plain = desk.wire().clone().with("content-type", "text/plain");
    assert_eq!(plain.send("POST", target, json).await.unwrap().status, 400);
    let wire = desk.wire().clone().with("content-type", "application/json");
    for body in ["", "{", "[]", r#"{"Quantity":1,"quantity":2}"#] {
        assert_eq!(wire.send("POST", target, body.as_bytes()).await.unwrap().status, 400, "{body}");
    }
    let body = json!({
        "CustomerTenantId": "1", "PartNumber": 5, "BillingCycle": "Monthly", "TermDuration": "P1Y", "Quantity": 1.0,
    });
    let error = desk.answer("POST", "subscriptions/new-commerce-orders", Some(body), 400).await;
    let fields: Vec<_> =
        error["ObjectErrors"].as_array().unwrap().iter().map(|e| &e["Parameters"]["Field"]).collect();
    // A mistyped value is one fault, not a missing one as well.
    assert_eq!(fields, ["BillingCycle", "CustomerTenantId", "PartNumber", "Quantity"]);
}

#[tokio::test]
async fn errors_and_members_can_be_worded_otherwise() {
    let desk = Desk::open().await;
    desk.crayon.set_error_form(ErrorForm::ProblemDetails);
    let error = desk.answer("GET", "organizations?page=0", None, 400).await;
    assert_eq!(error["status"], 400);
    assert_eq!(error["errors"]["page"][0], "page must be a number from 1 to 2147483647");
    desk.crayon.set_error_form(ErrorForm::Empty);
    assert_eq!(desk.answer("GET", "organizations?page=0", None, 400).await, Value::Null);
    desk.crayon.set_casing(Casing::Camel);
    let page = desk.get("organizations").await;
    assert_eq!((page["totalHits"].clone(), page["items"][0]["parentId"].clone()), (json!(2), json!(0)));
    assert!(sign_in(&desk.crayon).await.json()["accessToken"].is_string());
}
