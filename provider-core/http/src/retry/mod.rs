//! Whether, when and how often a call is attempted again.

mod after;
mod backoff;
mod budget;
mod table;

pub(crate) use after::{date, retry_after};
pub(crate) use backoff::Backoff;
pub(crate) use budget::{Budget, Cost};
pub use table::Safety;
pub(crate) use table::{Decision, Stage, decide, delivery};
