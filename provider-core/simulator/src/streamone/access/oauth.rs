//! `POST /oauth/token` and `POST /oauth/validateAccess`: forms, no `Authorization` header, a bare `error` on refusal.

use serde_json::json;

use super::tokens::{ACCESS_LIFE, CANNOT_VALIDATE};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome, field};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::state::State;

/// Exchanges a refresh token for its successor and an access token.
pub(crate) fn token(state: &mut State, call: &Call) -> Outcome {
    let mut exchange = || {
        let form = open_form(call, &["grant_type", "refresh_token"])?;
        match field(&form, "grant_type") {
            Some("refresh_token") => {}
            Some(other) => {
                let message = format!("unsupported grant_type '{other}'");
                return Err(Problem::body("grant_type", message));
            }
            None => return Err(Problem::body("grant_type", "grant_type is required")),
        }
        let token = field(&form, "refresh_token")
            .ok_or_else(|| Problem::body("refresh_token", "refresh_token is required"))?;
        state.tokens.exchange(token, call.now).ok_or_else(|| Problem::oauth(CANNOT_VALIDATE))
    };
    let issued = exchange().map_err(Problem::into_oauth)?;
    Ok(Answer::json(json!({
        "access_token": issued.access_token,
        "expires_in": ACCESS_LIFE.num_seconds(),
        "refresh_token": issued.refresh_token,
        "token_type": "Bearer",
    })))
}

/// Tells how long an access token and the refresh token issued with it live; spends nothing.
pub(crate) fn validate_access(state: &mut State, call: &Call) -> Outcome {
    let validate = || {
        let form = open_form(call, &["access_token"])?;
        let token = field(&form, "access_token")
            .ok_or_else(|| Problem::body("access_token", "access_token is required"))?;
        state.tokens.seconds_left(token, call.now).ok_or_else(|| Problem::oauth(CANNOT_VALIDATE))
    };
    let (access, refresh) = validate().map_err(Problem::into_oauth)?;
    Ok(Answer::json(json!({"access_expires_in": access, "refresh_expires_in": refresh})))
}

fn open_form(call: &Call, names: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    Query::none(call)?;
    if call.strict && call.has_authorization() {
        return Err(Problem::header("authorization", "this endpoint takes no Authorization header"));
    }
    call.form(names)
}
