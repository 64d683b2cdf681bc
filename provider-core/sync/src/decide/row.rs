//! What becomes of one record.

use std::borrow::Cow;
use std::collections::BTreeSet;

use provider_core::EntityKind;
use serde_json::{Value, json};

use super::map::{Mapped, Unmapped};
use super::merge::same;
use crate::fingerprint::Fingerprint;
use crate::part::Extract;
use crate::plan::{CheckedKind, Owner, Update, Values};
use crate::store::{Decision, Pending, PendingType, Shadow, ShadowState};
use crate::target::LocalKey;

/// What a page tells about one record.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its id; of a member of a record, both ids.
    pub(crate) id: String,
    pub(crate) source: Fingerprint,
    pub(crate) group: Option<String>,
    /// Whether the distributor says that it has ended, where rows go then.
    pub(crate) ended: bool,
    /// The record, as far as the plan looks at it; of a member, with the member in place of its list.
    pub(crate) json: Extract,
    /// Whether everything the distributor knows is in it.
    pub(crate) full: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// It cannot be dealt with: the next run tries again.
    Quarantine { path: String, reason: String },
    /// It waits for the record that it belongs to.
    Held { kind: EntityKind, id: String },
    /// The distributor says that it has ended: its row goes.
    Ended { values: Values },
    /// It has ended, and has no row.
    Nothing,
    /// Nothing that the plan carries has changed.
    Same { mapped: Option<Fingerprint>, again: bool },
    /// Its row is written.
    Write { local: LocalKey, mapped: Mapped, values: Values, expected: Option<Fingerprint>, again: bool },
    /// A row is made, as a person said.
    Create { mapped: Mapped },
    /// It is tied to this row, as a person said.
    Link { local: LocalKey, mapped: Mapped },
    /// The application may have it already.
    Look { mapped: Mapped },
    /// It is left out, as a person said.
    Ignored,
}

/// A person's word about a record.
fn word(pending: &[Pending], why: PendingType) -> Option<&Decision> {
    pending.iter().find(|pending| pending.why == why).and_then(|pending| pending.decision.as_ref())
}

/// A person's word about what a record may be, if the record is still as that person saw it. One that has changed is
/// looked at again first: if nothing that matters is otherwise, the word holds in the next run.
fn of_this<'p>(pending: &'p [Pending], row: &Row) -> Option<&'p Decision> {
    let seen = |pending: &&Pending| {
        pending.why == PendingType::Match && pending.body.get("source") == Some(&json!(row.source))
    };
    pending.iter().find(seen).and_then(|pending| pending.decision.as_ref())
}

/// Whether a person has said what a record is: it is not left out before that was carried out.
pub(crate) fn is_decided(pending: &[Pending]) -> bool {
    word(pending, PendingType::Match).is_some()
}

/// What a side of a field was, when a person was asked about it.
fn side<'p>(pending: &'p Pending, field: &str, name: &str) -> Option<&'p Value> {
    pending.body.get("fields")?.get(field)?.get(name)
}

/// What waits, without words that gave the application's value the right over another one than the distributor has by
/// now: nobody has seen that one.
pub(crate) fn heard<'p>(pending: &'p [Pending], update: Option<&Values>) -> Cow<'p, [Pending]> {
    let unseen = |pending: &Pending| {
        pending.why == PendingType::Conflict
            && pending.decision == Some(Decision::TakeLocal)
            && update
                .into_iter()
                .flatten()
                .any(|(field, now)| side(pending, field, "remote").is_some_and(|remote| !same(remote, now)))
    };
    if !pending.iter().any(unseen) {
        return Cow::Borrowed(pending);
    }
    let mut heard = pending.to_vec();
    heard.iter_mut().filter(|pending| unseen(pending)).for_each(|pending| pending.decision = None);
    Cow::Owned(heard)
}

/// What the distributor says about fields that a person has left to the application: it is settled until the distributor
/// says something else.
pub(crate) fn conceded(rule: &CheckedKind, pending: &[Pending], update: &Values) -> Values {
    if pending.is_empty() {
        return Values::new();
    }
    let left = |field: &str| rule.owner(field) == Owner::Ask && owner(rule, field, pending) == Owner::Local;
    update
        .iter()
        .filter(|(field, _)| left(field))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect()
}

/// The fields that both sides changed, and about which nobody has decided yet.
pub(crate) fn frozen(pending: &[Pending]) -> BTreeSet<String> {
    undecided(pending).into_iter().map(|(field, _)| field).collect()
}

/// The same with what each side says.
pub(crate) fn undecided(pending: &[Pending]) -> serde_json::Map<String, Value> {
    let open = |pending: &&Pending| pending.why == PendingType::Conflict && pending.decision.is_none();
    let fields = pending.iter().filter(open).filter_map(|pending| pending.body.get("fields")?.as_object());
    fields.flatten().map(|(field, sides)| (field.clone(), sides.clone())).collect()
}

/// Whose word holds about a field that is nobody's, where a person has said it.
pub(crate) fn owner(rule: &CheckedKind, field: &str, pending: &[Pending]) -> Owner {
    match (rule.owner(field), word(pending, PendingType::Conflict)) {
        (Owner::Ask, Some(Decision::TakeRemote)) => Owner::Remote,
        (Owner::Ask, Some(Decision::TakeLocal)) => Owner::Local,
        (owner, _) => owner,
    }
}

