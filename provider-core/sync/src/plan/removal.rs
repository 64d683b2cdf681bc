//! How records are removed that are gone at the distributor.

use provider_core::EntityKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How records are removed that are gone at the distributor. The proof that they are gone is always required:
/// no plan can switch it off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RemovalPlan {
    /// Whether a row is marked or deleted.
    pub how: RemovalHow,
    /// The column that marks a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The value that is written into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// In how many runs a record has to be missing before it is removed: at least 1 where the distributor
    /// proves its lists, else 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<u32>,
    /// How many hours have to lie between the first and the last of these runs, where it takes several: at
    /// least 6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apart: Option<u32>,
    /// The statuses by which a record counts as ended, and is removed at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Vec<String>>,
}

/// How a row is removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemovalHow {
    /// The row stays, and `column` is set to `value`.
    #[default]
    Mark,
    /// The row is deleted.
    Delete,
}

impl RemovalPlan {
    /// The least that lies between two runs, in hours.
    pub(crate) const APART: u32 = 6;

    /// Whether a status says that a record of this kind has ended.
    pub(crate) fn is_end(&self, kind: EntityKind, status: &str) -> bool {
        match &self.ended {
            Some(ended) => ended.iter().any(|word| word == status),
            None => ends(kind).contains(&status),
        }
    }
}

/// The statuses by which distributors say that a record has ended.
pub(crate) const fn ends(kind: EntityKind) -> &'static [&'static str] {
    match kind {
        EntityKind::Customer => &["deleted"],
        EntityKind::Subscription => &["cancelled", "expired", "deleted"],
        _ => &[],
    }
}

/// Whether there is any evidence that a record of this kind is gone. What was billed or ordered stays billed and
/// ordered.
pub(crate) const fn has_evidence(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Customer | EntityKind::Product | EntityKind::Subscription)
}
