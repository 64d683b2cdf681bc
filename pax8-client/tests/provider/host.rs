//! What a host lends: one transport for everything that it connects, through the config and the registry.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use pax8_client::Pax8Factory;
use provider_core::{ConnectionSettings, CustomerQuery, PageRequest, Provider, Registry, Services};
use provider_http::{Body, HttpOptions, ReqwestTransport, Transport, TransportError};
use secrecy::ExposeSecret as _;

use crate::world::World;

/// Counts what passes.
#[derive(Debug)]
struct Counting {
    inner: ReqwestTransport,
    passed: AtomicUsize,
}

#[async_trait]
impl Transport for Counting {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        self.passed.fetch_add(1, Ordering::SeqCst);
        self.inner.send(request).await
    }
}

async fn read(provider: &Arc<dyn Provider>) {
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
}

#[tokio::test]
async fn a_transport_is_shared_by_what_is_connected_in_either_way() {
    let world = World::start().await;
    let inner = ReqwestTransport::new(&HttpOptions::default()).unwrap();
    let transport = Arc::new(Counting { inner, passed: AtomicUsize::new(0) });
    let options = HttpOptions::default().transport(Arc::<Counting>::clone(&transport));
    let services = Services::default();

    let config = world.config.clone().with_http(options.clone());
    read(&config.connect(&services).unwrap()).await;
    assert_eq!(transport.passed.load(Ordering::SeqCst), 2, "a token and a page");

    let settings = ConnectionSettings::new("pax8", "from a registry")
        .with_endpoint(world.config.base_url.clone())
        .with_secret("client_id", world.config.client_id.clone())
        .with_secret("client_secret", world.config.client_secret.expose_secret().to_owned());
    let registry = Registry::default().with(Pax8Factory::new().with_http(options)).unwrap();
    read(&registry.build(&settings, &services).unwrap()).await;
    assert_eq!(transport.passed.load(Ordering::SeqCst), 4);
    world.clean();
}
