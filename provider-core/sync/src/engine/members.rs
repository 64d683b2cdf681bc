//! The rows that a record becomes: one, or one for each member of a list.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::records::Record;
use crate::decide::row::Row;
use crate::fingerprint::{Fingerprint, Sources};
use crate::part::{Chosen, Extract, Looked, Part};
use crate::plan::{CheckedKind, DetailPlan, Each};

/// The most bytes of an id. Indexes of PostgreSQL take no more than 2,704 in all.
pub(super) const LONGEST_ID: usize = 2_000;

/// One row of a page, as far as it is needed to know whether anything changed.
#[derive(Debug)]
pub(super) struct Glance {
    pub(super) id: String,
    pub(super) source: Fingerprint,
    /// Which record of the page it is of, and which member.
    pub(super) record: usize,
    pub(super) member: Option<usize>,
}

/// A record's fingerprint. Where its own call is made too, it changes by itself once in so many days, another day for
/// every record.
pub(super) fn source<T: Record>(
    sources: &mut Sources<'_>,
    rule: &CheckedKind,
    record: &T,
    today: NaiveDate,
) -> Fingerprint {
    let source = sources.of(record, [record.group(), record.status()]);
    let DetailPlan::Full { refresh } = rule.plan.detail else { return source };
    let id = Fingerprint::of_text(record.identity().unwrap_or_default());
    let spread = id.bytes().iter().fold(0_i64, |sum, byte| (sum * 31 + i64::from(*byte)) % 100_000);
    let days = today.signed_duration_since(NaiveDate::default()).num_days();
    let age = (days + spread) / i64::from(refresh.max(1));
    Fingerprint::of_text(&format!("{source} {age}"))
}

/// Adds the rows of a record to those of its page. `nameless` counts those without an id.
pub(super) fn glances<T: Record>(
    rule: &CheckedKind,
    part: &str,
    record: &T,
    at: usize,
    source: Fingerprint,
    nameless: &mut u64,
    into: &mut Vec<Glance>,
) {
    let id = match record.identity() {
        Some(id) => id.to_owned(),
        // What has no id is known by its place in its document or month, which is written over as a set.
        None => {
            let id = nameless_id(part, *nameless);
            *nameless += 1;
            id
        }
    };
    let Some(each) = rule.each() else {
        into.push(Glance { id, source, record: at, member: None });
        return;
    };
    let json = serde_json::to_value(record).unwrap_or_default();
    let ids = member_ids(&json, each, rule);
    let glance = |(member, own): (usize, String)| {
        let id = if rule.by_member_alone() { own } else { format!("{id}/{own}") };
        Glance { id, source, record: at, member: Some(member) }
    };
    into.extend(ids.into_iter().map(glance));
}

/// Takes out what no store could keep: with it, none of its page would be kept.
pub(super) fn unfit(all: &mut Vec<Glance>) -> Vec<Glance> {
    let fits = |glance: &Glance| glance.id.len() <= LONGEST_ID;
    if all.iter().all(fits) {
        return Vec::new();
    }
    let (fit, unfit) = std::mem::take(all).into_iter().partition(fits);
    *all = fit;
    unfit
}

/// The id of the `n`th record without an id of a part.
pub(super) fn nameless_id(part: &str, n: u64) -> String {
    format!("{part}#{n}")
}

/// The ids of the members of a list, where they have one.
fn own_ids(json: &Value, each: Each) -> impl Iterator<Item = Option<&str>> {
    let members = json.get(each.as_str()).and_then(Value::as_array).into_iter().flatten();
    members.map(|member| member.get("id").and_then(Value::as_str))
}

/// What tells the members of a list apart, by their places in it: their ids, else those places.
fn member_ids(json: &Value, each: Each, rule: &CheckedKind) -> Vec<(usize, String)> {
    let own = |(at, id): (usize, Option<&str>)| match id {
        Some(id) => Some((at, id.to_owned())),
        // A key that a member does not have cannot be made up.
        None if rule.by_member_alone() => None,
        None => Some((at, at.to_string())),
    };
    own_ids(json, each).enumerate().filter_map(own).collect()
}

