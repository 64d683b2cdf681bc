//! A transport that answers from a script, on tokio's clock. That it fits behind the seam is part of
//! what these tests show: nothing in them needs a network.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use provider_core::ProviderInfo;
use provider_core::observe::{Event, EventKind, Observer};
use provider_http::{
    Body, HttpClient, HttpClientBuilder, HttpOptions, Transport, TransportError, TransportErrorKind,
};
use tokio::time::Instant;

/// One step of a script.
pub(crate) struct Reply {
    after: Duration,
    result: Result<Response<Body>, TransportError>,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::body(status, "{}")
    }

    pub(crate) fn body(status: u16, body: &'static str) -> Self {
        let mut response = Response::new(Body::from_bytes(Bytes::from_static(body.as_bytes())));
        *response.status_mut() = status.try_into().unwrap();
        Self { after: Duration::ZERO, result: Ok(response) }
    }

    pub(crate) fn stream(
        status: u16,
        chunks: impl futures_util::Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        let mut response = Response::new(Body::from_stream(chunks));
        *response.status_mut() = status.try_into().unwrap();
        Self { after: Duration::ZERO, result: Ok(response) }
    }

    pub(crate) fn fails(kind: TransportErrorKind) -> Self {
        Self { after: Duration::ZERO, result: Err(TransportError::new(kind, "scripted")) }
    }

    pub(crate) fn never() -> Self {
        Self::status(200).after(Duration::from_secs(100_000))
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(response) = &mut self.result {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        self
    }

    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.after = delay;
        self
    }
}

type Script = dyn Fn(usize, &Request<Bytes>) -> Reply + Send + Sync;

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct SeenRequest {
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Bytes,
}

#[derive(Clone)]
pub(crate) struct Scripted {
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<SeenRequest>>>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    /// The script gets the number of the request, from 0.
    pub(crate) fn new(script: impl Fn(usize, &Request<Bytes>) -> Reply + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), seen: Arc::default() }
    }

    pub(crate) fn seen(&self) -> Vec<SeenRequest> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// A client over it, with repeatable pauses.
    pub(crate) fn client(&self) -> HttpClient {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> HttpClientBuilder {
        HttpClient::builder(&ProviderInfo::new("pax8", "main"), "https://api.example.com".parse().unwrap())
            .base_setting("PAX8_BASE_URL")
            .transport(Arc::new(self.clone()))
            .options(HttpOptions::default().backoff_seed(1))
    }
}

#[async_trait::async_trait]
impl Transport for Scripted {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(SeenRequest {
                at: Instant::now(),
                method: request.method().to_string(),
                uri: request.uri().to_string(),
                authorization: request
                    .headers()
                    .get("authorization")
                    .map(|value| value.to_str().unwrap().to_owned()),
                body: request.body().clone(),
            });
            seen.len() - 1
        };
        let reply = (self.script)(number, &request);
        tokio::time::sleep(reply.after).await;
        reply.result
    }
}

/// Keeps every event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watcher(Arc<Mutex<Vec<Event>>>);

impl Watcher {
    pub(crate) fn events(&self) -> Vec<EventKind> {
        self.0.lock().unwrap().iter().map(|event| event.what.clone()).collect()
    }

    pub(crate) fn whole(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Watcher {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}
