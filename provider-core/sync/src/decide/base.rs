//! What both sides last agreed on, as the application has it: the distributor's values as they were last told, beside
//! those that were sent and that it made something else of.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::merge::same;
use crate::plan::Values;

/// A name that no column has.
const SENT: &str = "\u{1}sent";

/// What was sent and taken, and is carried out later. No column has this name either.
const LATE: &str = "\u{1}late";

/// Whether this is no field of a row, but what was sent from it.
pub(crate) fn is_of_what_was_sent(field: &str) -> bool {
    [SENT, LATE].contains(&field)
}

/// What the distributor last said about a field.
pub(crate) fn told<'b>(base: Option<&'b Value>, field: &str) -> Option<&'b Value> {
    base?.get(field)
}

/// What was sent of a field, where the distributor made something else of it and says so since.
pub(crate) fn sent<'b>(base: Option<&'b Value>, field: &str) -> Option<&'b Value> {
    base?.get(SENT)?.get(field)
}

/// What was sent of a field that the distributor has taken, while it still says what it said before.
pub(crate) fn late<'b>(base: Option<&'b Value>, field: &str) -> Option<&'b Value> {
    base?.get(LATE)?.get(field)
}

/// Whether this is what was sent of a field before, carried out by now: it is no change of the distributor's.
pub(crate) fn has_come(base: Option<&Value>, field: &str, there: &Value) -> bool {
    late(base, field).is_some_and(|late| same(late, there))
}

fn members(base: &mut Option<Value>) -> Option<&mut Map<String, Value>> {
    let base = base.get_or_insert_with(|| Value::Object(Map::new()));
    if !base.is_object() {
        *base = Value::Object(Map::new());
    }
    base.as_object_mut()
}

/// The distributor says this. Where it is something new, what was sent before has nothing to do with it.
pub(crate) fn tell(base: &mut Option<Value>, values: &Values) {
    let Some(members) = members(base) else { return };
    for (field, value) in values {
        let as_before = members.get(field).is_some_and(|known| same(known, value));
        for own in [SENT, LATE] {
            if !as_before && let Some(Value::Object(known)) = members.get_mut(own) {
                known.remove(field);
            }
        }
        members.insert(field.clone(), value.clone());
    }
    for own in [SENT, LATE] {
        if members.get(own).and_then(Value::as_object).is_some_and(Map::is_empty) {
            members.remove(own);
        }
    }
}

/// What a command said that the distributor has taken and carries out later: its record says what it said before.
pub(crate) fn unmoved(base: Option<&Value>, said: &Values, theirs: &Values) -> Values {
    let as_before = |(field, said): &(&String, &Value)| {
        let (known, their) = (told(base, field), theirs.get(*field));
        their.zip(known).is_some_and(|(their, known)| same(their, known) && !same(their, said))
    };
    said.iter().filter(as_before).map(|(field, said)| (field.clone(), said.clone())).collect()
}

/// Remembers it, until the distributor says something new.
pub(crate) fn put_off(base: &mut Option<Value>, values: Values) {
    if values.is_empty() {
        return;
    }
    let Some(members) = members(base) else { return };
    match members.get_mut(LATE) {
        Some(Value::Object(late)) => late.extend(values),
        _ => drop(members.insert(LATE.to_owned(), Value::Object(values.into_iter().collect()))),
    }
}

/// This was sent, and the distributor's record, read again, says `theirs`; it may say nothing about it.
pub(crate) fn send(base: &mut Option<Value>, said: &Values, theirs: Option<&Values>) {
    tell(base, said);
    let Some(theirs) = theirs else { return };
    tell(base, theirs);
    let Some(members) = members(base) else { return };
    let differs =
        |(field, value): &(&String, &Value)| theirs.get(*field).is_some_and(|their| !same(their, value));
    let other: Map<_, _> =
        said.iter().filter(differs).map(|(field, value)| (field.clone(), value.clone())).collect();
    if other.is_empty() {
        return;
    }
    match members.get_mut(SENT) {
        Some(Value::Object(sent)) => sent.extend(other),
        _ => drop(members.insert(SENT.to_owned(), Value::Object(other))),
    }
}

/// The fields of a record, read again after a command, that are neither as they were sent nor as they were last told. That
/// is a change of the distributor's like any other: the next listing brings it over.
pub(crate) fn news(base: Option<&Value>, said: &Values, theirs: &Values) -> BTreeSet<String> {
    let changed = |(field, their): &(&String, &Value)| {
        let known = said.get(*field).or_else(|| told(base, field)).unwrap_or(&Value::Null);
        !same(known, their)
    };
    theirs.iter().filter(changed).map(|(field, _)| field.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
    }

    #[test]
    fn what_a_distributor_makes_of_a_value_is_remembered_until_it_says_something_new() {
        let mut base = None;
        send(
            &mut base,
            &values(&[("phone", "030 1"), ("name", "A")]),
            Some(&values(&[("phone", "+49301"), ("name", "A")])),
        );
        assert_eq!(told(base.as_ref(), "phone"), Some(&json!("+49301")));
        assert_eq!(sent(base.as_ref(), "phone"), Some(&json!("030 1")));
        assert_eq!(sent(base.as_ref(), "name"), None);
        tell(&mut base, &values(&[("phone", "+49301")]));
        assert!(sent(base.as_ref(), "phone").is_some(), "it says the same still");
        tell(&mut base, &values(&[("phone", "+49302")]));
        assert_eq!(base, Some(json!({ "phone": "+49302", "name": "A" })));
    }

    #[test]
    fn what_is_carried_out_later_is_remembered_until_it_has_come() {
        let mut base = Some(json!({ "quantity": "10" }));
        let (said, theirs) = (values(&[("quantity", "12")]), values(&[("quantity", "10")]));
        let late_ones = unmoved(base.as_ref(), &said, &theirs);
        send(&mut base, &said, Some(&theirs));
        put_off(&mut base, late_ones);
        assert_eq!(told(base.as_ref(), "quantity"), Some(&json!("10")));
        assert_eq!(late(base.as_ref(), "quantity"), Some(&json!("12")));
        tell(&mut base, &theirs);
        assert!(has_come(base.as_ref(), "quantity", &json!("12")), "it says the same still");
        assert!(!has_come(base.as_ref(), "quantity", &json!("13")));
        tell(&mut base, &said);
        assert_eq!(base, Some(json!({ "quantity": "12" })));
        assert_eq!(unmoved(base.as_ref(), &said, &values(&[("quantity", "11")])), Values::new());
    }

    #[test]
    fn what_is_not_told_again_stays_as_it_was_sent() {
        let mut base = Some(json!({ "name": "A" }));
        send(&mut base, &values(&[("phone", "1")]), Some(&values(&[("name", "A")])));
        assert_eq!(base, Some(json!({ "name": "A", "phone": "1" })));
    }
}
