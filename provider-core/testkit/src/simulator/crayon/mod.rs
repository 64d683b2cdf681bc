//! The Crayon Cloud-iQ side of the simulator.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::answer::json_answer;
use super::frame::Dialect;
use super::handle::{Distributor, Handle, Setup};
use super::paging::PagingShape;
use super::prng::Prng;
use super::strict::{Refusal, Target};
use super::tokens::AccessTokens;

const TOKEN_LIFETIME: Duration = Duration::from_secs(3600);

/// State of the Crayon Cloud-iQ side.
#[derive(Debug)]
pub struct Crayon {
    client_id: String,
    client_secret: String,
    username: String,
    password: String,
    tokens: AccessTokens,
}

impl Distributor for Crayon {
    const DIALECT: Dialect = Dialect {
        name: "crayon",
        paging: PagingShape {
            rows: &["Items", "items"],
            totals: &["/TotalHits", "/totalHits"],
            cursors: &[],
        },
        token_paths: &["/api/v1/connect/token"],
        refuse,
        throttled,
        routed,
    };

    fn seeded(setup: &Setup) -> Self {
        let mut prng = Prng::keyed(setup.seed, "crayon/credentials", 0);
        Self {
            client_id: prng.uuid(),
            client_secret: format!("example-{}", prng.hex(24)),
            username: "api.user@example.com".to_owned(),
            password: format!("example-{}", prng.hex(16)),
            tokens: AccessTokens::new(setup.clock.clone(), prng),
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        Router::new()
            .route("/api/v1/connect/token", post(token))
            .with_state(handle)
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        [
            ("CRAYON_CLIENT_ID", self.client_id.as_str()),
            ("CRAYON_CLIENT_SECRET", &self.client_secret),
            ("CRAYON_USERNAME", &self.username),
            ("CRAYON_PASSWORD", &self.password),
            ("CRAYON_BASE_URL", base_url),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

impl Handle<Crayon> {
    /// The client id of the API client.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.world.client_id
    }

    /// The example secret of the API client.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.world.client_secret
    }

    /// The name of the API user.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.world.username
    }

    /// The example password of the API user.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.world.password
    }
}

fn routed(path: &str) -> String {
    path.trim_end_matches('/').to_ascii_lowercase()
}

fn refuse(refusal: &Refusal) -> Response {
    json_answer(
        StatusCode::BAD_REQUEST,
        &json!({
            "ErrorCode": "BAD_REQUEST",
            "Message": format!("{}: {}", refusal.reason, refusal.name),
            "Parameters": null,
            "ObjectErrors": [],
        }),
    )
}

fn throttled(_target: &Target) -> Response {
    json_answer(
        StatusCode::TOO_MANY_REQUESTS,
        &json!({"ErrorCode": "TOO_MANY_REQUESTS", "Message": "Too many requests", "Parameters": null, "ObjectErrors": []}),
    )
}

async fn token(State(sim): State<Handle<Crayon>>, headers: HeaderMap, body: String) -> Response {
    let world = &sim.world;
    let basic = STANDARD.encode(format!("{}:{}", world.client_id, world.client_secret));
    let client = headers
        .get(AUTHORIZATION)
        .is_some_and(|value| value.as_bytes() == format!("Basic {basic}").as_bytes());
    let form: Vec<(String, String)> = serde_urlencoded::from_str(&body).unwrap_or_default();
    let field = |name: &str| {
        form.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    if !client
        || field("username") != Some(world.username.as_str())
        || field("password") != Some(world.password.as_str())
    {
        return json_answer(StatusCode::BAD_REQUEST, &json!({"Error": "invalid_grant"}));
    }
    let (token, _) = world.tokens.issue(&world.username, TOKEN_LIFETIME);
    json_answer(
        StatusCode::OK,
        &json!({"AccessToken": token, "TokenType": "Bearer", "ExpiresIn": TOKEN_LIFETIME.as_secs()}),
    )
}