/// For each member of a record as it was listed its place in the record as its own call tells it, a moment later and maybe
/// in another order. `None` for one that is not there.
pub(super) fn places<T: Record>(each: Each, listed: &T, told: &T) -> Vec<Option<usize>> {
    let (listed, told) =
        (serde_json::to_value(listed).unwrap_or_default(), serde_json::to_value(told).unwrap_or_default());
    let there: Vec<_> = own_ids(&told, each).collect();
    let mut by_id = HashMap::new();
    for (at, id) in there.iter().enumerate() {
        if let Some(id) = *id {
            by_id.entry(id).or_insert(at);
        }
    }
    let place = |(at, id): (usize, Option<&str>)| match id {
        Some(id) if there.get(at) != Some(&Some(id)) => by_id.get(id).copied(),
        // What has no id is known by its place.
        _ => Some(at).filter(|at| *at < there.len()),
    };
    own_ids(&listed, each).enumerate().map(place).collect()
}

/// The record whose members are being made rows of. It is written once, and not for each of them: a list may have any
/// number.
#[derive(Debug, Default)]
pub(super) struct Unfolded(Option<(usize, Value, Vec<Value>)>);

impl Unfolded {
    /// The JSON of the record at this place, with one member of a list in place of the list.
    fn with_member<T: Record>(
        &mut self,
        looked_at: &Looked<'_>,
        (place, record): (usize, &T),
        each: Each,
        member: usize,
    ) -> Value {
        let kept = self.0.take().filter(|(kept, ..)| *kept == place);
        let (_, json, members) = self.0.insert(kept.unwrap_or_else(|| {
            let part = Part { inner: serde_json::value::Serializer, chosen: Chosen::Only(looked_at) };
            let mut json = record.serialize(part).unwrap_or_default();
            let members = match json.get_mut(each.as_str()).map(Value::take) {
                Some(Value::Array(members)) => members,
                _ => Vec::new(),
            };
            (place, json, members)
        }));
        let mut json = json.clone();
        if let Some(list) = json.get_mut(each.as_str()) {
            *list = members.get(member).cloned().unwrap_or_default();
        }
        json
    }
}

/// A row with the members of the record that the plan looks at.
pub(super) fn row<T: Record>(
    rule: &CheckedKind,
    looked_at: &Looked<'_>,
    glance: Glance,
    record: &T,
    unfolded: &mut Unfolded,
) -> Row {
    let json = match (rule.each(), glance.member) {
        (Some(each), Some(member)) => {
            Extract::Json(unfolded.with_member(looked_at, (glance.record, record), each, member))
        }
        _ => Extract::of(record, looked_at),
    };
    Row {
        id: glance.id,
        source: glance.source,
        group: record.group().map(ToOwned::to_owned),
        ended: rule.ends(record.status()),
        full: record.full(),
        json,
    }
}

/// The record that a row is of, and the member, from the row's id: several may be meant where an id has slashes of its own.
pub(super) fn owners_of<'i>(rule: &CheckedKind, id: &'i str) -> Vec<(&'i str, Option<&'i str>)> {
    if rule.each().is_none() {
        return vec![(id, None)];
    }
    if rule.by_member_alone() {
        // Nothing says which record it belonged to.
        return Vec::new();
    }
    let parted = |(at, _): (usize, &str)| Some((id.get(..at)?, Some(id.get(at + 1..)?)));
    id.rmatch_indices('/').filter_map(parted).collect()
}

/// Whether a record has this member; `None` where it tells none at all.
pub(super) fn has_member<T: Record>(rule: &CheckedKind, record: &T, member: &str) -> Option<bool> {
    let each = rule.each()?;
    let json = serde_json::to_value(record).unwrap_or_default();
    let ids = member_ids(&json, each, rule);
    if ids.is_empty() { None } else { Some(ids.iter().any(|(_, id)| id == member)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a panic is a failed test")]

    use provider_core::Customer;
    use provider_core::model::Contact;
    use serde_json::json;

    use super::*;

    /// Each member was taken out of the whole list, written anew: a long one took hours.
    #[test]
    fn each_member_of_a_list_stands_in_its_place_however_long_it_is() {
        let with = |id: &str, contacts: usize| {
            let mut customer = Customer::new(id, "Bakery");
            customer.contacts.resize_with(contacts, Contact::default);
            for (at, contact) in customer.contacts.iter_mut().enumerate() {
                contact.email = Some(format!("{id}.{at}@example.com"));
            }
            customer
        };
        let looked_at: Looked<'_> = vec![("name", None), ("contacts", None)];
        let mut unfolded = Unfolded::default();
        for (place, customer) in [with("a", 20_000), with("b", 2), with("c", 0)].iter().enumerate() {
            for member in 0..customer.contacts.len() {
                let json = unfolded.with_member(&looked_at, (place, customer), Each::Contacts, member);
                let email = format!("{}.{member}@example.com", customer.id);
                assert_eq!((&json["name"], &json["contacts"]["email"]), (&json!("Bakery"), &json!(email)));
            }
        }
    }
}
