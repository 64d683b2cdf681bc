//! A small receiver of what Pax8 delivers: checks where it comes from, drops repetitions, and says which
//! record to fetch again.
//!
//! ```sh
//! PAX8_WEBHOOK_AUTHORIZATION=... cargo run --example webhooks -- [--port N] [--deliveries N]
//! ```
//!
//! Point a webhook at `http://<this machine>:<port>/pax8` and give it the same authorization. With no
//! provider variable in the environment the embedded simulator is set up to deliver here, and one change
//! is made so that something arrives.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use clap::Parser;
use pax8_client::model::{AddWebhookTopic, CreateWebhook};
use pax8_client::webhook::{Changed, Received, Receiver, Refused};
use pax8_client::{Pax8Config, Pax8Provider};
use provider_core::settings::variable;
use provider_core::{
    ChangeQuantity, IdempotencyKey, Provider, ProviderExt, SubscriptionQuery, SubscriptionStatus,
    WriteOptions,
};
use provider_examples::{Exit, Failure};
use provider_simulator::Simulator;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A small receiver of what Pax8 delivers.
#[derive(Parser)]
struct Flags {
    /// Where to listen on this machine; a free port without it.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Stop after so many changes; without it, on Ctrl-C. One, against the simulator.
    #[arg(long)]
    deliveries: Option<usize>,
}

struct Inbox {
    receiver: Receiver,
    changes: mpsc::Sender<Changed>,
}

/// The `Authorization` that Pax8 sends with every delivery, and nobody else can.
const AUTHORIZATION: &str = "PAX8_WEBHOOK_AUTHORIZATION";

#[tokio::main]
async fn main() -> Exit {
    // It ends with Ctrl-C, which is no failure.
    Exit(run(Flags::parse()).await)
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let configured = std::env::var_os("PAX8_CLIENT_ID").is_some();
    let authorization = variable(AUTHORIZATION, std::env::var_os(AUTHORIZATION))?;
    let authorization: SecretString = match authorization {
        Some(secret) => secret.into(),
        None if configured => {
            let problem = "PAX8_WEBHOOK_AUTHORIZATION: set it to the authorization of your webhook; without \
                           one, nothing tells Pax8's deliveries from anybody's";
            return Err(Failure::Usage(problem.to_owned()));
        }
        None => "Bearer EXAMPLE-SHARED-VALUE".into(),
    };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, flags.port))).await?;
    let url = format!("http://{}/pax8", listener.local_addr()?);
    writeln!(std::io::stdout(), "listening on {url}")?;

    let (changes, mut changed) = mpsc::channel(64);
    let inbox = Arc::new(Inbox { receiver: Receiver::new(authorization.clone()), changes });
    let app = Router::new().route("/pax8", post(receive)).with_state(inbox);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let simulator = if configured { None } else { Some(simulate(&url, &authorization).await?) };
    let wanted = flags.deliveries.or(simulator.as_ref().map(|_| 1));
    let mut taken = 0;
    while wanted.is_none_or(|wanted| taken < wanted) {
        let change = tokio::select! {
            change = changed.recv() => change,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(change) = change else { break };
        // An event is a hint: a sync fetches the record, or lists the kind when no record is named.
        let record = change.id.as_deref().unwrap_or("(any)");
        let kind = change.entity.map_or("records of no kind of ours", |kind| kind.plural());
        writeln!(std::io::stdout(), "{}: fetch again from {kind}: {record}", change.topic)?;
        taken += 1;
    }
    Ok(())
}

/// Answers at once and leaves the work to others: Pax8 waits ten seconds at most.
async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match inbox.receiver.receive(authorization, &body) {
        Ok(Received::Changed(change)) => match inbox.changes.try_send(change) {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => {
                // Not taken after all: when it is delivered again it must count as new.
                inbox.receiver.forget(&body);
                StatusCode::SERVICE_UNAVAILABLE
            }
        },
        Ok(_) => StatusCode::NO_CONTENT,
        Err(Refused::Unauthorized) => StatusCode::UNAUTHORIZED,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// Sets a webhook up at the embedded simulator and changes a quantity, so that something is delivered.
async fn simulate(url: &str, authorization: &SecretString) -> Result<Simulator, Failure> {
    eprintln!("No provider variables are set: using the embedded simulator.");
    let simulator = Simulator::start().await?;
    let variables = simulator.pax8().env();
    let config = Pax8Config::from_vars(|name| {
        variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    })?
    .ok_or_else(|| Failure::Usage("the simulator names no variables".to_owned()))?;
    let provider = Arc::new(Pax8Provider::from_config(config)?);

    let mut webhook = CreateWebhook::new("example");
    webhook.url = Some(url.to_owned());
    webhook.authorization = Some(authorization.expose_secret().into());
    webhook.active = true;
    webhook.webhook_topics = vec![AddWebhookTopic::new("SUBSCRIPTION")];
    provider.client().webhooks().create(&webhook).await?;

    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let mut subscriptions = provider.subscriptions(query).limit(20);
    while let Some(subscription) = subscriptions.next().await {
        let subscription = subscription?;
        let Some(quantity) = subscription.quantity else { continue };
        let more = ChangeQuantity::new(&subscription.id, quantity + rust_decimal::Decimal::ONE);
        let options = WriteOptions::new(IdempotencyKey::random()?);
        // Some subscriptions cannot be changed; one is enough.
        if provider.execute(&more.into(), &options).await.is_ok() {
            return Ok(simulator);
        }
    }
    Err(Failure::Check("no subscription of the simulator could be changed".to_owned()))
}
