//! A small receiver of what Pax8 delivers: checks where it comes from, drops repetitions, and says which
//! record to fetch again.
//!
//! ```sh
//! PAX8_WEBHOOK_AUTHORIZATION=... cargo run --example webhooks -- [--port N] [--deliveries N]
//! PAX8_WEBHOOK_AUTHORIZATION=... cargo run --example webhooks -- --sync examples/plans/pax8.toml
//! ```
//!
//! With `--sync` it does fetch them: each delivery is a hint to a sync of this plan, and a run follows, one for
//! all that come shortly after each other.
//!
//! Point a webhook at `http://<this machine>:<port>/pax8` and give it the same authorization. With no
//! provider variable in the environment the embedded simulator is set up to deliver here, and one change
//! is made so that something arrives.

#[path = "webhooks/follow.rs"]
mod follow;
#[path = "sync/simulated.rs"]
mod simulated;

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

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
use provider_examples::{Connections, Exit, Failure, Kind};
use provider_simulator::Simulator;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use follow::{Follow, gather};
use simulated::Simulated;

/// A small receiver of what Pax8 delivers.
#[derive(Parser)]
struct Flags {
    /// Where to listen on this machine; a free port without it.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Stop after so many changes; without it, on Ctrl-C. One, against the simulator.
    #[arg(long)]
    deliveries: Option<usize>,
    /// Keep the tables of this plan in step, as `sync` does: a run follows what is delivered. TOML, or JSON where the
    /// name ends in .json.
    #[arg(long, value_name = "PLAN")]
    sync: Option<PathBuf>,
    /// Where runs keep what they need to remember.
    #[arg(long, default_value = "sqlite:sync.db")]
    db: String,
    /// The application's database; wins over the plan's.
    #[arg(long)]
    target: Option<String>,
    /// A run follows once nothing has come for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=3600))]
    gather: u64,
}

struct Inbox {
    receiver: Receiver,
    changes: mpsc::Sender<Changed>,
    follow: Option<Arc<Follow>>,
}

/// How many changes may wait for a run that is under way; Pax8 delivers the rest again.
const WAITING: usize = 1024;

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

    let connections = match &flags.sync {
        Some(_) => Some(Connections::open(Some(Kind::Pax8)).await?),
        None => None,
    };
    let own = if connections.is_none() && !configured { Some(Simulator::start().await?) } else { None };
    if own.is_some() {
        eprintln!("No provider variables are set: using the embedded simulator.");
    }
    let simulator = own.as_ref().or_else(|| connections.as_ref().and_then(Connections::simulator));
    let follow = match (&flags.sync, &connections) {
        (Some(plan), Some(connections)) => Some(Arc::new(follow(&flags, plan, connections).await?)),
        _ => None,
    };
    // What was changed while nobody listened.
    let first = match &follow {
        Some(follow) => follow.run("a run at the beginning").await,
        None => None,
    };
    writeln!(std::io::stdout(), "listening on {url}")?;
    first.map_or(Ok(()), |line| writeln!(std::io::stdout(), "{line}"))?;

    let (changes, mut changed) = mpsc::channel(WAITING);
    let receiver = Receiver::new(authorization.clone());
    let inbox = Arc::new(Inbox { receiver, changes, follow: follow.clone() });
    let app = Router::new().route("/pax8", post(receive)).with_state(inbox);
    tokio::spawn(async move { axum::serve(listener, app).await });

    if let Some(simulator) = simulator {
        simulate(simulator, &url, &authorization).await?;
    }
    let wanted = flags.deliveries.or(simulator.map(|_| 1));
    let mut taken = 0;
    // One for all: what is pressed while a delivery is followed counts as well.
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    while wanted.is_none_or(|wanted| taken < wanted) {
        let change = tokio::select! {
            biased;
            _ = &mut interrupted => None,
            change = changed.recv() => change,
        };
        let Some(change) = change else { break };
        let batch = match &follow {
            Some(_) => {
                let rest = wanted.map_or(usize::MAX, |wanted| wanted - taken);
                gather(change, &mut changed, Duration::from_secs(flags.gather), rest).await
            }
            None => vec![change],
        };
        for change in &batch {
            // An event is a hint: a sync fetches the record, or lists the kind when no record is named.
            let record = change.id.as_deref().unwrap_or("(any)");
            let kind = change.entity.map_or("records of no kind of ours", |kind| kind.plural());
            writeln!(std::io::stdout(), "{}: fetch again from {kind}: {record}", change.topic)?;
        }
        if let Some(follow) = &follow {
            let noun = if batch.len() == 1 { "delivery" } else { "deliveries" };
            let line = follow.run(&format!("a run after {} {noun}", batch.len())).await;
            line.map_or(Ok(()), |line| writeln!(std::io::stdout(), "{line}"))?;
        }
        taken += batch.len();
    }
    match connections {
        Some(connections) => connections.close().await,
        None => Ok(()),
    }
}

/// The sync of a plan at this connection.
async fn follow(flags: &Flags, plan: &Path, connections: &Connections) -> Result<Follow, Failure> {
    let mut provider = Arc::clone(connections.one()?);
    if connections.simulator().is_some() {
        provider = Arc::new(Simulated::new(provider));
    }
    Follow::open(plan, &flags.db, flags.target.as_deref(), provider).await
}

/// Answers at once and leaves the work to others: Pax8 waits ten seconds at most.
async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match inbox.receiver.receive(authorization, &body) {
        Ok(Received::Changed(change)) => {
            // The hint is in the store before Pax8 hears that it was taken.
            let kept = match &inbox.follow {
                Some(follow) => follow.hint(&change).await,
                None => true,
            };
            if kept && inbox.changes.try_send(change).is_ok() {
                return StatusCode::NO_CONTENT;
            }
            // Not taken after all: when it is delivered again it must count as new.
            inbox.receiver.forget(&body);
            StatusCode::SERVICE_UNAVAILABLE
        }
        Ok(_) => StatusCode::NO_CONTENT,
        Err(Refused::Unauthorized) => StatusCode::UNAUTHORIZED,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// Sets a webhook up at the embedded simulator and changes a quantity, so that something is delivered.
async fn simulate(simulator: &Simulator, url: &str, authorization: &SecretString) -> Result<(), Failure> {
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
            return Ok(());
        }
    }
    Err(Failure::Check("no subscription of the simulator could be changed".to_owned()))
}
