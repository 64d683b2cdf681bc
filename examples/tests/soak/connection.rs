//! The three distributors, and how a process connects to one through a store.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crayon_client::CrayonConfig;
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::info::Environment;
use provider_core::layer::layered;
use provider_core::{Provider, Services};
use provider_http::{HttpOptions, ProxySetting, RateLimit, TokioClock};
use provider_simulator::Simulator;
use provider_store::Store;
use streamone_client::{StreamOneClient, StreamOneConfig};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distributor {
    Crayon,
    Pax8,
    StreamOne,
}

impl Distributor {
    pub(crate) const ALL: [Self; 3] = [Self::Crayon, Self::Pax8, Self::StreamOne];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crayon => "crayon",
            Self::Pax8 => "pax8",
            Self::StreamOne => "streamone",
        }
    }

    pub(crate) fn origin(self, simulator: &Simulator) -> String {
        match self {
            Self::Crayon => simulator.crayon().base_url().to_owned(),
            Self::Pax8 => simulator.pax8().base_url().to_owned(),
            Self::StreamOne => simulator.streamone().base_url().to_owned(),
        }
    }

    /// What points a client at what stands before the simulator.
    pub(crate) fn variables(self, simulator: &Simulator, before: &str) -> Vec<(String, String)> {
        let variables = match self {
            Self::Crayon => simulator.crayon().env(),
            Self::Pax8 => simulator.pax8().env(),
            Self::StreamOne => simulator.streamone().env(),
        };
        let origin = self.origin(simulator);
        variables.into_iter().map(|(name, value)| (name, value.replace(&origin, before))).collect()
    }
}

/// The machine's clock and some. Only what it shows is moved: a sleep takes its time.
#[derive(Debug, Clone)]
pub(crate) struct Ahead {
    by: TimeDelta,
    machine: TokioClock,
}

impl Ahead {
    pub(crate) fn by(by: TimeDelta) -> Arc<Self> {
        Arc::new(Self { by, machine: TokioClock::default() })
    }
}

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        self.machine.now() + self.by
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        self.machine.sleep(duration)
    }
}

fn options() -> HttpOptions {
    HttpOptions::default()
        .backoff_base(Duration::from_millis(1))
        .attempt_timeout(Duration::from_secs(5))
        .proxy(ProxySetting::None)
}

/// The store, by the time that all its processes share.
pub(crate) async fn store(address: &str, ahead: TimeDelta) -> Store {
    Store::open(address).unsealed().clock(Ahead::by(ahead)).await.unwrap()
}

/// A connection that takes its own time from this clock. The journal keeps the store's.
pub(crate) fn connect(
    distributor: Distributor,
    get: impl Fn(&str) -> Option<String>,
    services: &Services,
) -> Arc<dyn Provider> {
    match distributor {
        Distributor::Crayon => {
            CrayonConfig::from_vars(get).unwrap().unwrap().with_http(options()).connect(services).unwrap()
        }
        Distributor::Pax8 => {
            let config = Pax8Config::from_vars(get).unwrap().unwrap().with_http(options());
            // A thousand calls a minute would make it a long soak.
            let client = Pax8Client::builder(config.clone()).rate(RateLimit::unlimited()).services(services);
            let provider = Pax8Provider::new(client.build().unwrap(), &config);
            let provider = provider.with_clock(Arc::clone(&services.clock));
            layered(Arc::new(provider), Environment::Production, services)
        }
        Distributor::StreamOne => {
            StreamOneConfig::from_vars(get).unwrap().unwrap().with_http(options()).connect(services).unwrap()
        }
    }
}

/// Renews ION's chain while nobody is there to be killed over it: what a kill costs a chain is another test's
/// matter (`provider-core/http/tests/token_processes.rs`).
pub(crate) async fn renew(get: impl Fn(&str) -> Option<String>, services: &Services) {
    let config = StreamOneConfig::from_vars(get).unwrap().unwrap().with_http(options());
    let client = StreamOneClient::builder(config).services(services).build().unwrap();
    client.tokens().keep_alive().await.unwrap();
    client.close().await.unwrap();
}
