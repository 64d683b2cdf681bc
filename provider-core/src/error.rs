//! The one error type of every provider.
//!
//! An [`Error`] answers three separate questions: what went wrong ([`kind`](Error::kind)), whether the
//! distributor may have acted on the call ([`delivery`](Error::delivery)), and what a caller may do next
//! ([`advice`](Error::advice)). An order that ended in `Timeout` with
//! `NotSent` may be sent again, one with `Unknown` may not, so the two questions are answered apart.

mod advice;
mod delivery;
mod json;
mod kind;
mod questions;
mod text;
mod violation;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use advice::Advice;
pub use delivery::Delivery;
pub use kind::ErrorKind;
pub(crate) use text::cut;
pub use violation::Violation;

use self::text::{VIOLATIONS, WORD, cut_violation, one_line};

use crate::capability::Operation;

/// The result of every fallible call in this SDK.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Arc<dyn std::error::Error + Send + Sync + 'static>;

/// What a provider, a layer or a listing reports when a call did not succeed.
///
/// Cloning is cheap and the value is one pointer wide. `Display` is a single line without the causes;
/// the causes are reached through [`source`](std::error::Error::source). Neither ever holds a secret:
/// whoever builds an error is responsible for what goes into the message, and may pass all of it through
/// [`with_texts`](Error::with_texts). No part is longer than a page of text; what is cut ends with dots.
///
/// ```
/// use provider_core::{Advice, CommandKind, Delivery, Error, ErrorKind, Operation};
///
/// let lost = Error::new(ErrorKind::Timeout, "no answer within 30 s")
///     .with_provider("pax8")
///     .with_operation(Operation::Execute(CommandKind::PlaceOrder));
/// // Nobody said whether the order was placed, so nobody may send it again unasked.
/// assert_eq!(lost.delivery(), Delivery::Unknown);
/// assert_eq!(lost.advice(), Advice::AfterReconcile);
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    delivery: Delivery,
    provider: Option<Cow<'static, str>>,
    operation: Option<Operation>,
    http_status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
    attempts: u32,
    item: bool,
    leased: bool,
    read: bool,
    source: Option<Source>,
}

