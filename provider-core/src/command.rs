//! Commands: writes as data.
//!
//! A write is a value that can be stored, approved, journaled and sent later. One method executes them
//! all, so one layer guards them all.

mod customer;
mod order;
mod subscription;

use serde::{Deserialize, Serialize};

pub use customer::{AttachCustomer, Consent, CreateCustomer, RecordConsent, UpdateCustomer};
pub use order::{CancelOrder, PlaceOrder};
pub use subscription::{
    CancelSubscription, ChangeQuantity, ChangeRenewal, Effective, ResumeSubscription, SuspendSubscription,
};

use crate::capability::CommandKind;
use crate::error::{Error, ErrorKind, Result, Violation};
use crate::id::{CustomerId, SubscriptionId};

/// A write, as data.
///
/// The JSON form is stable: it is what a journal stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Create a customer at the distributor.
    CreateCustomer(CreateCustomer),
    /// Change a customer.
    UpdateCustomer(UpdateCustomer),
    /// Take over a customer that exists at the vendor.
    AttachCustomer(AttachCustomer),
    /// Record that the customer accepted the vendor's agreement.
    RecordConsent(RecordConsent),
    /// Place an order.
    PlaceOrder(PlaceOrder),
    /// Cancel an order before it is carried out.
    CancelOrder(CancelOrder),
    /// Change the quantity of a subscription.
    ChangeQuantity(ChangeQuantity),
    /// Change what happens at the end of the term.
    ChangeRenewal(ChangeRenewal),
    /// Suspend a subscription.
    Suspend(SuspendSubscription),
    /// Resume a suspended subscription.
    Resume(ResumeSubscription),
    /// Cancel a subscription.
    CancelSubscription(CancelSubscription),
}

impl Command {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::CreateCustomer(_) => CommandKind::CreateCustomer,
            Self::UpdateCustomer(_) => CommandKind::UpdateCustomer,
            Self::AttachCustomer(_) => CommandKind::AttachCustomer,
            Self::RecordConsent(_) => CommandKind::RecordConsent,
            Self::PlaceOrder(_) => CommandKind::PlaceOrder,
            Self::CancelOrder(_) => CommandKind::CancelOrder,
            Self::ChangeQuantity(_) => CommandKind::ChangeQuantity,
            Self::ChangeRenewal(_) => CommandKind::ChangeRenewal,
            Self::Suspend(_) => CommandKind::Suspend,
            Self::Resume(_) => CommandKind::Resume,
            Self::CancelSubscription(_) => CommandKind::CancelSubscription,
        }
    }

    /// The record whose state decides whether this command happened. Two commands with the same scope
    /// must not be in flight together where that has to be judged by comparing before and after.
    ///
    /// Commands that make a customer share one where the new customers would look alike.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::CreateCustomer(c) => Some(Scope::NewCustomer(folded_name(&c.name))),
            Self::AttachCustomer(c) => Some(Scope::Tenant(folded_name(&c.tenant_id))),
            Self::UpdateCustomer(c) => Some(Scope::Customer(c.customer.clone())),
            Self::RecordConsent(c) => Some(Scope::Customer(c.customer.clone())),
            Self::PlaceOrder(c) => Some(Scope::Purchases(c.order.customer.clone())),
            Self::CancelOrder(c) => Some(Scope::Order(c.order.clone())),
            Self::ChangeQuantity(c) => Some(Scope::Subscription(c.subscription.clone())),
            Self::ChangeRenewal(c) => Some(Scope::Subscription(c.subscription.clone())),
            Self::Suspend(c) => Some(Scope::Subscription(c.subscription.clone())),
            Self::Resume(c) => Some(Scope::Subscription(c.subscription.clone())),
            Self::CancelSubscription(c) => Some(Scope::Subscription(c.subscription.clone())),
        }
    }
}

impl Command {
    /// Names the record that does not exist by the field of this command that named it. For providers: what a
    /// distributor does not find while a command is prepared is what the command is about, unless the error says
    /// otherwise by itself.
    ///
    /// ```
    /// use provider_core::{ChangeQuantity, Command, Error, ErrorKind};
    ///
    /// let command = Command::from(ChangeQuantity::new("7", 5));
    /// let error = command.name_missing(Error::new(ErrorKind::NotFound, "not found"));
    /// assert_eq!(error.violations()[0].field, "subscription");
    /// ```
    #[must_use]
    pub fn name_missing(&self, error: Error) -> Error {
        let field = match self.scope() {
            Some(Scope::Customer(_) | Scope::Purchases(_)) => "customer",
            Some(Scope::Subscription(_)) => "subscription",
            Some(Scope::Order(_)) => "order",
            _ => return error,
        };
        if error.kind() != ErrorKind::NotFound || !error.violations().is_empty() {
            return error;
        }
        let problem = "the distributor knows none of this id, or this user may not see it";
        error.with_message(format!("{field}: {problem}")).with_violation(Violation::new(field, problem))
    }

