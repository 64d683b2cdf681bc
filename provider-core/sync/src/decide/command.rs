//! Commands, from what the application has.

use std::collections::{BTreeMap, BTreeSet};

use provider_core::schema::FieldType;
use provider_core::{
    CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CreateCustomer, Customer, EntityKind, Patch,
    ResumeSubscription, Subscription, SubscriptionStatus, SuspendSubscription, UpdateCustomer, Violation,
};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::plan::{CheckedField, CheckedKind, Values, plain};

/// A command, and the fields that it carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) command: Command,
    pub(crate) fields: BTreeSet<String>,
}

/// Why there is no command: by the columns of the application.
pub(crate) type Violations = Vec<Violation>;

/// The command that makes a customer, and what the row says for it. `external`: the application's key, where the
/// distributor keeps it and nothing else goes there.
pub(crate) fn create(rule: &CheckedKind, row: &Values, external: Option<&str>) -> Result<Step, Violations> {
    let named = |field: &&CheckedField| field.remote.to_string() == "name";
    let name = rule.fields.iter().find(named).map(|field| field.local.as_str()).unwrap_or_default();
    let said = row.get(name).map(plain).unwrap_or_default();
    if row.get(name).is_none_or(Value::is_null) || said.trim().is_empty() {
        return Err(vec![Violation::new(name, "is empty, and a customer is made under its name")]);
    }
    let chosen: Vec<_> = rule
        .fields
        .iter()
        .filter(|field| field.ways.create && row.get(&field.local).is_some_and(|value| !value.is_null()))
        .collect();
    let blank = json!({ "id": "new", "name": said });
    let customer: Customer = written(&blank, &chosen, row)?;
    let mut create = CreateCustomer::new(customer.name);
    create.external_id = customer.external_id;
    create.organization = customer.organization;
    create.contacts = customer.contacts;
    create.address = customer.address;
    create.phone = customer.phone;
    create.website = customer.website;
    create.registration_number = customer.registration_number;
    create.invoice_profile = customer.invoice_profile;
    create.domain = customer.tenants.into_iter().find_map(|tenant| tenant.domain);
    create.flags = customer.flags;
    if let Some(key) = external.filter(|_| !chosen.iter().any(|field| field.remote.first() == "external_id"))
    {
        create.external_id = Some(key.to_owned());
    }
    let fields = chosen.into_iter().map(|field| field.local.clone()).collect();
    Ok(Step { command: create.into(), fields })
}

/// The commands that bring these fields to a record of the distributor, which is `record` now.
pub(crate) fn changes(
    rule: &CheckedKind,
    record: &Value,
    row: &Values,
    push: &BTreeSet<String>,
) -> Result<Vec<Step>, Violations> {
    let chosen: Vec<_> = rule.fields.iter().filter(|field| push.contains(&field.local)).collect();
    match rule.kind() {
        EntityKind::Customer => Ok(vec![customer(&written(record, &chosen, row)?, &chosen)]),
        EntityKind::Subscription => {
            let before: Subscription = read(record)?;
            let after: Subscription = written(record, &chosen, row)?;
            subscription(&before, &after, &chosen)
        }
        _ => Ok(Vec::new()),
    }
}

fn read<T: DeserializeOwned>(record: &Value) -> Result<T, Violations> {
    serde_json::from_value(record.clone()).map_err(|error| vec![Violation::new("", error.to_string())])
}

