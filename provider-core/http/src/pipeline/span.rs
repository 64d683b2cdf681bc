//! Spans by hand, with OpenTelemetry's names. The URL itself never appears: ids and queries are data of
//! the partner's customers.

use provider_core::Error;
use tracing::field::Empty;
use tracing::{Span, debug_span};

use super::call::Call;
use super::report::method_name;
use crate::request::RequestSpec;
use crate::shared::Shared;

/// The whole call.
pub(super) fn call(shared: &Shared, spec: &RequestSpec) -> Span {
    let span = debug_span!(
        "provider.call",
        "provider.id" = &*shared.provider,
        "provider.connection" = shared.connection.as_str(),
        "provider.operation" = Empty,
        "url.template" = spec.template(),
        "error.type" = Empty,
    );
    if let Some(operation) = spec.operation {
        span.record("provider.operation", tracing::field::display(operation));
    }
    span
}

/// One attempt.
pub(super) fn attempt(shared: &Shared, call: &Call, number: u32) -> Span {
    let origin = shared.base.origin();
    debug_span!(
        "http.request",
        "http.request.method" = &*method_name(&call.spec.method),
        "server.address" = origin.host(),
        "server.port" = origin.port(),
        "url.template" = call.spec.template(),
        "http.request.resend_count" = number.saturating_sub(1),
        "http.response.status_code" = Empty,
        "provider.request_id" = Empty,
        "error.type" = Empty,
    )
}

/// Notes the failure of the whole call on its span.
pub(super) fn failed(error: &Error) {
    Span::current().record("error.type", error.kind().as_str());
    tracing::debug!(%error, delivery = error.delivery().as_str(), "call failed");
}
