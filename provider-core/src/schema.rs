//! The JSON Schema of what providers list, and the types that paths into it lead to.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, schema_for};
use serde_json::Value;

use crate::capability::EntityKind;
use crate::model::{Customer, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use crate::path::FieldPath;

/// The schema of the records of a kind. Decimals are strings of format `decimal`; an id says in `x-ref` what it is
/// one of.
#[must_use]
pub fn of(kind: EntityKind) -> Schema {
    match kind {
        EntityKind::Customer => schema_for!(Customer),
        EntityKind::Product => schema_for!(Product),
        EntityKind::Subscription => schema_for!(Subscription),
        EntityKind::Order => schema_for!(Order),
        EntityKind::Invoice => schema_for!(Invoice),
        EntityKind::InvoiceLine => schema_for!(InvoiceLine),
        EntityKind::Usage => schema_for!(UsageRecord),
    }
}

/// What stands at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldType {
    /// Text.
    Text,
    /// One of these words; the distributor may send others.
    Word(Vec<String>),
    /// An exact number, written as text.
    Decimal,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A calendar day.
    Date,
    /// A moment.
    DateTime,
    /// The id of a record of this kind.
    Reference(EntityKind),
    /// Several values.
    List,
    /// Members with names.
    Record,
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownPath {
    /// The name that is not there, or why it cannot be followed.
    pub problem: String,
    /// What is there in its place.
    pub known: Vec<String>,
}

impl std::fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem)?;
        if self.known.is_empty() { Ok(()) } else { write!(f, "; there is {}", self.known.join(", ")) }
    }
}

impl std::error::Error for UnknownPath {}

/// What stands at the end of a path into the records of a kind.
///
/// # Errors
/// The name that is not there.
pub fn path(kind: EntityKind, path: &FieldPath) -> Result<FieldType, UnknownPath> {
    member_path(kind, None, path)
}

/// What came as it came: whatever is in it has no type, and it is not kept unless somebody asks for it.
const RAW: &str = "raw";

/// The same in records of which one list was replaced by one of its members: a product with one offer.
///
/// # Errors
/// The name that is not there.
pub fn member_path(kind: EntityKind, list: Option<&str>, path: &FieldPath) -> Result<FieldType, UnknownPath> {
    let root = of(kind).to_value();
    let mut at = resolved(&root, &root);
    for (depth, step) in path.steps().iter().enumerate() {
        let members = at.get("properties").and_then(Value::as_object);
        let member = members.filter(|_| step.name != RAW).and_then(|members| members.get(&step.name));
        let Some(member) = member else {
            let known = members.map(|members| members.keys().filter(|name| *name != RAW).cloned().collect());
            let problem = match members {
                Some(_) => format!("`{}` has no `{}`", at_name(kind, path, depth), step.name),
                None => format!("`{}` is one value and has no `{}`", at_name(kind, path, depth), step.name),
            };
            return Err(UnknownPath { problem, known: known.unwrap_or_default() });
        };
        at = resolved(&root, member);
        let is_list = at.get("items").is_some();
        let replaced = depth == 0 && list == Some(step.name.as_str());
        let last = depth + 1 == path.steps().len();
        match (&step.select, is_list) {
            (Some((by, _)), true) if !replaced => {
                at = resolved(&root, at.get("items").unwrap_or(&Value::Null));
                let known = by == "role" && at.pointer("/properties/roles").is_some()
                    || at.get("properties").and_then(|members| members.get(by)).is_some();
                if !known {
                    let problem = format!("a member of `{}` has no `{by}` to select it by", step.name);
                    return Err(UnknownPath { problem, known: Vec::new() });
                }
            }
            (Some(_), _) => {
                let problem = format!("`{}` is no list here, so nothing in it can be selected", step.name);
                return Err(UnknownPath { problem, known: Vec::new() });
            }
            (None, true) if replaced => at = resolved(&root, at.get("items").unwrap_or(&Value::Null)),
            (None, true) if !last => {
                let name = &step.name;
                let problem =
                    format!("`{name}` is a list: select a member of it, as in `{name}[member=value]`");
                return Err(UnknownPath { problem, known: Vec::new() });
            }
            (None, _) => {}
        }
    }
    Ok(kind_of(at))
}

fn at_name(kind: EntityKind, path: &FieldPath, depth: usize) -> String {
    match depth.checked_sub(1).and_then(|before| path.steps().get(before)) {
        Some(step) => step.name.clone(),
        None => kind.to_string(),
    }
}

/// Follows references, and passes over "or nothing".
fn resolved<'v>(root: &'v Value, schema: &'v Value) -> &'v Value {
    let mut at = schema;
    // A schema that refers to itself in a circle would be none.
    for _ in 0..8 {
        if let Some(name) = at.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/$defs/"))
        {
            at = root.get("$defs").and_then(|defs| defs.get(name)).unwrap_or(&Value::Null);
            continue;
        }
        let choices = at.get("anyOf").or_else(|| at.get("allOf")).and_then(Value::as_array);
        let something = |choice: &&Value| choice.get("type").and_then(Value::as_str) != Some("null");
        match choices.and_then(|choices| choices.iter().find(something)) {
            Some(choice) => at = choice,
            None => break,
        }
    }
    at
}

