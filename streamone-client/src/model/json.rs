//! What is kept without being understood.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// JSON that is kept as it came. `Debug` does not show it: nobody knows what is in it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(pub Value);

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(..)")
    }
}
