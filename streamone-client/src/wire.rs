//! protobuf-JSON as the service really writes it: numbers as strings or numbers, anything absent, words
//! in any case.
//!
//! The service is protobuf behind an HTTP gateway. 64-bit integers arrive as strings, 32-bit ones as
//! numbers, documents and captures disagree about which is which, and unset fields are left out. The two
//! macros here decide once how a member is read, so that no model decides it again.

pub(crate) mod envelope;
pub(crate) mod legacy;
mod lists;
mod record;
mod secrets;
mod text;
mod words;

pub(crate) mod amounts;
pub(crate) mod count;

pub(crate) use lists::list;
pub(crate) use record::record;
pub(crate) use secrets::{SECRET_MEMBERS, is_secret_name};
pub(crate) use text::{Text, flag, text};
pub(crate) use words::words;

/// Days.
pub(crate) use provider_core::wire::date::option as day;
/// Timestamps: lenient, because one odd date must not lose a record.
pub(crate) use provider_core::wire::date_time::option as moment;
/// Exact decimals, from a number or a string.
pub(crate) use provider_core::wire::decimal::option as number;
