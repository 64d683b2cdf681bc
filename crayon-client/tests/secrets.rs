//! Planted secrets, and a search for them in everything that can be seen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

#[path = "provider/commands.rs"]
mod commands;
#[path = "provider/connection.rs"]
mod connection;

use std::io::Write;
use std::sync::{Arc, Mutex};

use crayon_client::{CrayonConfig, CrayonProvider};
use provider_core::{CustomerQuery, PageRequest, Provider, ReadOptions};
use provider_simulator::{FaultAction, FaultRule};
use tracing_subscriber::fmt::MakeWriter;

use self::commands::{key, new_customer};
use self::connection::Account;

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

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn no_secret_is_seen_anywhere() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(captured.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let account = Account::start().await;
    let mut seen = String::new();

    // Planted in every credential; the service repeats what it was sent.
    let planted = ["pl4nted-secret-one", "pl4nted-user@example.com", "pl4nted-password-three"];
    let wrong = CrayonConfig::new(account.crayon.client_id(), planted[0], planted[1], planted[2])
        .with_base_url(account.crayon.base_url());
    seen.push_str(&format!("{wrong:?} {:?}", wrong.clone().client().unwrap()));
    let refused = CrayonProvider::from_config(wrong).unwrap();
    let echo =
        format!(r#"{{"error":"invalid_grant","error_description":"bad {} {}"}}"#, planted[0], planted[2]);
    let action = FaultAction::status(http::StatusCode::BAD_REQUEST, echo);
    account.crayon.faults().add(FaultRule::new("POST", "/api/v1/connect/token", action).once());
    let verification = refused.verify().await;
    seen.push_str(&format!("{refused:?} {verification:?} {}", serde_json::to_string(&verification).unwrap()));
    for check in &verification.checks {
        seen.push_str(&check.error.as_ref().map(|error| chain(error)).unwrap_or_default());
    }

    // Good credentials, failing calls, a token that is repeated, a password in an answer.
    let provider = account.provider();
    let echo = r#"{"ErrorCode":"E","Message":"no"}"#;
    let action = FaultAction::status(http::StatusCode::BAD_REQUEST, echo);
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/CustomerTenants/*", action).once());
    let error = provider.get_customer(&"51001".into(), &ReadOptions::default()).await.unwrap_err();
    seen.push_str(&chain(&error));
    drop(provider.list_customers(&CustomerQuery::default().raw(true), &PageRequest::default()).await);
    let created = provider.execute(&new_customer(&account).into(), &key("secret")).await.unwrap();
    let password =
        secrecy::ExposeSecret::expose_secret(&created.credentials.clone().unwrap().password).to_owned();
    seen.push_str(&format!("{created:?} {}", serde_json::to_string(&created).unwrap()));
    seen.push_str(&format!("{provider:?} {:?}", account.config()));
    drop(guard);

    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(!log.is_empty());
    let own = [account.crayon.client_secret(), account.crayon.password(), password.as_str()];
    for secret in planted.iter().copied().chain(own) {
        assert!(!seen.contains(secret), "{secret} in what the client shows");
        assert!(!log.contains(secret), "{secret} in the log");
    }
    assert!(!log.contains("Bearer "), "a token in the log");
}
