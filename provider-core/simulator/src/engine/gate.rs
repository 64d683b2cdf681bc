//! The middleware in front of a distributor's routes: records requests, applies faults, latency and the rate limit,
//! sets `Date`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use chrono::TimeDelta;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, StatusCode, Uri};
use serde_json::Value;

use super::answer::answer;
use super::clock::http_date;
use super::connection::Connection;
use super::faults::{DueFault, FaultAction, SeenRequest};
use super::frame::Frame;
use super::lock::lock;
use super::refusal::Target;
use super::requests::{REDACTED, RecordedRequest, redacted_body, redacted_headers, redacted_pairs};
use super::strict::query_pairs;
use super::torn;

/// The largest request body that a simulator reads.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Puts the gate in front of a distributor's routes.
///
/// The routes are the fallback of an outer router, because a layer of their own would run after the route was chosen,
/// too late to put the path into the form they are written in.
pub(crate) fn gated(frame: Arc<Frame>, routes: Router) -> Router {
    Router::new().fallback_service(routes).layer(middleware::from_fn_with_state(frame, pass))
}

async fn pass(
    State(frame): State<Arc<Frame>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    frame.latency.hold(answered(&frame, &connection, request, next)).await
}

async fn answered(frame: &Frame, connection: &Connection, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let target = Target::new(&parts.method, &parts.uri);
    let routed_path = (frame.dialect.routed)(&target.path);
    let query = query_pairs(&parts.uri);
    let body = match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => body,
        Err(_) => return answer(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", ""),
    };

    let is_token = frame.dialect.token_paths.contains(&routed_path.as_str());
    let number = frame.log.begin(
        RecordedRequest {
            at: frame.clock.now(),
            method: target.method.clone(),
            path: target.path.clone(),
            query: redacted_pairs(query.clone()),
            headers: redacted_headers(&parts.headers),
            body: match (is_token, body.is_empty()) {
                (_, true) => String::new(),
                (true, false) => REDACTED.to_owned(),
                (false, false) => redacted_body(&body),
            },
            status: None,
        },
        routed_path.clone(),
    );
    let due = frame.faults.due(&SeenRequest {
        method: &target.method,
        path: &target.path,
        routed_path: &routed_path,
        query: &query,
    });

    let ahead = before(frame, &target, connection, &due).await;
    let (mut response, handled) = match ahead {
        Some(response) => (response, false),
        None if !is_token && !frame.rate.admit() => ((frame.dialect.throttled)(&target), false),
        None => {
            if let Some(uri) = with_path(&parts.uri, &routed_path) {
                parts.uri = uri;
            }
            let request = Request::from_parts(parts, Body::from(body));
            (next.run(request).await, true)
        }
    };
    if handled {
        response = after(frame, connection, &due, response).await;
    }
    date(frame, &due, &mut response);

    let cut = due
        .iter()
        .any(|fault| matches!(fault.action, FaultAction::DisconnectBefore | FaultAction::DisconnectAfter));
    frame.log.finish(number, (!cut).then(|| response.status().as_u16()));
    response
}

