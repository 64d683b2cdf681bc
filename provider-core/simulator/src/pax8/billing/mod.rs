//! Invoices, drafts and usage.

pub(crate) mod calls;
pub(crate) mod edit;
pub(crate) mod json;
pub(crate) mod months;
pub(crate) mod record;
pub(crate) mod usage;
