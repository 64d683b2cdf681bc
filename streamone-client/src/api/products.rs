//! Products and their prices (v3).

use provider_core::{EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::model::{PricedPlans, PricingQuery, Product};
use crate::wire::envelope::{self, Listed, TokenPage};

handle! {
    /// Products and their prices.
    Products
}

/// Which products. All filters but the name match exactly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProductFilter {
    /// The language of the texts.
    pub language: Option<String>,
    /// With this in its name.
    pub name: Option<String>,
    /// With a SKU of this vendor's id.
    pub sku_external_id: Option<String>,
    /// With an add-on of this vendor's id.
    pub addon_external_id: Option<String>,
    /// With this SKU.
    pub sku_id: Option<String>,
    /// With this add-on.
    pub addon_id: Option<String>,
    /// With a SKU of this name.
    pub sku_display_name: Option<String>,
    /// With an add-on of this name.
    pub addon_display_name: Option<String>,
    /// Of this cloud provider: 30 is Microsoft, 1 is AWS.
    pub cloud_provider_id: Option<u32>,
    /// With a plan of this part number, such as `...:P1Y:M`.
    pub mfg_part_number: Option<String>,
}

/// Which side a product is looked at from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProductRole {
    /// The published version, with prices of the price book. The default of the service.
    Customer,
    /// The version being designed, without prices of the price book.
    Owner,
}

/// How one product is looked at.
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

    fn ask(&self, spec: RequestSpec) -> RequestSpec {
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

impl Products<'_> {
    /// One page of products: `GET /accounts/{a}/products`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(&self, filter: &ProductFilter, page: &TokenPage) -> Result<Listed<Product>> {
        self.list_as(filter, page, |product, _| Ok(product)).await
    }

    pub(crate) async fn list_as<M>(
        &self,
        filter: &ProductFilter,
        page: &TokenPage,
        map: impl FnMut(Product, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let spec = page
            .ask(RequestSpec::get("/api/v3/accounts/{accountId}/products"))
            .query_opt("language", filter.language.as_deref())
            .query_opt("filter.name", filter.name.as_deref())
            .query_opt("filter.skuExternalId", filter.sku_external_id.as_deref())
            .query_opt("filter.addonExternalId", filter.addon_external_id.as_deref())
            .query_opt("filter.skuId", filter.sku_id.as_deref())
            .query_opt("filter.addonId", filter.addon_id.as_deref())
            .query_opt("filter.skuDisplayName", filter.sku_display_name.as_deref())
            .query_opt("filter.addonDisplayName", filter.addon_display_name.as_deref())
            .query_opt("filter.cloudProviderId", filter.cloud_provider_id)
            .query_opt("filter.mfgPartNumber", filter.mfg_part_number.as_deref())
            .operation(Operation::List(EntityKind::Product));
        let answer = self.client.send(spec, &self.call).await?;
        envelope::read(self.client.http(), &answer, &self.call, "products", map)
    }

    /// One product: `GET /accounts/{a}/products/{p}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, product: &str, view: &ProductView) -> Result<Product> {
        self.get_as(product, view, |product, _| Ok(product)).await
    }

    pub(crate) async fn get_as<M>(
        &self,
        product: &str,
        view: &ProductView,
        map: impl FnOnce(Product, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<M> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/products/{productId}")
            .path("productId", product)
            .operation(Operation::Get(EntityKind::Product));
        let answer = self.client.send(view.ask(spec), &self.call).await?;
        envelope::record(&answer, &self.call, map)
    }

    /// Prices of a customer's price book: `POST /accounts/{a}/products:pricing`. A read.
    ///
    /// # Errors
    /// `Unavailable` also where the price book could not be looked up; whatever the call ends in.
    pub async fn pricing(&self, query: &PricingQuery) -> Result<PricedPlans> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/products:pricing")
            .json(query)?
            .read()
            .operation(Operation::List(EntityKind::Product));
        self.client.json(spec, &self.call).await
    }

    /// Lets a product be bought: `POST /accounts/{a}/products/{p}:enable`.
    ///
    /// # Errors
    /// `InvalidInput` when it can be bought already; whatever the call ends in.
    pub async fn enable(&self, product: &str) -> Result<()> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/products/{productId}:enable");
        self.client.send(spec.path("productId", product), &self.call).await.map(drop)
    }

    /// Takes a product off the market: `POST /accounts/{a}/products/{p}:disable`.
    ///
    /// # Errors
    /// `InvalidInput` when it is off already; whatever the call ends in.
    pub async fn disable(&self, product: &str) -> Result<()> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/products/{productId}:disable");
        self.client.send(spec.path("productId", product), &self.call).await.map(drop)
    }
}
