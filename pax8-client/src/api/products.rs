//! Products.

use provider_core::{EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;

use super::{ProductField, Sort, handle};
use crate::auth::Audience;
use crate::model::{Dependencies, Pricing, Product, ProvisioningDetail};
use crate::wire::envelope::{Content, Listed, PageOf};

handle! {
    /// Products, with what it takes to order them. Prices, dependencies and questions change: fetch them
    /// right before they are used.
    Products
}

/// Which products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProductFilter {
    /// Found by Pax8's search, which matches single words.
    pub search: Option<String>,
    /// Of this vendor.
    pub vendor_name: Option<String>,
    /// In this order.
    pub sort: Option<Sort<ProductField>>,
}

impl ProductFilter {
    fn spec(&self, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/products")
            .operation(Operation::List(EntityKind::Product))
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("sort", self.sort)
            .query_opt("search", self.search.as_deref())
            .query_opt("vendorName", self.vendor_name.as_deref())
    }
}

fn get(id: &str) -> RequestSpec {
    RequestSpec::get("/v1/products/{productId}")
        .operation(Operation::Get(EntityKind::Product))
        .path("productId", id)
}

impl Products<'_> {
    /// `GET /v1/products`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, filter: &ProductFilter, page: PageOf) -> Result<Listed<Product>> {
        self.list_as(filter, page, |record, _| Ok(record)).await
    }

    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &ProductFilter,
        page: PageOf,
        map: impl FnMut(Product, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(page), &self.call, map).await
    }

    /// `GET /v1/products/{productId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Product> {
        self.client.record(Audience::Partner, get(id), &self.call).await
    }

    /// As [`get`](Self::get), turned into something else as it is read.
    pub(crate) async fn get_as<M>(
        &self,
        id: &str,
        map: impl FnOnce(Product, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<M> {
        self.client.record_as(get(id), &self.call, map).await
    }

    /// `GET /v1/products/{productId}/pricing`, for one company where it is named.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn pricing(&self, id: &str, company: Option<&str>) -> Result<Vec<Pricing>> {
        let spec = RequestSpec::get("/v1/products/{productId}/pricing")
            .path("productId", id)
            .query_opt("companyId", company);
        self.client.record::<Content<_>>(Audience::Partner, spec, &self.call).await.map(|rows| rows.content)
    }

    /// `GET /v1/products/{productId}/dependencies`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn dependencies(&self, id: &str) -> Result<Dependencies> {
        let spec = RequestSpec::get("/v1/products/{productId}/dependencies").path("productId", id);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `GET /v1/products/{productId}/provision-details`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn provision_details(&self, id: &str) -> Result<Vec<ProvisioningDetail>> {
        let spec = RequestSpec::get("/v1/products/{productId}/provision-details").path("productId", id);
        self.client.record::<Content<_>>(Audience::Partner, spec, &self.call).await.map(|rows| rows.content)
    }
}
