//! Planted secrets are searched for in everything that comes out. A process of its own, because it listens
//! to everything that is logged.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "provider/world.rs"]
mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};

use http::StatusCode;
use pax8_client::{Pax8Client, Pax8Factory};
use provider_core::{CustomerQuery, PageRequest, Provider, ProviderFactory, Services};
use provider_simulator::{FaultAction, FaultRule};
use secrecy::{ExposeSecret as _, SecretString};
use tracing_subscriber::fmt::MakeWriter;

use world::World;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_is_in_any_output() {
    const WRONG: &str = "planted-wrong-secret-4711";
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(captured.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut world = World::start().await;
    let good = world.config.client_secret.expose_secret().to_owned();
    let mut out = String::new();

    let provider = world.bare();
    out += &format!("{:?}", provider.verify().await);
    let echo =
        format!(r#"{{"type":"BAD_REQUEST","message":"you sent {good}","details":[{{"message":"{good}"}}]}}"#);
    world.pax8().faults().add(FaultRule::new(
        "GET",
        "/v1/companies",
        FaultAction::status(StatusCode::BAD_REQUEST, echo),
    ));
    let error =
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap_err();
    out += &format!("{provider:?} {:?} {:?} {error} {error:?}", provider.client(), world.config);
    let echo = format!(r#"{{"error":"{good}","error_description":"{WRONG} is wrong"}}"#);
    world.pax8().faults().clear();
    world.pax8().faults().add(FaultRule::new(
        "POST",
        "/v1/token",
        FaultAction::status(StatusCode::UNAUTHORIZED, echo),
    ));
    world.config.client_secret = SecretString::from(WRONG.to_owned());
    let client = Pax8Client::new(world.config.clone()).unwrap();
    let error = client.companies().get("1").await.unwrap_err();
    out += &format!("{error} {error:?} {client:?}");
    let verification = world.bare().verify().await;
    out += &format!("{verification:?} {}", serde_json::to_string(&verification).unwrap());
    let settings = provider_core::ConnectionSettings::new("pax8", "x")
        .with_secret("client_id", "id".to_owned())
        .with_secret("client_secret", WRONG.to_owned());
    out += &format!("{settings:?} {:?}", Pax8Factory::new().build(&settings, &Services::default()).unwrap());

    let logs = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logs.contains("/v1/companies"), "the logs were captured");
    for text in [&logs, &out] {
        for secret in [WRONG, good.as_str()] {
            if let Some(at) = text.find(secret) {
                panic!("a secret is in: {}", text.get(at.saturating_sub(200)..at).unwrap_or_default());
            }
        }
    }
}
