//! Products with their prices, commitments, dependencies and provisioning questions.

pub(crate) mod calls;
pub(crate) mod record;
pub(crate) mod seed;
