//! One POST to a token endpoint: bounded in time and size, never repeated, never logged.

use std::time::Duration;

use http::{HeaderValue, header};
use provider_core::{Delivery, Error, ErrorKind};
use secrecy::SecretString;

use crate::auth::grant::{Grant, GrantResult, SettingNames, TokenAnswer};
use crate::transport::{Transport, TransportError};

/// No token is longer.
const LARGEST_ANSWER: u64 = 1024 * 1024;

/// What came of one POST.
#[derive(Debug)]
pub(super) enum Exchange {
    /// A complete answer came.
    Answered(GrantResult),
    /// The request never left.
    NotSent(Error),
    /// The request may have arrived; no complete answer came.
    Lost(Error),
}

/// Makes the one POST.
pub(super) async fn exchange(
    transport: &dyn Transport,
    grant: &dyn Grant,
    refresh_token: Option<&SecretString>,
    user_agent: &HeaderValue,
    limit: Duration,
) -> Exchange {
    let mut request = match grant.request(refresh_token) {
        Ok(request) => request,
        Err(error) => return Exchange::NotSent(error),
    };
    request.headers_mut().insert(header::USER_AGENT, user_agent.clone());
    let whole = async {
        let (head, body) = transport.send(request).await?.into_parts();
        let body = body.capped(LARGEST_ANSWER).collect().await?;
        Ok::<_, TransportError>((head, body))
    };
    match tokio::time::timeout(limit, whole).await {
        Ok(Ok((head, body))) => {
            let answer = TokenAnswer::new(head.status, &head.headers, &body).to_request_with(refresh_token);
            Exchange::Answered(grant.judge(&answer))
        }
        Ok(Err(error)) if error.kind().delivery() == Delivery::NotSent => {
            Exchange::NotSent(failed(error, grant))
        }
        Ok(Err(error)) => Exchange::Lost(failed(error, grant)),
        Err(_) => Exchange::Lost(Error::new(
            ErrorKind::Timeout,
            format!(
                "the token endpoint at {} did not answer within {} s: check {} and the network",
                host(grant),
                limit.as_secs(),
                grant.names().base_url
            ),
        )),
    }
}

fn failed(error: TransportError, grant: &dyn Grant) -> Error {
    let SettingNames { base_url, .. } = grant.names();
    let cause = error.root_cause().map(|cause| format!(" ({cause})")).unwrap_or_default();
    let message =
        format!("token endpoint at {}: {error}{cause}: check {base_url} and the network", host(grant));
    Error::new(error.kind().error_kind(), message).with_source(error)
}

fn host(grant: &dyn Grant) -> &str {
    grant.endpoint().host_str().unwrap_or("an unknown host")
}
