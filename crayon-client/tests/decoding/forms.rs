//! Lists with and without an envelope.

use serde_json::{Value, json};

/// The forms of a list: the envelope in both cases, a plain array.
pub(crate) const FORMS: [fn(&[Value]) -> String; 3] = [
    |items| json!({ "Items": items, "TotalHits": items.len(), "Filter": { "Items": null } }).to_string(),
    |items| json!({ "totalHits": items.len(), "items": items }).to_string(),
    |items| json!(items).to_string(),
];
