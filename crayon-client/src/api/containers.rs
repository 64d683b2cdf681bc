//! Product containers: drafts, requests, quotes, reports.

use crate::client::CrayonClient;
use crate::model::{MonthlyReportFilter, ProductContainer, ProductContainerFilter, ProductRowPatch};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Drafts, requests, quotes and reports.
    ProductContainers as product_containers {
        /// One page of product containers.
        get "/api/v1/ProductContainers" => list() query(query: ProductContainerFilter, paging: Paging) -> list Listed<ProductContainer>;
        /// One product container.
        get "/api/v1/ProductContainers/{id}" => get(id: i64) -> record ProductContainer;
        /// Replaces a product container.
        put "/api/v1/ProductContainers/{id}" => update(id: i64) with(require_eula_analysis: Option<bool> = "requireEulaAnalysis") body(container: &ProductContainer) -> record ProductContainer;
        /// Deletes a product container.
        delete "/api/v1/ProductContainers/{id}" => delete(id: i64) -> confirm bool;
        /// A product container with what is wrong with its rows.
        get "/api/v1/ProductContainers/rowissues/{id}" => row_issues(id: i64) -> record ProductContainer;
        /// The shopping cart of an organization. It is made when there is none: a read with an effect, so it is
        /// never repeated unasked.
        get "/api/v1/ProductContainers/getorcreateshoppingcart" => shopping_cart() with(organization: i64 = "organizationId") marked(write) -> record ProductContainer;
        /// Creates the report of a month.
        post "/api/v1/ProductContainers/reportbymonth" => report_month() query(query: MonthlyReportFilter) -> record ProductContainer;
        /// Changes one row.
        patch "/api/v1/ProductContainers/{product_container}/row/{row}" => update_row(product_container: i64, row: i64) body(patch: &ProductRowPatch) -> record ProductContainer;
    }
}
