//! How this client signs in: the password grant of Cloud-iQ.

use std::sync::Arc;

use provider_core::{Clock, Observer, Result, TokenKey};
use provider_http::auth::{PasswordGrant, SettingNames, TokenManager};
use provider_http::{Authenticator, Transport};
use url::Url;

use crate::config::{CrayonConfig, KIND, variable};

/// What to do when the credentials are refused.
const REMEDY: &str = "check the fields Client ID, Client secret, User name and Password; a new secret is made in the \
     Cloud-iQ portal under Manage > API Management, the user's password is set under Manage > Users";

/// The token manager of a connection. Tokens live for an hour and are asked for anew: Cloud-iQ documents no
/// refresh grant, so nothing has to be stored.
pub(crate) fn authenticator(
    config: &CrayonConfig,
    base: &Url,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
) -> Result<Arc<dyn Authenticator>> {
    let mut endpoint = base.clone();
    let path = format!("{}/api/v1/connect/token", base.path().trim_end_matches('/'));
    endpoint.set_path(&path);
    let grant = PasswordGrant::new(
        endpoint,
        config.client_id.clone(),
        config.client_secret.clone(),
        config.username.clone(),
        config.password.clone(),
    )
    .scope("CustomerApi")
    .settings(SettingNames::new(
        variable::BASE_URL,
        [variable::CLIENT_ID, variable::CLIENT_SECRET, variable::USERNAME, variable::PASSWORD],
        REMEDY,
    ));
    let manager = TokenManager::builder(TokenKey::new(KIND, config.client_id.clone()), grant, transport)
        .connection(config.name.clone())
        .clock(clock)
        .observer(observer)
        .build()
        .map_err(|error| error.with_provider(KIND))?;
    Ok(Arc::new(manager))
}
