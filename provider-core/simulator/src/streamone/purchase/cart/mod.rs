//! Carts, their items, and how a cart becomes an order.

pub(crate) mod calls;
pub(crate) mod checkout;
pub(crate) mod items;
pub(crate) mod record;
