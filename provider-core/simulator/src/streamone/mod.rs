//! The TD SYNNEX StreamOne ION side of the simulator.
//!
//! What a test holds is [`Simulator::streamone`](super::Simulator::streamone): besides what every [`Handle`] offers it
//! issues and judges refresh tokens, counts rotations and replays, decides how long orders take and how they end, and
//! switches the liberties that the live service takes with types and case.
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
use axum::extract::State as Shared;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};

pub use access::tokens::{ExchangeOutcome, TokenExchange, sha256_hex};
pub use engine::presentation::{EnumCase, NumberStyle};
pub use handle::OrderView;

use crate::engine::answer::{answer as body_answer, json_answer};
use crate::engine::frame::Dialect;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::lock::lock;
use crate::engine::paging::PagingShape;
use crate::engine::strict::{Refusal, Target, query_pairs};
use access::{files, oauth};
use engine::call::{Answer, Call, Content, Outcome};
use engine::problem::Problem;
use purchase::fulfilment;
use state::State;

/// State of the StreamOne ION side.
pub struct StreamOne {
    account_id: String,
    api_key: String,
    api_secret: String,
    state: Mutex<State>,
}

impl fmt::Debug for StreamOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamOne").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

impl Distributor for StreamOne {
    const DIALECT: Dialect = Dialect {
        name: "streamone",
        paging: PagingShape {
            rows: &["customers", "products", "orders", "items", "carts"],
            totals: &["/paginationResponse/totalSize"],
            cursors: &["/nextPageToken"],
        },
        token_paths: &["/oauth/token", "/oauth/validateAccess"],
        refuse,
        throttled,
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
        Router::new().fallback(serve).with_state(handle)
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

fn refuse(refusal: &Refusal) -> Response {
    let message = format!("{}: {}", refusal.reason, refusal.name);
    render(Problem::invalid_request(message).answer("00000000000000000000"))
}

fn throttled(_target: &Target) -> Response {
    render(Problem::throttled().answer("00000000000000000000"))
}

async fn serve(
    Shared(handle): Shared<Handle<StreamOne>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let base = ["/api/v3", "/api/v1"]
        .into_iter()
        .find(|base| uri.path().strip_prefix(base).is_some_and(|rest| rest.starts_with('/')));
    let (path, verb) = Call::split_path(uri.path().strip_prefix(base.unwrap_or("")).unwrap_or(""));
    let call = Call {
        path,
        verb,
        query: query_pairs(&uri),
        headers,
        body,
        now: handle.frame.clock.now(),
        strict: handle.frame.is_strict(),
        origin: handle.frame.base_url.clone(),
        method,
    };
    let (outcome, presentation, request_id) = {
        let mut state = lock(&handle.world.state);
        state.calls += 1;
        fulfilment::settle(&mut state, call.now);
        let outcome = dispatch(&mut state, &call, base);
        let request_id = if outcome.is_err() { state.request_id() } else { String::new() };
        (outcome, state.settings.presentation, request_id)
    };
    match outcome {
        Ok(mut answer) => {
            if let Content::Json(body) = &mut answer.content {
                presentation.apply(body);
            }
            render(answer)
        }
        Err(problem) => {
            if let Some((part, name, reason)) = problem.refused() {
                let target = Target::new(&call.method, &uri);
                handle.frame.note_refusal(target.refusal(part, name, reason));
            }
            render(problem.answer(&request_id))
        }
    }
}

fn dispatch(state: &mut State, call: &Call, base: Option<&str>) -> Outcome {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match (base, path.as_slice()) {
        (Some("/api/v3"), _) => routes::v3(state, call),
        (Some(_), _) => routes::v1(state, call),
        (None, ["oauth", "token"]) if call.method == Method::POST => oauth::token(state, call),
        (None, ["oauth", "validateAccess"]) if call.method == Method::POST => {
            oauth::validate_access(state, call)
        }
        (None, ["oauth", ..]) => Err(routes::no_route(call).into_oauth()),
        (None, ["files", ..]) => files::serve(state, call),
        (None, _) => Err(routes::no_route(call)),
    }
}

fn render(answer: Answer) -> Response {
    let mut response = match answer.content {
        Content::Empty => Response::default(),
        Content::Json(body) => json_answer(StatusCode::OK, &body),
        Content::Text { media_type, text } => body_answer(StatusCode::OK, media_type, &text),
    };
    *response.status_mut() = answer.status;
    response
}
