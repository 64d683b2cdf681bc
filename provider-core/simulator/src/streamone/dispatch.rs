//! From a request to an endpoint and back.

use axum::extract::State as Shared;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};

use super::access::oauth;
use super::engine::answer::{Answer, Content};
use super::engine::call::{Call, Outcome};
use super::engine::problem::Problem;
use super::purchase::fulfilment;
use super::routes;
use super::state::{State, StreamOne};
use crate::engine::answer::{answer as body_answer, json_answer};
use crate::engine::handle::Handle;
use crate::engine::lock::lock;
use crate::engine::refusal::{Refusal, Target};
use crate::engine::strict::query_pairs;

/// Answers every request of the StreamOne side.
pub(crate) async fn serve(
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
        (None, ["oauth", ..]) => Err(call.no_route().into_oauth()),
        (None, ["files", ..]) => routes::files(state, call),
        (None, _) => Err(call.no_route()),
    }
}

/// The answer to a request with a part that the reference does not list.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    let message = format!("{}: {}", refusal.reason, refusal.name);
    render(Problem::invalid_request(message).answer("00000000000000000000"))
}

/// The answer to a request over the rate limit.
pub(crate) fn throttled(_target: &Target) -> Response {
    render(Problem::throttled().answer("00000000000000000000"))
}

fn render(answer: Answer) -> Response {
    let mut response = match answer.content {
        Content::Empty => Response::default(),
        Content::Json(body) => json_answer(StatusCode::OK, &body),
        Content::Text { media_type, text } => body_answer(StatusCode::OK, media_type, text),
    };
    *response.status_mut() = answer.status;
    response
}
