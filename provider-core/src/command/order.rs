//! Commands about orders.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, OrderId};
use crate::model::NewOrder;
use crate::setters::setters;

/// Places an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlaceOrder {
    /// What is bought, and by whom.
    pub order: NewOrder,
}

impl PlaceOrder {
    /// Places this order.
    #[must_use]
    pub fn new(order: NewOrder) -> Self {
        Self { order }
    }
}

/// Cancels an order that was not carried out yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CancelOrder {
    /// Which order.
    pub order: OrderId,
    /// Whose order, where the id does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
}

impl CancelOrder {
    /// Cancels this order.
    #[must_use]
    pub fn new(order: impl Into<OrderId>) -> Self {
        Self { order: order.into(), customer: None }
    }
}

setters!(CancelOrder {
    /// An order of this customer.
    customer: CustomerId,
});
