//! Who may call, and who is told: access tokens and webhooks.

pub(crate) mod token;
pub(crate) mod webhook;
