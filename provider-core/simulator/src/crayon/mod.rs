//! The Crayon Cloud-iQ side of the simulator.
//!
//! One table of calls ([`route::Route`]) says for each call of the reference which parameters and body it takes; what is not
//! listed is refused. Handlers are plain functions over the locked state: they see typed parameters, a body whose members
//! carry their documented names, and the simulated time. Where the facts leave something open there is a switch
//! (`Handle::<Crayon>::set_..`), with the most likely reading as the default.

mod account;
mod accounts;
mod activity;
mod addons;
mod agreements;
mod assets;
mod auth;
mod azure;
mod billing;
mod call;
mod catalog;
mod clients;
mod consumers;
mod container_models;
mod containers;
mod conversions;
mod coterminosity;
mod dates;
mod directory;
mod dispatch;
mod enums;
mod exports;
mod failure;
mod files;
mod groupings;
mod handle;
mod json;
mod json_from;
mod links;
mod master_data;
mod models;
mod offerings;
mod orders;
mod organizations;
mod product_facets;
mod product_filter;
mod product_models;
mod products;
mod profiles;
mod purchase;
mod purchase_requests;
mod query;
mod record;
mod renewal;
mod resale;
mod route;
mod scheduled;
mod seed;
mod settings;
mod shape;
mod state;
mod statements;
mod subscription_models;
mod subscription_update;
mod subscriptions;
mod table;
mod tags;
mod tenant;
mod tenant_models;
mod tenants;
mod transitions;
mod usage;
mod usage_files;
mod usage_models;
mod users;
mod vendor_orders;

use std::fmt;
use std::sync::Mutex;

use axum::Router;
use axum::response::Response;
use http::StatusCode;

use super::answer::json_answer;
use super::frame::Dialect;
use super::handle::{Distributor, Handle, Setup};
use super::paging::PagingShape;
use super::prng::Prng;
use super::strict::{Refusal, Target};
use super::tokens::AccessTokens;

use auth::Credentials;
use settings::Settings;
use state::State;

pub use failure::ErrorForm;
pub use handle::PlacedOrder;
pub use json::Casing;
pub use settings::{Envelope, LoginFailure, TermField};
pub use state::CrayonSeed;

/// Every call, by resource.
static CALLS: &[&[route::Route]] = &[
    account::ROUTES,
    organizations::ROUTES,
    tenants::ROUTES,
    agreements::ROUTES,
    products::ROUTES,
    subscriptions::ROUTES,
    tags::ROUTES,
    addons::ROUTES,
    orders::ROUTES,
    coterminosity::ROUTES,
    profiles::ROUTES,
    statements::ROUTES,
    usage::ROUTES,
    usage_files::ROUTES,
    azure::ROUTES,
    users::ROUTES,
    clients::ROUTES,
    master_data::ROUTES,
    transitions::ROUTES,
    conversions::ROUTES,
    purchase_requests::ROUTES,
    scheduled::ROUTES,
    assets::ROUTES,
    groupings::ROUTES,
    exports::ROUTES,
    consumers::ROUTES,
    resale::ROUTES,
    activity::ROUTES,
    links::ROUTES,
    containers::ROUTES,
    accounts::ROUTES,
    vendor_orders::ROUTES,
];

/// State of the Crayon Cloud-iQ side.
pub struct Crayon {
    credentials: Credentials,
    tokens: AccessTokens,
    settings: Mutex<Settings>,
    state: Mutex<State>,
    seed: u64,
    customers: usize,
}

impl fmt::Debug for Crayon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crayon")
            .field("seed", &self.seed)
            .field("customers", &self.customers)
            .finish_non_exhaustive()
    }
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
