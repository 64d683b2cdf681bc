//! A transport that writes down what it is given and answers an empty object.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use crayon_client::{CrayonClient, CrayonConfig};
use provider_http::transport::{Body, TransportError};
use provider_http::{NoAuth, Transport};

/// One request as it would have left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: String,
    pub(crate) authorized: bool,
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
pub(crate) struct Recorder(Mutex<Vec<Sent>>);

impl Recorder {
    /// What was sent since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let uri = request.uri();
        self.0.lock().unwrap().push(Sent {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
            authorized: request.headers().contains_key(http::header::AUTHORIZATION),
        });
        Ok(http::Response::new(Body::from_bytes(Bytes::from_static(b"{}"))))
    }
}

/// A client whose requests go nowhere.
pub(crate) fn client() -> (CrayonClient, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let config = CrayonConfig::new("client", "secret", "user", "password");
    let client = CrayonClient::builder(config)
        .transport(Arc::<Recorder>::clone(&recorder))
        .authenticator(Arc::new(NoAuth))
        .build()
        .unwrap();
    (client, recorder)
}
