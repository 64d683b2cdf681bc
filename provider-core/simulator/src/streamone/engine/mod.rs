//! What every call of StreamOne ION has in common: bodies, queries, pages, date ranges, errors. It knows no resource.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod pages;
pub(crate) mod presentation;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod ranges;
pub(crate) mod settings;
pub(crate) mod shape;
pub(crate) mod v1;
pub(crate) mod wire;
