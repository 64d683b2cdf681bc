//! The price list, and how products can be paid.

use std::collections::BTreeMap;

use provider_core::Result;
use provider_http::{Answer, Downloaded, Endpoint, RequestSpec};
use tokio::io::AsyncWrite;

use crate::client::CrayonClient;
use crate::model::{
    AgreementProduct, AgreementProductFacets, AgreementProductFilter, BillingCycle, BillingCycleEnum,
};
use crate::wire::Listed;

provider_http::endpoints! {
    client: CrayonClient;

    /// The price list: what can be bought, under which agreement, at which price.
    AgreementProducts as agreement_products {
        /// One page of products, by a filter in the query.
        get "/api/v1/AgreementProducts" => list() query(filter: AgreementProductFilter) -> list Listed<AgreementProduct>;
        /// One page of products, by a filter in the body, for filters that are too long for a query.
        post "/api/v1/AgreementProducts/getaspost" => search() body(filter: &AgreementProductFilter) marked(read) -> list Listed<AgreementProduct>;
        /// One page of products, by a filter in the body, at the older path.
        post "/api/v1/AgreementProducts" => search_by_old_path() body(filter: &AgreementProductFilter) deprecated("the vendor documents `search` in its place") marked(read) -> list Listed<AgreementProduct>;
        /// How many products share the values of a filter.
        get "/api/v1/AgreementProducts" => facets() query(filter: AgreementProductFilter) -> record AgreementProductFacets;
        /// The billing cycles in which a tenant can buy a product. Colons in part numbers are encoded.
        get "/api/v1/AgreementProducts/{part_number}/supportedbillingcycles" => supported_billing_cycles(part_number: &str) with(customer_tenant: i64 = "resellerCustomerId") -> list Listed<BillingCycleEnum>;
    }

    /// The billing cycles by name.
    BillingCycles as billing_cycles {
        /// All billing cycles.
        get "/api/v1/BillingCycles" => list() with(include_unknown: Option<bool> = "includeUnknown") -> list Listed<BillingCycle>;
        /// The billing cycles of one product variant.
        get "/api/v1/BillingCycles/productVariant/{product_variant}" => of_product_variant(product_variant: i64) -> list Listed<BillingCycle>;
        /// The names that CSP uses, by number.
        get "/api/v1/BillingCycles/cspNameDictionary" => csp_names() -> json BTreeMap<String, String>;
    }
}

pub(crate) const DOWNLOADS: &[Endpoint] =
    &[Endpoint::new("POST", "/api/v1/AgreementProducts/file/xlsx", "agreement_products().download_workbook")];

impl AgreementProducts {
    /// Streams the products of a filter as an Excel workbook to a writer.
    ///
    /// `post /api/v1/AgreementProducts/file/xlsx`
    ///
    /// # Errors
    /// Any error of the call. After an error the writer may hold a part of the file.
    pub async fn download_workbook<W>(
        &self,
        filter: &AgreementProductFilter,
        sink: &mut W,
    ) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = RequestSpec::post("/api/v1/AgreementProducts/file/xlsx")
            .accept(
                "application/octet-stream, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
            .json(filter)?
            .read();
        self.client.download(spec, sink, &self.call).await
    }

    /// [`list`](Self::list): the answer before it is decoded.
    pub(crate) async fn list_answer(&self, filter: &AgreementProductFilter) -> Result<Answer> {
        self.client.answer(agreement_products::list(filter)?, &self.call).await
    }
}
