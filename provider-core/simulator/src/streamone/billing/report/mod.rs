//! Saved reports: what they are, and the rows they answer.

pub(crate) mod calls;
pub(crate) mod data;
pub(crate) mod record;
pub(crate) mod seed;
