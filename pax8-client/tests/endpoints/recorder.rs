//! A transport that writes down what is sent and answers what it was told.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use pax8_client::{Pax8Client, Pax8Config};
use provider_http::{Body, Transport, TransportError};
use serde_json::Value;

/// A request as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) origin: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder {
    sent: Arc<Mutex<Vec<Sent>>>,
    answer: Arc<Mutex<String>>,
}

impl Recorder {
    pub(crate) fn answering(answer: &str) -> Self {
        let recorder = Self::default();
        recorder.answer_with(answer);
        recorder
    }

    /// What is answered from now on.
    pub(crate) fn answer_with(&self, answer: &str) {
        answer.clone_into(&mut self.answer.lock().unwrap());
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub(crate) fn client(&self) -> Pax8Client {
        let config = Pax8Config::new("id", "secret".to_owned()).with_base_url("https://pax8.example.com");
        Pax8Client::builder(config)
            .rate(provider_http::RateLimit::unlimited())
            .transport(Arc::new(self.clone()))
            .build()
            .unwrap()
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        let sent = Sent {
            origin: format!("{}://{}", head.uri.scheme_str().unwrap(), head.uri.authority().unwrap()),
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        };
        let answer = if sent.path == "/v1/token" {
            let asked: Value = serde_json::from_str(&sent.body).unwrap();
            let audience = asked["audience"].as_str().unwrap();
            format!(r#"{{"access_token":"token-for-{audience}","expires_in":86400,"token_type":"Bearer"}}"#)
        } else {
            self.answer.lock().unwrap().clone()
        };
        self.sent.lock().unwrap().push(sent);
        let status = if answer.is_empty() { 204 } else { 200 };
        Ok(http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(Body::from_bytes(answer))
            .unwrap())
    }
}
