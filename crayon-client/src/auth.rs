//! How this client signs in: the password grant of Cloud-iQ.

use provider_http::Tokens;
use provider_http::auth::{PasswordGrant, SettingNames};

use crate::config::{CrayonConfig, variable};

/// What to do when the credentials are refused.
const REMEDY: &str = "check the fields Client ID, Client secret, User name and Password; a new secret is made in the \
     Cloud-iQ portal under Manage > API Management, the user's password is set under Manage > Users";

/// The tokens of a connection. They live for an hour and are asked for anew: Cloud-iQ documents no refresh grant,
/// so nothing has to be stored.
pub(crate) fn tokens(config: CrayonConfig) -> Tokens {
    let CrayonConfig { client_id, client_secret, username, password, .. } = config;
    Tokens::at("/api/v1/connect/token", client_id.clone(), move |endpoint| {
        PasswordGrant::new(endpoint, client_id, client_secret, username, password)
            .scope("CustomerApi")
            .settings(SettingNames::new(
                variable::BASE_URL,
                [variable::CLIENT_ID, variable::CLIENT_SECRET, variable::USERNAME, variable::PASSWORD],
                REMEDY,
            ))
    })
}
