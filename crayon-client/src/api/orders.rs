//! Purchase requests: a cart is verified, then checked out.

use crate::model::{PurchaseRequestOrder, ScheduledPurchaseQuery, ScheduledPurchaseRequest};
use crate::wire::Collection;

endpoints! {
    /// Carts: software, reservations, legacy offers.
    PurchaseRequests as purchase_requests {
        /// Checks a cart and fills in what is missing. Buys nothing. Faults stand in the answer.
        post "/api/v1/purchaserequest/verify" => verify() body(order: &PurchaseRequestOrder) marked(read) -> fetch PurchaseRequestOrder;
        /// Buys a verified cart. Faults stand in the answer.
        post "/api/v1/purchaserequest/checkout" => check_out() body(order: &PurchaseRequestOrder) -> fetch PurchaseRequestOrder;
        /// Checks a cart, at the older path.
        post "/api/v1/Assets/verify" => verify_by_old_path() body(order: &PurchaseRequestOrder) deprecated("an alias of `verify`") marked(read) -> fetch PurchaseRequestOrder;
        /// Buys a verified cart, at the older path.
        post "/api/v1/Assets/checkout" => check_out_by_old_path() body(order: &PurchaseRequestOrder) deprecated("an alias of `check_out`") -> perhaps Option<PurchaseRequestOrder>;
    }
}

endpoints! {
    /// Orders that wait for their day.
    ScheduledPurchaseRequests as scheduled_purchase_requests {
        /// Scheduled orders.
        get "/api/v1/scheduledpurchaserequest" => list() query(query: &ScheduledPurchaseQuery) paged(paging) -> fetch Collection<ScheduledPurchaseRequest>;
        /// Takes back one line of a scheduled order.
        put "/api/v1/scheduledpurchaserequest/cancel-order/{order_reference}/{order_number}" => cancel(order_reference: &str, order_number: impl std::fmt::Display + Send) -> send ();
    }
}
