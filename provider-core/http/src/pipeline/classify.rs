//! What an answer that is no success means.

use std::borrow::Cow;

use http::{Method, StatusCode, header, response::Parts};
use provider_core::error::Violation;
use provider_core::wire::ends_early;
use provider_core::{Delivery, Error, ErrorKind};
use url::Url;

use super::call::Call;
use super::failure::FailedAttempt;
use crate::answer;
use crate::decode::without_mark;
use crate::problem::{Problem, ProblemInput, kind_of};
use crate::redact::{self, LONGEST, Scrubber};
use crate::request::{Origin, Target};
use crate::retry::{Safety, Stage, retry_after};
use crate::shared::Shared;

/// An answer with an error status.
pub(super) fn refused(shared: &Shared, call: &Call, head: &Parts, body: &[u8]) -> FailedAttempt {
    let scrubber = &shared.scrubber;
    let status = head.status;
    let wait = retry_after(&head.headers, shared.clock.now());
    let html = is_html(head, body);
    let problem = if html {
        Problem::default()
    } else {
        redact::learn_passwords(scrubber, body);
        if !call.spec.sensitive {
            let body = scrubber.scrub(format!("{:?}", redact::ShownJson(body)));
            tracing::debug!(status = status.as_u16(), body = &*body, "refused");
        }
        let input = ProblemInput::new(status, &head.headers, body);
        if call.target.with_credential {
            // What the distributor's own shapes do not say may stand in one of the common ones.
            (shared.problem_parser)(&input).or(Problem::common(&input))
        } else if body.trim_ascii_start().starts_with(b"{") {
            (shared.problem_parser)(&input)
        } else {
            // Whoever was asked without a credential was asked by an address that may be one, and may repeat it in
            // any words.
            Problem::default()
        }
    };
    let kind = problem.kind.unwrap_or_else(|| kind_of(status));
    // An HTML page that refuses a read comes from a gateway before the API, which throttles and fails in its own
    // ways. What the API itself says is JSON.
    let of_a_gateway = html && status == StatusCode::FORBIDDEN && call.spec.safety == Safety::Read;
    let stage = if of_a_gateway { Stage::Unreadable } else { Stage::Status { status: status.as_u16() } };
    let message = if html && status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
        html_instead(shared)
    } else {
        match problem.message.filter(|_| !call.spec.sensitive) {
            Some(message) => scrubber.scrub_and_cut(&message, LONGEST),
            None => plain(status).into_owned(),
        }
    };
    let mut error = Error::new(kind, message).with_http_status(status.as_u16());
    // What was sent holds secrets that nobody could name: of what is said about it only a plain word is shown.
    if let Some(code) = problem.code.filter(|code| !call.spec.sensitive || is_word(code)) {
        error = error.with_code(scrubber.scrub_and_cut(&code, LONGEST));
    }
    if let Some(id) = answer::request_id(&head.headers).map(str::to_owned).or(problem.request_id) {
        error = error.with_request_id(scrubber.scrub_and_cut(&id, LONGEST));
    }
    if !call.spec.sensitive {
        error =
            error.with_violations(problem.violations.into_iter().map(|violation| clean(violation, scrubber)));
    }
    if let Some(wait) = wait {
        error = error.with_retry_after(wait);
    }
    let failure = FailedAttempt::new(stage, error);
    let error = if of_a_gateway { failure.error.with_delivery(Delivery::Rejected) } else { failure.error };
    FailedAttempt { error, retry_after: wait, ..failure }
}

fn clean(violation: Violation, scrubber: &Scrubber) -> Violation {
    let clean = |text: &str| scrubber.scrub_and_cut(text, LONGEST);
    let cleaned = Violation::new(clean(&violation.field), clean(&violation.message));
    match violation.code {
        Some(code) => cleaned.with_code(clean(&code)),
        None => cleaned,
    }
}

/// A code as APIs have them: a number, a name, at most a few words joined.
fn is_word(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    code.len() <= 40 && code.chars().all(plain)
}

/// A success whose body is an HTML page: of a portal, a gateway, a log-in form.
pub(super) fn page_of_html(
    shared: &Shared,
    call: &Call,
    head: &Parts,
    body: &[u8],
) -> Result<(), FailedAttempt> {
    let wants_html =
        call.spec.headers.get(header::ACCEPT).is_some_and(|accept| {
            accept.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"html"))
        });
    if wants_html || !is_html(head, body) {
        return Ok(());
    }
    let error = Error::new(ErrorKind::Decode, html_instead(shared)).with_http_status(head.status.as_u16());
    Err(FailedAttempt::new(Stage::Unreadable, error))
}

