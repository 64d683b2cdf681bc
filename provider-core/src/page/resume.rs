//! Where a listing can be taken up again, in this process or another.

use serde::{Deserialize, Serialize};

use super::cursor::Cursor;
use super::tag::Tag;
use crate::error::Result;

/// Where a listing can be taken up again: serialisable, versioned, and tied to its provider,
/// connection, account and query.
///
/// Resuming repeats records at most, it never skips any.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResumePoint {
    #[serde(flatten)]
    tag: Tag,
    /// `None`: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cursor: Option<Cursor>,
    /// Nothing is left: resuming yields an empty listing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    end: bool,
}

impl ResumePoint {
    pub(super) fn new(tag: Tag, cursor: Option<Cursor>, end: bool) -> Self {
        Self { tag, cursor, end }
    }

    /// True when the listing had ended here.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.end
    }

    pub(super) fn open(self, own: &Tag) -> Result<(Option<Cursor>, bool)> {
        self.tag.check_tag(own)?;
        Ok((self.cursor, self.end))
    }
}
