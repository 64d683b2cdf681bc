//! A simulator and a provider that points to it.

#![allow(dead_code, reason = "not every test binary needs all of it")]

use std::sync::Arc;
use std::time::Duration;

use crayon_client::{CrayonConfig, CrayonProvider};
use provider_core::{Journaled, MemoryJournal, Provider};
use provider_http::HttpOptions;
use provider_simulator::{Crayon, Handle, Simulator};

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

    /// The provider behind a journal, as applications use it.
    pub(crate) fn journaled(&self) -> Arc<dyn Provider> {
        Arc::new(Journaled::new(self.provider(), Arc::new(MemoryJournal::default())))
    }
}
