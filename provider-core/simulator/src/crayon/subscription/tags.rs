//! The five free tags of a subscription.

use chrono::{DateTime, Utc};

use super::body::SUBSCRIPTION_TAGS;
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::route::{delete, get, post};
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions/{id:int}/tags", read),
    post("subscriptions/{id:int}/tags", write).body(&SUBSCRIPTION_TAGS),
    delete("subscriptions/{id:int}/tags", erase),
];

const VALUES: [&str; 5] = ["CostCenter", "Department", "Project", "Custom", "Owner"];

/// The complete tags, dated.
pub(crate) fn stored(given: &Json, now: DateTime<Utc>) -> Json {
    let created = given.get("CreatedDate").text().and_then(dates::read).unwrap_or(now);
    SUBSCRIPTION_TAGS
        .complete(given)
        .with("CreatedDate", dates::write(created, Form::Zulu))
        .with("ModifiedDate", dates::write(now, Form::Zulu))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let row = call.state.subscription(id)?;
    let empty = || SUBSCRIPTION_TAGS.complete(&Json::Object(Vec::new()));
    Ok(Answer::json(row.tags.clone().unwrap_or_else(empty).with("SubscriptionId", id)))
}

fn write(call: &mut Call<'_>) -> Outcome {
    let erases = VALUES.iter().all(|name| call.body.get(name).is_null());
    let tags = (!erases).then(|| stored(&call.body, call.now));
    call.state.subscription_mut(call.id("id"))?.tags = tags;
    yes()
}

fn erase(call: &mut Call<'_>) -> Outcome {
    call.state.subscription_mut(call.id("id"))?.tags = None;
    Ok(Answer::empty())
}
