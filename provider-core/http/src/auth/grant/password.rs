//! Resource owner password credentials, the client by HTTP Basic.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Request};
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Grant, GrantResult, SettingNames, TokenAnswer, form};
use crate::auth::basic_value;

/// A user name and a password exchanged for a token, the client named by HTTP Basic:
/// `POST` of a form with `grant_type=password`, as Crayon Cloud-iQ does it at `/api/v1/connect/token`.
///
/// Whatever is neither a token nor an error of the server counts as refused credentials, a 200 without a
/// token included.
#[derive(Debug, Clone)]
pub struct PasswordGrant {
    endpoint: Url,
    client_id: String,
    client_secret: SecretString,
    username: String,
    password: SecretString,
    scope: Option<Cow<'static, str>>,
    names: SettingNames,
}

impl PasswordGrant {
    /// The four credentials and where to send them.
    #[must_use]
    pub fn new(
        endpoint: Url,
        client_id: impl Into<String>,
        client_secret: SecretString,
        username: impl Into<String>,
        password: SecretString,
    ) -> Self {
        Self {
            endpoint,
            client_id: client_id.into(),
            client_secret,
            username: username.into(),
            password,
            scope: None,
            names: SettingNames::new(
                "base URL",
                ["client id", "client secret", "user name", "password"],
                "check all four, and that the user may use the API",
            ),
        }
    }

    /// The scope to ask for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Cow<'static, str>>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// What the operator calls the settings.
    #[must_use]
    pub fn settings(mut self, names: SettingNames) -> Self {
        self.names = names;
        self
    }
}

impl Grant for PasswordGrant {
    fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    fn names(&self) -> &SettingNames {
        &self.names
    }

    fn secrets(&self) -> Vec<SecretString> {
        let basic = basic_value(&self.client_id, &self.client_secret);
        vec![self.client_secret.clone(), self.password.clone(), basic]
    }

    fn request(&self, _refresh_token: Option<&SecretString>) -> Result<Request<Bytes>> {
        let basic = basic_value(&self.client_id, &self.client_secret);
        // Base64 text is always a header value; the error would have nothing to add but the secret.
        let basic = HeaderValue::from_str(basic.expose_secret()).map_err(|_| {
            Error::new(ErrorKind::Internal, "the client's credentials cannot be sent in a header")
        })?;
        let mut fields = vec![
            ("grant_type", "password"),
            ("username", self.username.as_str()),
            ("password", self.password.expose_secret()),
        ];
        fields.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        form::post(&self.endpoint, form::FORM, Some(basic), form::encode(&fields)?)
    }

    fn judge(&self, answer: &TokenAnswer<'_>) -> GrantResult {
        if let Some(verdict) = answer.unavailable(&self.names) {
            return verdict;
        }
        match answer.tokens() {
            Some(tokens) if answer.status().is_success() => GrantResult::Issued(tokens),
            _ => {
                let secrets = self.secrets();
                let secrets: Vec<&SecretString> = secrets.iter().collect();
                answer.refused(ErrorKind::Unauthenticated, &self.names, &secrets)
            }
        }
    }
}
