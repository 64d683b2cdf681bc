//! Reservations, software and one-time purchases.

use provider_core::Result;
use provider_http::Answer;

use crate::client::CrayonClient;
use crate::model::{Asset, AssetFilter, AssetTags, PurchaseRequestOrder};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Reservations, software and one-time purchases.
    Assets as assets {
        /// One page of assets.
        get "/api/v1/Assets" => list() query(query: AssetFilter, paging: Paging) -> list Listed<Asset>;
        /// One asset.
        get "/api/v1/Assets/{id}" => get(id: i64) -> record Asset;
        /// Replaces an asset. `None` where the service does not say what became of it.
        put "/api/v1/Assets/{id}" => update(id: i64) body(asset: &Asset) -> perhaps Option<Asset>;
        /// One page of purchase requests that were carried out.
        get "/api/v1/Assets/orders" => orders() query(query: AssetFilter, paging: Paging) -> list Listed<PurchaseRequestOrder>;
        /// Gives an asset labels. `None` where the service does not say what became of them.
        post "/api/v1/Assets/{asset}/tags" => create_tags(asset: i64) body(tags: &AssetTags) -> perhaps Option<AssetTags>;
        /// Replaces an asset's labels. `None` where the service does not say what became of them.
        put "/api/v1/Assets/{asset}/tags" => set_tags(asset: i64) body(tags: &AssetTags) -> perhaps Option<AssetTags>;
        /// Deletes an asset's labels.
        delete "/api/v1/Assets/{asset}/tags" => delete_tags(asset: i64) -> done ();
    }
}

impl Assets {
    /// [`orders`](Self::orders): the answer before it is decoded.
    pub(crate) async fn orders_answer(&self, query: &AssetFilter, paging: Paging) -> Result<Answer> {
        self.client.answer(assets::orders(query, paging)?, &self.call).await
    }
}
