//! Factories by provider kind.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::error::{Error, Result};
use crate::info::Environment;
use crate::layer::{JournalRequired, Journaled, ReadOnly};
use crate::provider::Provider;
use crate::services::Services;
use crate::settings::{Choice, ConnectionSettings, SettingsForm};

/// Makes providers of one kind.
///
/// A factory builds the bare provider; [`Registry::build`] puts the layers around it. A factory never
/// journals.
#[async_trait]
pub trait ProviderFactory: fmt::Debug + Send + Sync + 'static {
    /// The settings it needs. The form's kind is the kind of the providers it builds.
    fn form(&self) -> &SettingsForm;

    /// Finds the choices of the fields that are marked as discovered, with the credentials that were
    /// entered: the organizations of an account, for example.
    ///
    /// # Errors
    /// Whatever the distributor answers.
    async fn discover(
        &self,
        settings: &ConnectionSettings,
        services: &Services,
    ) -> Result<BTreeMap<String, Vec<Choice>>> {
        let _ = (settings, services);
        Ok(BTreeMap::new())
    }

    /// Builds a provider. No I/O: whether the credentials work is for
    /// [`verify`](Provider::verify) to find out.
    ///
    /// # Errors
    /// `Config` with a violation for every setting that is missing or wrong.
    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>>;
}

/// Factories by provider kind. Applications register their own beside those of this SDK.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    factories: BTreeMap<String, Arc<dyn ProviderFactory>>,
}

impl Registry {
    /// A registry without factories.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a factory under its form's kind.
    ///
    /// # Errors
    /// `Config` when the kind is taken already: two factories must not answer to one name.
    pub fn register(&mut self, factory: impl ProviderFactory) -> Result<()> {
        let kind = factory.form().kind.to_string();
        if self.factories.contains_key(&kind) {
            return Err(Error::config("kind", format!("`{kind}` is registered already")));
        }
        self.factories.insert(kind, Arc::new(factory));
        Ok(())
    }

    /// Adds a factory under its form's kind; see [`register`](Self::register).
    ///
    /// # Errors
    /// `Config` when the kind is taken already.
    pub fn with(mut self, factory: impl ProviderFactory) -> Result<Self> {
        self.register(factory)?;
        Ok(self)
    }

    /// The known kinds, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.factories.keys().map(String::as_str)
    }

    /// The factory of a kind.
    ///
    /// # Errors
    /// `Config` naming the known kinds when there is none.
    pub fn factory(&self, kind: &str) -> Result<&Arc<dyn ProviderFactory>> {
        self.factories.get(kind).ok_or_else(|| {
            let known: Vec<_> = self.kinds().collect();
            Error::config("kind", format!("`{kind}` is not known; known are: {}", known.join(", ")))
        })
    }

    /// Validates the settings, builds the provider, and puts the layers around it: read-only in the sandbox,
    /// journaled when the services have a journal. Without a journal every command is refused, unless
    /// [`Services::without_journal`] says otherwise.
    ///
    /// # Errors
    /// `Config` with a violation for every setting that is missing or wrong.
    pub fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        let factory = self.factory(&settings.kind)?;
        factory.form().validate(settings)?;
        let provider = factory.build(settings, services)?;
        Ok(layered(provider, settings.environment, services))
    }
}

/// Puts the layers around a bare provider that belong there: read-only in the sandbox, journaled when the
/// services have a journal, otherwise refusing commands unless the services say so.
///
/// [`Registry::build`] does this; a client that connects without a registry does the same with it.
#[must_use]
pub fn layered(
    mut provider: Arc<dyn Provider>,
    environment: Environment,
    services: &Services,
) -> Arc<dyn Provider> {
    if let Some(journal) = &services.journal {
        let journaled = Journaled::new(provider, Arc::clone(journal));
        provider = Arc::new(journaled.with_clock(Arc::clone(&services.clock)));
    } else if !services.unjournaled_writes {
        provider = Arc::new(JournalRequired::new(provider));
    }
    if environment == Environment::Sandbox {
        provider = Arc::new(ReadOnly::because(
            provider,
            "this connection is in the sandbox: commands are planned, never carried out",
        ));
    }
    provider
}
