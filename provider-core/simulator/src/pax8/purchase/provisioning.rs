//! Answers to provisioning questions.

use serde_json::{Map, Value};

use super::record::Given;
use crate::engine::answer::Stop;
use crate::pax8::catalog::record::{Needed, Product, Question};
use crate::pax8::engine::body::{At, Fields};
use crate::pax8::state::Call;

/// Reads `provisioningDetails` of the object at `at`.
pub(crate) fn read(call: &Call, at: &At, fields: Fields<'_>) -> Result<Option<Vec<Given>>, Stop> {
    let Some(items) = fields.objects(at, "provisioningDetails")? else {
        return Ok(None);
    };
    items.into_iter().map(|(at, members)| given(call, &at, members)).collect::<Result<_, _>>().map(Some)
}

fn given(call: &Call, at: &At, members: &Map<String, Value>) -> Result<Given, Stop> {
    let fields = Fields::read(call, at, members, &["key", "values"])?;
    match (fields.text(at, "key")?, fields.texts(at, "values")?) {
        (None, _) => Err(fields.refuse(at, "key", "required")),
        (_, None) => Err(fields.refuse(at, "values", "required, always an array")),
        (Some(key), Some(values)) => Ok(Given { key: key.to_owned(), values }),
    }
}

/// The rules that these answers break; `taken` tells whether another subscription has given a unique answer already.
pub(crate) fn broken_rules(
    product: &Product,
    given: &[Given],
    taken: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let mut rules = Vec::new();
    let find = |key: &str| given.iter().find(|one| one.key == key);
    for (place, one) in given.iter().enumerate() {
        if !product.questions.iter().any(|asked| asked.key == one.key) {
            rules.push(format!("{} is not asked for this product", one.key));
        }
        if given.iter().skip(place + 1).any(|other| other.key == one.key) {
            rules.push(format!("{} is answered twice", one.key));
        }
    }
    for asked in &product.questions {
        let needed = match asked.needed {
            Needed::Always => true,
            Needed::Never => false,
            Needed::If(key, value) => {
                find(key).is_some_and(|one| one.values.iter().any(|other| other == value))
            }
        };
        match find(asked.key) {
            None if needed => rules.push(format!("a value for {} is needed", asked.key)),
            None => {}
            Some(one) => rules.extend(broken_rule(asked, one, &taken)),
        }
    }
    rules
}

fn broken_rule(asked: &Question, given: &Given, taken: &impl Fn(&str, &str) -> bool) -> Option<String> {
    let key = asked.key;
    let count = given.values.len();
    if asked.kind == "Multi-Value" {
        if count == 0 {
            return Some(format!("{key} needs at least one value"));
        }
    } else if count != 1 {
        return Some(format!("{key} needs exactly one value"));
    }
    if asked.kind == "Input" {
        if given.values.iter().any(|value| value.trim().is_empty()) {
            return Some(format!("a value for {key} is needed"));
        }
    } else if let Some(value) = given.values.iter().find(|value| !asked.choices.contains(&value.as_str())) {
        return Some(format!("{value} is not a possible value of {key}"));
    }
    let collision = given.values.iter().find(|value| taken(key, value));
    match collision {
        Some(value) if asked.unique => Some(format!("{key} {value} is already in use")),
        _ => None,
    }
}
