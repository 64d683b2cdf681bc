//! The parts of a client that its pipeline and its answers share.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

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
    pub(crate) news: Arc<Mutex<News>>,
}

/// How many reported values are remembered. Beyond that a value is reported each time it comes.
const MOST: usize = 1_024;

/// What the observer was told about records already, so that it is told once.
#[derive(Debug, Default)]
pub(crate) struct News {
    members: HashSet<UnknownValue>,
    /// The records of which one answer was looked through for unknown members.
    read: HashSet<&'static str>,
}

/// Tells an observer. One that panics must cost neither the answer of a call nor a token that is not saved yet.
pub(crate) fn tell(observer: &dyn Observer, event: &Event) {
    if catch_unwind(AssertUnwindSafe(|| observer.event(event))).is_err() {
        tracing::error!("the observer panicked");
    }
}

impl Shared {
    pub(crate) fn emit(&self, what: EventKind) {
        let what = self.scrubber.event(what);
        tell(&*self.observer, &Event::new(self.provider.to_string(), self.connection.clone(), what));
    }

    /// Tells of values that no enum knows and of members that no record has, met while an answer was read.
    pub(crate) fn tell_unknown(&self, met: Vec<UnknownValue>) {
        for unknown in met {
            // A value is told of every answer that has it. A member is there in all of them.
            if unknown.is_member && !self.is_news(&unknown) {
                continue;
            }
            let UnknownValue { of, value, is_member, .. } = unknown;
            let value = self.scrubber.scrub(value).into_owned();
            if is_member {
                tracing::warn!(of, value, "a record has a member that is not known");
                self.emit(EventKind::unknown_member(of.into(), value));
            } else {
                tracing::warn!(of, value, "an unknown value was kept as it came");
                self.emit(EventKind::unknown_value(of.into(), value));
            }
        }
    }

    fn is_news(&self, unknown: &UnknownValue) -> bool {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        if news.members.contains(unknown) {
            return false;
        }
        if news.members.len() < MOST {
            news.members.insert(unknown.clone());
        }
        true
    }

    /// True the first time that records of this type are read.
    pub(crate) fn is_first(&self, record: &'static str) -> bool {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.read.insert(record)
    }
}
