//! Files behind signed links: the signature is the whole permission, so credentials are refused.

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use crate::streamone::engine::call::Call;
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::wire::sha256_hex;
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

/// Refuses a call that carries credentials, or whose signature is not genuine or too old.
pub(crate) fn check_signature(state: &State, call: &Call) -> Result<(), Problem> {
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
    Ok(())
}
