//! Products, SKUs and plans, with their prices.

pub(crate) mod calls;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod pricing;
pub(crate) mod providers;
pub(crate) mod record;
pub(crate) mod seed;
