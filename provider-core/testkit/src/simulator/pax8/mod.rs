//! The Pax8 side of the simulator.

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::json_answer;
use super::frame::Dialect;
use super::handle::{Distributor, Handle, Setup};
use super::paging::PagingShape;
use super::prng::Prng;
use super::strict::{Refusal, Target};
use super::tokens::AccessTokens;

const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);

/// State of the Pax8 side.
#[derive(Debug)]
pub struct Pax8 {
    client_id: String,
    client_secret: String,
    tokens: AccessTokens,
}

impl Distributor for Pax8 {
    const DIALECT: Dialect = Dialect {
        name: "pax8",
        paging: PagingShape {
            rows: &["content"],
            totals: &["/page/totalElements", "/totalElements"],
            cursors: &[],
        },
        token_paths: &["/v1/token"],
        refuse,
        throttled,
        routed: str::to_owned,
    };

    fn seeded(setup: &Setup) -> Self {
        let mut prng = Prng::keyed(setup.seed, "pax8/credentials", 0);
        Self {
            client_id: prng.hex(32),
            client_secret: format!("example-{}", prng.hex(32)),
            tokens: AccessTokens::new(setup.clock.clone(), prng),
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        Router::new()
            .route("/v1/token", post(token))
            .with_state(handle)
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        [
            ("PAX8_CLIENT_ID", self.client_id.as_str()),
            ("PAX8_CLIENT_SECRET", &self.client_secret),
            ("PAX8_BASE_URL", base_url),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

impl Handle<Pax8> {
    /// The client id of the key.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.world.client_id
    }

    /// The example secret of the key.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.world.client_secret
    }
}

fn refuse(refusal: &Refusal) -> Response {
    json_answer(
        StatusCode::BAD_REQUEST,
        &json!({
            "type": "BAD_REQUEST",
            "message": format!("Invalid input: {}, field: {}", refusal.reason, refusal.name),
            "instance": format!("/public{}", refusal.path),
            "status": 400,
            "details": [],
        }),
    )
}

fn throttled(target: &Target) -> Response {
    json_answer(
        StatusCode::TOO_MANY_REQUESTS,
        &json!({
            "type": "TOO_MANY_REQUESTS",
            "message": "Rate limit exceeded",
            "instance": format!("/public{}", target.path),
            "status": 429,
            "details": [],
        }),
    )
}

async fn token(State(sim): State<Handle<Pax8>>, Json(body): Json<Value>) -> Response {
    let world = &sim.world;
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    if field("client_id") != Some(world.client_id.as_str())
        || field("client_secret") != Some(world.client_secret.as_str())
    {
        return json_answer(
            StatusCode::UNAUTHORIZED,
            &json!({"error": "access_denied", "error_description": "Unauthorized"}),
        );
    }
    let (token, _) = world
        .tokens
        .issue(field("audience").unwrap_or_default(), TOKEN_LIFETIME);
    json_answer(
        StatusCode::OK,
        &json!({"access_token": token, "expires_in": TOKEN_LIFETIME.as_secs(), "token_type": "Bearer"}),
    )
}
