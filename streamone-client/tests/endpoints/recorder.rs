//! A transport that answers from a list and keeps what was sent, byte for byte.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use provider_core::async_trait;
use provider_core::token::MemoryTokenStore;
use provider_http::{Body, Transport, TransportError};
use streamone_client::{StreamOneClient, StreamOneConfig};

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

const EXCHANGE: &str = "/oauth/token";

impl Sent {
    fn is_exchange(&self) -> bool {
        self.target.ends_with(EXCHANGE)
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder {
    sent: Arc<Mutex<Vec<Sent>>>,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Recorder {
    pub(crate) fn answering(status: u16, body: &str) -> Self {
        let recorder = Self::default();
        recorder.answer(status, body);
        recorder
    }

    pub(crate) fn answer(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }

    pub(crate) fn client(&self) -> StreamOneClient {
        self.client_at("https://ion.example.com")
    }

    pub(crate) fn client_at(&self, base_url: &str) -> StreamOneClient {
        let config = StreamOneConfig::new("20001", "EXAMPLE-REFRESH-TOKEN-0001")
            .with_api_key("EXAMPLE-KEY", "EXAMPLE-SECRET")
            .with_base_url(base_url);
        StreamOneClient::builder(config)
            .token_store(Arc::new(MemoryTokenStore::default()))
            .transport(Arc::new(self.clone()))
            .build()
            .unwrap()
    }

    /// What was sent besides token exchanges.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        let all = self.sent.lock().unwrap();
        all.iter().filter(|sent| !sent.is_exchange()).cloned().collect()
    }

    pub(crate) fn take(&self) -> Sent {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        self.sent.lock().unwrap().retain(|sent| sent.is_exchange());
        sent.into_iter().next().unwrap()
    }

    pub(crate) fn exchanges(&self) -> Vec<Sent> {
        let all = self.sent.lock().unwrap();
        all.iter().filter(|sent| sent.is_exchange()).cloned().collect()
    }
}

const TOKENS: &str = r#"{"access_token":"EXAMPLE-ACCESS-TOKEN-0002","expires_in":7200,"refresh_token":"EXAMPLE-REFRESH-TOKEN-0002","token_type":"Bearer"}"#;

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let header = |name: http::HeaderName| {
            request.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let target = request.uri().path_and_query().unwrap().to_string();
        let (status, body) = if target.ends_with(EXCHANGE) {
            (200, TOKENS.to_owned())
        } else {
            self.answer.lock().unwrap().clone()
        };
        self.sent.lock().unwrap().push(Sent {
            method: request.method().to_string(),
            authorization: header(http::header::AUTHORIZATION),
            content_type: header(http::header::CONTENT_TYPE),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
            target,
        });
        let mut response = http::Response::new(Body::from_bytes(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        Ok(response)
    }
}
