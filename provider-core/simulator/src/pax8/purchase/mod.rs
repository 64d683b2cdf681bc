//! Orders, and what their lines must answer.

pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod json;
pub(crate) mod provisioning;
pub(crate) mod record;
pub(crate) mod rules;
