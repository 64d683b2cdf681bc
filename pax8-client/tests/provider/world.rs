//! A simulator and a provider that points at it.

#![allow(dead_code, reason = "not every test needs everything")]

use std::sync::Arc;
use std::time::Duration;

use pax8_client::{Pax8Config, Pax8Provider};
use provider_core::clock::Clock;
use provider_core::journal::{Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::{Provider, Services};
use provider_simulator::{Handle, Pax8, SimClock, Simulator};

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

pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) config: Pax8Config,
}

impl World {
    pub(crate) async fn start() -> Self {
        let sim = Simulator::start().await.unwrap();
        let env = sim.pax8().env();
        let config = Pax8Config::from_vars(|name| {
            env.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        });
        Self { sim, config: config.unwrap().unwrap() }
    }

    pub(crate) fn pax8(&self) -> Handle<Pax8> {
        self.sim.pax8()
    }

    pub(crate) fn bare(&self) -> Pax8Provider {
        Pax8Provider::from_config(self.config.clone()).unwrap()
    }

    pub(crate) fn provider(&self) -> Arc<dyn Provider> {
        self.config.clone().connect(&Services::default().without_journal()).unwrap()
    }

    /// A journal on the simulated time, which passes by hand only.
    pub(crate) fn journal(&self) -> MemoryJournal {
        MemoryJournal::new(self.time())
    }

    /// The provider behind a journal on the simulated time.
    pub(crate) fn over(&self, journal: impl Journal) -> Arc<dyn Provider> {
        Arc::new(Journaled::new(self.bare(), Arc::new(journal)).with_clock(self.time()))
    }

    fn time(&self) -> Arc<dyn Clock> {
        Arc::new(SimTime(self.sim.clock().clone()))
    }

    /// Nothing that was sent was outside of the reference.
    pub(crate) fn clean(&self) {
        assert!(self.pax8().refused().is_empty(), "{:?}", self.pax8().refused());
    }
}
