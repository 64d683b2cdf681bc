//! The two credentials: a rotating bearer token for v3, a key pair for v1.

use std::sync::Arc;
use std::time::Duration;

use provider_core::{Clock, Error, Observer, Result, TokenKey, TokenStore};
use provider_http::auth::{RotatingRefresh, SettingNames, TokenManager};
use provider_http::transport::Transport;
use secrecy::SecretString;
use url::Url;

use crate::config::{BASE_URL, REFRESH_TOKEN};

/// A refresh token lives 32 days from its exchange.
const REFRESH_LIFE: Duration = Duration::from_secs(32 * 24 * 60 * 60);

/// What to do in the portal when a chain is lost.
pub(crate) const REMEDY: &str = "in the ION portal open Settings, Users, edit the integration user, OAuth credentials, \
     Request New Credentials, and set the new refresh token as STREAMONE_REFRESH_TOKEN (form field \"Refresh token\")";

/// The host that needs no mention in the key of a chain.
const DEFAULT_HOST: &str = "ion.tdsynnex.com";

/// What the manager of a chain needs.
pub(crate) struct Chain<'a> {
    pub(crate) base: &'a Url,
    pub(crate) account: &'a str,
    pub(crate) connection: &'a str,
    pub(crate) first: SecretString,
    pub(crate) store: Arc<dyn TokenStore>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Arc<dyn Observer>,
}

impl Chain<'_> {
    /// The manager of this chain.
    pub(crate) fn manager(self) -> Result<TokenManager> {
        let grant = RotatingRefresh::new(endpoint(self.base)?, Some(self.first))
            .refresh_life(REFRESH_LIFE)
            .settings(SettingNames::new(BASE_URL, [REFRESH_TOKEN], REMEDY));
        TokenManager::builder(key(self.base, self.account), grant, self.transport)
            .connection(self.connection)
            .store(self.store)
            .clock(self.clock)
            .observer(self.observer)
            .build()
    }
}

/// The chain belongs to the account at a host: an account of the same number elsewhere is another one.
pub(crate) fn key(base: &Url, account: &str) -> TokenKey {
    let host = base.host_str().unwrap_or_default();
    let account = match base.port() {
        None if host == DEFAULT_HOST => account.to_owned(),
        None => format!("{account}@{host}"),
        Some(port) => format!("{account}@{host}:{port}"),
    };
    TokenKey::new(crate::KIND, account)
}

/// The token endpoint is not below `/api`.
fn endpoint(base: &Url) -> Result<Url> {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .map_err(|()| Error::config(BASE_URL, "must be an address such as https://ion.tdsynnex.com"))?
        .pop_if_empty()
        .extend(["oauth", "token"]);
    Ok(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_endpoint_follows_a_prefix_and_the_key_the_host() {
        for (base, endpoint_is, account) in [
            ("https://ion.tdsynnex.com", "https://ion.tdsynnex.com/oauth/token", "20001"),
            ("https://ion.example.com/x/", "https://ion.example.com/x/oauth/token", "20001@ion.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/oauth/token", "20001@127.0.0.1:8080"),
        ] {
            let base: Url = base.parse().unwrap();
            assert_eq!(endpoint(&base).unwrap().as_str(), endpoint_is);
            assert_eq!(key(&base, "20001").account, account);
        }
    }
}