fn kind_of(schema: &Value) -> FieldType {
    let is = |wanted: &str| match schema.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    };
    if is("array") {
        return FieldType::List;
    }
    if is("object") {
        return FieldType::Record;
    }
    if is("boolean") {
        return FieldType::Boolean;
    }
    if is("integer") {
        return FieldType::Integer;
    }
    let text = |member: &str| schema.get(member).and_then(Value::as_str);
    if let Some(kind) = text("x-ref").and_then(named) {
        return FieldType::Reference(kind);
    }
    match text("format") {
        Some("decimal") => FieldType::Decimal,
        Some("date") => FieldType::Date,
        Some("date-time") => FieldType::DateTime,
        _ => words(schema),
    }
}

/// Open enums give their words as examples of a string; closed ones as its choices.
fn words(schema: &Value) -> FieldType {
    let listed = schema.get("x-words").or_else(|| schema.get("enum")).and_then(Value::as_array);
    let choices = schema.get("oneOf").and_then(Value::as_array);
    let words: Vec<String> = match (listed, choices) {
        (Some(listed), _) => listed.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        (None, Some(choices)) => {
            let word = |choice: &Value| choice.get("const").and_then(Value::as_str).map(ToOwned::to_owned);
            choices.iter().filter_map(word).collect()
        }
        (None, None) => Vec::new(),
    };
    if words.is_empty() { FieldType::Text } else { FieldType::Word(words) }
}

fn named(name: &str) -> Option<EntityKind> {
    EntityKind::ALL.into_iter().find(|kind| kind.to_string().replace(' ', "_") == name)
}

/// What an id is one of, by the name of its type.
pub(crate) fn reference(id: &str) -> String {
    let noun = id.strip_suffix("Id").unwrap_or(id);
    let mut name = String::with_capacity(noun.len() + 2);
    for (at, letter) in noun.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// How a decimal is written.
pub(crate) struct DecimalText;

impl JsonSchema for DecimalText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": "decimal" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn typed(kind: EntityKind, text: &str) -> Result<FieldType, UnknownPath> {
        path(kind, &text.parse().unwrap())
    }

    #[test]
    fn paths_have_types() {
        use EntityKind::{Customer, Invoice, InvoiceLine, Product, Subscription};
        for (kind, text, expected) in [
            (Customer, "name", FieldType::Text),
            (Customer, "id", FieldType::Reference(Customer)),
            (Customer, "address.country", FieldType::Text),
            (Customer, "tenants", FieldType::List),
            (Customer, "tenants[vendor=microsoft].domain", FieldType::Text),
            (Customer, "contacts[role=primary].email", FieldType::Text),
            (Customer, "flags.self_service_allowed", FieldType::Boolean),
            (Customer, "created_at", FieldType::DateTime),
            (Subscription, "quantity", FieldType::Decimal),
            (Subscription, "cost.amount", FieldType::Decimal),
            (Subscription, "cost.currency", FieldType::Text),
            (Subscription, "cost", FieldType::Record),
            (Subscription, "customer", FieldType::Reference(Customer)),
            (Subscription, "product.id", FieldType::Reference(Product)),
            (Subscription, "billing_starts_on", FieldType::Date),
            (Invoice, "period.start", FieldType::DateTime),
            (InvoiceLine, "invoice", FieldType::Reference(Invoice)),
            (InvoiceLine, "quantity", FieldType::Decimal),
        ] {
            assert_eq!(typed(kind, text), Ok(expected), "{text}");
        }
        let FieldType::Word(words) = typed(Subscription, "status").unwrap() else { unreachable!() };
        assert!(words.contains(&"cancelled".to_owned()), "{words:?}");
    }

    #[test]
    fn a_member_stands_for_its_list() {
        let path = "offers.cost.amount".parse().unwrap();
        assert_eq!(member_path(EntityKind::Product, Some("offers"), &path), Ok(FieldType::Decimal));
        let error = member_path(EntityKind::Product, None, &path).unwrap_err();
        assert!(error.to_string().contains("is a list"), "{error}");
    }

    #[test]
    fn a_path_that_leads_nowhere_says_what_is_there() {
        for (kind, text, says) in [
            (EntityKind::Customer, "nmae", "`customer` has no `nmae`; there is"),
            (EntityKind::Customer, "address.land", "`address` has no `land`"),
            (EntityKind::Customer, "raw", "`customer` has no `raw`; there is"),
            (EntityKind::Customer, "name.first", "is one value"),
            (EntityKind::Customer, "tenants.domain", "is a list"),
            (EntityKind::Customer, "tenants[seller=x].domain", "no `seller` to select it by"),
            (EntityKind::Customer, "address[line1=x].city", "is no list"),
        ] {
            let error = typed(kind, text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
