//! What every call of Cloud-iQ has in common: parameters, bodies, dates, answers, errors. It knows no resource.

pub(crate) mod call;
pub(crate) mod dates;
pub(crate) mod enums;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod json;
pub(crate) mod json_from;
pub(crate) mod query;
pub(crate) mod route;
pub(crate) mod settings;
pub(crate) mod shape;
pub(crate) mod table;
