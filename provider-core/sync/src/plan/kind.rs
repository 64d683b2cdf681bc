//! One data type of a plan: what is pulled of it, where to, and what may be done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use provider_core::EntityKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::{FieldMap, KeyField};
use super::removal::RemovalPlan;

/// How one data type is kept in step: what is pulled of it, where it goes, and what may be done. It is off
/// unless it says `enabled`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KindPlan {
    /// The data type: which records these are.
    pub kind: EntityKind,
    /// Whether this data type is kept in step. Off unless it says so.
    #[serde(default)]
    pub enabled: bool,
    /// The direction in which changes go.
    #[serde(default)]
    pub direction: Direction,
    /// What may be done to the application's records: create, update, remove.
    #[serde(default)]
    pub updates: BTreeSet<Update>,
    /// The table of the application, for the target over tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The primary key of the mapping: what ties a record of the distributor to one of the application. Without
    /// it the data type cannot be switched on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyField>,
    /// Constants that every row of this connection has: written when a row is made, required of every row that is
    /// read or removed. Several connections may share one table like this.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scope: BTreeMap<String, Value>,
    /// The fields of the record, and the columns that they go to.
    #[serde(default)]
    pub fields: Vec<FieldMap>,
    /// The rules by which records that the application has already are found, tried in this order.
    #[serde(default)]
    pub matching: Vec<MatchRule>,
    /// Whether the same name alone is enough to link two records.
    #[serde(default)]
    pub auto_name: bool,
    /// What happens to a record for which no match is found in the application.
    #[serde(default)]
    pub unmatched: Unmatched,
    /// How records are removed that are gone at the distributor.
    #[serde(default)]
    pub removal: RemovalPlan,
    /// Whether each record is also read by a call of its own, besides the listing.
    #[serde(default)]
    pub detail: DetailPlan,
    /// Makes one row for each member of this list, instead of one for each record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// Filters of the listing, and what it is to bring along: `with_offers`, `kind`, `organization` and so on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Value>,
    /// How many months are pulled of invoices, their lines and usage, this month included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
}

impl KindPlan {
    /// A data type that is switched off.
    #[must_use]
    pub fn new(kind: EntityKind) -> Self {
        Self {
            kind,
            enabled: false,
            direction: Direction::default(),
            updates: BTreeSet::new(),
            table: None,
            key: None,
            scope: BTreeMap::new(),
            fields: Vec::new(),
            matching: Vec::new(),
            auto_name: false,
            unmatched: Unmatched::default(),
            removal: RemovalPlan::default(),
            detail: DetailPlan::default(),
            each: None,
            query: BTreeMap::new(),
            months: None,
        }
    }
}

/// The direction in which changes go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// From the distributor to the application.
    #[default]
    Pull,
    /// From the application to the distributor.
    Push,
    /// In both directions.
    Both,
}

/// A kind of change that a plan may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Update {
    /// A record is made.
    Create,
    /// A record is changed.
    Update,
    /// A record is removed, or marked as removed.
    Remove,
}

/// A rule by which a record is found in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchRule {
    /// The application's own key, which the distributor keeps.
    ExternalId,
    /// A tenant's id or domain.
    Tenant,
    /// The company's registration number.
    RegistrationNumber,
    /// The name, without regard to case and blanks.
    Name,
}

impl MatchRule {
    /// The word in a plan.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Tenant => "tenant",
            Self::RegistrationNumber => "registration_number",
            Self::Name => "name",
        }
    }

    /// The member of a record that it looks at.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Tenant => "tenants",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for MatchRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens to a record for which no match is found in the application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unmatched {
    /// It waits in the queue, and a person decides.
    #[default]
    Queue,
    /// It is created.
    Create,
    /// It is left out.
    Skip,
}

/// Whether each record is also read by a call of its own, besides the listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum DetailPlan {
    /// Only the listing is read.
    #[default]
    Listed,
    /// One call more for each record that changed in the listing, and for every record again after so many
    /// days.
    Full {
        /// After how many days every record is read again.
        refresh: u32,
    },
}

/// A list of a record of which each member becomes a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Each {
    /// The offers of a product.
    Offers,
    /// The lines of an order.
    Lines,
    /// The contacts of a customer.
    Contacts,
}

impl Each {
    /// The member of the record that holds the list.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offers => "offers",
            Self::Lines => "lines",
            Self::Contacts => "contacts",
        }
    }

    /// The kind whose records have it.
    pub(crate) const fn kind(self) -> EntityKind {
        match self {
            Self::Offers => EntityKind::Product,
            Self::Lines => EntityKind::Order,
            Self::Contacts => EntityKind::Customer,
        }
    }
}
