//! Plans from text. Both formats become the same JSON, and are read by one reader.

mod json;

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SyncPlan;
use super::problem::{PlanProblem, PlanProblems};
use super::source::{MARK, Source};

type Places = BTreeMap<String, Range<usize>>;

pub(super) fn toml(text: &str) -> Result<SyncPlan, PlanProblems> {
    let table = DeTable::parse(text).map_err(|error| {
        let mut problem = PlanProblem::new("", error.message().trim());
        let key = error.span().and_then(|span| text.get(span));
        if let (true, Some(key)) = (problem.message == "duplicate key", key) {
            problem.message = format!("duplicate key: `{}` stands here twice", key.trim());
        }
        problem.span = error.span();
        Source::new(text, Places::new()).place(problem)
    })?;
    let mut places = Places::new();
    let value = table_value(table.get_ref(), "", &mut places);
    plan(value, Source::new(text, places))
}

pub(super) fn json(text: &str) -> Result<SyncPlan, PlanProblems> {
    let bare = text.strip_prefix(MARK).unwrap_or(text);
    let mark = text.len() - bare.len();
    let value: Value = serde_json::from_str(bare).map_err(|error| {
        let mut problem = PlanProblem::new("", error.to_string());
        let at = mark + Source::offset(bare, error.line(), error.column());
        problem.span = Some(at..at);
        Source::new(text, Places::new()).place(problem)
    })?;
    let (places, twice) = json::places(text, mark);
    let source = Source::new(text, places);
    if let Some(problems) = PlanProblems::all(twice.into_iter().map(|twice| source.place(twice)).collect()) {
        return Err(problems);
    }
    plan(value, source)
}

fn plan(value: Value, source: Source) -> Result<SyncPlan, PlanProblems> {
    let read: Result<SyncPlan, _> = serde_path_to_error::deserialize(value);
    match read {
        Ok(mut plan) => {
            plan.source = source;
            Ok(plan)
        }
        Err(error) => {
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            let message = discreet(&path, &error.inner().to_string());
            Err(source.place(PlanProblem::new(precise(&path, &message), message)).into())
        }
    }
}

/// What the reader says of a value quotes it, and an address may hold a password.
fn discreet(path: &str, message: &str) -> String {
    let quoted = message.find('"').zip(message.rfind('"')).filter(|(from, to)| from < to);
    match quoted {
        Some((from, to)) if path.starts_with("target") || message.contains("://") => {
            let before = message.get(..=from).unwrap_or_default();
            format!("{before}…{}", message.get(to..).unwrap_or_default())
        }
        _ => message.to_owned(),
    }
}

/// Of a name that is not known, or missing, the reader names the table only.
fn precise(path: &str, message: &str) -> String {
    let about = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("missing field `"));
    let name = about.and_then(|rest| rest.split('`').next());
    match name {
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path.rsplit('.').next() != Some(name) => format!("{path}.{name}"),
        _ => path.to_owned(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn table_value(table: &DeTable<'_>, path: &str, places: &mut Places) -> Value {
    let mut members = Map::new();
    for (name, value) in table {
        let path = join(path, name.get_ref());
        places.insert(path.clone(), name.span().start..value.span().end.max(name.span().end));
        members.insert(name.get_ref().to_string(), any_value(value, &path, places));
    }
    Value::Object(members)
}

fn any_value(value: &Spanned<DeValue<'_>>, path: &str, places: &mut Places) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            match i64::from_str_radix(&digits, number.radix()) {
                Ok(number) => Value::Number(number.into()),
                Err(_) => Value::String(number.as_str().to_owned()),
            }
        }
        // A fraction is never read as one: its text is what was meant.
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map_or_else(|| Value::String(number.as_str().to_owned()), Value::Number),
        DeValue::Boolean(holds) => Value::Bool(*holds),
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Array(members) => {
            let mut values = Vec::new();
            for (at, member) in members.iter().enumerate() {
                let path = format!("{path}[{at}]");
                places.insert(path.clone(), member.span());
                values.push(any_value(member, &path, places));
            }
            Value::Array(values)
        }
        DeValue::Table(table) => table_value(table, path, places),
    }
}
