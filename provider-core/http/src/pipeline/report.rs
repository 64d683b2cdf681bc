//! What observers and the breaker are told.

use std::borrow::Cow;
use std::time::Duration;

use http::Method;
use provider_core::ErrorKind;
use provider_core::observe::EventKind;

use super::call::Call;
use crate::breaker::PhaseChange;
use crate::shared::Shared;

/// The name of a method without a copy for those that APIs use.
pub(super) fn method_name(method: &Method) -> Cow<'static, str> {
    match *method {
        Method::GET => Cow::Borrowed("GET"),
        Method::POST => Cow::Borrowed("POST"),
        Method::PUT => Cow::Borrowed("PUT"),
        Method::PATCH => Cow::Borrowed("PATCH"),
        Method::DELETE => Cow::Borrowed("DELETE"),
        Method::HEAD => Cow::Borrowed("HEAD"),
        _ => Cow::Owned(method.as_str().to_owned()),
    }
}

pub(super) fn attempt(
    shared: &Shared,
    call: &Call,
    number: u32,
    status: Option<u16>,
    error: Option<ErrorKind>,
    took: Duration,
) {
    shared.emit(EventKind::attempt(
        method_name(&call.spec.method),
        call.spec.template.clone(),
        number,
        status,
        error.map(ErrorKind::as_str),
        took,
    ));
}

pub(super) fn retry(shared: &Shared, call: &Call, number: u32, pause: Duration, reason: ErrorKind) {
    tracing::debug!(attempt = number, pause_ms = pause.as_millis(), reason = reason.as_str(), "retrying");
    shared.emit(EventKind::retry(call.spec.template.clone(), number, pause, reason.as_str()));
}

/// How many calls may be in flight has changed.
pub(super) fn concurrency(shared: &Shared, change: Option<u32>) {
    if let Some(calls) = change {
        tracing::debug!(calls, "calls in flight");
        shared.emit(EventKind::concurrency(calls));
    }
}

pub(super) fn breaker(shared: &Shared, change: Option<PhaseChange>) {
    let (state, rest) = match change {
        None => return,
        Some(PhaseChange::Opened(rest)) => ("open", Some(rest)),
        Some(PhaseChange::HalfOpened) => ("half_open", None),
        Some(PhaseChange::Closed) => ("closed", None),
    };
    tracing::warn!(state, "circuit breaker");
    shared.emit(EventKind::breaker(state, rest));
}
