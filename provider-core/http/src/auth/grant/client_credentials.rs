//! Client credentials as a JSON body.

use std::borrow::Cow;

use bytes::Bytes;
use http::Request;
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use super::{Grant, GrantResult, SettingNames, TokenAnswer, form};

/// A client id and secret exchanged for a token of one audience: `POST` of a JSON object with
/// `grant_type: client_credentials`, as Pax8 does it at `/v1/token`.
#[derive(Debug, Clone)]
pub struct ClientCredentialsJson {
    endpoint: Url,
    client_id: String,
    client_secret: SecretString,
    audience: Cow<'static, str>,
    names: SettingNames,
}

impl ClientCredentialsJson {
    /// The credentials, where to send them, and what the token is for.
    #[must_use]
    pub fn new(
        endpoint: Url,
        client_id: impl Into<String>,
        client_secret: SecretString,
        audience: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            endpoint,
            client_id: client_id.into(),
            client_secret,
            audience: audience.into(),
            names: SettingNames::new(
                "base URL",
                ["client id", "client secret"],
                "check both, or make a new integration in the portal",
            ),
        }
    }

    /// What the operator calls the settings.
    #[must_use]
    pub fn settings(mut self, names: SettingNames) -> Self {
        self.names = names;
        self
    }
}

#[derive(Serialize)]
struct Fields<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    audience: &'a str,
    grant_type: &'static str,
}

impl Grant for ClientCredentialsJson {
    fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    fn names(&self) -> &SettingNames {
        &self.names
    }

    fn secrets(&self) -> Vec<SecretString> {
        vec![self.client_secret.clone()]
    }

    fn request(&self, _refresh_token: Option<&SecretString>) -> Result<Request<Bytes>> {
        let fields = Fields {
            client_id: &self.client_id,
            client_secret: self.client_secret.expose_secret(),
            audience: &self.audience,
            grant_type: "client_credentials",
        };
        let body = serde_json::to_string(&fields)
            .map_err(|_| Error::new(ErrorKind::Internal, "the token request cannot be encoded"))?;
        form::post(&self.endpoint, form::JSON, None, body)
    }

    fn judge(&self, answer: &TokenAnswer<'_>) -> GrantResult {
        if let Some(verdict) = answer.unavailable(&self.names) {
            return verdict;
        }
        match answer.tokens() {
            Some(tokens) if answer.status().is_success() => GrantResult::Issued(tokens),
            None if answer.status().is_success() => GrantResult::Unavailable(
                Error::new(ErrorKind::Decode, "the token endpoint's answer holds no access token")
                    .with_http_status(answer.status().as_u16()),
            ),
            _ => answer.refused(ErrorKind::Unauthenticated, &self.names, &[&self.client_secret]),
        }
    }
}
