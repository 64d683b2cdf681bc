//! Signed addresses that a server hands out: what must not be fetched is refused before anything is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use provider_core::error::Delivery;
use provider_core::secrecy::SecretString;
use provider_core::token::MemoryTokenStore;
use provider_core::{ErrorKind, async_trait};
use provider_http::{Body, Transport, TransportError};
use streamone_client::{StreamOneClient, StreamOneConfig};

/// Answers whatever is asked, and counts it.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl Transport for Counting {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(http::Response::new(Body::from_bytes(b"Invoice,Cost\n".to_vec())))
    }
}

fn client(base_url: &str) -> (StreamOneClient, Arc<Counting>) {
    let wire = Arc::new(Counting::default());
    let mut config = StreamOneConfig::new("5", "refresh").with_base_url(base_url);
    config.api_key = Some("key".into());
    config.api_secret = Some(SecretString::from("api-secret"));
    let builder = StreamOneClient::builder(config).token_store(Arc::new(MemoryTokenStore::default()));
    (builder.transport(Arc::<Counting>::clone(&wire)).build().unwrap(), wire)
}

#[tokio::test]
async fn an_address_within_our_own_network_or_with_a_password_is_never_fetched() {
    let (client, wire) = client("https://api.example.com");
    for refused in [
        "http://127.0.0.1:8080/invoice?sig=hunter2",
        "https://127.0.0.1/invoice?sig=hunter2",
        "https://192.168.7.7/invoice?sig=hunter2",
        "https://169.254.169.254/latest/meta-data?sig=hunter2",
        "https://[::ffff:10.0.0.1]/invoice?sig=hunter2",
        "https://[fd00::1]/invoice?sig=hunter2",
        "https://localhost/invoice?sig=hunter2",
        "http://files.example.com/invoice?sig=hunter2",
        "https://user:hunter2@files.example.com/invoice",
    ] {
        let mut sink = Vec::new();
        let error = client.invoices().download(&SecretString::from(refused), &mut sink).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{refused}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert!(sink.is_empty(), "{refused}");
    }
    assert_eq!(wire.0.load(Ordering::SeqCst), 0);
    let address = SecretString::from("https://files.example.com/invoice");
    client.invoices().download(&address, &mut Vec::new()).await.unwrap();
    assert_eq!(wire.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_on_this_machine_may_point_to_this_machine() {
    let (client, wire) = client("http://127.0.0.1:8080");
    let address = SecretString::from("http://127.0.0.1:9090/invoice");
    client.invoices().download(&address, &mut Vec::new()).await.unwrap();
    assert_eq!(wire.0.load(Ordering::SeqCst), 1);
}
