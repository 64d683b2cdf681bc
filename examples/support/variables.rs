//! Where the settings of this run come from: the environment, or the embedded simulator.

use std::ffi::OsString;
use std::sync::Arc;

use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use provider_core::Services;
use provider_core::journal::MemoryJournal;
use provider_core::settings::variable;
use provider_core::token::MemoryTokenStore;
use provider_http::token::FileTokenStore;
use provider_simulator::Simulator;
use streamone_client::StreamOneConfig;

use crate::exit::Failure;
use crate::kind::Kind;
use crate::store::StorePlace;
use crate::tokens::Inheriting;

/// Keeps tokens in files instead of the store.
const TOKEN_DIR: &str = "PROVIDER_TOKEN_DIR";

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

    /// The environment's alone.
    #[must_use]
    pub const fn of_the_environment() -> Self {
        Self { simulated: None }
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<OsString> {
        match &self.simulated {
            None => environment(name),
            Some(own) => own.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.into()),
        }
    }

    /// The services as they fit these variables: StreamOne's tokens in the store that `PROVIDER_STORE` names,
    /// unless `PROVIDER_TOKEN_DIR` says otherwise, and for programs that write the journal too.
    ///
    /// The embedded simulator ends with the program, and so do its tokens; its journal does unless a store was
    /// named. Nothing of it gets into the default store.
    ///
    /// # Errors
    /// A store that cannot be used; one that is named is opened whether it is needed or not.
    pub async fn services(&self, services: Services, writes: bool) -> Result<Services, Failure> {
        let place = StorePlace::from_env()?;
        let own_directory = variable(TOKEN_DIR, environment(TOKEN_DIR))?.is_some();
        let simulated = self.simulated.is_some();
        let keeps_tokens = !simulated && !own_directory && StreamOneConfig::from_vars(environment)?.is_some();
        let needed = !simulated && (writes || keeps_tokens);
        let mut services = services;
        if simulated {
            services = services.with_token_store(Arc::new(MemoryTokenStore::default()));
        }
        if !needed && !place.is_named() {
            return Ok(if writes {
                services.with_journal(Arc::new(MemoryJournal::default()))
            } else {
                services
            });
        }
        let store = place.open().await?;
        if keeps_tokens {
            let files = FileTokenStore::from_env()?;
            services = services.with_token_store(Arc::new(Inheriting::new(store.token_store(), files)));
        }
        Ok(if writes { services.with_journal(store.journal()) } else { services })
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
