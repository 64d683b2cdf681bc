//! What can go wrong with a store, in terms an operator can act on.

use std::error::Error as StdError;
use std::fmt;

use provider_core::{Delivery, Error, ErrorKind};

/// The setting that names the store.
pub(crate) const STORE_SETTING: &str = "PROVIDER_STORE";

/// Why a store failed. It is the source of the [`Error`] that a store answers; [`of`](Self::of) finds it.
///
/// ```
/// use provider_store::{Store, StoreErrorKind};
///
/// # async fn open() -> provider_core::Result<()> {
/// if let Err(error) = Store::open("sqlite:orders.db").await {
///     match StoreErrorKind::of(&error) {
///         Some(StoreErrorKind::NewerSchema { .. }) => eprintln!("update this program first: {error}"),
///         _ => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// It can be read and not written.
    ReadOnly,
    /// There is no room left, or no connection.
    Full,
    /// Another process kept it for longer than this one was ready to wait.
    Locked,
    /// What is there cannot be what was written: cut, altered, or no store at all.
    Corrupt,
    /// A later release wrote it.
    NewerSchema {
        /// The schema that was found.
        found: u32,
        /// The newest schema that this release knows.
        known: u32,
    },
    /// The file was moved, removed or replaced while it was in use.
    Replaced,
    /// It cannot be reached at all.
    Unreachable,
    /// The server does not let this user in.
    Denied,
    /// There is none, and none was to be made.
    Absent,
    /// Tokens are there that this key does not open, or that need a key.
    WrongKey,
    /// Tokens were to be kept, and it was not said how.
    NoKey,
}

impl StoreErrorKind {
    /// Why the store failed, if this error is one of a store.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let mut cause = StdError::source(error);
        while let Some(found) = cause {
            if let Some(cause) = found.downcast_ref::<StoreCause>() {
                return Some(cause.kind);
            }
            cause = found.source();
        }
        None
    }

    /// The kind for callers of providers: what only an operator can mend is a setting; the rest may pass.
    fn kind(self) -> ErrorKind {
        match self {
            Self::Full | Self::Locked | Self::Unreachable => ErrorKind::Unavailable,
            Self::ReadOnly
            | Self::Corrupt
            | Self::NewerSchema { .. }
            | Self::Replaced
            | Self::Denied
            | Self::Absent
            | Self::WrongKey
            | Self::NoKey => ErrorKind::Config,
        }
    }

    /// The error that says so, and what to do. Nothing is sent by a store.
    pub(crate) fn error(self, setting: &str, message: impl fmt::Display) -> Error {
        self.caused(setting, message, None)
    }

    pub(crate) fn caused(
        self,
        setting: &str,
        message: impl fmt::Display,
        cause: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        Error::new(self.kind(), format!("{setting}: {message}"))
            .with_delivery(Delivery::NotSent)
            .with_source(StoreCause { kind: self, cause })
    }
}

impl fmt::Display for StoreErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOnly => f.write_str("the store is read-only"),
            Self::Full => f.write_str("the store is full"),
            Self::Locked => f.write_str("the store is locked"),
            Self::Corrupt => f.write_str("the store is damaged"),
            Self::NewerSchema { found, known } => {
                write!(f, "the store has schema {found}, and this release knows {known}")
            }
            Self::Replaced => f.write_str("the store was replaced"),
            Self::Unreachable => f.write_str("the store cannot be reached"),
            Self::Denied => f.write_str("the store lets nobody in"),
            Self::Absent => f.write_str("there is no store"),
            Self::WrongKey => f.write_str("the key does not open the store's tokens"),
            Self::NoKey => f.write_str("the store has no key for tokens"),
        }
    }
}

/// A stored value that nobody wrote like this.
pub fn damaged(what: impl fmt::Display) -> Error {
    damaged_by(what, None)
}

/// The same, with what it was noticed by.
pub(crate) fn damaged_by(what: impl fmt::Display, cause: Option<Box<dyn StdError + Send + Sync>>) -> Error {
    let message = format_args!(
        "{what}: a later release wrote it, or it is damaged; use that release, or stop every process on this \
         store and restore the last copy"
    );
    StoreErrorKind::Corrupt.caused(STORE_SETTING, message, cause)
}

#[derive(Debug)]
struct StoreCause {
    kind: StoreErrorKind,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl fmt::Display for StoreCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl StdError for StoreCause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
