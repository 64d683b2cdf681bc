//! Which fields are filled: by a listing, by a `get`, and what a command can write.

use std::collections::BTreeSet;

use provider_core::command::Effective;
use provider_core::{
    Command, CommandKind, CreateCustomer, Delivery, ErrorKind, Operation, Patch, Query as _, ReadOptions,
    UpdateCustomer, WriteOptions,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::commands::any_key;
use super::context::Context;
use super::get::sample;
use super::listed::{ListedEntity, key};
use super::records::{is_empty, json};
use super::rule::Rule;
use super::verdict::{Problem, Verdict, broken, ensure, moot};
use super::world::Reading;

/// Says nothing about the distributor: how much of a record it is, and its own JSON.
const ASIDE: [&str; 2] = ["detail", "raw"];

/// The commands with members that some distributors have no place for.
const VARYING: [CommandKind; 5] = [
    CommandKind::CreateCustomer,
    CommandKind::UpdateCustomer,
    CommandKind::PlaceOrder,
    CommandKind::ChangeQuantity,
    CommandKind::ChangeRenewal,
];

/// The names of the fields that a record fills.
fn filled<T: ListedEntity>(record: &T) -> Result<BTreeSet<String>, Problem> {
    let Value::Object(members) = json(record)? else { return Ok(BTreeSet::new()) };
    let told = members.into_iter().filter(|(name, value)| !is_empty(value) && !ASIDE.contains(&&**name));
    Ok(told.map(|(name, _)| name).collect())
}

/// Whether a name is among the declared ones, as a whole or by one of its members.
fn holds(declared: &BTreeSet<&str>, name: &str) -> bool {
    let inner = format!("{name}.");
    declared.contains("*")
        || declared.contains(name)
        || declared.iter().any(|known| known.starts_with(&inner))
}

/// A listing fills what is declared for listings; with a switch of the query set, what a `get` fills as well.
pub(super) fn listed<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let capabilities = ctx.provider.capabilities();
    let switched = reading.query.set_fields().iter().any(|field| field.starts_with("with_"));
    let declared: BTreeSet<&str> = if switched {
        capabilities.fields(T::KIND).collect()
    } else {
        capabilities.listed_fields(T::KIND).collect()
    };
    if declared.is_empty() {
        return Err(moot("the provider does not say which fields it fills"));
    }
    let mut seen = BTreeSet::new();
    for record in &reading.records {
        for name in filled(record)? {
            ensure!(
                holds(&declared, &name),
                "the listing fills `{name}` of `{}`, which is not declared of listings",
                key(record)
            );
            seen.insert(name);
        }
    }
    if seen.is_empty() {
        return Err(moot("there are no records"));
    }
    Ok(format!("{} fields filled, {} declared", seen.len(), declared.len()))
}

/// A `get` fills what is declared, and what it alone fills is declared as such.
pub(super) async fn gotten<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let capabilities = ctx.provider.capabilities();
    let all: BTreeSet<&str> = capabilities.fields(T::KIND).collect();
    if all.is_empty() {
        return Err(moot("the provider does not say which fields it fills"));
    }
    let detail: BTreeSet<&str> = capabilities.detail_fields(T::KIND).collect();
    let mut listed = BTreeSet::new();
    for record in &reading.records {
        listed.extend(filled(record)?);
    }
    let mut seen = BTreeSet::new();
    for (_, id) in sample(reading) {
        let whole = ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await)?;
        for name in filled(&whole)? {
            ensure!(holds(&all, &name), "`get` fills `{name}` of `{id}`, which is not declared");
            ensure!(
                listed.contains(&name) || holds(&detail, &name),
                "`get` fills `{name}` of `{id}` and the listing of no record, which is not declared"
            );
            seen.insert(name);
        }
    }
    if seen.is_empty() {
        return Err(moot("there is no record to get"));
    }
    Ok(format!("{} fields filled, {} by `get` alone", seen.len(), seen.difference(&listed).count()))
}

/// Plans each command that was given with one more member set. What cannot be written is refused, or the plan says
/// that it is not kept; what can is not refused for being there.
pub(super) async fn writable(ctx: &Context<'_>) {
    for kind in VARYING {
        let subject = Operation::Execute(kind).to_string();
        ctx.case(Rule::Writable, subject, of_command(ctx, kind)).await;
    }
}

