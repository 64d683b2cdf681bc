//! Subscriptions, and what providers and time do to them.

pub(crate) mod calls;
pub(crate) mod json;
pub(crate) mod provisioning;
pub(crate) mod record;
pub(crate) mod renewal;
