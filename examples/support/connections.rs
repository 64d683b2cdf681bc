//! Which connections an example uses.

use std::sync::Arc;

use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use provider_core::{Provider, Result, Services};
use provider_http::TokioClock;
use provider_simulator::Simulator;
use streamone_client::StreamOneConfig;

use crate::exit::Failure;
use crate::kind::Kind;
use crate::variables::Variables;

/// The connections of this run, and the simulator behind them when nothing is configured.
#[derive(Debug)]
pub struct Connections {
    providers: Vec<(Kind, Arc<dyn Provider>)>,
    variables: Variables,
}

/// The providers whose variables are set, by the same reader that a program of one's own would use.
fn connect(services: &Services, variables: &Variables) -> Result<Vec<(Kind, Arc<dyn Provider>)>> {
    let variable = |name: &str| variables.get(name);
    let mut providers = Vec::new();
    // Half of a provider's variables is an error, whichever provider was asked for.
    if let Some(config) = CrayonConfig::from_vars(variable)? {
        providers.push((Kind::Crayon, config.connect(services)?));
    }
    if let Some(config) = Pax8Config::from_vars(variable)? {
        providers.push((Kind::Pax8, config.connect(services)?));
    }
    if let Some(config) = StreamOneConfig::from_vars(variable)? {
        providers.push((Kind::StreamOne, config.connect(services)?));
    }
    Ok(providers)
}

impl Connections {
    /// The configured connections, or the embedded simulator's when no provider variable is set. They read;
    /// commands are refused.
    ///
    /// # Errors
    /// Half of a provider's variables, a value that cannot be used, or a provider that was asked for
    /// while only others are configured.
    pub async fn open(wanted: Option<Kind>) -> Result<Self, Failure> {
        Self::with(wanted, false).await
    }

    /// The same for programs that write: with the journal of the store that `PROVIDER_STORE` names.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_to_write(wanted: Kind) -> Result<Self, Failure> {
        Self::with(Some(wanted), true).await
    }

    /// The connection of this kind, where its variables are set: for programs that only look something up there.
    ///
    /// # Errors
    /// Half of a provider's variables, or a value that cannot be used.
    pub async fn configured(wanted: Kind) -> Result<Option<Self>, Failure> {
        let services = Services::default().with_clock(Arc::new(TokioClock::default()));
        let variables = Variables::of_the_environment();
        let services = variables.services(services, false).await?;
        let mut providers = connect(&services, &variables)?;
        providers.retain(|(kind, _)| *kind == wanted);
        Ok((!providers.is_empty()).then_some(Self { providers, variables }))
    }

    async fn with(wanted: Option<Kind>, writes: bool) -> Result<Self, Failure> {
        let services = Services::default().with_clock(Arc::new(TokioClock::default()));
        let variables = Variables::open().await?;
        let services = variables.services(services, writes).await?;
        let providers: Vec<_> = connect(&services, &variables)?
            .into_iter()
            .filter(|(kind, _)| wanted.is_none_or(|wanted| *kind == wanted))
            .collect();
        match wanted {
            Some(kind) if providers.is_empty() => Err(variables.missing(kind)),
            _ => Ok(Self { providers, variables }),
        }
    }

    /// Every connection.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &Arc<dyn Provider>)> {
        self.providers.iter().map(|(kind, provider)| (*kind, provider))
    }

    /// The only connection, or the first.
    ///
    /// # Errors
    /// When there is none.
    pub fn one(&self) -> Result<&Arc<dyn Provider>, Failure> {
        self.providers
            .first()
            .map(|(_, provider)| provider)
            .ok_or_else(|| Failure::Usage("no provider is configured".to_owned()))
    }

    /// The simulator behind the connections, when nothing is configured.
    #[must_use]
    pub fn simulator(&self) -> Option<&Simulator> {
        self.variables.simulator()
    }

    /// Waits for what must not be cut off, such as a token that is being saved.
    ///
    /// # Errors
    /// When something could not be brought to an end.
    pub async fn close(self) -> Result<(), Failure> {
        for (_, provider) in &self.providers {
            provider.close().await?;
        }
        Ok(())
    }
}
