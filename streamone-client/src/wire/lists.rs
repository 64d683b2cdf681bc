//! Lists that may be absent or `null`.

use serde::{Deserialize, Deserializer};

/// A list; `null` is an empty one.
pub(crate) fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(d)?.unwrap_or_default())
}
