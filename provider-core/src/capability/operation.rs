//! What can be asked of a provider, and how it is supported.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CommandKind, EntityKind};

/// One thing that can be asked of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// [`Provider::verify`](crate::Provider::verify)
    Verify,
    /// One of the `list_` methods.
    List(EntityKind),
    /// One of the `get_` methods.
    Get(EntityKind),
    /// [`Provider::plan`](crate::Provider::plan)
    Plan(CommandKind),
    /// [`Provider::execute`](crate::Provider::execute)
    Execute(CommandKind),
    /// [`Provider::reconcile`](crate::Provider::reconcile)
    Reconcile(CommandKind),
}

impl Operation {
    /// True for what changes something at the distributor.
    #[must_use]
    pub const fn is_write(self) -> bool {
        matches!(self, Self::Execute(_))
    }

    /// Every operation, for tables and tests.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Verify)
            .chain(EntityKind::ALL.into_iter().map(Self::List))
            .chain(
                [EntityKind::Customer, EntityKind::Product, EntityKind::Subscription, EntityKind::Order]
                    .into_iter()
                    .map(Self::Get),
            )
            .chain(CommandKind::ALL.into_iter().map(Self::Plan))
            .chain(CommandKind::ALL.into_iter().map(Self::Execute))
            .chain(CommandKind::ALL.into_iter().map(Self::Reconcile))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verify => f.write_str("verify"),
            Self::List(kind) => write!(f, "list {}", kind.plural().replace('_', " ")),
            Self::Get(kind) => write!(f, "get {kind}"),
            Self::Plan(kind) => write!(f, "plan {}", kind.words()),
            Self::Execute(kind) => f.write_str(kind.words()),
            Self::Reconcile(kind) => write!(f, "reconcile {}", kind.words()),
        }
    }
}

/// How an operation is supported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "support", content = "reason")]
#[non_exhaustive]
pub enum Support {
    /// The distributor's API does it.
    Native,
    /// The provider builds it from other calls; the reason says how, and how many calls it takes.
    Emulated(Cow<'static, str>),
    /// It answers [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) without any call.
    Unsupported(Cow<'static, str>),
}

impl Support {
    /// True unless unsupported.
    #[must_use]
    pub const fn is_supported(&self) -> bool {
        !matches!(self, Self::Unsupported(_))
    }

    /// Why it is emulated or unsupported.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Native => None,
            Self::Emulated(reason) | Self::Unsupported(reason) => Some(reason),
        }
    }
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Emulated(reason) => write!(f, "emulated: {reason}"),
            Self::Unsupported(reason) => write!(f, "not supported: {reason}"),
        }
    }
}
