//! Every record that the typed clients list, as JSON under the vendors' own names.

pub(crate) mod crayon;
pub(crate) mod pax8;
pub(crate) mod streamone;

use chrono::{DateTime, Utc};
use provider_core::{ItemError, Period};
use serde::Serialize;
use serde_json::{Value, json};

/// The records of each kind.
pub(crate) type Kinds = Vec<(&'static str, Vec<Value>)>;

/// A record with members beside its own: what stands around it.
fn with(record: &impl Serialize, beside: Value) -> Value {
    let mut record = serde_json::to_value(record).unwrap();
    let Value::Object(beside) = beside else { panic!("members are needed") };
    record.as_object_mut().unwrap().extend(beside);
    record
}

fn plain<T: Serialize>(records: &[T]) -> Vec<Value> {
    records.iter().map(|record| with(record, json!({}))).collect()
}

fn good<T>(items: Vec<Result<T, ItemError>>) -> Vec<T> {
    items.into_iter().map(|item| item.unwrap_or_else(|error| panic!("{error}"))).collect()
}
