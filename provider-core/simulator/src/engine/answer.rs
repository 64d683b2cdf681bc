//! Answers, and stopping early with one.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::Value;

/// The answer that a check ends a request with: the error side of `Result`, so that handlers can use `?`.
///
/// Boxed, because a response is large and most checks pass.
#[derive(Debug)]
pub(crate) struct Stop(Box<Response>);

impl From<Response> for Stop {
    fn from(answer: Response) -> Self {
        Self(Box::new(answer))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a handler gives: either side is an answer.
pub(crate) type Answer = Result<Response, Stop>;

/// An answer with a body of the given type.
pub(crate) fn answer(code: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let body: Bytes = body.into();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An answer with a JSON body.
pub(crate) fn json_answer(code: StatusCode, body: &Value) -> Response {
    // A value can always be written.
    answer(code, "application/json", serde_json::to_vec(body).unwrap_or_default())
}

/// Puts a member into the object `target`. It is moved: `json!` copies what it is given, value by value.
pub(crate) fn put(target: &mut Value, name: &str, member: impl Into<Value>) {
    if let Value::Object(members) = target {
        members.insert(name.to_owned(), member.into());
    }
}