/// The faults that replace the handler, and delays. The first one that answers wins.
async fn before(
    frame: &Frame,
    target: &Target,
    connection: &Connection,
    due: &[DueFault],
) -> Option<Response> {
    for fault in due {
        match &fault.action {
            FaultAction::Delay(by) => tokio::time::sleep(*by).await,
            FaultAction::DisconnectBefore => {
                connection.cut();
                return Some(Response::new(Body::empty()));
            }
            FaultAction::Status { code, headers, body } => return Some(status(*code, headers, body)),
            FaultAction::Html => {
                return Some(answer(StatusCode::OK, "text/html; charset=utf-8", HTML));
            }
            FaultAction::Endless => return Some(endless()),
            FaultAction::Redirect(to) => {
                let mut response = answer(StatusCode::FOUND, "text/plain", "");
                if let Ok(to) = HeaderValue::from_str(to) {
                    response.headers_mut().insert(LOCATION, to);
                }
                return Some(response);
            }
            FaultAction::RateLimited { retry_after } => {
                let mut response = (frame.dialect.throttled)(target);
                if let Some(wait) = retry_after {
                    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                return Some(response);
            }
            _ => {}
        }
    }
    None
}

/// The faults that spoil an answer after the handler has done its work.
async fn after(frame: &Frame, connection: &Connection, due: &[DueFault], response: Response) -> Response {
    let mut response = response;
    for fault in due {
        response = match &fault.action {
            FaultAction::DisconnectAfter => {
                connection.cut();
                response
            }
            FaultAction::StatusAfter { code, headers } => status(*code, headers, ""),
            FaultAction::EmptyBody => map_body(response, |_| Bytes::new()).await,
            FaultAction::TornBody => torn::halved(connection.clone(), response).await,
            FaultAction::RepeatCursor => map_json(response, |page| repeat(frame, fault, page)).await,
            FaultAction::LieTotal(delta) => {
                map_json(response, |mut page| {
                    frame.dialect.paging.shift_totals(&mut page, *delta);
                    page
                })
                .await
            }
            FaultAction::DuplicateRows => {
                map_json(response, |mut page| {
                    frame.dialect.paging.duplicate_first_row(&mut page);
                    page
                })
                .await
            }
            FaultAction::Rewrite(change) => map_json(response, |value| change(value)).await,
            _ => response,
        };
    }
    response
}

fn repeat(frame: &Frame, fault: &DueFault, mut page: Value) -> Value {
    let paging = frame.dialect.paging;
    let mut memory = lock(&fault.memory);
    if paging.cursors.is_empty() {
        return memory.page.get_or_insert(page).clone();
    }
    if memory.cursor.is_none() {
        memory.cursor = paging.cursor(&page);
    }
    if let Some(cursor) = &memory.cursor {
        paging.set_cursor(&mut page, cursor);
    }
    page
}

fn date(frame: &Frame, due: &[DueFault], response: &mut Response) {
    let skew = due
        .iter()
        .filter_map(|fault| match fault.action {
            FaultAction::ClockSkew(by) => Some(by),
            _ => None,
        })
        .fold(TimeDelta::zero(), |sum, by| sum + by);
    let now = frame.clock.now();
    let told = now.checked_add_signed(skew).unwrap_or(now);
    if let Ok(value) = HeaderValue::from_str(&http_date(told)) {
        response.headers_mut().insert(DATE, value);
    }
}

const HTML: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>";

fn status(code: StatusCode, headers: &[(String, String)], body: &str) -> Response {
    let mut response = answer(code, "application/json", body.to_owned());
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn endless() -> Response {
    let start = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{\"content\":["))]);
    let filler = Bytes::from(vec![b' '; 16 * 1024]);
    let rest = futures_util::stream::unfold(filler, |filler| async move {
        // Without a pause a reader that keeps up would never let the server's other tasks run.
        tokio::time::sleep(Duration::from_millis(1)).await;
        Some((Ok(filler.clone()), filler))
    });
    let mut response = Response::new(Body::from_stream(futures_util::StreamExt::chain(start, rest)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Replaces the body; length headers of the old one are dropped.
async fn map_body(response: Response, change: impl FnOnce(Bytes) -> Bytes) -> Response {
    let (mut parts, body) = response.into_parts();
    // The body was made by a handler in this process: reading it cannot fail but for its size, which has no limit here.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(TRANSFER_ENCODING);
    Response::from_parts(parts, Body::from(change(body)))
}

async fn map_json(response: Response, change: impl FnOnce(Value) -> Value) -> Response {
    map_body(response, |body| match serde_json::from_slice::<Value>(&body) {
        Ok(value) => Bytes::from(change(value).to_string()),
        Err(_) => body,
    })
    .await
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    if uri.path() == path {
        return None;
    }
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}
