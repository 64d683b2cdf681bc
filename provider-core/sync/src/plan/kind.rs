//! One data type of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use provider_core::EntityKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::{FieldMap, KeyField};
use super::removal::RemovalPlan;

/// How one data type is kept in step.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KindPlan {
    /// Which records.
    pub kind: EntityKind,
    /// Whether anything happens with them.
    #[serde(default)]
    pub enabled: bool,
    /// Which way.
    #[serde(default)]
    pub direction: Direction,
    /// What may be done.
    #[serde(default)]
    pub updates: BTreeSet<Update>,
    /// The table of the application, for the target over tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// What ties a record of the distributor to one of the application. Without it nothing is switched on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyField>,
    /// Constants that every row of this connection has: written when a row is made, required of every row that is
    /// read or removed. Several connections may share one table like this.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scope: BTreeMap<String, Value>,
    /// What goes where.
    #[serde(default)]
    pub fields: Vec<FieldMap>,
    /// How records are found in the application that it has already, in this order.
    #[serde(default)]
    pub matching: Vec<MatchRule>,
    /// Whether one and the same name is enough to tie two records together.
    #[serde(default)]
    pub auto_name: bool,
    /// What happens to a record that nothing in the application fits.
    #[serde(default)]
    pub unmatched: Unmatched,
    /// What happens to records that are gone.
    #[serde(default)]
    pub removal: RemovalPlan,
    /// Whether a record's own call is made besides the listing.
    #[serde(default)]
    pub detail: DetailPlan,
    /// One row for each member of this list, instead of one for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// Filters of the listing, and what it is to bring along: `with_offers`, `kind`, `organization` and so on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Value>,
    /// Of invoices, their lines and usage: the last so many months, this one included.
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

/// Which way changes go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// From the distributor to the application.
    #[default]
    Pull,
    /// From the application to the distributor.
    Push,
    /// Both.
    Both,
}

/// One kind of change.
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

/// By what a record is found in the application.
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

/// What happens to a record that nothing in the application fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unmatched {
    /// A person decides.
    #[default]
    Queue,
    /// It is made.
    Create,
    /// It is left out.
    Skip,
}

/// Whether a record's own call is made besides the listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DetailPlan {
    /// What the listing tells is enough.
    #[default]
    Listed,
    /// One call more for each record that changed in the listing, and for each after so many days.
    Full {
        /// After so many days.
        refresh: u32,
    },
}

/// A list of which each member is a row.
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
