//! What a provider can do, with the reason where it cannot.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of records that a provider lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntityKind {
    /// [`Customer`](crate::Customer)
    Customer,
    /// [`Product`](crate::Product)
    Product,
    /// [`Subscription`](crate::Subscription)
    Subscription,
    /// [`Order`](crate::Order)
    Order,
    /// [`Invoice`](crate::Invoice)
    Invoice,
    /// [`InvoiceLine`](crate::InvoiceLine)
    InvoiceLine,
    /// [`UsageRecord`](crate::UsageRecord)
    Usage,
}

impl EntityKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Customer,
        Self::Product,
        Self::Subscription,
        Self::Order,
        Self::Invoice,
        Self::InvoiceLine,
        Self::Usage,
    ];

    /// The plural in snake_case, as the examples' `--entity` takes it.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Customer => "customers",
            Self::Product => "products",
            Self::Subscription => "subscriptions",
            Self::Order => "orders",
            Self::Invoice => "invoices",
            Self::InvoiceLine => "invoice_lines",
            Self::Usage => "usage",
        }
    }
}

impl fmt::Display for EntityKind {
    /// In words: `invoice line`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::Product => "product",
            Self::Subscription => "subscription",
            Self::Order => "order",
            Self::Invoice => "invoice",
            Self::InvoiceLine => "invoice line",
            Self::Usage => "usage",
        })
    }
}

/// The kinds of [`Command`](crate::Command).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommandKind {
    /// [`CreateCustomer`](crate::CreateCustomer)
    CreateCustomer,
    /// [`UpdateCustomer`](crate::UpdateCustomer)
    UpdateCustomer,
    /// [`AttachCustomer`](crate::AttachCustomer)
    AttachCustomer,
    /// [`RecordConsent`](crate::RecordConsent)
    RecordConsent,
    /// [`PlaceOrder`](crate::PlaceOrder)
    PlaceOrder,
    /// [`CancelOrder`](crate::CancelOrder)
    CancelOrder,
    /// [`ChangeQuantity`](crate::ChangeQuantity)
    ChangeQuantity,
    /// [`ChangeRenewal`](crate::ChangeRenewal)
    ChangeRenewal,
    /// [`Suspend`](crate::Suspend)
    Suspend,
    /// [`Resume`](crate::Resume)
    Resume,
    /// [`CancelSubscription`](crate::CancelSubscription)
    CancelSubscription,
}

impl CommandKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::CreateCustomer,
        Self::UpdateCustomer,
        Self::AttachCustomer,
        Self::RecordConsent,
        Self::PlaceOrder,
        Self::CancelOrder,
        Self::ChangeQuantity,
        Self::ChangeRenewal,
        Self::Suspend,
        Self::Resume,
        Self::CancelSubscription,
    ];

    /// The name in words, for messages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CreateCustomer => "create customer",
            Self::UpdateCustomer => "update customer",
            Self::AttachCustomer => "attach customer",
            Self::RecordConsent => "record consent",
            Self::PlaceOrder => "place order",
            Self::CancelOrder => "cancel order",
            Self::ChangeQuantity => "change quantity",
            Self::ChangeRenewal => "change renewal",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::CancelSubscription => "cancel subscription",
        }
    }
}

impl fmt::Display for CommandKind {
    /// In words: `place order`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

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
    /// The provider builds it from other calls; the reason says how and at what price.
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
///     .build();
/// assert_eq!(capabilities.support(Operation::List(EntityKind::Customer)), Support::Native);
/// assert!(!capabilities.support(Operation::List(EntityKind::Order)).is_supported());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    support: BTreeMap<Operation, Support>,
    fields: BTreeMap<EntityKind, BTreeSet<Cow<'static, str>>>,
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

    /// Which fields of this entity the provider can fill; `raw` and ids included. Empty where the
    /// provider did not say.
    pub fn fields(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        self.fields.get(&kind).into_iter().flatten().map(AsRef::as_ref)
    }

    /// True where the distributor accepts the command first and carries it out later.
    #[must_use]
    pub fn asynchronous(&self, kind: CommandKind) -> bool {
        self.asynchronous.contains(&kind)
    }
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
    fields: BTreeMap<EntityKind, BTreeSet<Cow<'static, str>>>,
    #[serde(default)]
    asynchronous: BTreeSet<CommandKind>,
}

impl Serialize for Capabilities {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Table {
            operations: Operation::all()
                .map(|operation| Row { operation, support: self.support(operation) })
                .collect(),
            fields: self.fields.clone(),
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
            fields: table.fields,
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

    /// The fields of an entity that the provider can fill.
    #[must_use]
    pub fn fields<F: Into<Cow<'static, str>>>(
        mut self,
        kind: EntityKind,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        self.0.fields.entry(kind).or_default().extend(fields.into_iter().map(Into::into));
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
