//! Invoices, drafts and usage.

pub(crate) mod calls;
pub(crate) mod months;
pub(crate) mod record;
pub(crate) mod usage;
pub(crate) mod usage_calls;
