//! Purchase requests: a cart is verified, then checked out.

use provider_core::Result;
use provider_http::RequestSpec;

use crate::client::CrayonClient;
use crate::model::{PurchaseRequestOrder, ScheduledPurchaseFilter, ScheduledPurchaseRequest};
use crate::wire::{Document, Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Carts: software, reservations, legacy offers.
    PurchaseRequests as purchase_requests {
        /// Checks a cart and fills in what is missing. Orders nothing. Errors stand in the answer.
        post "/api/v1/purchaserequest/verify" => verify() body(order: &PurchaseRequestOrder) marked(read) -> record PurchaseRequestOrder;
        /// Orders a verified cart. Errors stand in the answer.
        post "/api/v1/purchaserequest/checkout" => check_out() body(order: &PurchaseRequestOrder) -> record PurchaseRequestOrder;
        /// Checks a cart, at the older path.
        post "/api/v1/Assets/verify" => verify_by_old_path() body(order: &PurchaseRequestOrder) deprecated("an alias of `verify`") marked(read) -> record PurchaseRequestOrder;
        /// Orders a verified cart, at the older path.
        post "/api/v1/Assets/checkout" => check_out_by_old_path() body(order: &PurchaseRequestOrder) deprecated("an alias of `check_out`") -> perhaps Option<PurchaseRequestOrder>;
    }

    /// Scheduled orders: nothing is bought before their date.
    ScheduledPurchaseRequests as scheduled_purchase_requests {
        /// One page of scheduled orders.
        get "/api/v1/scheduledpurchaserequest" => list() query(query: ScheduledPurchaseFilter, paging: Paging) -> list Listed<ScheduledPurchaseRequest>;
        /// Cancels one line of a scheduled order.
        put "/api/v1/scheduledpurchaserequest/cancel-order/{order_reference}/{order_number}" => cancel(order_reference: &str, order_number: impl std::fmt::Display + Send) -> done ();
    }
}

impl PurchaseRequests {
    /// [`verify`](Self::verify); the answer as it came: what this version does not know of it shall not be lost.
    pub(crate) async fn verified(&self, order: &PurchaseRequestOrder) -> Result<Document> {
        self.client.json(purchase_requests::verify(order)?, &self.call).await
    }

    /// [`check_out`](Self::check_out) with the cart as its verification answered it.
    pub(crate) async fn check_out_verified(&self, verified: &Document) -> Result<PurchaseRequestOrder> {
        self.client
            .json(RequestSpec::post("/api/v1/purchaserequest/checkout").json(verified)?, &self.call)
            .await
    }
}
