//! Carts and orders, and what becomes of an order.

pub(crate) mod calls;
pub(crate) mod cart;
pub(crate) mod fulfilment;
pub(crate) mod json;
pub(crate) mod record;
pub(crate) mod rules;
pub(crate) mod template;
