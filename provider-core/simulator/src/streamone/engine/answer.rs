//! What the endpoints answer.

use http::StatusCode;
use serde_json::Value;

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    /// No body at all.
    Empty,
    /// A JSON document.
    Json(Value),
    /// Anything else, with its media type.
    Text { media_type: &'static str, text: String },
}

/// An answer before it is put on the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content: Content,
}

impl Answer {
    pub(crate) fn json(body: Value) -> Self {
        Self::json_with(StatusCode::OK, body)
    }

    pub(crate) fn json_with(status: StatusCode, body: Value) -> Self {
        Self { status, content: Content::Json(body) }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, content: Content::Empty }
    }

    pub(crate) fn text(media_type: &'static str, text: String) -> Self {
        Self { status: StatusCode::OK, content: Content::Text { media_type, text } }
    }
}
