//! The TD SYNNEX StreamOne ION side of the simulator.
//!
//! What a test holds is [`Simulator::streamone`](super::Simulator::streamone): besides what every [`Handle`] offers it
//! issues and judges refresh tokens, counts rotations and replays, decides how long orders take and how they end, and
//! switches how numbers, enums and empty members are written, which the live service varies.
//!
//! - `/oauth`: single-use refresh tokens with rotation and reuse detection (`access/tokens.rs`).
//! - `/api/v3`: commerce behind a bearer token.
//! - `/api/v1`: billing behind HTTP Basic.
//! - `/files`: what signed links point to; credentials are refused there.
//!
//! One state lies behind one lock: every call first brings orders and terms up to the simulated present, then runs its
//! endpoint to the end. Endpoints are plain functions from the state and a `Call` to an `Answer` or a `Problem`. Where
//! the reference leaves something open, the choice made is written where it is made.

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

use crate::engine::frame::Dialect;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::lock::lock;
use crate::engine::paging::PagingShape;
use state::State;

pub use crate::streamone::access::tokens::ExchangeOutcome;
pub use crate::streamone::access::tokens::TokenExchange;
pub use billing::edit::{ReportLine, Reported, SubscriptionEdit};
pub use engine::presentation::{EnumCase, NumberStyle};
pub use engine::wire::sha256_hex;
pub use handle::OrderView;
pub use state::StreamOne;

impl Distributor for StreamOne {
    const DIALECT: Dialect = Dialect {
        name: "streamone",
        paging: PagingShape {
            rows: &["customers", "products", "orders", "items", "carts"],
            totals: &["/paginationResponse/totalSize"],
            cursors: &["/nextPageToken"],
        },
        token_paths: &["/oauth/token", "/oauth/validateAccess"],
        refuse: dispatch::refuse,
        throttled: dispatch::throttled,
        routed: str::to_owned,
    };

    fn seeded(setup: &Setup) -> Self {
        let state = State::seeded(setup.seed, setup.customers, setup.clock.now());
        Self {
            account_id: state.account.to_string(),
            api_key: state.api_key.clone(),
            api_secret: state.api_secret.clone(),
            state: Mutex::new(state),
        }
    }

    fn routes(handle: Handle<Self>) -> Router {
        // One entry for all paths: verbs behind a colon are no segments of their own, which axum's router cannot tell.
        Router::new().fallback(dispatch::serve).with_state(handle)
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let refresh = lock(&self.state).tokens.first_chain().to_owned();
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