    /// Refuses a command that names a customer, a product, a subscription or an order by what is no id anywhere: blank,
    /// or a dot segment, also as a part of a composite one. For providers whose ids stand in addresses, so that the error
    /// names the field of the command and not the placeholder of an address.
    ///
    /// ```
    /// use provider_core::{ChangeQuantity, Command};
    ///
    /// let error = Command::from(ChangeQuantity::new(" ", 5)).check_ids().unwrap_err();
    /// assert_eq!(error.violations()[0].field, "subscription");
    /// assert!(Command::from(ChangeQuantity::new("7", 5)).check_ids().is_ok());
    /// ```
    ///
    /// # Errors
    /// `InvalidInput` that names the field.
    pub fn check_ids(&self) -> Result<()> {
        match self {
            Self::CreateCustomer(_) | Self::AttachCustomer(_) => Ok(()),
            Self::UpdateCustomer(c) => check_id("customer", c.customer.as_str()),
            Self::RecordConsent(c) => check_id("customer", c.customer.as_str()),
            Self::PlaceOrder(c) => {
                check_id("customer", c.order.customer.as_str())?;
                let mut lines = c.order.lines.iter().enumerate();
                lines.try_for_each(|(at, line)| {
                    check_id(&format!("lines[{at}].product"), line.product.as_str())
                })
            }
            Self::CancelOrder(c) => {
                check_id("order", c.order.as_str())?;
                c.customer.as_ref().map_or(Ok(()), |customer| check_id("customer", customer.as_str()))
            }
            Self::ChangeQuantity(c) => check_id("subscription", c.subscription.as_str()),
            Self::ChangeRenewal(c) => check_id("subscription", c.subscription.as_str()),
            Self::Suspend(c) => check_id("subscription", c.subscription.as_str()),
            Self::Resume(c) => check_id("subscription", c.subscription.as_str()),
            Self::CancelSubscription(c) => check_id("subscription", c.subscription.as_str()),
        }
    }
}

fn check_id(field: &str, id: &str) -> Result<()> {
    match id.split('/').map(str::trim).find(|part| matches!(*part, "" | "." | "..")) {
        Some("") => Err(Error::invalid_input(field, "is empty")),
        Some(_) => Err(Error::invalid_input(field, "is not an id")),
        None => Ok(()),
    }
}

/// The record that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scope {
    /// A customer that is to be made, by its name without case and blanks.
    NewCustomer(String),
    /// A tenant that is to be taken over, by its id.
    Tenant(String),
    /// A customer's own record: its name, its address.
    Customer(CustomerId),
    /// All purchases of a customer.
    Purchases(CustomerId),
    /// One subscription.
    Subscription(SubscriptionId),
    /// One order.
    Order(crate::id::OrderId),
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NewCustomer(name) => write!(f, "a new customer named like `{name}`"),
            Self::Tenant(id) => write!(f, "tenant {id}"),
            Self::Customer(id) => write!(f, "customer {id}"),
            Self::Purchases(id) => write!(f, "the purchases of customer {id}"),
            Self::Subscription(id) => write!(f, "subscription {id}"),
            Self::Order(id) => write!(f, "order {id}"),
        }
    }
}

/// A name without case and blanks: customers whose names are the same by it count as the same. Commands that
/// make customers share a [`Scope`] by it, so providers compare names by it too.
#[must_use]
pub fn folded_name(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

macro_rules! into_command {
    ($($variant:ident($command:ident)),+ $(,)?) => {$(
        impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$variant(command)
            }
        }
    )+};
}

into_command!(
    CreateCustomer(CreateCustomer),
    UpdateCustomer(UpdateCustomer),
    AttachCustomer(AttachCustomer),
    RecordConsent(RecordConsent),
    PlaceOrder(PlaceOrder),
    CancelOrder(CancelOrder),
    ChangeQuantity(ChangeQuantity),
    ChangeRenewal(ChangeRenewal),
    Suspend(SuspendSubscription),
    Resume(ResumeSubscription),
    CancelSubscription(CancelSubscription),
);
