//! The fields of a plan: which value goes to which column.

use provider_core::FieldPath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::transform::Transform;

/// The primary key of a mapping: what ties a record of the distributor to one of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeyField {
    /// The distributor's id: `id`, or that of the member where a kind has one row for each.
    pub remote: FieldPath,
    /// The column that holds the distributor's id: unique, and empty (NULL) in rows that no distributor knows.
    pub local: String,
}

impl KeyField {
    /// A key.
    #[must_use]
    pub fn new(remote: FieldPath, local: impl Into<String>) -> Self {
        Self { remote, local: local.into() }
    }
}

/// One field: a value of the distributor's record and the column that it goes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldMap {
    /// The path of the value in the distributor's record.
    pub remote: FieldPath,
    /// The column that it goes to.
    pub local: String,
    /// The transforms that are applied to it, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transform: Vec<Transform>,
    /// Whose value holds when both sides changed it.
    #[serde(default)]
    pub owner: Owner,
    /// Whether the column is emptied when the distributor has no value. Otherwise it is left as it is.
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

/// Whose value holds when both sides changed a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Owner {
    /// The distributor's.
    #[default]
    Remote,
    /// The application's: the field is filled when the row is made. Where the data type is pulled alone, it is left alone
    /// from then on; where it is pushed too, the distributor's is made to say the same.
    Local,
    /// A person decides, when both changed it.
    Ask,
}
