//! Products.

use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{endpoints, query};

use crate::client::Pax8Client;
use crate::model::{Dependencies, Pricing, Product, ProvisioningDetail};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{ProductField, Sort};

query! {
    /// Which products.
    #[derive(Eq)]
    pub struct ProductFilter paged(PageOf) {
        /// In this order.
        pub sort: Option<Sort<ProductField>> = "sort",
        /// Found by Pax8's search, which matches single words.
        pub search: Option<String> = "search",
        /// Of this vendor.
        pub vendor_name: Option<String> = "vendorName",
    }
}

endpoints! {
    client: Pax8Client;

    /// Products, with what it takes to order them. Prices, dependencies and questions change: fetch them
    /// right before they are used.
    Products as products {
        /// A page of products.
        get "/v1/products" => list() query(filter: ProductFilter, page: PageOf) operation(List Product) -> page Listed<Product>;
        /// One product.
        get "/v1/products/{productId}" => get(id: &str = "productId") operation(Get Product) -> record Product;
        /// Prices, for one company where it is named.
        get "/v1/products/{productId}/pricing" => pricing(id: &str = "productId") with(company: Option<&str> = "companyId") -> content Vec<Pricing>;
        /// Its commitment terms, and the products that it requires.
        get "/v1/products/{productId}/dependencies" => dependencies(id: &str = "productId") -> record Dependencies;
        /// The provisioning questions that an order of it answers.
        get "/v1/products/{productId}/provision-details" => provision_details(id: &str = "productId") -> content Vec<ProvisioningDetail>;
    }
}

impl Products {
    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &ProductFilter,
        page: PageOf,
        map: impl FnMut(Product, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(products::list(filter, page)?, &self.call, map).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Product, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(products::get(id)?, &self.call, map).await
    }
}
