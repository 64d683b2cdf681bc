//! Categories, verticals, charges and programs (v3).

use provider_core::Result;
use provider_http::RequestSpec;
use serde::Deserialize;

use super::handle;
use crate::model::{Category, Charge, Json, Program, ProgramAssignment, Vertical};
use crate::wire::envelope;

handle! {
    /// Categories, verticals, charges and programs of the catalogue.
    Catalogue
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lists {
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    categories: Vec<Category>,
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    verticals: Vec<Vertical>,
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    charges: Vec<Charge>,
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    programs: Vec<Program>,
}

impl Catalogue<'_> {
    /// Categories: `GET /accounts/{a}/products/categories`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn categories(&self) -> Result<Vec<Category>> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/products/categories");
        Ok(self.lists(spec).await?.categories)
    }

    /// Verticals: `GET /accounts/{a}/products/verticals`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn verticals(&self) -> Result<Vec<Vertical>> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/products/verticals");
        Ok(self.lists(spec).await?.verticals)
    }

    /// Charges: `GET /accounts/{a}/products/charges`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn charges(&self) -> Result<Vec<Charge>> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/products/charges");
        Ok(self.lists(spec).await?.charges)
    }

    /// Programs of a product: `GET /accounts/{a}/products_programs`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn programs(&self, product: &str) -> Result<Vec<Program>> {
        let spec =
            RequestSpec::get("/api/v3/accounts/{accountId}/products_programs").query("productName", product);
        Ok(self.lists(spec).await?.programs)
    }

    /// Assigns a program: `PUT /accounts/{a}/products_programs/{p}:batchUpdate`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn assign_program(&self, product: &str, program: &ProgramAssignment) -> Result<Json> {
        #[derive(serde::Serialize)]
        struct Body<'a> {
            product_programs: &'a ProgramAssignment,
        }
        let spec = RequestSpec::put("/api/v3/accounts/{accountId}/products_programs/{productId}:batchUpdate")
            .path("productId", product)
            .json(&Body { product_programs: program })?;
        envelope::undocumented(&self.client.send(spec, &self.call).await?).map(Json)
    }

    async fn lists(&self, spec: RequestSpec) -> Result<Lists> {
        self.client.json(spec, &self.call).await
    }
}
