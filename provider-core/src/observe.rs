//! Events for metrics and logs: attempts, retries, throttling, tokens, unreadable records.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::capability::{EntityKind, Operation};
use crate::error::ErrorKind;

/// Receives events as they happen. Called on the path of the request: return quickly.
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// Something happened.
    fn event(&self, event: &Event);
}

/// One event, with the connection that it concerns. No event holds a secret.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The provider kind.
    pub provider: Cow<'static, str>,
    /// The connection's name.
    pub connection: String,
    /// What happened.
    #[serde(flatten)]
    pub what: EventKind,
}

impl Event {
    /// An event of this connection.
    #[must_use]
    pub fn new(
        provider: impl Into<Cow<'static, str>>,
        connection: impl Into<String>,
        what: EventKind,
    ) -> Self {
        Self { provider: provider.into(), connection: connection.into(), what }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// One attempt on the wire ended.
    #[non_exhaustive]
    Attempt {
        /// The HTTP method.
        method: Cow<'static, str>,
        /// The path with its arguments left as placeholders.
        template: Cow<'static, str>,
        /// Which attempt of the call, from 1.
        attempt: u32,
        /// The status of the answer, if one came.
        status: Option<u16>,
        /// Why it failed, if it did.
        error: Option<&'static str>,
        /// From the first byte sent to the last byte read.
        took: Duration,
    },
    /// The call will be attempted again.
    #[non_exhaustive]
    Retry {
        /// The path with its arguments left as placeholders.
        template: Cow<'static, str>,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// The pause before the next one.
        pause: Duration,
        /// Why.
        reason: &'static str,
    },
    /// A call waited for the rate limit, or the account was paused by a 429.
    #[non_exhaustive]
    Throttled {
        /// How long it waited.
        wait: Duration,
        /// True when the distributor asked for it, false when the account's own limit did.
        by_distributor: bool,
    },
    /// The limit of concurrent calls of the account has changed: it adapts to how fast and how well the service
    /// answers.
    #[non_exhaustive]
    Concurrency {
        /// So many from now on.
        calls: u32,
    },
    /// The circuit breaker changed state.
    #[non_exhaustive]
    Breaker {
        /// `open`, `half_open` or `closed`.
        state: &'static str,
        /// How long it stays open.
        rest: Option<Duration>,
    },
    /// An access token was obtained or renewed.
    #[non_exhaustive]
    TokenRenewed {
        /// How long it is valid.
        valid_for: Duration,
        /// True when the refresh token was replaced as well.
        rotated: bool,
    },
    /// A renewal failed; a token that is still valid goes on being served.
    #[non_exhaustive]
    TokenFailed {
        /// Why.
        reason: ErrorKind,
        /// True when a person has to act.
        reauth_required: bool,
    },
    /// A rotated token could not be saved yet: if the process ends now, the chain is lost.
    #[non_exhaustive]
    TokenUnsaved {
        /// How many attempts to save it failed so far.
        attempts: u32,
    },
    /// The refresh token runs out soon.
    #[non_exhaustive]
    TokenExpiring {
        /// Whole days that are left.
        days_left: i64,
    },
    /// A page arrived.
    #[non_exhaustive]
    Page {
        /// What it lists.
        entity: EntityKind,
        /// How many records it carried.
        items: u64,
        /// The total it declared.
        total: Option<u64>,
    },
    /// A value arrived that the client's enum does not know. It was kept as it came, and is told once an answer.
    #[non_exhaustive]
    UnknownValue {
        /// The enum that does not know it, such as `SubscriptionStatus`.
        field: Cow<'static, str>,
        /// The value, cut to 64 characters.
        value: String,
    },
    /// A record has a member that the client's model does not. It is told once for a connection.
    #[non_exhaustive]
    UnknownMember {
        /// The record, such as `Subscription`.
        record: Cow<'static, str>,
        /// The name, cut to 64 characters.
        member: String,
    },
    /// An optional member of a record could not be read. It counts as not told; the record was handed out.
    #[non_exhaustive]
    BadMember {
        /// The operation that read it.
        operation: Option<Operation>,
        /// Where in the answer.
        path: String,
        /// Why.
        reason: String,
    },
    /// One record could not be decoded; the rest of its page was.
    #[non_exhaustive]
    BadItem {
        /// The operation that listed it.
        operation: Option<Operation>,
        /// Where in the record.
        path: String,
        /// Why.
        reason: String,
    },
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $variant:ident { $($field:ident : $type:ty),* })*) => {
        impl EventKind {
            $($(#[$doc])* #[must_use] pub fn $name($($field: $type),*) -> Self {
                Self::$variant { $($field),* }
            })*
        }
    };
}

constructors! {
    /// See [`EventKind::Attempt`].
    attempt => Attempt { method: Cow<'static, str>, template: Cow<'static, str>, attempt: u32, status: Option<u16>, error: Option<&'static str>, took: Duration }
    /// See [`EventKind::Retry`].
    retry => Retry { template: Cow<'static, str>, attempt: u32, pause: Duration, reason: &'static str }
    /// See [`EventKind::Throttled`].
    throttled => Throttled { wait: Duration, by_distributor: bool }
    /// See [`EventKind::Concurrency`].
    concurrency => Concurrency { calls: u32 }
    /// See [`EventKind::Breaker`].
    breaker => Breaker { state: &'static str, rest: Option<Duration> }
    /// See [`EventKind::TokenRenewed`].
    token_renewed => TokenRenewed { valid_for: Duration, rotated: bool }
    /// See [`EventKind::TokenFailed`].
    token_failed => TokenFailed { reason: ErrorKind, reauth_required: bool }
    /// See [`EventKind::TokenUnsaved`].
    token_unsaved => TokenUnsaved { attempts: u32 }
    /// See [`EventKind::TokenExpiring`].
    token_expiring => TokenExpiring { days_left: i64 }
    /// See [`EventKind::Page`].
    page => Page { entity: EntityKind, items: u64, total: Option<u64> }
    /// See [`EventKind::UnknownValue`].
    unknown_value => UnknownValue { field: Cow<'static, str>, value: String }
    /// See [`EventKind::UnknownMember`].
    unknown_member => UnknownMember { record: Cow<'static, str>, member: String }
    /// See [`EventKind::BadMember`].
    bad_member => BadMember { operation: Option<Operation>, path: String, reason: String }
    /// See [`EventKind::BadItem`].
    bad_item => BadItem { operation: Option<Operation>, path: String, reason: String }
}

impl EventKind {
    /// With what the distributor sent passed through `edit`, which answers the text to show instead or `None`
    /// to leave it. For those who blank secrets that a distributor echoed.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        let change = |text: &mut String| {
            if let Some(edited) = edit(text) {
                *text = edited;
            }
        };
        match &mut self {
            Self::UnknownValue { value, .. } => change(value),
            Self::UnknownMember { member, .. } => change(member),
            Self::BadItem { path, reason, .. } | Self::BadMember { path, reason, .. } => {
                change(path);
                change(reason);
            }
            Self::Attempt { .. }
            | Self::Retry { .. }
            | Self::Throttled { .. }
            | Self::Concurrency { .. }
            | Self::Breaker { .. }
            | Self::TokenRenewed { .. }
            | Self::TokenFailed { .. }
            | Self::TokenUnsaved { .. }
            | Self::TokenExpiring { .. }
            | Self::Page { .. } => {}
        }
        self
    }
}

/// Ignores every event.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn event(&self, _event: &Event) {}
}
