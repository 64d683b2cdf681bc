//! The connection's own token.

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::{Error, ErrorKind, Result};
use provider_http::auth::Authenticator as _;
use provider_http::{Credential, Deadline, Endpoint, RequestSpec};
use secrecy::SecretString;

use crate::client::StreamOneClient;
use crate::model::AccessValidity;

provider_http::endpoints! {
    client: StreamOneClient;

    /// The connection's own token: how long it lives, and keeping it alive.
    Tokens as tokens {}
}

/// Both carry a token in the body and none in the header, so they are written by hand.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::new("POST", "/oauth/token", "tokens().keep_alive, and by itself"),
    Endpoint::new("POST", VALIDATE, "tokens().validate"),
];

const VALIDATE: &str = "/oauth/validateAccess";

/// The state of a connection's tokens: when they expire, and whether the newest is saved.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TokenHealth {
    /// When the access token expires.
    pub access_until: Option<DateTime<Utc>>,
    /// When the refresh token expires: 32 days after the last exchange.
    pub refresh_until: Option<DateTime<Utc>>,
    /// Whole days until then.
    pub refresh_days_left: Option<i64>,
    /// True while a rotated token could not be saved: if the process ends now, the chain is lost.
    pub unsaved: bool,
    /// Why there is no token and none can be had, where that is known.
    pub problem: Option<Error>,
}

impl Tokens {
    /// The state of the tokens, from the store. Sends nothing.
    ///
    /// # Errors
    /// Any failure of the token store.
    pub async fn health(&self) -> Result<TokenHealth> {
        let status = self.client.chain()?.status().await?;
        Ok(TokenHealth {
            access_until: status.valid_until,
            refresh_until: status.refresh_valid_until,
            refresh_days_left: status.refresh_days_left,
            unsaved: status.unsaved,
            problem: status.problem,
        })
    }

    /// Exchanges the refresh token now, so that the chain lives another 32 days: `POST /oauth/token`. Call it from a
    /// scheduler for a connection that may be unused for a month: once a week is plenty, by one worker of many.
    ///
    /// # Errors
    /// `ReauthRequired` saying what to do in the portal when the chain is lost; any failure to reach the
    /// service, after which the old token still stands.
    pub async fn keep_alive(&self) -> Result<TokenHealth> {
        self.client.chain()?.renew(self.deadline()).await?;
        self.health().await
    }

    /// Asks the service how long the tokens still live: `POST /oauth/validateAccess`. It exchanges nothing. For
    /// displays: the client itself goes by the lives that exchanges answered.
    ///
    /// # Errors
    /// Those of getting a token; any error of the call.
    pub async fn validate(&self) -> Result<AccessValidity> {
        let credential = self.client.chain()?.credential(self.deadline()).await?;
        self.validity(&credential).await
    }

    pub(crate) async fn validity(&self, credential: &Credential) -> Result<AccessValidity> {
        let spec = RequestSpec::post(VALIDATE)
            .secret_form(&[], &[("access_token", &bearer(credential)?)])
            .without_credential()
            .read();
        self.client.oauth().send(spec, &self.call).await?.json()
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(self.call.deadline.unwrap_or(self.client.http().options().operation_timeout))
    }
}

/// The token inside a bearer credential.
fn bearer(credential: &Credential) -> Result<SecretString> {
    let header = credential.header()?.map(|(_, value)| value);
    header
        .as_ref()
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .map(SecretString::from)
        .ok_or_else(|| Error::new(ErrorKind::Internal, "the credential is no bearer token"))
}

impl TokenHealth {
    /// True when fewer than 7 days are left: a person may soon have to act.
    #[must_use]
    pub fn is_running_out(&self, now: DateTime<Utc>) -> bool {
        self.refresh_until.is_some_and(|until| until - now < TimeDelta::days(7))
    }
}
