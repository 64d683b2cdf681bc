//! Resellers' own prices.

use crate::client::CrayonClient;
use crate::model::{ResellerSalesPrice, ResellerSalesPriceFilter, ResellerSalesPriceToggle};
use crate::wire::Listed;

provider_http::endpoints! {
    client: CrayonClient;

    /// Resellers' own sales prices.
    ResellerSalesPrices as reseller_sales_prices {
        /// Prices, past and coming ones too.
        get "/api/v1/ResellerSalesPrices" => list() query(query: ResellerSalesPriceFilter) -> list Listed<ResellerSalesPrice>;
        /// The price that is in force now.
        get "/api/v1/ResellerSalesPrices/current" => current() query(query: ResellerSalesPriceFilter) -> record ResellerSalesPrice;
        /// Adds a price.
        post "/api/v1/ResellerSalesPrices" => create() body(price: &ResellerSalesPrice) -> record ResellerSalesPrice;
        /// Replaces a price that begins at the same time.
        put "/api/v1/ResellerSalesPrices" => update() body(price: &ResellerSalesPrice) -> record ResellerSalesPrice;
        /// Replaces the price that began at this time, written as the list writes it.
        put "/api/v1/ResellerSalesPrices/{old_from_date}" => replace_from(old_from_date: &str) body(price: &ResellerSalesPrice) -> record ResellerSalesPrice;
        /// Deletes prices.
        delete "/api/v1/ResellerSalesPrices" => delete() query(query: ResellerSalesPriceFilter) -> done ();
        /// Switches a reseller's prices on or off.
        post "/api/v1/ResellerSalesPrices/toggle" => toggle() body(toggle: &ResellerSalesPriceToggle) -> done ();
    }
}
