//! One record by its id.

use provider_core::{Delivery, ErrorKind, ReadOptions};
use serde_json::Value;

use super::context::Context;
use super::listed::ListedEntity;
use super::verdict::{Verdict, broken, ensure, moot};
use super::world::{Reading, unknown_id};

/// How many records are read by themselves.
const SAMPLE: usize = 6;

pub(super) fn sample<T: ListedEntity>(reading: &Reading<T>) -> impl Iterator<Item = (&T, &str)> {
    let stride = reading.records.len().div_ceil(SAMPLE).max(1);
    let all = reading.records.iter().filter_map(|record| Some((record, record.identity()?)));
    all.step_by(stride)
}

pub(super) async fn contains<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let mut compared = 0;
    for (listed, id) in sample(reading) {
        let whole = ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await)?;
        super::records::scan(ctx, std::slice::from_ref(&whole));
        ensure!(whole.identity() == Some(id), "`{id}` was asked for and {:?} came", whole.identity());
        let (listed, whole) = (serde_json::to_value(listed), serde_json::to_value(&whole));
        let (Ok(listed), Ok(whole)) = (listed, whole) else {
            return Err(broken(format!("`{id}` cannot be written as JSON")));
        };
        if let Some(lost) = lost("", &listed, &whole) {
            return Err(broken(format!("of `{id}`, {lost}")));
        }
        compared += 1;
    }
    if compared == 0 {
        return Err(moot("there is no record to get"));
    }
    Ok(format!("{compared} records"))
}

/// What the whole record lacks of the listed one.
fn lost(path: &str, listed: &Value, whole: &Value) -> Option<String> {
    match (listed, whole) {
        (Value::Object(listed), Value::Object(whole)) => listed.iter().find_map(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            // How much is known is what differs; what the listing did not know may be known now.
            if path == "detail" || (path == "status" && value == "unknown") {
                return None;
            }
            match whole.get(name) {
                Some(found) => lost(&path, value, found),
                None if value.as_object().is_some_and(serde_json::Map::is_empty) => None,
                None => Some(format!("the listing tells `{path}` and `get` does not")),
            }
        }),
        (Value::Array(listed), Value::Array(whole)) => listed
            .iter()
            .position(|item| !whole.iter().any(|found| lost(path, item, found).is_none()))
            .map(|at| format!("the listing tells `{path}[{at}]` and `get` does not")),
        // A row of a list may give the day alone, which is its midnight.
        (Value::String(day), Value::String(moment)) if is_day_of(day, moment) => None,
        _ => {
            (listed != whole).then(|| format!("the listing tells `{path}` as {listed} and `get` as {whole}"))
        }
    }
}

/// True for the midnight of the day on which the moment lies.
fn is_day_of(day: &str, moment: &str) -> bool {
    let date = day.strip_suffix("T00:00:00Z").filter(|date| date.len() == 10);
    date.is_some_and(|date| moment.strip_prefix(date).is_some_and(|time| time.starts_with('T')))
}

pub(super) async fn full<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let (_, id) = sample(reading).next().ok_or_else(|| moot("there is no record to get"))?;
    let record = ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await)?;
    let detail = serde_json::to_value(&record).ok().and_then(|json| json.get("detail").cloned());
    ensure!(detail == Some("full".into()), "`{id}` says that it is {}", detail.unwrap_or_default());
    Ok("full".to_owned())
}

pub(super) async fn unknown<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let id = unknown_id(reading.ids());
    match ctx.saw(T::GET, T::get(&*ctx.provider, &id, &ReadOptions::default()).await) {
        Ok(record) => Err(broken(format!("nobody has `{id}`, and it answered {:?}", record.identity()))),
        Err(error) if error.kind() == ErrorKind::InvalidInput && reading.records.is_empty() => {
            Err(moot(format!("there is no record to take the shape of an id from: {error}")))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(broken(format!("nobody has `{id}`, and it answered {error}")))
        }
        Err(error) if error.delivery() != Delivery::Rejected => {
            Err(broken(format!("not found, but delivery says `{}` instead of `rejected`", error.delivery())))
        }
        Err(_) => Ok(format!("`{id}` is not found")),
    }
}

/// Whoever removes what is gone has to tell it from what a right was withdrawn for.
pub(super) async fn forbidden<T: ListedEntity>(ctx: &Context<'_>) -> Verdict {
    let known = ctx.expect.forbidden.get(&T::KIND).into_iter().flatten();
    let mut refused = 0;
    for id in known {
        match ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await) {
            Ok(record) => {
                return Err(broken(format!("nobody may see `{id}`, and {:?} came", record.identity())));
            }
            Err(error) if error.kind() != ErrorKind::PermissionDenied => {
                return Err(broken(format!("`{id}` may not be seen, and it answered {error}")));
            }
            Err(error) if error.delivery() != Delivery::Rejected => {
                let delivery = error.delivery();
                return Err(broken(format!("refused, but delivery says `{delivery}` instead of `rejected`")));
            }
            Err(_) => refused += 1,
        }
    }
    if refused == 0 {
        return Err(moot("no record was told that may not be seen: `Expectations::forbidden`"));
    }
    Ok(format!("{refused} refused"))
}

pub(super) async fn no_id<T: ListedEntity>(ctx: &Context<'_>) -> Verdict {
    for id in ["", " ", "..", "?", "../", "%2e%2e"] {
        match ctx.saw(T::GET, T::get(&*ctx.provider, id, &ReadOptions::default()).await) {
            Ok(record) => {
                return Err(broken(format!("the id {id:?} answered the record {:?}", record.identity())));
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {}
            Err(error) => return Err(broken(format!("the id {id:?} answered {error}"))),
        }
    }
    Ok("refused".to_owned())
}
