//! Files behind signed links: the signature is the whole permission, so credentials are refused.

use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};

use super::tokens::sha256_hex;
use crate::streamone::engine::call::{Answer, Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::routes::no_route;
use crate::streamone::state::State;

/// How long a link works.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(15);

/// A link to `path` that works for a while.
pub(crate) fn signed_url(state: &State, origin: &str, path: &str, now: DateTime<Utc>) -> String {
    let expires = (now + LINK_LIFE).timestamp();
    format!("{origin}{path}?expires={expires}&signature={}", signature(state, path, expires))
}

fn signature(state: &State, path: &str, expires: i64) -> String {
    sha256_hex(&format!("{}/{path}/{expires}/{}", state.seed, state.api_secret))
}

/// Serves a signed file.
pub(crate) fn serve(state: &mut State, call: &Call) -> Outcome {
    if call.has_authorization() {
        let message = "only one authentication mechanism is allowed: the link is already signed";
        return Err(Problem::header("authorization", message).into_legacy());
    }
    let query = Query::of(call, &["expires", "signature"]).map_err(Problem::into_legacy)?;
    let expires: i64 = query.number("expires")?.unwrap_or_default();
    let path = call.shown_path();
    let genuine = query.text("signature") == Some(signature(state, &path, expires).as_str());
    if !genuine || call.now.timestamp() > expires {
        let message = "the link is not genuine or has expired";
        return Err(Problem::legacy(StatusCode::FORBIDDEN, message));
    }
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["files", "invoices", id, "detail.csv"] if call.method == Method::GET => {
            Ok(Answer::text("text/csv", crate::streamone::billing::calls::detail_csv(state, id)?))
        }
        _ => Err(no_route(call)),
    }
}
