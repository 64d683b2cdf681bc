//! Products and their prices (v3).

use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{Answer, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::{PricedPlans, PricingQuery, Product};
use crate::wire::envelope::{Listed, TokenPage};

provider_http::query! {
    /// Which products. All filters but the name match exactly.
    #[derive(Eq)]
    pub struct ProductFilter paged(TokenPage) {
        /// The language of the texts.
        pub language: Option<String> = "language",
        /// With this in its name.
        pub name: Option<String> = "filter.name",
        /// With a SKU of this vendor's id.
        pub sku_external_id: Option<String> = "filter.skuExternalId",
        /// With an add-on of this vendor's id.
        pub addon_external_id: Option<String> = "filter.addonExternalId",
        /// With this SKU.
        pub sku_id: Option<String> = "filter.skuId",
        /// With this add-on.
        pub addon_id: Option<String> = "filter.addonId",
        /// With a SKU of this name.
        pub sku_display_name: Option<String> = "filter.skuDisplayName",
        /// With an add-on of this name.
        pub addon_display_name: Option<String> = "filter.addonDisplayName",
        /// Of this cloud provider: 30 is Microsoft, 1 is AWS.
        pub cloud_provider_id: Option<u32> = "filter.cloudProviderId",
        /// With a plan of this part number, such as `...:P1Y:M`.
        pub mfg_part_number: Option<String> = "filter.mfgPartNumber",
    }
}

/// The version of a product that is read: the published one, or the one being designed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProductRole {
    /// The published version, with prices of the price book. The default of the service.
    Customer,
    /// The version being designed, without prices of the price book.
    Owner,
}

/// What is read of one product: version, prices, parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProductView {
    /// The language of the texts.
    pub language: Option<String>,
    /// At the prices of this customer.
    pub price_book_customer: Option<String>,
    /// An older version.
    pub version: Option<String>,
    /// Which side it is looked at from.
    pub role: Option<ProductRole>,
    /// Leave prices out.
    pub exclude_pricing: bool,
    /// Leave marketing out.
    pub exclude_marketing: bool,
    /// Leave the definition out.
    pub exclude_definition: bool,
    /// Leave the history of versions out.
    pub exclude_version_history: bool,
    /// Leave deployment out.
    pub exclude_deployment: bool,
}

impl ProductView {
    /// At the prices of this customer.
    #[must_use]
    pub fn priced_for(mut self, customer: impl Into<String>) -> Self {
        self.price_book_customer = Some(customer.into());
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let role = self.role.map(|role| match role {
            ProductRole::Customer => "CUSTOMER",
            ProductRole::Owner => "OWNER",
        });
        // Sent only where wanted: an exclusion that is set by default leaves an almost empty product.
        let excluded = [
            ("excludeFilter.excludePricing", self.exclude_pricing),
            ("excludeFilter.excludeMarketing", self.exclude_marketing),
            ("excludeFilter.excludeDefinition", self.exclude_definition),
            ("excludeFilter.excludeVersionHistory", self.exclude_version_history),
            ("excludeFilter.excludeDeployment", self.exclude_deployment),
        ];
        let spec = spec
            .query_opt("language", self.language.as_deref())
            .query_opt("priceBookCustomerId", self.price_book_customer.as_deref())
            .query_opt("productVersion", self.version.as_deref())
            .query_opt("clientRole", role);
        excluded.into_iter().fold(spec, |spec, (name, set)| spec.query_opt(name, set.then_some(true)))
    }
}

provider_http::endpoints! {
    client: StreamOneClient;

    /// Products and their prices.
    Products as products {
        /// One page of products.
        get "/api/v3/accounts/{accountId}/products" => list()
            query(filter: ProductFilter, page: TokenPage) operation(List Product) -> page Listed<Product>;

        /// One product.
        get "/api/v3/accounts/{accountId}/products/{productId}" => get(product: &str = "productId")
            query(view: ProductView) operation(Get Product) -> fetch Product;

        /// Prices of a customer's price book. A read. `Unavailable` also where the price book could not be
        /// looked up.
        post "/api/v3/accounts/{accountId}/products:pricing" => pricing()
            body(query: &PricingQuery) operation(List Product) marked(read) -> fetch PricedPlans;

        /// Enables a product, so that it can be bought. `InvalidInput` when it can be bought already.
        post "/api/v3/accounts/{accountId}/products/{productId}:enable" => enable(product: &str = "productId")
            -> send ();

        /// Disables a product, so that it can no longer be bought. `InvalidInput` when it is disabled already.
        post "/api/v3/accounts/{accountId}/products/{productId}:disable" => disable(product: &str = "productId")
            -> send ();
    }
}

impl Products {
    /// The answer to a page, for what can be told before it is read.
    pub(crate) async fn answer(&self, filter: &ProductFilter, page: &TokenPage) -> Result<Answer> {
        self.client.answer(products::list(filter, page.clone())?, &self.call).await
    }

    /// Reads the answer to a page, and maps its records.
    pub(crate) fn read_as<M>(
        &self,
        answer: &Answer,
        map: impl FnMut(Product, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.read_page(answer, &self.call, map)
    }

    pub(crate) async fn get_as<M>(
        &self,
        product: &str,
        view: &ProductView,
        map: impl FnOnce(Product, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        self.client.record_as(products::get(product, view)?, &self.call, map).await
    }
}
