//! What records promise, whatever they are about.

use std::collections::{BTreeMap, BTreeSet};

use provider_core::{PageRequest, ReadOptions};
use serde_json::Value;

use super::context::Context;
use super::listed::{ListedEntity, key, noun};
use super::verdict::{Problem, Verdict, broken, ensure, moot};
use super::world::Reading;

/// How many records the costlier comparisons look at.
const SAMPLE: usize = 1000;

pub(super) fn json<T: ListedEntity>(record: &T) -> Result<Value, Problem> {
    serde_json::to_value(record)
        .map_err(|error| broken(format!("a record cannot be written as JSON: {error}")))
}

pub(super) fn round_trip<T: ListedEntity>(records: &[T]) -> Verdict {
    if records.is_empty() {
        return Err(moot("there are no records"));
    }
    for record in records.iter().take(SAMPLE) {
        let written = json(record)?;
        let read: T = serde_json::from_value(written.clone())
            .map_err(|error| broken(format!("`{}` cannot be read back: {error}", key(record))))?;
        if read != *record {
            let again = json(&read)?;
            return Err(broken(format!(
                "`{}` is read back as another record: {}",
                key(record),
                difference(&written, &again).unwrap_or_else(|| "a value has two spellings".to_owned())
            )));
        }
    }
    Ok(format!("{} records", records.len().min(SAMPLE)))
}

fn difference(one: &Value, other: &Value) -> Option<String> {
    let (one, other) = (one.as_object()?, other.as_object()?);
    let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let name = names.into_iter().find(|name| one.get(*name) != other.get(*name))?;
    Some(format!("`{name}` differs"))
}

/// What a provider that does not say leaves behind.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        Value::String(text) => text == "unknown",
        _ => false,
    }
}

pub(super) fn ended<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let Some(wanted) = ctx.expect.ended.get(&T::KIND) else {
        return Err(moot("no deleted or ended record was named"));
    };
    for id in wanted {
        ensure!(reading.ids().any(|known| known == id), "`{id}` is deleted or ended, and hidden");
    }
    Ok(format!("{} {} are listed although they ended", wanted.len(), noun(T::KIND)))
}

/// The first pages with and without each record's own JSON, and one record by itself.
pub(super) async fn raw<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    if let Some(record) = reading.records.iter().find(|record| record.raw().is_some()) {
        return Err(broken(format!("`{}` carries its JSON, which nobody asked for", key(record))));
    }
    let options = ReadOptions::default().raw(true);
    let query = T::with_options(reading.query.clone(), options.clone());
    let page = ctx.saw(T::LIST, T::page(&*ctx.provider, &query, &PageRequest::default()).await)?;
    let plain: BTreeMap<_, _> = reading.records.iter().take(page.items.len()).map(|r| (key(r), r)).collect();
    let mut kept = 0;
    for record in page.records() {
        let Some(raw) = record.raw() else {
            return Err(broken(format!("`{}` was asked for its JSON and has none", key(record))));
        };
        ensure!(
            raw.parse::<Value>().is_ok_and(|value| value.is_object()),
            "the JSON of `{}` is no object",
            key(record)
        );
        ctx.scan(&format!("the JSON of {}", noun(T::KIND)), raw.get());
        if let Some(plain) = record.identity().and_then(|id| plain.get(id)) {
            ensure!(same(*plain, record)?, "`{}` is another record when its JSON is asked for", key(record));
        }
        kept += 1;
    }
    if kept == 0 {
        return Err(moot("there are no records"));
    }
    let gettable = T::HAS_GET && ctx.provider.capabilities().support(T::GET).is_supported();
    if let Some(id) = reading.ids().next().filter(|_| gettable) {
        let with = ctx.saw(T::GET, T::get(&*ctx.provider, id, &options).await)?;
        ensure!(with.raw().is_some(), "`get` of `{id}` was asked for its JSON and has none");
        with.raw().into_iter().for_each(|raw| ctx.scan("the JSON of a record", raw.get()));
        let without = ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await)?;
        ensure!(without.raw().is_none(), "`get` of `{id}` carries its JSON, which nobody asked for");
    }
    Ok(format!("{kept} records with, the same without"))
}

fn same<T: ListedEntity>(one: &T, other: &T) -> Result<bool, Problem> {
    let bare = |record: &T| {
        json(record).map(|mut value| {
            if let Some(members) = value.as_object_mut() {
                members.remove("raw");
            }
            value
        })
    };
    Ok(bare(one)? == bare(other)?)
}

/// Every record is looked through for planted secrets, as it is logged and as it is stored.
pub(super) fn scan<T: ListedEntity>(ctx: &Context<'_>, records: &[T]) {
    for record in records {
        let what = noun(T::KIND);
        ctx.scan(&what, &format!("{record:?}"));
        ctx.scan(&what, &serde_json::to_string(record).unwrap_or_default());
    }
}
