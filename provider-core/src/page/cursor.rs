//! Cursors: a provider's own text, and the tag that ties it to a connection and a query.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::tag::Tag;
use crate::error::{Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::query::Query;

/// Where a page begins: text that only the provider that made it understands.
///
/// Inside a process a plain text is enough, because a [`Listing`](super::Listing) tags what it hands
/// out for storage ([`ResumePoint`](super::ResumePoint)). A provider that hands cursors out itself uses
/// [`Cursor::tagged`] and [`Cursor::open`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

/// A tagged cursor is a JSON object; its version names the meaning of the tag.
#[derive(Serialize, Deserialize)]
struct Tagged {
    #[serde(flatten)]
    tag: Tag,
    cursor: String,
}

impl Cursor {
    /// Wraps the provider's text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Wraps the provider's text and ties it to a connection and a query.
    #[must_use]
    pub fn tagged<Q: Query>(info: &ProviderInfo, query: &Q, text: impl Into<String>) -> Self {
        let tagged = Tagged { tag: Tag::new(info, query), cursor: text.into() };
        Self(serde_json::to_string(&tagged).unwrap_or_default())
    }

    /// The text of a tagged cursor, if it belongs to this connection and query.
    ///
    /// # Errors
    /// `InvalidCursor` when it belongs to another one, is of another version, or is not tagged.
    pub fn open<Q: Query>(&self, info: &ProviderInfo, query: &Q) -> Result<String> {
        let tagged: Tagged = serde_json::from_str(&self.0)
            .map_err(|_| Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this provider"))?;
        tagged.tag.check(info, query)?;
        Ok(tagged.cursor)
    }

    /// The text as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({:?})", self.0)
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}
