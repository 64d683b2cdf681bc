//! What every call of Pax8 has in common: bearer, query, body, paging, dates, errors. It knows no resource.

pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod failure;
pub(crate) mod listing;
pub(crate) mod table;
pub(crate) mod wire;
