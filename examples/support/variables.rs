//! Where the settings of this run come from: the environment, or the embedded simulator.

use std::ffi::OsString;
use std::sync::Arc;

use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use provider_core::{MemoryTokenStore, Services};
use provider_simulator::Simulator;
use streamone_client::StreamOneConfig;

use crate::exit::Failure;
use crate::kind::Kind;

/// The currencies that the simulated distributors bill in.
const CURRENCIES: [(&str, &str); 3] =
    [("CRAYON_CURRENCY", "EUR"), ("PAX8_CURRENCY", "USD"), ("STREAMONE_CURRENCY", "USD")];

/// The variables of this run, and the simulator behind them when nothing is configured.
#[derive(Debug)]
pub struct Variables {
    simulated: Option<Simulated>,
}

#[derive(Debug)]
struct Simulated {
    simulator: Simulator,
    variables: Vec<(String, String)>,
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

impl Variables {
    /// The environment's, or the embedded simulator's when no provider variable is set.
    ///
    /// # Errors
    /// Half of a provider's variables, or a value that cannot be used.
    pub async fn open() -> Result<Self, Failure> {
        let configured = CrayonConfig::from_vars(environment)?.is_some()
            | Pax8Config::from_vars(environment)?.is_some()
            | StreamOneConfig::from_vars(environment)?.is_some();
        if configured {
            return Ok(Self { simulated: None });
        }
        eprintln!("No provider variables are set: using the embedded simulator.");
        let simulator = Simulator::start().await?;
        let mut variables = simulator.env();
        variables.extend(CURRENCIES.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(Self { simulated: Some(Simulated { simulator, variables }) })
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<OsString> {
        match &self.simulated {
            None => environment(name),
            Some(own) => own.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.into()),
        }
    }

    /// The services as they fit these variables: the simulator's tokens are worth nothing once it stops,
    /// so they are not kept on disk.
    #[must_use]
    pub fn services(&self, services: Services) -> Services {
        match &self.simulated {
            None => services,
            Some(_) => services.with_token_store(Arc::new(MemoryTokenStore::default())),
        }
    }

    /// The simulator, when nothing is configured.
    #[must_use]
    pub fn simulator(&self) -> Option<&Simulator> {
        self.simulated.as_ref().map(|own| &own.simulator)
    }

    /// Says that this provider was asked for while only others are configured.
    #[must_use]
    pub fn missing(&self, kind: Kind) -> Failure {
        Failure::Usage(format!("{kind} is not configured, but another provider is: set {}", kind.variables()))
    }
}
