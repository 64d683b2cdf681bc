//! The Crayon Cloud-iQ side of the simulator.
//!
//! One table of calls ([`engine::route::Route`]) says for each call of the reference which parameters and body it takes;
//! what is not listed is refused. Handlers are plain functions over the locked state: they see typed parameters, a body
//! whose members carry their documented names, and the simulated time. Where the reference leaves something open there is
//! a switch (`Handle::<Crayon>::set_..`), with the most likely reading as the default.

mod access;
mod billing;
mod catalog;
mod customer;
mod dispatch;
mod engine;
mod handle;
mod purchase;
mod routes;
mod seed;
mod state;
mod subscription;

use std::sync::Mutex;

use axum::Router;
use axum::response::Response;
use http::StatusCode;

use crate::engine::answer::json_answer;
use crate::engine::frame::Dialect;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::paging::PagingShape;
use crate::engine::prng::Prng;
use crate::engine::refusal::Refusal;
use crate::engine::refusal::Target;
use crate::engine::tokens::AccessTokens;

use access::login::Credentials;
use state::State;

pub use engine::failure::ErrorForm;
pub use engine::json::Casing;
pub use engine::settings::{ListEnvelope, LoginFailure, TermField};
pub use handle::PlacedOrder;
pub use seed::CrayonSeed;
pub use state::Crayon;
pub use subscription::edit::SubscriptionEdit;

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
        let credentials = Credentials {
            client_id: prng.uuid(),
            client_secret: format!("example-{}", prng.hex(24)),
            username: "api.user@example.com".to_owned(),
            password: format!("example-{}", prng.hex(16)),
        };
        let plan = CrayonSeed::default().customers(setup.customers);
        let mut state = State::seeded(setup.seed, setup.clock.now(), &plan);
        state.directory.add_own_client(&credentials.client_id, state.started);
        Self {
            credentials,
            tokens: AccessTokens::new(setup.clock.clone(), prng),
            settings: Mutex::default(),
            state: Mutex::new(state),
            seed: setup.seed,
            customers: setup.customers,
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        Router::new().fallback(dispatch::answer).with_state(handle)
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        [
            ("CRAYON_CLIENT_ID", self.credentials.client_id.as_str()),
            ("CRAYON_CLIENT_SECRET", &self.credentials.client_secret),
            ("CRAYON_USERNAME", &self.credentials.username),
            ("CRAYON_PASSWORD", &self.credentials.password),
            ("CRAYON_BASE_URL", base_url),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

fn routed(path: &str) -> String {
    path.trim_end_matches('/').to_ascii_lowercase()
}

fn refuse(refusal: &Refusal) -> Response {
    json_answer(
        StatusCode::BAD_REQUEST,
        &serde_json::json!({
            "ErrorCode": "ValidationError",
            "Message": format!("{}: {}", refusal.name, refusal.reason),
            "Parameters": {},
            "ObjectErrors": [],
        }),
    )
}

fn throttled(_: &Target) -> Response {
    json_answer(
        StatusCode::TOO_MANY_REQUESTS,
        &serde_json::json!({
            "ErrorCode": "TooManyRequests",
            "Message": "Too many requests.",
            "Parameters": {},
            "ObjectErrors": [],
        }),
    )
}
