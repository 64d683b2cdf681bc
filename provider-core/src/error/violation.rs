//! A reason that concerns one field.

use serde::{Deserialize, Serialize};

/// One reason why an input was refused, tied to the field it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Violation {
    /// The field, in the words of whoever refused: a setting's key, a model field, a JSON path.
    pub field: String,
    /// The distributor's code, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, for people.
    pub message: String,
}

impl Violation {
    /// A reason without a code.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: None, message: message.into() }
    }

    /// Adds the distributor's code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}
