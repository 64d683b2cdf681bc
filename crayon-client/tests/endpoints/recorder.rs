//! A transport that writes down what it is given. It answers an empty object, or passes the request on.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use crayon_client::{CrayonClient, CrayonConfig};
use provider_http::transport::{Body, TransportError};
use provider_http::{HttpOptions, NoAuth, ProxySetting, ReqwestTransport, Transport};

/// One request as it would have left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: String,
    pub(crate) authorized: bool,
    pub(crate) accept: String,
    pub(crate) content_type: String,
}

impl Sent {
    /// `METHOD /path?query body`
    pub(crate) fn line(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let body = if self.body.is_empty() { String::new() } else { format!(" {}", self.body) };
        format!("{} {}{query}{body}", self.method, self.path)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Recorder {
    sent: Mutex<Vec<Sent>>,
    onwards: Option<ReqwestTransport>,
}

impl Recorder {
    /// What was sent since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let uri = request.uri();
        let header = |name| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        self.sent.lock().unwrap().push(Sent {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
            authorized: request.headers().contains_key(http::header::AUTHORIZATION),
            accept: header(http::header::ACCEPT),
            content_type: header(http::header::CONTENT_TYPE),
        });
        match &self.onwards {
            Some(onwards) => onwards.send(request).await,
            None => Ok(http::Response::new(Body::from_bytes(Bytes::from_static(b"{}")))),
        }
    }
}

/// A client whose requests go nowhere.
pub(crate) fn client() -> (CrayonClient, Arc<Recorder>) {
    build(CrayonConfig::new("client", "secret", "user", "password"), Recorder::default())
}

/// A client whose requests go to a server on this machine.
pub(crate) fn client_of(server: &str) -> (CrayonClient, Arc<Recorder>) {
    let mut config = CrayonConfig::new("client", "secret", "user", "password");
    config.base_url = server.to_owned();
    let mut options = HttpOptions::default();
    options.proxy = ProxySetting::None;
    let onwards = Some(ReqwestTransport::new(&options).unwrap());
    build(config, Recorder { onwards, ..Recorder::default() })
}

fn build(config: CrayonConfig, recorder: Recorder) -> (CrayonClient, Arc<Recorder>) {
    let recorder = Arc::new(recorder);
    let client = CrayonClient::builder(config)
        .transport(Arc::<Recorder>::clone(&recorder))
        .authenticator(Arc::new(NoAuth))
        .build()
        .unwrap();
    (client, recorder)
}