/// The record with the application's values in it.
fn written<T: DeserializeOwned>(
    record: &Value,
    chosen: &[&CheckedField],
    row: &Values,
) -> Result<T, Violations> {
    let mut whole = record.clone();
    let mut wrong = Vec::new();
    for field in chosen {
        match undone(field, row.get(&field.local).cloned().unwrap_or_default()) {
            Ok(value) => field.remote.put(&mut whole, value),
            Err(reason) => wrong.push(Violation::new(&field.local, reason)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    serde_json::from_value(whole).map_err(|error| {
        // Which of them it was is found by trying each alone.
        let alone = |field: &&&CheckedField| {
            let mut record = record.clone();
            let value = undone(field, row.get(&field.local).cloned().unwrap_or_default()).ok().flatten();
            field.remote.put(&mut record, value);
            serde_json::from_value::<T>(record).is_err()
        };
        let field = chosen.iter().find(alone).map_or("", |field| field.local.as_str());
        vec![Violation::new(field, error.to_string())]
    })
}

/// A value on its way back. `None` empties.
fn undone(field: &CheckedField, value: Value) -> Result<Option<Value>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let mut value = value;
    for transform in field.transform.iter().rev() {
        value = transform.undo(value, None)?;
    }
    typed(&value, &field.kind).map(Some)
}

/// A value as the distributor's record holds it, whatever a column made of it.
fn typed(value: &Value, kind: &FieldType) -> Result<Value, String> {
    let text = plain(value);
    Ok(match kind {
        FieldType::Boolean => match text.as_str() {
            "1" | "true" => Value::Bool(true),
            "0" | "false" => Value::Bool(false),
            other => return Err(format!("`{other}` is neither true nor false")),
        },
        FieldType::Integer => {
            let whole: i64 = text.parse().map_err(|_| format!("`{text}` is no whole number"))?;
            Value::from(whole)
        }
        FieldType::Decimal => {
            let amount: Decimal = text.parse().map_err(|_| format!("`{text}` is no number"))?;
            Value::String(amount.to_string())
        }
        FieldType::List | FieldType::Record => return Err("is no single value".to_owned()),
        _ => Value::String(text),
    })
}

fn patch<T: Clone>(value: Option<&T>) -> Patch<T> {
    value.map_or(Patch::Clear, |value| Patch::Set(value.clone()))
}

fn customer(after: &Customer, chosen: &[&CheckedField]) -> Step {
    let mut update = UpdateCustomer::new(after.id.clone());
    for field in chosen {
        match field.remote.first() {
            "name" => update.name = Patch::Set(after.name.clone()),
            "external_id" => update.external_id = patch(after.external_id.as_ref()),
            "contacts" => update.contacts = Patch::Set(after.contacts.clone()),
            "address" => update.address = patch(after.address.as_ref()),
            "phone" => update.phone = patch(after.phone.as_ref()),
            "website" => update.website = patch(after.website.as_ref()),
            "registration_number" => update.registration_number = patch(after.registration_number.as_ref()),
            "invoice_profile" => update.invoice_profile = patch(after.invoice_profile.as_ref()),
            "flags" => update.flags = after.flags.clone(),
            _ => {}
        }
    }
    let fields = chosen.iter().map(|field| field.local.clone()).collect();
    Step { command: update.into(), fields }
}

fn subscription(
    before: &Subscription,
    after: &Subscription,
    chosen: &[&CheckedField],
) -> Result<Vec<Step>, Violations> {
    let of = |member: &str| chosen.iter().find(|field| field.remote.first() == member);
    let step = |command: Command, field: &CheckedField| Step {
        command,
        fields: BTreeSet::from([field.local.clone()]),
    };
    let (id, mut steps, mut wrong) = (&before.id, Vec::new(), Vec::new());
    if let Some(field) = of("quantity") {
        match after.quantity {
            Some(quantity) => {
                let mut change = ChangeQuantity::new(id, quantity);
                change.expected = before.quantity;
                steps.push(step(change.into(), field));
            }
            None => wrong.push(Violation::new(&field.local, "a quantity cannot be emptied")),
        }
    }
    if let Some(field) = of("auto_renew") {
        match after.auto_renew {
            Some(renews) => steps.push(step(ChangeRenewal::new(id).auto_renew(renews).into(), field)),
            None => wrong.push(Violation::new(&field.local, "whether it renews cannot be emptied")),
        }
    }
    if let Some(field) = of("status") {
        match status(before, &after.status) {
            // Of what is suspended, distributors change nothing else.
            Ok(command @ Command::Resume(_)) => steps.insert(0, step(command, field)),
            Ok(command) => steps.push(step(command, field)),
            Err(reason) => wrong.push(Violation::new(&field.local, reason)),
        }
    }
    if wrong.is_empty() { Ok(steps) } else { Err(wrong) }
}

fn status(before: &Subscription, wanted: &SubscriptionStatus) -> Result<Command, String> {
    let id = &before.id;
    match (&before.status, wanted) {
        (SubscriptionStatus::Suspended, SubscriptionStatus::Active) => Ok(ResumeSubscription::new(id).into()),
        (status, SubscriptionStatus::Suspended) if status.is_live() => {
            Ok(SuspendSubscription::new(id).into())
        }
        (status, SubscriptionStatus::Cancelled) if status.is_live() => Ok(CancelSubscription::new(id).into()),
        (from, to) => Err(format!("no command makes a subscription that is {from} {to}")),
    }
}

/// The field that a command is about, where a record has several commands that do not depend on one another.
pub(crate) const fn part(command: &Command) -> Option<&'static str> {
    match command {
        Command::ChangeQuantity(_) => Some("quantity"),
        Command::ChangeRenewal(_) => Some("auto_renew"),
        Command::Suspend(_) | Command::Resume(_) | Command::CancelSubscription(_) => Some("status"),
        _ => None,
    }
}

/// The fields that commands of their own are about.
pub(crate) const PARTS: [&str; 3] = ["quantity", "auto_renew", "status"];

/// What a command changes at the distributor, in units. `held`: how many the record has. Numbers of an application may be
/// of any size.
pub(crate) fn units(command: &Command, held: Option<Decimal>) -> Decimal {
    match command {
        Command::ChangeQuantity(change) => match change.expected.or(held) {
            Some(before) => change.quantity.saturating_sub(before),
            None => change.quantity,
        },
        Command::CancelSubscription(_) => Decimal::ZERO.saturating_sub(held.unwrap_or_default()),
        Command::PlaceOrder(place) => {
            place.order.lines.iter().fold(Decimal::ZERO, |sum, line| sum.saturating_add(line.quantity))
        }
        _ => Decimal::ZERO,
    }
}

/// The violations of a distributor, which names the members of its commands, by the application's columns.
pub(crate) fn by_column(rule: &CheckedKind, found: &[Violation]) -> Violations {
    let named = |violation: &Violation| {
        let first = violation.field.split(['.', '[']).next().unwrap_or_default();
        let exact = rule.fields.iter().find(|field| field.remote.to_string() == violation.field);
        let field = exact.or_else(|| rule.fields.iter().find(|field| field.remote.first() == first));
        let column = field.map_or(violation.field.clone(), |field| field.local.clone());
        let mut named = Violation::new(column, violation.message.clone());
        named.code.clone_from(&violation.code);
        named
    };
    found.iter().map(named).collect()
}

/// The row's values for these fields.
pub(crate) fn said(row: &Values, fields: &BTreeSet<String>) -> BTreeMap<String, Value> {
    fields.iter().map(|field| (field.clone(), row.get(field).cloned().unwrap_or_default())).collect()
}
