//! A simulator and a provider that points at it.

#![allow(dead_code, reason = "not every test needs everything")]

use std::sync::Arc;

use pax8_client::{Pax8Config, Pax8Provider};
use provider_core::{Provider, Services};
use provider_simulator::{Handle, Pax8, Simulator};

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

    /// Nothing that was sent was outside of the reference.
    pub(crate) fn clean(&self) {
        assert!(self.pax8().refused().is_empty(), "{:?}", self.pax8().refused());
    }
}
