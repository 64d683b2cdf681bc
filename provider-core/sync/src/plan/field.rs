//! What goes where.

use provider_core::FieldPath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::transform::Transform;

/// What ties a record of the distributor to one of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeyField {
    /// The distributor's id: `id`, or that of the member where a kind has one row for each.
    pub remote: FieldPath,
    /// Where the application keeps it: unique, and empty in rows that no distributor knows.
    pub local: String,
}

impl KeyField {
    /// A key.
    #[must_use]
    pub fn new(remote: FieldPath, local: impl Into<String>) -> Self {
        Self { remote, local: local.into() }
    }
}

/// One value on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldMap {
    /// Where it stands in the distributor's record.
    pub remote: FieldPath,
    /// Where it goes.
    pub local: String,
    /// What is done to it on the way, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transform: Vec<Transform>,
    /// Whose word holds when both changed it.
    #[serde(default)]
    pub owner: Owner,
    /// Whether what the distributor has not is emptied here. Otherwise it is left as it is.
    #[serde(default)]
    pub clear: bool,
}

impl FieldMap {
    /// A value that goes there as it is.
    #[must_use]
    pub fn new(remote: FieldPath, local: impl Into<String>) -> Self {
        Self { remote, local: local.into(), transform: Vec::new(), owner: Owner::default(), clear: false }
    }
}

/// Whose word holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Owner {
    /// The distributor's.
    #[default]
    Remote,
    /// The application's: the field is filled when the row is made, and then left alone.
    Local,
    /// A person decides, when both changed it.
    Ask,
}
