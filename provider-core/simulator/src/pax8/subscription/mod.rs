//! Subscriptions, and what their commitments allow.

pub(crate) mod calls;
pub(crate) mod changes;
pub(crate) mod json;
pub(crate) mod record;
pub(crate) mod rules;
