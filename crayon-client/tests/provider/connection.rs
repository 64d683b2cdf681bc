//! A simulator and a provider that points to it.

#![allow(dead_code, reason = "not every test binary needs all of it")]

use std::sync::Arc;
use std::time::Duration;

use crayon_client::{CrayonConfig, CrayonProvider};
use provider_core::Provider;
use provider_core::clock::Clock;
use provider_core::journal::{Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_http::HttpOptions;
use provider_simulator::{Crayon, Handle, SimClock, Simulator};

/// The simulated time as a journal's clock; what is waited for is waited for on the machine's.
#[derive(Debug)]
struct SimTime(SimClock);

impl Clock for SimTime {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> provider_core::clock::BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// One simulated account.
pub(crate) struct Account {
    _simulator: Simulator,
    pub(crate) crayon: Handle<Crayon>,
}

impl Account {
    pub(crate) async fn start() -> Self {
        Self::with(25).await
    }

    pub(crate) async fn with(customers: usize) -> Self {
        let simulator = Simulator::builder().customers(customers).start().await.unwrap();
        let crayon = simulator.crayon();
        Self { crayon, _simulator: simulator }
    }

    /// The configuration as an operator sets it.
    pub(crate) fn config(&self) -> CrayonConfig {
        let variables = self.crayon.env();
        let read =
            |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let quick = HttpOptions::default()
            .backoff_base(Duration::from_millis(1))
            .backoff_cap(Duration::from_millis(5));
        CrayonConfig::from_vars(read).unwrap().unwrap().with_http(quick)
    }

    pub(crate) fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(CrayonProvider::from_config(self.config()).unwrap())
    }

    /// A journal on the simulated time, which passes by hand only.
    pub(crate) fn journal(&self) -> MemoryJournal {
        MemoryJournal::new(self.time())
    }

    /// The provider behind a journal on the simulated time.
    pub(crate) fn over(&self, journal: impl Journal) -> Arc<dyn Provider> {
        Arc::new(Journaled::new(self.provider(), Arc::new(journal)).with_clock(self.time()))
    }

    fn time(&self) -> Arc<dyn Clock> {
        Arc::new(SimTime(self.crayon.clock().clone()))
    }

    /// The provider behind a journal, as applications use it.
    pub(crate) fn journaled(&self) -> Arc<dyn Provider> {
        Arc::new(Journaled::new(self.provider(), Arc::new(MemoryJournal::default())))
    }
}