async fn of_command(ctx: &Context<'_>, kind: CommandKind) -> Verdict {
    let capabilities = ctx.provider.capabilities();
    let declared: BTreeSet<&str> = capabilities.writable(kind).collect();
    if declared.is_empty() {
        return Err(moot("the provider does not say which members it can write"));
    }
    let given =
        ctx.expect.trials.iter().filter(|trial| trial.kind == kind).find_map(|trial| (trial.make)(&[]));
    let Some(command) = given else {
        return Err(moot("no such command was given"));
    };
    if !capabilities.support(Operation::Plan(kind)).is_supported() {
        return Err(moot("planning it is declared unsupported"));
    }
    let probes = probes(&command);
    let mut refused = 0;
    for (member, command) in &probes {
        let writes = holds(&declared, member);
        let named = objection(ctx, member, command).await?;
        match named {
            Some(problem) if writes => {
                return Err(broken(format!("`{member}` is declared, and planned it answers: {problem}")));
            }
            None if !writes => {
                return Err(broken(format!("`{member}` cannot be written, and its plan says nothing of it")));
            }
            named => refused += usize::from(named.is_some()),
        }
    }
    Ok(format!("{} members tried, {refused} cannot be written", probes.len()))
}

/// What a plan says against a member: a refusal that names it, or a warning that does.
async fn objection(ctx: &Context<'_>, member: &str, command: &Command) -> Result<Option<String>, Problem> {
    let operation = Operation::Plan(command.kind());
    let options = WriteOptions::new(any_key()?);
    let own = member.rsplit('.').next().unwrap_or(member);
    let names = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == own);
    match ctx.saw(operation, ctx.provider.plan(command, &options).await) {
        Ok(plan) => Ok(plan.warnings.into_iter().find(|warning| names(warning))),
        Err(error) if error.kind() == ErrorKind::InvalidInput && error.delivery() == Delivery::NotSent => {
            let about = error.violations().iter().any(|violation| names(&violation.field));
            Ok(about.then(|| error.to_string()))
        }
        // Its turn has not come: nothing is said of the member.
        Err(error) => Err(moot(format!("it could not be planned: {error}"))),
    }
}

/// The command with one member more, for each that some distributors have no place for.
fn probes(command: &Command) -> Vec<(&'static str, Command)> {
    let mut probes: Vec<(&'static str, Command)> = Vec::new();
    match command {
        Command::CreateCustomer(create) => {
            let mut with = |member, set: &dyn Fn(&mut CreateCustomer)| {
                let mut create = create.clone();
                set(&mut create);
                probes.push((member, create.into()));
            };
            with("external_id", &|c| c.external_id = Some("example-1".to_owned()));
            with("website", &|c| c.website = Some("https://example.com".to_owned()));
            with("registration_number", &|c| c.registration_number = Some("999999999".to_owned()));
            with("flags", &|c| c.flags.order_approval_required = Some(true));
            with("attributes", &|c| {
                c.attributes.insert("example".to_owned(), "1".to_owned());
            });
        }
        Command::UpdateCustomer(update) => {
            let mut with = |member, set: &dyn Fn(&mut UpdateCustomer)| {
                let mut update = update.clone();
                set(&mut update);
                probes.push((member, update.into()));
            };
            with("external_id", &|c| c.external_id = Patch::Set("example-1".to_owned()));
            with("website", &|c| c.website = Patch::Set("https://example.com".to_owned()));
            with("registration_number", &|c| c.registration_number = Patch::Set("999999999".to_owned()));
            with("flags", &|c| c.flags.order_approval_required = Some(true));
        }
        Command::PlaceOrder(place) => {
            let mut place = place.clone();
            place.order.reference = Some("example-1".to_owned());
            probes.push(("reference", place.into()));
        }
        Command::ChangeQuantity(change) => {
            let mut change = change.clone();
            change.effective = Effective::TermEnd;
            probes.push(("effective", change.into()));
        }
        Command::ChangeRenewal(change) => {
            let mut change = change.clone();
            change.auto_renew = Some(true);
            change.quantity = Patch::Set(change.quantity.value().copied().unwrap_or(Decimal::TWO));
            probes.push(("quantity", change.into()));
        }
        _ => {}
    }
    probes
}