/// A read whose answer is no JSON where nothing else is asked for: it ends early although it is as long as was
/// declared, it is in a coding that nobody asked for, it is empty, or a buffer on the way was never filled. It may be
/// whole the next time; where it never is, its reader says what is wrong.
pub(super) fn unreadable(call: &Call, head: &Parts, body: &[u8]) -> Option<FailedAttempt> {
    let json = call
        .spec
        .headers
        .get(header::ACCEPT)
        .is_none_or(|accept| accept.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"json")));
    if call.spec.safety != Safety::Read || !json {
        return None;
    }
    let message = if ends_early(body) {
        "the answer does not fit: the JSON ends early"
    } else if call.spec.operation.is_some() && !may_be_json(head, body) {
        "the answer is no JSON"
    } else {
        return None;
    };
    let error = Error::new(ErrorKind::Decode, message);
    Some(FailedAttempt::new(Stage::Unreadable, error.with_http_status(head.status.as_u16())))
}

/// False for what cannot be JSON by its first byte, or for a byte that no JSON holds. Of the statuses that mean success
/// only 200 promises a body.
fn may_be_json(head: &Parts, body: &[u8]) -> bool {
    if head.status != StatusCode::OK {
        return true;
    }
    let first = without_mark(body).trim_ascii_start().first();
    first.is_some_and(|byte| matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
        && memchr::memchr(0, body).is_none()
}

fn html_instead(shared: &Shared) -> String {
    format!(
        "{} answered with HTML instead of JSON: is {} right?",
        shared.base.origin().host(),
        shared.base.setting()
    )
}

fn is_html(head: &Parts, body: &[u8]) -> bool {
    let declared = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html"));
    let start = body.trim_ascii_start();
    let starts_with = |tag: &[u8]| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    // Some distributors label their JSON as HTML; what stands there decides.
    let json = matches!(start.first(), Some(b'{' | b'['));
    (declared && !json) || starts_with(b"<!doctype html") || starts_with(b"<html")
}

fn plain(status: StatusCode) -> Cow<'static, str> {
    match status.as_u16() {
        401 => Cow::Borrowed("the distributor did not accept the credentials"),
        403 => Cow::Borrowed("the credentials lack the right to this"),
        404 => Cow::Borrowed("there is no such record"),
        429 => Cow::Borrowed("too many calls"),
        _ => match status.canonical_reason() {
            Some(reason) => Cow::Owned(format!("the distributor answered: {}", reason.to_lowercase())),
            None => Cow::Borrowed("the distributor answered with an error"),
        },
    }
}

/// Where a redirect leads if it may be followed: reads only, within the origin only.
pub(super) fn redirect(
    shared: &Shared,
    call: &Call,
    head: &Parts,
    from: &Target,
) -> Result<Option<Url>, FailedAttempt> {
    let status = head.status.as_u16();
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = head.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let Some(next) = location.and_then(|location| from.url.join(location).ok()) else {
        return Ok(None);
    };
    let (here, there) = (Origin::of(&from.url), Origin::of(&next));
    if there != here {
        return Err(redirected(head, shared.base.refuse(&there, "answered with a redirect to")));
    }
    if !next.username().is_empty() || next.password().is_some() {
        let problem = "answered with a redirect to an address with a user name or a password";
        return Err(redirected(head, Error::config(shared.base.setting(), problem)));
    }
    if !may_follow(call, status) {
        let error = Error::config(
            shared.base.setting(),
            "answered with a redirect, which is followed for reads only: is the address exactly right?",
        );
        return Err(redirected(head, error));
    }
    Ok(Some(next))
}

/// A redirect is followed for reads only, and keeps method and body.
fn may_follow(call: &Call, status: u16) -> bool {
    let keeps_method = matches!(status, 307 | 308);
    let is_get = call.spec.method == Method::GET || call.spec.method == Method::HEAD;
    call.spec.safety == Safety::Read && (keeps_method || is_get)
}

pub(super) fn too_many_redirects(shared: &Shared, head: &Parts) -> FailedAttempt {
    redirected(head, Error::config(shared.base.setting(), "answered with redirects in a circle"))
}

fn redirected(head: &Parts, error: Error) -> FailedAttempt {
    let stage = Stage::Status { status: head.status.as_u16() };
    FailedAttempt::new(stage, error.with_http_status(head.status.as_u16()))
}
