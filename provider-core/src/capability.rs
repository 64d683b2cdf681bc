//! What a provider can do, with the reason where it cannot.

mod kind;
mod operation;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use kind::{CommandKind, EntityKind};
pub use operation::{Operation, Support};

type Names = BTreeSet<Cow<'static, str>>;

/// What a provider can do: one effective value, layers included.
///
/// [`Capabilities::default`] supports nothing.
///
/// ```
/// use provider_core::{Capabilities, EntityKind, Operation, Support};
///
/// let capabilities = Capabilities::builder()
///     .native(Operation::List(EntityKind::Customer))
///     .fields(EntityKind::Customer, ["id", "name", "status"])
///     .detail_fields(EntityKind::Customer, ["contacts"])
///     .build();
/// assert_eq!(capabilities.support(Operation::List(EntityKind::Customer)), Support::Native);
/// assert!(!capabilities.support(Operation::List(EntityKind::Order)).is_supported());
/// assert!(capabilities.listed_fields(EntityKind::Customer).all(|field| field != "contacts"));
/// assert!(capabilities.fields(EntityKind::Customer).any(|field| field == "contacts"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    support: BTreeMap<Operation, Support>,
    listed: BTreeMap<EntityKind, Names>,
    detail: BTreeMap<EntityKind, Names>,
    writable: BTreeMap<CommandKind, Names>,
    asynchronous: BTreeSet<CommandKind>,
}

impl Capabilities {
    /// Starts from nothing supported.
    #[must_use]
    pub fn builder() -> CapabilitiesBuilder {
        CapabilitiesBuilder::default()
    }

    /// Starts from these, for a layer that blocks or adds something.
    #[must_use]
    pub fn to_builder(&self) -> CapabilitiesBuilder {
        CapabilitiesBuilder(self.clone())
    }

    /// How this operation is supported.
    #[must_use]
    pub fn support(&self, operation: Operation) -> Support {
        self.support
            .get(&operation)
            .cloned()
            .unwrap_or(Support::Unsupported(Cow::Borrowed("this provider does not implement it")))
    }

    /// Which fields of this entity the provider can fill, in one way or another; `raw` and ids included. Empty where
    /// the provider did not say.
    ///
    /// A name with a dot tells a member of a field apart: `product.sku`.
    pub fn fields(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self.listed_fields(kind).chain(self.detail_fields(kind)).collect();
        all.into_iter()
    }

    /// Which fields of this entity every listing can fill, without being asked for more.
    pub fn listed_fields(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        names(self.listed.get(&kind))
    }

    /// Which fields of this entity no plain listing fills: a `get` does, or a listing that is asked for them by a switch
    /// of its query (`with_offers`, `with_contacts`). `product.sku` here and `product` among
    /// [`listed_fields`](Self::listed_fields) means that a listing fills the product, but not its SKU.
    pub fn detail_fields(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        names(self.detail.get(&kind))
    }

    /// Which members of a command the distributor keeps or acts on, beside the one that names the record which is to be
    /// changed; those of an order's lines as `lines.offer`. A command that sets any other member is refused. Empty
    /// where the command is not carried out, or where the provider did not say.
    pub fn writable(&self, kind: CommandKind) -> impl Iterator<Item = &str> {
        let carried_out = self.support(Operation::Execute(kind)).is_supported();
        names(self.writable.get(&kind).filter(|_| carried_out))
    }

    /// True where the distributor accepts the command first and carries it out later.
    #[must_use]
    pub fn asynchronous(&self, kind: CommandKind) -> bool {
        self.asynchronous.contains(&kind)
    }
}

fn names(set: Option<&Names>) -> impl Iterator<Item = &str> {
    set.into_iter().flatten().map(AsRef::as_ref)
}

#[derive(Serialize, Deserialize)]
struct Row {
    operation: Operation,
    #[serde(flatten)]
    support: Support,
}

#[derive(Serialize, Deserialize)]
struct Table {
    operations: Vec<Row>,
    #[serde(default)]
    fields: BTreeMap<EntityKind, Names>,
    #[serde(default)]
    detail_fields: BTreeMap<EntityKind, Names>,
    #[serde(default)]
    writable: BTreeMap<CommandKind, Names>,
    #[serde(default)]
    asynchronous: BTreeSet<CommandKind>,
}

impl Serialize for Capabilities {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Table {
            operations: Operation::all()
                .map(|operation| Row { operation, support: self.support(operation) })
                .collect(),
            fields: self.listed.clone(),
            detail_fields: self.detail.clone(),
            writable: self.writable.clone(),
            asynchronous: self.asynchronous.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Table::deserialize(deserializer)?;
        Ok(Self {
            support: table.operations.into_iter().map(|row| (row.operation, row.support)).collect(),
            listed: table.fields,
            detail: table.detail_fields,
            writable: table.writable,
            asynchronous: table.asynchronous,
        })
    }
}

/// Builds [`Capabilities`].
#[derive(Debug, Clone, Default)]
pub struct CapabilitiesBuilder(Capabilities);

impl CapabilitiesBuilder {
    /// Sets how one operation is supported.
    #[must_use]
    pub fn support(mut self, operation: Operation, support: Support) -> Self {
        self.0.support.insert(operation, support);
        self
    }

    /// The distributor's API does it.
    #[must_use]
    pub fn native(self, operation: Operation) -> Self {
        self.support(operation, Support::Native)
    }

    /// The provider builds it from other calls.
    #[must_use]
    pub fn emulated(self, operation: Operation, reason: impl Into<Cow<'static, str>>) -> Self {
        self.support(operation, Support::Emulated(reason.into()))
    }

    /// It cannot be done, and this is why.
    #[must_use]
    pub fn unsupported(self, operation: Operation, reason: impl Into<Cow<'static, str>>) -> Self {
        self.support(operation, Support::Unsupported(reason.into()))
    }

    /// The fields of an entity that every listing fills.
    #[must_use]
    pub fn fields<F: Into<Cow<'static, str>>>(
        mut self,
        kind: EntityKind,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        self.0.listed.entry(kind).or_default().extend(fields.into_iter().map(Into::into));
        self
    }

    /// The fields of an entity that only a `get` fills, or a listing that is asked for them.
    #[must_use]
    pub fn detail_fields<F: Into<Cow<'static, str>>>(
        mut self,
        kind: EntityKind,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        self.0.detail.entry(kind).or_default().extend(fields.into_iter().map(Into::into));
        self
    }

    /// The members of a command that the distributor keeps or acts on.
    #[must_use]
    pub fn writable<F: Into<Cow<'static, str>>>(
        mut self,
        kind: CommandKind,
        members: impl IntoIterator<Item = F>,
    ) -> Self {
        self.0.writable.entry(kind).or_default().extend(members.into_iter().map(Into::into));
        self
    }

    /// The distributor accepts this command first and carries it out later.
    #[must_use]
    pub fn asynchronous(mut self, kind: CommandKind) -> Self {
        self.0.asynchronous.insert(kind);
        self
    }

    /// The finished value.
    #[must_use]
    pub fn build(self) -> Capabilities {
        self.0
    }
}
