//! What a distributor's records are known to tell, and what it can be told.
//!
//! This is the one place that reads it from the capabilities.

use provider_core::{Capabilities, CommandKind, EntityKind};

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

/// Whether a member of a record can be written at a distributor. A provider that does not say what it writes may
/// write all that a customer can be changed in.
pub(crate) fn writable(capabilities: &Capabilities, kind: EntityKind, member: &str) -> bool {
    if kind != EntityKind::Customer {
        return false;
    }
    let commands = [CommandKind::CreateCustomer, CommandKind::UpdateCustomer];
    let mut named = commands.into_iter().flat_map(|command| capabilities.writable(command)).peekable();
    if named.peek().is_none() {
        let all = ["name", "external_id", "address", "phone", "website", "contacts", "registration_number"];
        return all.contains(&member);
    }
    named.any(|written| is(written, member))
}
