//! Which members of Pax8's records are secret.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize as _, Serializer};

/// Members whose values are blanked in the raw JSON of records.
pub(crate) const SECRET_MEMBERS: &[&str] =
    &["authorization", "credential", "client_secret", "access_token", "link"];

/// Writes a secret into a request.
#[allow(clippy::ref_option, reason = "serde hands out the field as it is")]
pub(crate) fn exposed<S: Serializer>(secret: &Option<SecretString>, s: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|secret| secret.expose_secret()).serialize(s)
}
