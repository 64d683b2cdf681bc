//! Webhooks: who is told of what, and how it was delivered.

pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod logs;
pub(crate) mod post;
pub(crate) mod record;
pub(crate) mod topics;
