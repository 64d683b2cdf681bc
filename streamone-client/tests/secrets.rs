//! Planted secrets are searched for in everything that comes out. A process of its own, because it listens
//! to everything that is logged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap, index or expectation is a failed test"
)]

#[path = "provider/stage.rs"]
#[allow(dead_code, reason = "made for the tests of the provider")]
mod stage;

use std::io::Write;
use std::sync::{Arc, Mutex};

use provider_core::{
    CustomerQuery, OrderQuery, PageRequest, ProductQuery, Provider as _, ProviderExt as _, ReadOptions,
};
use provider_simulator::{FaultAction, FaultRule};
use secrecy::ExposeSecret as _;
use tracing_subscriber::fmt::MakeWriter;

use crate::stage::{Stage, bakery, key, line, suite};

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
    while let Some(next) = source {
        text.push_str(&format!(" {next} {next:?}"));
        source = next.source();
    }
    text
}

#[tokio::test]
async fn no_secret_is_in_any_output() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(captured.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let stage = Stage::start().await;
    let mut secrets: Vec<String> = vec![stage.ion.refresh_token()];
    secrets.extend([stage.ion.api_key(), stage.ion.api_secret()].map(str::to_owned));
    let mut shown = String::new();
    let provider = stage.shared();
    shown.push_str(&format!("{:?}", provider.verify().await));
    secrets.push(stage.ion.refresh_token());
    shown.push_str(&format!(
        "{:?} {:?} {:?}",
        stage.client,
        stage.provider,
        crate::stage::config(&stage.ion)
    ));

    let receipt = provider.create_customer(bakery("secret@example.com"), &key("c")).await.unwrap();
    secrets.push(receipt.credentials.as_ref().unwrap().password.expose_secret().to_owned());
    shown.push_str(&format!("{receipt:?}"));
    let customer = receipt.customer.unwrap();
    let (product, offer) = suite(&stage).await;
    let order = provider_core::NewOrder::new(&customer).line(line(&product, &offer, 1));
    let placed = provider.place_order(provider_core::PlaceOrder::new(order), &key("o")).await.unwrap();
    stage.follow(&placed).await;
    let native = stage
        .client
        .orders()
        .get(streamone_client::api::ANY_CUSTOMER, placed.order().unwrap().as_str())
        .await
        .unwrap();
    let password = native.order_items[0].attributes.iter().find(|a| a.name == "password").unwrap();
    secrets.push(password.value.clone());
    shown.push_str(&format!("{native:?}"));

    let raw = ReadOptions::default().raw(true);
    let order = provider.get_order(placed.order().unwrap(), &raw).await.unwrap();
    assert!(order.raw.is_some());
    shown.push_str(&serde_json::to_string(&order).unwrap());
    let orders = provider.orders(OrderQuery::default().raw(true)).collect_all().await.unwrap();
    shown.push_str(&serde_json::to_string(&orders).unwrap());
    let products = provider.products(ProductQuery::default().raw(true)).collect_all().await.unwrap();
    shown.push_str(&serde_json::to_string(&products).unwrap());
    let native = stage.client.products().get(product.id.as_str(), &Default::default()).await.unwrap();
    secrets.push(native.preview_auth_token.as_ref().unwrap().expose_secret().to_owned());
    shown.push_str(&format!("{native:?}{}", serde_json::to_string(&native).unwrap()));
    let invoices = stage.client.invoices();
    let listed = invoices
        .list(
            streamone_client::api::InvoicesOf::Payable,
            streamone_client::api::LegacyFilter::default().page(streamone_client::api::OffsetPage::first(1)),
        )
        .await
        .unwrap();
    let id = listed.records().next().unwrap().id.clone().unwrap();
    let files = invoices.files(id.as_str()).await.unwrap();
    let address = files.detailed_invoice_files_urls[0].expose_secret().to_owned();
    secrets.push(address.split_once('?').unwrap().1.to_owned());
    shown.push_str(&format!("{files:?}"));
    invoices.download(&files.detailed_invoice_files_urls[0], &mut Vec::new()).await.unwrap();

    // Errors, with a service that repeats what it was sent.
    let token = stage.ion.refresh_token();
    secrets.push(token.clone());
    let pair = [stage.ion.api_key(), stage.ion.api_secret()].join(" ");
    let echo = format!(r#"{{"error":"bad","message":"you sent {pair}"}}"#);
    for status in [400_u16, 401, 403, 500] {
        stage.ion.faults().clear();
        let status = http::StatusCode::from_u16(status).unwrap();
        stage.ion.faults().add(FaultRule::new("*", "/api/v1/*", FaultAction::status(status, echo.clone())));
        let query = provider_core::InvoiceQuery::default();
        let error = provider.list_invoices(&query, &PageRequest::default()).await.unwrap_err();
        shown.push_str(&chain(&error));
        stage.ion.faults().add(FaultRule::new("*", "/api/v3/*", FaultAction::Html));
        let error =
            provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap_err();
        shown.push_str(&chain(&error));
    }
    stage.ion.faults().clear();
    stage.ion.expire_access_tokens();
    let refused = format!(r#"{{"error":"{token} is spent"}}"#);
    let refusal = FaultAction::status(http::StatusCode::BAD_REQUEST, refused);
    stage.ion.faults().add(FaultRule::new("POST", "/oauth/token", refusal));
    let error =
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap_err();
    shown.push_str(&chain(&error));

    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.len() > 1_000, "the log was captured");
    for secret in &secrets {
        assert!(secret.len() > 5);
        assert!(!shown.contains(secret.as_str()), "a secret is shown");
        assert!(!logged.contains(secret.as_str()), "a secret is logged");
    }
}
