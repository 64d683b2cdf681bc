//! How ION writes its answers: their envelopes, and which members are secret.
//!
//! The service is protobuf behind an HTTP gateway. 64-bit integers arrive as strings, 32-bit ones as
//! numbers, documents and captures disagree about which is which, and unset members are left out. All of
//! that is what the readers of [`provider_core::records!`] take.

pub(crate) mod envelope;
pub(crate) mod legacy;
mod secrets;

pub(crate) use secrets::{SECRET_MEMBERS, is_secret_name};
