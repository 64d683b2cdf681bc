//! Signed addresses that a server hands out: what must not be fetched is refused before anything is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use crayon_client::model::UsageFile;
use crayon_client::{CrayonClient, CrayonConfig};
use provider_core::error::Delivery;
use provider_core::{ErrorKind, async_trait};
use provider_http::{Body, NoAuth, Transport, TransportError};

/// Answers whatever is asked, and counts it.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl Transport for Counting {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(http::Response::new(Body::from_bytes(b"SubscriptionId,Cost\n".to_vec())))
    }
}

fn client(base_url: &str) -> (CrayonClient, Arc<Counting>) {
    let wire = Arc::new(Counting::default());
    let config = CrayonConfig::new("client", "secret", "user", "password").with_base_url(base_url);
    let builder = CrayonClient::builder(config).authenticator(Arc::new(NoAuth));
    (builder.transport(Arc::<Counting>::clone(&wire)).build().unwrap(), wire)
}

fn file(url: &str) -> UsageFile {
    serde_json::from_value(serde_json::json!({"Url": url})).unwrap()
}

#[tokio::test]
async fn an_address_within_our_own_network_or_with_a_password_is_never_fetched() {
    let (client, wire) = client("https://api.example.com");
    for refused in [
        "http://127.0.0.1:8080/usage?sig=hunter2",
        "https://127.0.0.1/usage?sig=hunter2",
        "https://10.1.2.3/usage?sig=hunter2",
        "https://169.254.169.254/latest/meta-data?sig=hunter2",
        "https://[::1]/usage?sig=hunter2",
        "https://[fe80::1]/usage?sig=hunter2",
        "https://metadata.internal/usage?sig=hunter2",
        "http://files.example.com/usage?sig=hunter2",
        "https://user:hunter2@files.example.com/usage",
    ] {
        let mut sink = Vec::new();
        let error = client.azure_usage().download(&file(refused), &mut sink).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{refused}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert!(sink.is_empty(), "{refused}");
    }
    assert_eq!(wire.0.load(Ordering::SeqCst), 0);
    client.azure_usage().download(&file("https://files.example.com/usage"), &mut Vec::new()).await.unwrap();
    assert_eq!(wire.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_on_this_machine_may_point_to_this_machine() {
    let (client, wire) = client("http://127.0.0.1:8080");
    client.azure_usage().download(&file("http://127.0.0.1:9090/usage"), &mut Vec::new()).await.unwrap();
    assert_eq!(wire.0.load(Ordering::SeqCst), 1);
}
