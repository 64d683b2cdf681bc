//! Access tokens: one per audience, shared by the clones of a client.

use provider_http::Tokens;
use provider_http::auth::{ClientCredentialsJson, SettingNames};

use crate::config::Pax8Config;

/// The audience of a token: which surface of Pax8 it is for. The two vendor surfaces take tokens of their own.
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
fn setting_names() -> SettingNames {
    SettingNames::new(
        "PAX8_BASE_URL",
        ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET"],
        "check both (in a form: `client_id` and `client_secret`), or make a new pair in the Pax8 portal: \
         your name at the top right, Integrations, new integration, as a user with the Partner Admin role",
    )
}

/// The tokens of one audience: a single flight, renewal ahead of expiry and after a 401.
pub(crate) fn tokens(config: &Pax8Config, audience: Audience) -> Tokens {
    let wanted = match (audience, &config.audience) {
        (Audience::Partner, Some(other)) => other.clone(),
        (audience, _) => audience.as_str().to_owned(),
    };
    let (id, secret) = (config.client_id.clone(), config.client_secret.clone());
    Tokens::at("/v1/token", format!("{id}/{wanted}"), |endpoint| {
        ClientCredentialsJson::new(endpoint, id, secret, wanted).settings(setting_names())
    })
}
