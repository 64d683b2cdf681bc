//! What a distributor's records are known to tell, and what it can be told.
//!
//! This is the one place that reads it from the capabilities.

use provider_core::{Capabilities, CommandKind, EntityKind, Operation};

use crate::plan::Update;

/// Where a distributor tells a member of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// In its lists.
    InList,
    /// In the record's own call.
    InDetail,
    /// Somewhere: it was not said where.
    Somewhere,
    /// Nowhere.
    Never,
}

/// Where a member is told. A provider that names no fields may tell everything.
pub(crate) fn told(capabilities: &Capabilities, kind: EntityKind, member: &str) -> Told {
    if capabilities.fields(kind).next().is_none() {
        return Told::Somewhere;
    }
    if capabilities.listed_fields(kind).any(|field| is(field, member)) {
        return Told::InList;
    }
    if capabilities.detail_fields(kind).any(|field| is(field, member)) { Told::InDetail } else { Told::Never }
}

fn is(field: &str, member: &str) -> bool {
    field == "*" || field == member || field.split(['.', '[']).next() == Some(member)
}

/// The members of a customer that a command of this crate can carry.
const CUSTOMER: [&str; 9] = [
    "name",
    "external_id",
    "contacts",
    "address",
    "phone",
    "website",
    "registration_number",
    "invoice_profile",
    "flags",
];

/// Whether a member of a record can be written at a distributor when the record is made, or changed. A provider that does
/// not say what it writes may write all that a command can carry.
pub(crate) fn writable(capabilities: &Capabilities, kind: EntityKind, update: Update, member: &str) -> bool {
    let done = |command| capabilities.support(Operation::Execute(command)).is_supported();
    let named = |command| {
        let mut names = capabilities.writable(command).peekable();
        done(command) && (names.peek().is_none() || names.any(|written| is(written, member)))
    };
    match (kind, update, member) {
        (EntityKind::Customer, Update::Create, "organization" | "domain") => {
            named(CommandKind::CreateCustomer)
        }
        (EntityKind::Customer, Update::Create, _) => {
            CUSTOMER.contains(&member) && named(CommandKind::CreateCustomer)
        }
        (EntityKind::Customer, Update::Update, _) => {
            CUSTOMER.contains(&member) && named(CommandKind::UpdateCustomer)
        }
        (EntityKind::Subscription, Update::Update, "quantity") => done(CommandKind::ChangeQuantity),
        (EntityKind::Subscription, Update::Update, "auto_renew") => named(CommandKind::ChangeRenewal),
        (EntityKind::Subscription, Update::Update, "status") => {
            [CommandKind::Suspend, CommandKind::Resume, CommandKind::CancelSubscription].into_iter().any(done)
        }
        _ => false,
    }
}
