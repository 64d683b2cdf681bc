//! Categories, verticals, charges and programs (v3).

use provider_core::{Result, records};
use provider_http::{CallOptions, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::{Category, Charge, Json, Program, ProgramAssignment, Vertical};

provider_http::endpoints! {
    client: StreamOneClient;

    /// Categories, verticals, charges and programs of the catalog.
    Catalog as catalog {
        /// Categories. The whole list.
        get "/api/v3/accounts/{accountId}/products/categories" => categories() -> categories Vec<Category>;

        /// Verticals. The whole list.
        get "/api/v3/accounts/{accountId}/products/verticals" => verticals() -> verticals Vec<Vertical>;

        /// Charges. The whole list.
        get "/api/v3/accounts/{accountId}/products/charges" => charges() -> charges Vec<Charge>;

        /// Programs of a product. The whole list.
        get "/api/v3/accounts/{accountId}/products_programs" => programs()
            with(product: &str = "productName") -> programs Vec<Program>;

        /// Assigns a program.
        put "/api/v3/accounts/{accountId}/products_programs/{productId}:batchUpdate" =>
            assign_program(product: &str = "productId") body(program: &ProgramAssignment) -> undocumented Json;
    }
}

records! {
    #![derive(Default)]

    /// The lists of the catalog; an answer has one of them.
    struct Lists {
        categories: Vec<Category>,
        verticals: Vec<Vertical>,
        charges: Vec<Charge>,
        programs: Vec<Program>,
    }
}

impl StreamOneClient {
    async fn lists(&self, spec: RequestSpec, call: &CallOptions) -> Result<Lists> {
        self.fetch(spec, call).await
    }

    async fn categories(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Category>> {
        Ok(self.lists(spec, call).await?.categories)
    }

    async fn verticals(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Vertical>> {
        Ok(self.lists(spec, call).await?.verticals)
    }

    async fn charges(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Charge>> {
        Ok(self.lists(spec, call).await?.charges)
    }

    async fn programs(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Program>> {
        Ok(self.lists(spec, call).await?.programs)
    }
}
