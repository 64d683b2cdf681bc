//! How Cloud-iQ writes its JSON: PascalCase in requests, either case in answers, numeric enums, exact
//! decimals, lists with and without an envelope.

mod document;
#[macro_use]
pub(crate) mod enums;
mod envelope;
#[macro_use]
mod model;
pub(crate) mod number;
#[macro_use]
mod query;
mod secrets;
pub(crate) mod text;

pub use document::Document;
pub(crate) use envelope::Lists;
pub use envelope::{Collection, Paging};
pub(crate) use query::{Parameter, Written};
pub(crate) use secrets::SECRET_MEMBERS;
pub use secrets::SecretText;

use serde::{Deserialize, Deserializer};

/// Reads a list; `null` is an empty one.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

/// True for an id that was never set.
pub(crate) fn is_unset<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
