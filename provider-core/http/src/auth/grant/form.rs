//! Putting token requests together.

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use provider_core::{Error, ErrorKind, Result};
use url::Url;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json";

/// A POST that asks for JSON.
pub(super) fn post(
    endpoint: &Url,
    content_type: &'static str,
    authorization: Option<HeaderValue>,
    body: String,
) -> Result<Request<Bytes>> {
    let mut request = Request::post(endpoint.as_str())
        .header(header::CONTENT_TYPE, content_type)
        .header(header::ACCEPT, JSON);
    if let Some(mut value) = authorization {
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request
        .body(Bytes::from(body))
        .map_err(|e| Error::new(ErrorKind::Internal, "the token request cannot be built").with_source(e))
}

/// Form fields, percent-encoded.
pub(super) fn encode(fields: &[(&str, &str)]) -> Result<String> {
    serde_urlencoded::to_string(fields)
        .map_err(|_| Error::new(ErrorKind::Internal, "the token request cannot be encoded"))
}
