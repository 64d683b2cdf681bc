//! Invoices, usage of a month, saved reports.

pub(crate) mod calls;
pub(crate) mod edit;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod usage;
