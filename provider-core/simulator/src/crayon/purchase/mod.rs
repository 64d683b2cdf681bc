//! How something is bought: orders, purchase requests, assets, product containers.

pub(crate) mod assets;
pub(crate) mod body;
pub(crate) mod containers;
pub(crate) mod orders;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod rules;
pub(crate) mod scheduled;
pub(crate) mod vendor_orders;
