//! Refresh token rotation: a refresh token that works once.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Grant, GrantResult, SettingNames, TokenAnswer, form};

/// A refresh token that works once (rotation), exchanged for an access token and its own successor: `POST` of a
/// form with `grant_type=refresh_token` and no client, as TD SYNNEX StreamOne ION does it at `/oauth/token`.
///
/// A 400 or 401 means that the token is spent, expired or unknown, which its texts do not tell apart.
/// Everything else (a 403 of a firewall, a server error, an answer that is no JSON) says nothing about
/// the token.
#[derive(Debug, Clone)]
pub struct RotatingRefresh {
    endpoint: Url,
    first: Option<SecretString>,
    refresh_life: Option<Duration>,
    names: SettingNames,
}

impl RotatingRefresh {
    /// Starts from the refresh token that the operator configured, or, without one, goes on with the
    /// chain that the store holds.
    #[must_use]
    pub fn new(endpoint: Url, first: Option<SecretString>) -> Self {
        // Blank settings and the line end of a copied token are not part of it.
        let first = first.and_then(|token| {
            let text = token.expose_secret().trim();
            (!text.is_empty()).then(|| SecretString::from(text))
        });
        Self {
            endpoint,
            first,
            refresh_life: None,
            names: SettingNames::new(
                "base URL",
                ["refresh token"],
                "request new credentials in the portal and configure the new refresh token",
            ),
        }
    }

    /// How long a refresh token lives when the answer does not say; ION's live 32 days.
    #[must_use]
    pub const fn refresh_life(mut self, life: Duration) -> Self {
        self.refresh_life = Some(life);
        self
    }

    /// What the operator calls the settings.
    #[must_use]
    pub fn settings(mut self, names: SettingNames) -> Self {
        self.names = names;
        self
    }
}

impl Grant for RotatingRefresh {
    fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    fn names(&self) -> &SettingNames {
        &self.names
    }

    fn rotates(&self) -> bool {
        true
    }

    fn first_token(&self) -> Option<&SecretString> {
        self.first.as_ref()
    }

    fn request(&self, refresh_token: Option<&SecretString>) -> Result<Request<Bytes>> {
        let token = refresh_token
            .ok_or_else(|| Error::new(ErrorKind::Internal, "there is no refresh token to exchange"))?;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token.expose_secret())];
        form::post(&self.endpoint, form::FORM, None, form::encode(&fields)?)
    }

    fn judge(&self, answer: &TokenAnswer<'_>) -> GrantResult {
        if let Some(verdict) = answer.unavailable(&self.names) {
            return verdict;
        }
        let status = answer.status().as_u16();
        match answer.tokens() {
            Some(mut tokens) if answer.status().is_success() => {
                tokens.refresh_expires_in = tokens.refresh_expires_in.or(self.refresh_life);
                GrantResult::Issued(tokens)
            }
            _ if matches!(status, 400 | 401) => {
                let secrets: Vec<&SecretString> = self.first.iter().collect();
                answer.refused(ErrorKind::ReauthRequired, &self.names, &secrets)
            }
            None if answer.status().is_success() => GrantResult::Unavailable(
                Error::new(ErrorKind::Decode, "the token endpoint's answer holds no access token")
                    .with_http_status(status),
            ),
            _ => GrantResult::Unavailable(
                Error::new(
                    ErrorKind::PermissionDenied,
                    format!(
                        "the token endpoint turned the call away without judging the token: check {} and any firewall on the way",
                        self.names.base_url
                    ),
                )
                .with_http_status(status),
            ),
        }
    }
}
