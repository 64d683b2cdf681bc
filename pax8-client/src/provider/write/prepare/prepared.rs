//! A prepared command, or every reason why it is refused.

use chrono::{DateTime, Utc};
use provider_core::error::Violation;
use provider_core::{
    CustomerId, Delivery, Error, ErrorKind, NewOrderLine, Plan, Receipt, Result, SubscriptionId,
};
use rust_decimal::Decimal;

use crate::model::{CompanyUpdate, CreateOrder, NewCompany, NewContact, Product, Subscription};

/// A command, ready to be shown or to be sent.
#[derive(Debug)]
pub(in crate::provider::write) struct Prepared {
    pub(in crate::provider::write) plan: Plan,
    pub(in crate::provider::write) send: Send,
}

/// The calls that change something.
#[derive(Debug)]
pub(in crate::provider::write) enum Send {
    /// None: everything is as the command wants it.
    Nothing(Receipt),
    Create(NewCompany),
    /// One after the other, the company first.
    Update {
        company: CustomerId,
        steps: Vec<Step>,
    },
    /// `lines` are what the order was made of, for its receipt.
    Order {
        order: CreateOrder,
        customer: CustomerId,
        lines: Vec<NewOrderLine>,
    },
    Quantity {
        subscription: SubscriptionId,
        before: Subscription,
        quantity: Decimal,
    },
    /// Without a moment, at once.
    Cancel {
        subscription: SubscriptionId,
        before: Subscription,
        at: Option<DateTime<Utc>>,
    },
}

/// One call of an update.
#[derive(Debug)]
pub(in crate::provider::write) enum Step {
    Company(CompanyUpdate),
    Add(NewContact),
    Replace(String, NewContact),
    Remove(String),
}

/// One error for everything; nothing was sent. `what` says what cannot be done so.
pub(in crate::provider::write::prepare) fn refuse(what: &str, violations: Vec<Violation>) -> Result<()> {
    if violations.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Err(Error::new(ErrorKind::InvalidInput, format!("{what}: {}", list.join("; ")))
        .with_delivery(Delivery::NotSent)
        .with_violations(violations))
}

/// Days in which seats of Microsoft's new commerce can be reduced although their commitment does not allow it.
pub(in crate::provider::write::prepare) const MICROSOFT_WINDOW: u32 = 7;

/// Whether a product is Microsoft's.
pub(in crate::provider::write::prepare) fn is_microsoft(product: &Product) -> bool {
    product.vendor_name.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("microsoft"))
}

/// The name of a member of a line, as violations carry it.
pub(in crate::provider::write::prepare) fn field(index: usize, member: &str) -> String {
    format!("lines[{index}].{member}")
}
