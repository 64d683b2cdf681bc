//! What the v1 API has in common: JSON envelopes with singular keys, its own words for what is not found.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use super::problem::Problem;
use super::query::Query;

/// Refuses query parameters whose names are not listed.
pub(crate) fn known_query(call: &Call, names: &[&str]) -> Result<(), Problem> {
    Query::of(call, names).map(drop)
}

/// Refuses any query.
pub(crate) fn no_query(call: &Call) -> Result<(), Problem> {
    known_query(call, &[])
}

/// The envelope of lists and records: the singular entity name, whatever its number.
pub(crate) fn envelope(entity: &str, content: Value) -> Answer {
    let data: Map<String, Value> = Map::from_iter([(entity.to_owned(), content)]);
    Answer::json(json!({"success": true, "message": "", "data": data}))
}

pub(crate) fn not_found(entity: &str, id: &str) -> Problem {
    Problem::legacy(StatusCode::NOT_FOUND, format!("{entity} {id} not found"))
}
