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

use std::sync::Mutex;

use axum::Router;

use crate::engine::frame::Dialect;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::paging::PagingShape;
use crate::engine::prng::Prng;
use crate::engine::tokens::AccessTokens;
use engine::failure;

pub use billing::edit::{InvoiceItem, SubscriptionEdit};
pub use state::Pax8;
pub use subscription::record::CommitmentKey;

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
            state: Mutex::new(seed::state(setup)),
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
