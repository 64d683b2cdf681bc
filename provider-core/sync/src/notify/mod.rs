//! Who is told when a connection stops, and how a letter gets there.

mod alert;
mod cause;
mod round;
#[cfg(feature = "email")]
mod smtp;

use std::fmt;

use async_trait::async_trait;

pub use alert::{Alert, AlertKind};
pub use cause::{SettingToFix, StopCause, StopReason};
pub use round::{Delivered, deliver};
#[cfg(feature = "email")]
pub use smtp::{SmtpConfig, SmtpNotifier, SmtpSecurity};

/// Takes letters to where people read them: by e-mail (`SmtpNotifier`, feature `email`), into a chat, to a pager.
///
/// Each letter is sent **at least once**: it is kept until it was taken. A process that dies between sending and
/// remembering that sends one a second time, under the same [`Alert::id`].
#[async_trait]
pub trait Notifier: fmt::Debug + Send + Sync + 'static {
    /// Sends one letter. It is taken once this answers.
    ///
    /// # Errors
    /// Says by its kind what becomes of the letter: [`NotifyErrorKind`].
    async fn send(&self, alert: &Alert) -> Result<(), NotifyError>;
}

/// What becomes of a letter that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotifyErrorKind {
    /// This recipient is refused for good: the letter is given up, and the others go on.
    Refused,
    /// Not now: the letter is tried again later, and the others go on.
    Later,
    /// Nothing can be sent at the moment: all letters are tried again later.
    Unreachable,
}

/// A letter was not taken.
#[derive(Debug)]
pub struct NotifyError {
    /// What becomes of it.
    pub kind: NotifyErrorKind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl NotifyError {
    /// An error of this kind; the message holds no secret.
    #[must_use]
    pub fn new(kind: NotifyErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Adds what it was noticed by.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for NotifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
