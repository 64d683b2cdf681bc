//! Customers, and their profiles and accounts with cloud providers.

pub(crate) mod calls;
pub(crate) mod cloud;
pub(crate) mod cloud_accounts;
pub(crate) mod record;
pub(crate) mod v1;
