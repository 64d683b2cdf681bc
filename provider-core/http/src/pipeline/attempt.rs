//! One exchange on the wire, within its time limits.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use provider_core::{Error, ErrorKind};
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use super::call::{Call, Reply};
use super::failure::FailedAttempt;
use super::{classify, report, span};
use crate::answer::Context;
use crate::auth::Credential;
use crate::breaker::Health;
use crate::deadline::Deadline;
use crate::decode;
use crate::limit::Slot;
use crate::redact;
use crate::request::{Origin, Target};
use crate::retry::Stage;
use crate::shared::Shared;
use crate::transport::{Body, Pieces, TransportError, TransportErrorKind};

/// Enough for any gateway; more is a loop.
const MOST_REDIRECTS: u32 = 5;

/// Makes one attempt and tells everyone how it went.
pub(super) async fn make(
    shared: &Arc<Shared>,
    call: &Call,
    credential: &Credential,
    request: http::Request<Bytes>,
    context: Context,
    slot: Slot,
) -> Result<Reply, FailedAttempt> {
    let number = context.attempts;
    let span = span::attempt(shared, call, number);
    let started = Instant::now();
    let result =
        within_limits(shared, call, credential, request, context, slot).instrument(span.clone()).await;
    let (status, error, health, retry_after) = match &result {
        Ok(reply) => (Some(reply.status.as_u16()), None, Health::Up, None),
        Err(failure) => {
            (failure.error.http_status(), Some(failure.error.kind()), failure.health(), failure.retry_after)
        }
    };
    if let Some(kind) = error {
        span.record("error.type", kind.as_str());
    }
    report::attempt(shared, call, number, status, error, started.elapsed());
    report::breaker(shared, shared.account.breaker.record(health, retry_after, started));
    result
}

async fn within_limits(
    shared: &Shared,
    call: &Call,
    credential: &Credential,
    request: http::Request<Bytes>,
    context: Context,
    slot: Slot,
) -> Result<Reply, FailedAttempt> {
    let limit = call.deadline.or_after(shared.options.attempt_timeout);
    match limit.bound(exchange(shared, call, credential, request, context, slot, limit)).await {
        Ok(result) => result,
        Err(_) if call.deadline.has_passed() => Err(FailedAttempt::new(
            Stage::Deadline,
            Error::new(ErrorKind::Timeout, "the deadline passed before the answer came"),
        )),
        Err(_) => Err(wire(
            shared,
            &Origin::of(&call.target.url),
            TransportError::new(
                TransportErrorKind::Timeout,
                "no complete answer within the time limit of an attempt",
            ),
        )),
    }
}

async fn exchange(
    shared: &Shared,
    call: &Call,
    credential: &Credential,
    first: http::Request<Bytes>,
    context: Context,
    slot: Slot,
    limit: Deadline,
) -> Result<Reply, FailedAttempt> {
    let mut target = call.target.clone();
    let mut redirects = 0;
    let mut ready = Some(first);
    loop {
        let request = match ready.take() {
            Some(request) => request,
            None => request(shared, call, credential, &target)?,
        };
        tracing::trace!(
            headers = ?redact::CleanHeaders(request.headers(), &shared.scrubber),
            query = ?redact::ShownQuery(target.url.query().unwrap_or_default()),
            body_bytes = request.body().len(),
            "request",
        );
        let response =
            shared.transport.send(request).await.map_err(|e| wire(shared, &Origin::of(&target.url), e))?;
        let (head, body) = response.into_parts();
        let span = Span::current();
        span.record("http.response.status_code", head.status.as_u16());
        if let Some(id) = crate::answer::request_id(&head.headers)
            && !span.is_disabled()
        {
            span.record("provider.request_id", shared.scrubber.scrub_and_cut(id, redact::LONGEST));
        }
        tracing::trace!(
            status = head.status.as_u16(),
            headers = ?redact::CleanHeaders(&head.headers, &shared.scrubber),
            "answer"
        );
        shared.account.limiter.observe(
            &head.headers,
            head.status.is_success(),
            shared.clock.now().timestamp(),
        );

        if let Some(next) = classify::redirect(shared, call, &head, &target)? {
            redirects += 1;
            if redirects > MOST_REDIRECTS {
                return Err(classify::too_many_redirects(shared, &head));
            }
            slot.redirected();
            target = Target { url: next, with_credential: target.with_credential };
            continue;
        }
        if call.stream && head.status.is_success() {
            classify::page_of_html(shared, call, &head, &[])?;
            let body = body.capped(call.max_body);
            report::concurrency(shared, slot.answered(None));
            return Ok(Reply::streamed(head, body, context, slot));
        }
        if !head.status.is_success() {
            let bytes = decode::body(explanation(limit, body).await);
            return Err(classify::refused(shared, call, &head, &bytes));
        }
        let bytes = decode::body(collect(shared, call, &target, &head, body).await?);
        classify::page_of_html(shared, call, &head, &bytes)?;
        report::concurrency(shared, slot.answered(Some(bytes.len())));
        let unreadable = classify::unreadable(call, &head, &bytes);
        let reply = Reply::whole(head, bytes, Context { time_left: call.deadline.remaining(), ..context });
        return match unreadable {
            Some(failure) => Err(FailedAttempt { reply: Some(Box::new(reply)), ..failure }),
            None => Ok(reply),
        };
    }
}

