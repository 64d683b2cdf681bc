//! What goes to the distributor, of a record that both sides have, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::base::{has_come, late, sent, told};
use super::merge::same;
use crate::plan::{CheckedField, CheckedKind, Clear, Owner, Values};

/// What is otherwise in the application than what both sides last had.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// Fields of the distributor, with what it says.
    pub(crate) restore: Values,
    /// Fields that go to the distributor.
    pub(crate) push: BTreeSet<String>,
    /// Fields that the distributor has taken, and carries out later.
    pub(crate) late: BTreeSet<String>,
    /// Whether anything else is otherwise too.
    pub(crate) more: bool,
}

impl Wanted {
    /// Whether both sides have the same.
    pub(crate) fn is_nothing(&self) -> bool {
        self.restore.is_empty() && self.push.is_empty() && self.late.is_empty() && !self.more
    }
}

/// Compares by value: who wrote a value, and when, does not matter, so that what came from the distributor never goes back
/// to it. Fields that a person has to decide about are left.
pub(crate) fn wanted(
    rule: &CheckedKind,
    row: &Values,
    base: Option<&Value>,
    frozen: &BTreeSet<String>,
) -> Wanted {
    let mut wanted = Wanted::default();
    for field in &rule.fields {
        let name = &field.local;
        let (here, there) = (row.get(name).unwrap_or(&Value::Null), told(base, name));
        if same(here, there.unwrap_or(&Value::Null)) {
            continue;
        }
        match field.owner {
            _ if frozen.contains(name) => wanted.more = true,
            Owner::Remote => {
                if let Some(there) = there {
                    wanted.restore.insert(name.clone(), there.clone());
                }
            }
            Owner::Local | Owner::Ask if late(base, name).is_some_and(|late| same(late, here)) => {
                wanted.late.insert(name.clone());
            }
            Owner::Local if sent(base, name).is_some_and(|sent| same(sent, here)) => {}
            Owner::Local | Owner::Ask if field.ways.update && says(field, here) => {
                wanted.push.insert(name.clone());
            }
            Owner::Local => {}
            Owner::Ask => wanted.more = true,
        }
    }
    wanted
}

/// Whether an empty field says anything.
fn says(field: &CheckedField, here: &Value) -> bool {
    !here.is_null() || field.clear != Clear::Never
}

/// The same, once the distributor's record was read again.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Confirmed {
    pub(crate) push: BTreeSet<String>,
    /// It says the same already.
    pub(crate) same: Values,
    /// It was changed there too: what it says, and what the application has.
    pub(crate) conflicts: BTreeMap<String, (Value, Value)>,
}

/// Holds what is to go to the distributor against what is there now.
pub(crate) fn confirmed(
    rule: &CheckedKind,
    push: BTreeSet<String>,
    row: &Values,
    base: Option<&Value>,
    theirs: &Values,
) -> Confirmed {
    let mut confirmed = Confirmed::default();
    for name in push {
        let here = row.get(&name).unwrap_or(&Value::Null);
        let there = theirs.get(&name);
        let changed = there.is_some_and(|there| {
            told(base, &name).is_none_or(|told| !same(told, there)) && !has_come(base, &name, there)
        });
        if same(here, there.unwrap_or(&Value::Null)) {
            confirmed.same.insert(name, here.clone());
        } else if changed && rule.owner(&name) == Owner::Ask {
            let there = there.cloned().unwrap_or_default();
            confirmed.conflicts.insert(name, (there, here.clone()));
        } else {
            confirmed.push.insert(name);
        }
    }
    confirmed
}
