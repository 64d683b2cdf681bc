//! Companies and their contacts.

pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod contacts;
pub(crate) mod record;
