//! What is charged: statements, invoice profiles, usage, reseller prices, exported reports.

pub(crate) mod body;
pub(crate) mod exports;
pub(crate) mod groupings;
pub(crate) mod months;
pub(crate) mod profiles;
pub(crate) mod record;
pub(crate) mod resale;
pub(crate) mod statements;
pub(crate) mod usage;
pub(crate) mod usage_files;