/// The same of a row: a word that gave the distributor's value the right over another one than the application has by
/// now does not hold.
pub(crate) fn owner_of(rule: &CheckedKind, field: &str, pending: &[Pending], here: &Values) -> Owner {
    let said = owner(rule, field, pending);
    let mut then = pending.iter().filter(|pending| pending.why == PendingType::Conflict);
    let then = then.find_map(|pending| side(pending, field, "local"));
    let seen = then.is_none_or(|then| same(then, here.get(field).unwrap_or(&Value::Null)));
    if said == Owner::Remote && !seen { rule.owner(field) } else { said }
}

/// Decides about a record that is not as it was.
pub(crate) fn judge(
    rule: &CheckedKind,
    row: &Row,
    shadow: Option<&Shadow>,
    mapped: Result<Mapped, Unmapped>,
    pending: &[Pending],
    heal: bool,
) -> Verdict {
    if matches!(word(pending, PendingType::Quarantine), Some(Decision::Ignore)) {
        return Verdict::Ignored;
    }
    let linked = shadow.filter(|shadow| shadow.local.is_some() && shadow.state != ShadowState::Held);
    if row.ended {
        let values = mapped.map(|mapped| mapped.update).unwrap_or_default();
        return match linked {
            Some(shadow) if shadow.state == ShadowState::Linked => Verdict::Ended { values },
            // It may come back, and a person has spoken.
            _ if shadow.is_some_and(|shadow| shadow.state == ShadowState::Ignored) => Verdict::Ignored,
            _ => Verdict::Nothing,
        };
    }
    let mapped = match mapped {
        Ok(mapped) => mapped,
        Err(Unmapped::Held { kind, id }) => return Verdict::Held { kind, id },
        Err(Unmapped::Bad { path, reason }) => return Verdict::Quarantine { path, reason },
    };
    if let Some((shadow, local)) = linked.and_then(|shadow| shadow.local.clone().map(|local| (shadow, local)))
    {
        return match word(pending, PendingType::Vanished) {
            Some(Decision::Create) => Verdict::Create { mapped },
            Some(Decision::Link(local)) => Verdict::Link { local: local.clone(), mapped },
            Some(Decision::Ignore) => Verdict::Ignored,
            _ => of_a_row(rule, shadow, local, mapped, pending, heal),
        };
    }
    if shadow.is_some_and(|shadow| shadow.state == ShadowState::Ignored) {
        return Verdict::Ignored;
    }
    // The row that a person named was not there, and that person has named another one.
    match word(pending, PendingType::Vanished).or_else(|| of_this(pending, row)) {
        Some(Decision::Link(local)) => Verdict::Link { local: local.clone(), mapped },
        Some(Decision::Create) => Verdict::Create { mapped },
        Some(Decision::Ignore) => Verdict::Ignored,
        _ => Verdict::Look { mapped },
    }
}

fn of_a_row(
    rule: &CheckedKind,
    shadow: &Shadow,
    local: LocalKey,
    mapped: Mapped,
    pending: &[Pending],
    heal: bool,
) -> Verdict {
    let frozen = frozen(pending);
    let again = !frozen.is_empty();
    let mut mapped = mapped.without(&frozen);
    // What a person left to the application is not written over.
    mapped.update.retain(|field, _| owner(rule, field, pending) != Owner::Local);
    let print = Mapped::fingerprint(&mapped.update);
    let back = shadow.state == ShadowState::Ended;
    if !rule.may(Update::Update) && !back {
        return Verdict::Same { mapped: None, again };
    }
    let vanished = pending.iter().any(|pending| pending.why == PendingType::Vanished);
    if shadow.mapped == Some(print) && !heal && !back && !vanished {
        if rule.pushes() && mapped.update.keys().any(|field| told_before(shadow, field).is_none()) {
            // It was pulled only, until now: nothing says which side changed what.
            return Verdict::Link { local, mapped };
        }
        return Verdict::Same { mapped: Some(print), again };
    }
    // A field that is nobody's is written when the distributor's side of it changes, and only then.
    let mut values = mapped.update.clone();
    values.retain(|field, value| {
        owner(rule, field, pending) != Owner::Ask || told_before(shadow, field) != Some(value)
    });
    Verdict::Write { local, mapped, values, expected: shadow.applied, again }
}

/// What the distributor said about a field of `owner = "ask"`, when it was last written or decided.
fn told_before<'s>(shadow: &'s Shadow, field: &str) -> Option<&'s Value> {
    shadow.base.as_ref().and_then(|base| base.get(field))
}

/// Open conflicts whose remote side is another by now.
pub(crate) fn moved_on(pending: &[Pending], update: &Values) -> Option<Value> {
    let open = |pending: &&Pending| pending.why == PendingType::Conflict && pending.decision.is_none();
    let mut fields = pending.iter().find(open)?.body.get("fields")?.clone();
    let mut moved = false;
    for (field, sides) in fields.as_object_mut()? {
        if let (Some(now), Some(remote)) = (update.get(field), sides.get_mut("remote"))
            && now != remote
        {
            *remote = now.clone();
            moved = true;
        }
    }
    moved.then_some(fields)
}
