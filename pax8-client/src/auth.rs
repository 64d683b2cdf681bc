//! Tokens: one per audience, shared by everything that uses the client.

use std::sync::Arc;

use http::HeaderValue;
use provider_core::{Clock, Observer, Result, TokenKey};
use provider_http::Transport;
use provider_http::auth::{ClientCredentialsJson, SettingNames, TokenManager};
use url::Url;

use crate::config::Pax8Config;

/// What a token is for. The vendor surfaces take tokens of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// Partner, quoting and webhook surfaces.
    Partner,
    /// Vendor provisioning.
    Provisioning,
    /// Vendor usage.
    Usage,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 3] = [Self::Partner, Self::Provisioning, Self::Usage];

    /// The value that the token request carries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "https://api.pax8.com",
            Self::Provisioning => "api://provisioning",
            Self::Usage => "api://usage",
        }
    }
}

/// The settings in the operator's words.
pub(crate) fn setting_names() -> SettingNames {
    SettingNames::new(
        "PAX8_BASE_URL",
        ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET"],
        "check both (in a form: `client_id` and `client_secret`), or make a new pair in the Pax8 portal: \
         your name at the top right, Integrations, new integration, as a user with the Partner Admin role",
    )
}

/// What token managers are made with.
pub(crate) struct Tokens<'a> {
    pub(crate) config: &'a Pax8Config,
    pub(crate) base: &'a Url,
    pub(crate) transport: &'a Arc<dyn Transport>,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) observer: &'a Arc<dyn Observer>,
}

impl Tokens<'_> {
    /// The manager of one audience: a single flight, renewal ahead of expiry and after a 401.
    pub(crate) fn manager(&self, audience: Audience) -> Result<TokenManager> {
        let mut endpoint = self.base.clone();
        endpoint.set_path(&format!("{}/v1/token", self.base.path().trim_end_matches('/')));
        let wanted = match (audience, &self.config.audience) {
            (Audience::Partner, Some(other)) => other.clone(),
            (audience, _) => audience.as_str().to_owned(),
        };
        let key = TokenKey::new(crate::KIND, format!("{}/{wanted}", self.config.client_id));
        let grant = ClientCredentialsJson::new(
            endpoint,
            self.config.client_id.clone(),
            self.config.client_secret.clone(),
            wanted,
        )
        .settings(setting_names());
        TokenManager::builder(key, grant, Arc::clone(self.transport))
            .connection(self.config.name.clone())
            .clock(Arc::clone(self.clock))
            .observer(Arc::clone(self.observer))
            .user_agent(HeaderValue::from_static(crate::USER_AGENT))
            .build()
            .map_err(|error| error.with_provider(crate::KIND))
    }
}
