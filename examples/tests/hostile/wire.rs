//! Connections of all three distributors over a transport that answers what a test likes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use crayon_client::CrayonConfig;
use http::{Request, Response};
use pax8_client::Pax8Config;
use provider_core::observe::Observer;
use provider_core::token::MemoryTokenStore;
use provider_core::{Provider, Result, Services};
use provider_http::{Body, HttpOptions, TokioClock, Transport, TransportError};
use provider_simulator::Simulator;
use streamone_client::StreamOneConfig;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vendor {
    Crayon,
    Pax8,
    StreamOne,
}

impl Vendor {
    pub(crate) const ALL: [Self; 3] = [Self::Crayon, Self::Pax8, Self::StreamOne];
}

type Answer = dyn Fn(&Request<Bytes>) -> Result<Response<Body>, TransportError> + Send + Sync;

/// Answers by a function.
pub(crate) struct Wire(Box<Answer>);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

#[async_trait::async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        (self.0)(&request)
    }
}

impl Wire {
    pub(crate) fn new(
        answer: impl Fn(&Request<Bytes>) -> Response<Body> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self(Box::new(move |request| Ok(answer(request)))))
    }

    /// The same where an exchange may fail.
    pub(crate) fn failing(
        answer: impl Fn(&Request<Bytes>) -> Result<Response<Body>, TransportError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self(Box::new(answer)))
    }

    /// Hands out tokens, and answers everything else with this body.
    pub(crate) fn always(body: impl Into<Bytes>) -> Arc<Self> {
        let body = body.into();
        Self::new(move |request| token(request, "access-token").unwrap_or_else(|| answer(200, body.clone())))
    }
}

pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from_bytes(body));
    *response.status_mut() = status.try_into().unwrap();
    response
}

/// The answer to a request for a token, if it is one.
pub(crate) fn token(request: &Request<Bytes>, access: &str) -> Option<Response<Body>> {
    const ENDPOINTS: [&str; 3] = ["/api/v1/connect/token", "/v1/token", "/oauth/token"];
    let tokens = serde_json::json!({
        "access_token": access, "expires_in": 3600, "token_type": "Bearer", "refresh_token": "refresh-token-2",
    });
    ENDPOINTS.contains(&request.uri().path()).then(|| answer(200, tokens.to_string()))
}

/// The credentials of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) secret: String,
    pub(crate) password: String,
    pub(crate) refresh_token: String,
    pub(crate) api_secret: String,
}

impl Default for Login {
    fn default() -> Self {
        Self {
            secret: "client-secret".to_owned(),
            password: "password-of-it".to_owned(),
            refresh_token: "refresh-token-1".to_owned(),
            api_secret: "api-secret".to_owned(),
        }
    }
}

/// Accounts share limiter and breaker within a process, so every connection of a test has its own.
fn account() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(70_000);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

/// The variables of a connection.
pub(crate) fn variable(name: &str, account: u64, login: &Login) -> Option<String> {
    Some(match name {
        "CRAYON_CLIENT_ID" | "PAX8_CLIENT_ID" => format!("client-{account}"),
        "CRAYON_CLIENT_SECRET" | "PAX8_CLIENT_SECRET" => login.secret.clone(),
        "CRAYON_USERNAME" => "user@example.com".to_owned(),
        "CRAYON_PASSWORD" => login.password.clone(),
        "CRAYON_ORGANIZATION_ID" => "4001".to_owned(),
        "STREAMONE_ACCOUNT_ID" => account.to_string(),
        "STREAMONE_REFRESH_TOKEN" => login.refresh_token.clone(),
        "STREAMONE_API_KEY" => "api-key".to_owned(),
        "STREAMONE_API_SECRET" => login.api_secret.clone(),
        _ => return None,
    })
}

/// A connection over this transport.
pub(crate) fn connect(vendor: Vendor, wire: Arc<dyn Transport>, login: &Login) -> Arc<dyn Provider> {
    observed(vendor, wire, login, Arc::new(provider_core::observe::NoObserver))
}

/// The same, with somebody who is told what happens.
pub(crate) fn observed(
    vendor: Vendor,
    wire: Arc<dyn Transport>,
    login: &Login,
    observer: Arc<dyn Observer>,
) -> Arc<dyn Provider> {
    let account = account();
    let get = |name: &str| variable(name, account, login);
    let options = HttpOptions::default().transport(wire);
    let services = Services::default()
        .with_clock(Arc::new(TokioClock::default()))
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .with_observer(observer)
        .without_journal();
    match vendor {
        Vendor::Crayon => {
            CrayonConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services)
        }
        Vendor::Pax8 => Pax8Config::from_vars(get).unwrap().unwrap().with_http(options).connect(&services),
        Vendor::StreamOne => {
            StreamOneConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services)
        }
    }
    .unwrap()
}

/// Keeps the bodies of successful answers that pass through it.
#[derive(Debug)]
pub(crate) struct Recorder {
    inner: Arc<dyn Transport>,
    bodies: std::sync::Mutex<Vec<Vec<u8>>>,
}

impl Recorder {
    pub(crate) fn new(inner: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self { inner, bodies: std::sync::Mutex::default() })
    }

    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        self.bodies.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Transport for Recorder {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let (head, body) = self.inner.send(request).await?.into_parts();
        let bytes = body.collect().await?;
        if head.status.is_success() && bytes.len() < 64 * 1024 {
            self.bodies.lock().unwrap().push(bytes.to_vec());
        }
        Ok(Response::from_parts(head, Body::from_bytes(bytes)))
    }
}

/// A connection to the simulator, over this transport or one of its own.
pub(crate) fn simulated(
    simulator: &Simulator,
    vendor: Vendor,
    transport: Option<Arc<dyn Transport>>,
) -> Arc<dyn Provider> {
    let variables = simulator.env();
    let get = |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let options = HttpOptions::default();
    let options = match transport {
        Some(transport) => options.transport(transport),
        None => options,
    };
    let services =
        Services::default().with_token_store(Arc::new(MemoryTokenStore::default())).without_journal();
    match vendor {
        Vendor::Crayon => {
            CrayonConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services)
        }
        Vendor::Pax8 => Pax8Config::from_vars(get).unwrap().unwrap().with_http(options).connect(&services),
        Vendor::StreamOne => {
            StreamOneConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services)
        }
    }
    .unwrap()
}