impl Error {
    /// An error of this kind. The message is for people: one line, no secret, naming the setting or
    /// field and what to do where that is known.
    ///
    /// Delivery starts as [`Delivery::Unknown`], except for kinds that are decided before anything is
    /// sent (`Config`, `Unsupported`, `Refused`, `InvalidCursor`, `CircuitOpen`), which start as
    /// [`Delivery::NotSent`].
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: one_line(message.into()),
            delivery: kind.initial_delivery(),
            provider: None,
            operation: None,
            http_status: None,
            code: None,
            request_id: None,
            violations: Vec::new(),
            retry_after: None,
            attempts: 1,
            item: false,
            leased: false,
            read: false,
            source: None,
        }))
    }

    /// A setting that is missing or wrong. `setting` is the name the operator knows: the environment
    /// variable or the form field.
    #[must_use]
    pub fn config(setting: &str, problem: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Config, format!("{setting}: {problem}"))
            .with_violation(Violation::new(setting, problem.to_string()))
    }

    /// An operation that this provider does not have, with the reason its capabilities give.
    #[must_use]
    pub fn unsupported(operation: Operation, reason: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Unsupported, format!("not supported: {reason}")).with_operation(operation)
    }

    /// Input that the caller has to change before it can succeed; nothing was sent.
    #[must_use]
    pub fn invalid_input(field: &str, problem: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidInput, format!("{field}: {problem}"))
            .with_delivery(Delivery::NotSent)
            .with_violation(Violation::new(field, problem.to_string()))
    }

    fn change(mut self, edit: impl FnOnce(&mut Inner)) -> Self {
        edit(Arc::make_mut(&mut self.0));
        self
    }

    /// Says whether the distributor may have acted.
    #[must_use]
    pub fn with_delivery(self, delivery: Delivery) -> Self {
        self.change(|e| e.delivery = delivery)
    }

    /// Names the provider kind, such as `pax8`.
    #[must_use]
    pub fn with_provider(self, provider: impl Into<Cow<'static, str>>) -> Self {
        self.change(|e| e.provider = Some(provider.into()))
    }

    /// Names the operation; without one, [`advice`](Self::advice) assumes a write unless told
    /// [`for_read`](Self::for_read).
    #[must_use]
    pub fn with_operation(self, operation: Operation) -> Self {
        self.change(|e| e.operation = Some(operation))
    }

    /// Keeps the HTTP status of the answer.
    #[must_use]
    pub fn with_http_status(self, status: u16) -> Self {
        self.change(|e| e.http_status = Some(status))
    }

    /// Keeps the distributor's own error code.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        self.change(|e| e.code = Some(cut(code.into(), WORD)))
    }

    /// Keeps the distributor's request id, which its support asks for.
    #[must_use]
    pub fn with_request_id(self, id: impl Into<String>) -> Self {
        self.change(|e| e.request_id = Some(cut(id.into(), WORD)))
    }

    /// Adds one field-level reason.
    #[must_use]
    pub fn with_violation(self, violation: Violation) -> Self {
        self.with_violations([violation])
    }

    /// Names the field of a command that named what does not exist. Errors of other kinds, and those that name a
    /// field already, stay as they are.
    ///
    /// ```
    /// use provider_core::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::NotFound, "not found").naming("customer", "is not known");
    /// assert_eq!(error.violations()[0].field, "customer");
    /// assert!(Error::new(ErrorKind::Timeout, "late").naming("customer", "").violations().is_empty());
    /// ```
    #[must_use]
    pub fn naming(self, field: &str, problem: &str) -> Self {
        if self.kind() != ErrorKind::NotFound || !self.violations().is_empty() {
            return self;
        }
        let message = format!("{field}: {problem}");
        self.with_message(message).with_violation(Violation::new(field, problem))
    }

    /// Adds several field-level reasons: a hundred in all, and of each what fits on a few lines.
    #[must_use]
    pub fn with_violations(self, violations: impl IntoIterator<Item = Violation>) -> Self {
        self.change(|e| {
            let room = VIOLATIONS.saturating_sub(e.violations.len());
            e.violations.extend(violations.into_iter().take(room).map(cut_violation));
        })
    }

    /// Keeps how long the distributor asked to wait.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        self.change(|e| e.retry_after = Some(wait))
    }

    /// Keeps how many attempts were made on the wire.
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        self.change(|e| e.attempts = attempts)
    }

    /// Marks an error that concerns one record of a page: the listing goes on.
    #[must_use]
    pub fn for_item(self) -> Self {
        self.change(|e| e.item = true)
    }

    /// Says that the failed call only read, for calls that are no [`Operation`] of their own. Once an
    /// operation is named, the operation decides.
    #[must_use]
    pub fn for_read(self) -> Self {
        self.change(|e| e.read = true)
    }

    /// Keeps the cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.change(|e| e.source = Some(Arc::from(source.into())))
    }

    /// Replaces the message and keeps everything else.
    #[must_use]
    pub fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        self.change(|e| e.message = one_line(message.into()))
    }

    /// Another caller holds the lease on the same attempt: coming back with the same key is safe,
    /// because the journal will answer, so this is the one unknown outcome that invites a return.
    pub(crate) fn leased(message: String, rest: Duration) -> Self {
        Self::new(ErrorKind::Conflict, message).with_retry_after(rest).change(|e| e.leased = true)
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the distributor may have acted on the call.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// What the caller may do next, derived from kind, delivery and operation.
    ///
    /// A write whose fate is unknown is always [`Advice::AfterReconcile`]; where no operation is named
    /// a write is assumed.
    #[must_use]
    pub fn advice(&self) -> Advice {
        if self.0.leased {
            return Advice::After(self.0.retry_after.unwrap_or_default());
        }
        let write = self.0.operation.map_or(!self.0.read, Operation::is_write);
        advice::derive(self.0.kind, self.0.delivery, write, self.0.retry_after)
    }

    /// The message alone, as given by whoever built the error.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The provider kind that reported it.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.0.provider.as_deref()
    }

    /// The operation that failed.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The HTTP status of the answer, where there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The distributor's own error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The distributor's request id, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Field-level reasons, all of them.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// How long the distributor, the limiter or the breaker asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts went out before this error was given up on.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// True for an error that concerns one record of a page: the listing goes on after it.
    #[must_use]
    pub fn is_item(&self) -> bool {
        self.0.item
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = self.provider() {
            write!(f, "{provider}: ")?;
        }
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{} ({}", self.0.message, self.0.kind)?;
        if let Some(status) = self.0.http_status {
            write!(f, ", HTTP {status}")?;
        }
        if let Some(code) = self.code() {
            write!(f, ", code {}", one_line(Cow::Owned(code.to_owned())))?;
        }
        if let Some(id) = self.request_id() {
            write!(f, ", request {}", one_line(Cow::Owned(id.to_owned())))?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("delivery", &self.0.delivery)
            .field("advice", &self.advice())
            .field("provider", &self.0.provider)
            .field("operation", &self.0.operation)
            .field("http_status", &self.0.http_status)
            .field("code", &self.0.code)
            .field("request_id", &self.0.request_id)
            .field("violations", &self.0.violations)
            .field("retry_after", &self.0.retry_after)
            .field("attempts", &self.0.attempts)
            .field("item", &self.0.item)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

const _: () = assert!(size_of::<Error>() == size_of::<usize>());

#[cfg(test)]
#[path = "error/tests.rs"]
mod tests;
