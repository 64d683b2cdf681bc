//! The TD SYNNEX StreamOne ION side of the simulator.

use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use serde_json::json;

use super::answer::json_answer;
use super::frame::Dialect;
use super::handle::{Distributor, Handle, Setup};
use super::lock::lock;
use super::paging::PagingShape;
use super::prng::Prng;
use super::strict::{Refusal, Target};
use super::tokens::AccessTokens;

const TOKEN_LIFETIME: Duration = Duration::from_secs(7200);

/// State of the StreamOne ION side.
#[derive(Debug)]
pub struct StreamOne {
    account_id: String,
    api_key: String,
    api_secret: String,
    refresh: Mutex<(Prng, String)>,
    tokens: AccessTokens,
}

impl Distributor for StreamOne {
    const DIALECT: Dialect = Dialect {
        name: "streamone",
        paging: PagingShape {
            rows: &["customers", "products", "orders", "items", "carts"],
            totals: &["/paginationResponse/totalSize"],
            cursors: &["/nextPageToken"],
        },
        token_paths: &["/oauth/token"],
        refuse,
        throttled,
        routed: str::to_owned,
    };

    fn seeded(setup: &Setup) -> Self {
        let mut prng = Prng::keyed(setup.seed, "streamone/credentials", 0);
        let refresh = format!("example-{}", prng.hex(32));
        Self {
            account_id: prng.between(20_000, 29_999).to_string(),
            api_key: format!("example-{}", prng.hex(16)),
            api_secret: format!("example-{}", prng.hex(24)),
            refresh: Mutex::new((prng.clone(), refresh)),
            tokens: AccessTokens::new(setup.clock.clone(), prng),
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        Router::new()
            .route("/oauth/token", post(token))
            .with_state(handle)
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let refresh = lock(&self.refresh).1.clone();
        [
            ("STREAMONE_ACCOUNT_ID", self.account_id.as_str()),
            ("STREAMONE_REFRESH_TOKEN", &refresh),
            ("STREAMONE_API_KEY", &self.api_key),
            ("STREAMONE_API_SECRET", &self.api_secret),
            ("STREAMONE_BASE_URL", base_url),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

impl Handle<StreamOne> {
    /// The account that the token belongs to.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.world.account_id
    }

    /// The refresh token that is valid now; it changes with every use.
    #[must_use]
    pub fn refresh_token(&self) -> String {
        lock(&self.world.refresh).1.clone()
    }

    /// The key of the v1 interface.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.world.api_key
    }

    /// The example secret of the v1 interface.
    #[must_use]
    pub fn api_secret(&self) -> &str {
        &self.world.api_secret
    }
}

fn refuse(refusal: &Refusal) -> Response {
    json_answer(
        StatusCode::BAD_REQUEST,
        &json!({"code": 3, "message": format!("{}: {}", refusal.reason, refusal.name), "details": []}),
    )
}

fn throttled(_target: &Target) -> Response {
    json_answer(
        StatusCode::TOO_MANY_REQUESTS,
        &json!({"code": 8, "message": "Too many requests", "details": []}),
    )
}

async fn token(State(sim): State<Handle<StreamOne>>, body: String) -> Response {
    let form: Vec<(String, String)> = serde_urlencoded::from_str(&body).unwrap_or_default();
    let sent = form
        .iter()
        .find(|(name, _)| name == "refresh_token")
        .map(|(_, value)| value.as_str());
    let mut refresh = lock(&sim.world.refresh);
    if sent != Some(refresh.1.as_str()) {
        return json_answer(StatusCode::BAD_REQUEST, &json!({"error": "invalid_grant"}));
    }
    let next = format!("example-{}", refresh.0.hex(32));
    refresh.1.clone_from(&next);
    let (token, _) = sim
        .world
        .tokens
        .issue(&sim.world.account_id, TOKEN_LIFETIME);
    json_answer(
        StatusCode::OK,
        &json!({
            "access_token": token,
            "refresh_token": next,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME.as_secs(),
        }),
    )
}
