//! The Pax8 side of the simulator: the token, partner (`/v1`) and webhook (`/api/v2`) interfaces.
//!
//! Where reference and live interface differ it follows the live one: `commitment` instead of `commitmentTerm`, dates with
//! an offset without a colon, `Pax8Partner`, list rows of companies without `phone`, empty invoice lists without `content`.

mod access;
mod billing;
mod catalog;
mod customer;
mod engine;
mod handle;
mod purchase;
mod routes;
mod seed;
mod state;
mod subscription;

use std::fmt;
use std::sync::Mutex;

use axum::Router;

use crate::engine::frame::Dialect;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::paging::PagingShape;
use crate::engine::prng::Prng;
use crate::engine::tokens::AccessTokens;
use engine::failure;
use state::Store;

pub use subscription::record::CommitmentKey;

/// State of the Pax8 side.
pub struct Pax8 {
    client_id: String,
    client_secret: String,
    tokens: AccessTokens,
    store: Mutex<Store>,
    /// Where deliveries run; none if the simulator was made outside a runtime.
    runtime: Option<tokio::runtime::Handle>,
}

impl fmt::Debug for Pax8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pax8").field("client_id", &self.client_id).finish_non_exhaustive()
    }
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
        refuse: failure::bad_request,
        throttled: failure::throttled,
        routed: str::to_owned,
    };

    fn seeded(setup: &Setup) -> Self {
        let mut prng = Prng::keyed(setup.seed, "pax8/credentials", 0);
        Self {
            client_id: prng.hex(32),
            client_secret: format!("example-{}", prng.hex(32)),
            tokens: AccessTokens::new(setup.clock.clone(), prng),
            store: Mutex::new(seed::store(setup)),
            runtime: tokio::runtime::Handle::try_current().ok(),
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        routes::all().with_state(handle)
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