/// The request of a call to this target, with its credential.
pub(super) fn request(
    shared: &Shared,
    call: &Call,
    credential: &Credential,
    target: &Target,
) -> Result<http::Request<Bytes>, FailedAttempt> {
    let before = |error| FailedAttempt::new(Stage::Before, error);
    let mut request = http::Request::new(call.spec.body.clone());
    *request.method_mut() = call.spec.method.clone();
    *request.uri_mut() = target.uri().map_err(before)?;
    let headers = request.headers_mut();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, shared.user_agent.clone());
    headers.extend(call.spec.headers.clone());
    if target.with_credential
        && let Some((name, value)) = credential.header().map_err(before)?
    {
        headers.insert(name, value);
    }
    Ok(request)
}

/// The whole body of a success, within its cap, with no pause longer than the read limit.
async fn collect(
    shared: &Shared,
    call: &Call,
    target: &Target,
    head: &http::response::Parts,
    body: Body,
) -> Result<Bytes, FailedAttempt> {
    let declared = declared_length(head);
    if declared.is_some_and(|length| length > call.max_body) {
        return Err(oversized(shared, call.max_body));
    }
    let mut body = body.capped(call.max_body);
    let mut pieces = Pieces::expecting(declared);
    loop {
        let error = match tokio::time::timeout(shared.options.read_timeout, body.chunk()).await {
            Ok(None) => return Ok(pieces.finish()),
            Ok(Some(Ok(chunk))) => {
                pieces.push(chunk);
                continue;
            }
            Ok(Some(Err(error))) => error,
            Err(_) => TransportError::new(TransportErrorKind::Timeout, "the answer stopped arriving"),
        };
        let mut failure = match error.kind() {
            TransportErrorKind::TooLarge => oversized(shared, call.max_body),
            _ => wire(shared, &Origin::of(&target.url), error),
        };
        failure.error = failure.error.with_http_status(head.status.as_u16());
        return Err(failure);
    }
}

/// What can be had of the body of an error. The status already says what happened, so an explanation
/// that is slow, torn or endless must not turn it into something less certain: it ends before the attempt does.
async fn explanation(limit: Deadline, body: Body) -> Bytes {
    const LONGEST: u64 = 256 * 1024;
    const SLOWEST: Duration = Duration::from_secs(5);
    let mut body = body.capped(LONGEST);
    let mut pieces = Pieces::default();
    let until = Deadline::after(SLOWEST.min(limit.remaining() / 2));
    while let Ok(Some(Ok(chunk))) = until.bound(body.chunk()).await {
        pieces.push(chunk);
    }
    pieces.finish()
}

fn declared_length(head: &http::response::Parts) -> Option<u64> {
    head.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn oversized(shared: &Shared, cap: u64) -> FailedAttempt {
    let error = Error::new(
        ErrorKind::Decode,
        format!(
            "the answer is larger than {} MiB: ask for smaller pages, or check {}",
            (cap / (1024 * 1024)).max(1),
            shared.base.setting()
        ),
    );
    FailedAttempt::new(Stage::Wire(TransportErrorKind::TooLarge), error)
}

/// What went wrong on the way to a host, which after a redirect or for a signed address is not the configured one.
fn wire(shared: &Shared, origin: &Origin, error: TransportError) -> FailedAttempt {
    let kind = error.kind();
    let configured = origin == shared.base.origin();
    let host = if configured { origin.host().to_owned() } else { origin.address() };
    let message = match kind {
        TransportErrorKind::Connect => {
            let cause = error.root_cause().map(|cause| format!(" ({cause})")).unwrap_or_default();
            let setting = if configured { shared.base.setting() } else { "the address that was pointed to" };
            format!("no connection to {host}{cause}: is {setting} right, and is the network up?")
        }
        _ => format!("{host}: {error}"),
    };
    FailedAttempt::new(Stage::Wire(kind), Error::new(kind.error_kind(), message).with_source(error))
}
