//! The two credentials: a rotating bearer token for v3, a key pair for v1.

use std::time::Duration;

use provider_http::auth::{RotatingRefresh, SettingNames};
use provider_http::{Basic, Tokens};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::config::{BASE_URL, REFRESH_TOKEN, StreamOneConfig};

/// A refresh token lives 32 days from its exchange.
const REFRESH_LIFE: Duration = Duration::from_secs(32 * 24 * 60 * 60);

/// What to do in the portal when a chain is lost.
pub(crate) const REMEDY: &str = "in the ION portal open Settings, Users, edit the integration user, OAuth credentials, \
     Request New Credentials, and set the new refresh token as STREAMONE_REFRESH_TOKEN (form field \"Refresh token\")";

/// The host that needs no mention in the key of a chain.
const DEFAULT_HOST: &str = "ion.tdsynnex.com";

/// The chain of v3. Its endpoint is not below `/api`.
pub(crate) fn chain(account_key: &str, first: SecretString) -> Tokens {
    Tokens::at("/oauth/token", account_key, |endpoint| {
        RotatingRefresh::new(endpoint, Some(first)).refresh_life(REFRESH_LIFE).settings(SettingNames::new(
            BASE_URL,
            [REFRESH_TOKEN],
            REMEDY,
        ))
    })
}

/// The key pair of v1, where there is one, without the line ends of copied values.
pub(crate) fn key_pair(config: &StreamOneConfig) -> Option<Basic> {
    let trimmed = |secret: Option<&SecretString>| {
        let text = secret?.expose_secret().trim();
        (!text.is_empty()).then(|| SecretString::from(text))
    };
    let (key, secret) = (trimmed(config.api_key.as_ref())?, trimmed(config.api_secret.as_ref())?);
    Some(Basic::with_secret_user(&key, &secret))
}

/// The chain belongs to the account at a host: an account of the same number elsewhere is another one.
pub(crate) fn account_key(base: &Url, account: &str) -> String {
    let host = base.host_str().unwrap_or_default();
    match base.port() {
        None if host == DEFAULT_HOST => account.to_owned(),
        None => format!("{account}@{host}"),
        Some(port) => format!("{account}@{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_key_follows_the_host() {
        for (base, key) in [
            ("https://ion.tdsynnex.com", "20001"),
            ("https://ion.example.com/x/", "20001@ion.example.com"),
            ("http://127.0.0.1:8080", "20001@127.0.0.1:8080"),
        ] {
            assert_eq!(account_key(&base.parse().unwrap(), "20001"), key);
        }
    }
}
