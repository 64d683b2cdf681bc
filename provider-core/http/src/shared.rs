//! What a client is made of, and all that its pipeline and its answers need to know of it.

use std::sync::Arc;

use http::HeaderValue;
use provider_core::clock::Clock;
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::wire::unknown::UnknownValue;

use crate::account::Account;
use crate::auth::{Authenticator, TokenManager};
use crate::options::HttpOptions;
use crate::problem::ProblemParser;
use crate::redact::Scrubber;
use crate::request::Base;
use crate::retry::Backoff;
use crate::transport::Transport;

#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) provider: Arc<str>,
    pub(crate) connection: String,
    pub(crate) base: Base,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    /// The authenticator, where it is a manager that was made here.
    pub(crate) tokens: Option<TokenManager>,
    pub(crate) account: Arc<Account>,
    pub(crate) problem_parser: ProblemParser,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) options: HttpOptions,
    /// Knows the secrets in use, and blanks them in everything that leaves.
    pub(crate) scrubber: Scrubber,
    pub(crate) user_agent: HeaderValue,
    pub(crate) backoff: Arc<Backoff>,
}

impl Shared {
    pub(crate) fn emit(&self, what: EventKind) {
        let what = self.scrubber.event(what);
        self.observer.event(&Event::new(self.provider.to_string(), self.connection.clone(), what));
    }

    /// Tells of values that no enum knows, met while an answer was read.
    pub(crate) fn tell_unknown(&self, met: Vec<UnknownValue>) {
        for UnknownValue { of, value, .. } in met {
            let value = self.scrubber.scrub(value).into_owned();
            tracing::warn!(of, value, "an unknown value was kept as it came");
            self.emit(EventKind::unknown_value(of.into(), value));
        }
    }
}
