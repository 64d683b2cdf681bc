//! A real server made of the vendor's files: it routes by their paths, checks every request against them,
//! and answers as they say.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pax8_client::{Pax8Client, Pax8Config};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::judge::{Request, token, violations};
use super::reply::{Source, reply};
use super::spec::Specs;

/// A request that came in, and what the files say against it.
#[derive(Debug, Clone)]
pub(crate) struct SeenRequest {
    pub(crate) method: String,
    pub(crate) template: String,
    pub(crate) violations: Vec<String>,
    /// Of a token request: what the token is for.
    pub(crate) audience: Option<String>,
}

/// The server; dropping it ends it.
pub(crate) struct Mock {
    origin: String,
    desk: Arc<Desk>,
    task: JoinHandle<()>,
}

struct Desk {
    specs: Specs,
    source: Source,
    seen: Mutex<Vec<SeenRequest>>,
}

impl Mock {
    pub(crate) async fn start(specs: Specs, source: Source) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk { specs, source, seen: Mutex::default() });
        let app = Router::new().fallback(serve).with_state(Arc::clone(&desk));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { origin, desk, task }
    }

    pub(crate) fn config(&self) -> Pax8Config {
        Pax8Config::new("id", "secret".to_owned()).with_base_url(self.origin.clone())
    }

    pub(crate) fn client(&self) -> Pax8Client {
        let limit = provider_http::RateLimit::unlimited();
        Pax8Client::builder(self.config()).rate(limit).build().unwrap()
    }

    /// What came in so far, and forgets it.
    pub(crate) fn take(&self) -> Vec<SeenRequest> {
        std::mem::take(&mut *self.desk.seen.lock().unwrap())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    State(desk): State<Arc<Desk>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(found) = desk.specs.find(method.as_str(), uri.path()) else {
        let template = uri.path().to_owned();
        let violations = vec!["is in none of the files".to_owned()];
        desk.note(SeenRequest { method: method.to_string(), template, violations, audience: None });
        return StatusCode::NOT_FOUND.into_response();
    };
    let request = Request { query: uri.query().unwrap_or_default(), headers: &headers, body: &body };
    let accept = request.header(&header::ACCEPT).unwrap_or("*/*").to_owned();
    let (status, media, mut answer) = reply(&found, &accept, desk.source);
    let mut audience = None;
    if found.template == "/v1/token" {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        audience = asked["audience"].as_str().map(str::to_owned);
        let issued = token(audience.as_deref().unwrap());
        answer =
            json!({"access_token": issued, "expires_in": 86400, "token_type": "Bearer"}).to_string().into();
    }
    let violations = violations(&found, &request);
    desk.note(SeenRequest { method: method.to_string(), template: found.template, violations, audience });
    let status = StatusCode::from_u16(status).unwrap();
    if media.is_empty() {
        return status.into_response();
    }
    (status, [(header::CONTENT_TYPE, media)], answer).into_response()
}

impl Desk {
    fn note(&self, seen: SeenRequest) {
        self.seen.lock().unwrap().push(seen);
    }
}
