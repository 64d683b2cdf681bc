//! Price books (v1).

use provider_core::{Result, records};
use provider_http::{CallOptions, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::PriceBook;
use crate::wire::envelope;

provider_http::endpoints! {
    client: StreamOneClient;

    /// Price books (v1). They need an API key.
    PriceBooks as price_books through older {
        /// One price book. Known from one source only; what it has beside what is known,
        /// [`request_v1`](crate::StreamOneClient::request_v1) answers.
        get "/api/v1/price-books/{priceBookId}" => get(price_book: &str = "priceBookId") -> price_book PriceBook;
    }
}

records! {
    struct Around {
        success: Option<bool>,
        message: Option<String>,
        data: Option<PriceBook>,
    }
}

impl StreamOneClient {
    async fn price_book(&self, spec: RequestSpec, call: &CallOptions) -> Result<PriceBook> {
        let answer = self.answer(spec, call).await?;
        let around: Around = answer.json()?;
        envelope::check(&answer, around.success, around.message.as_deref())?;
        Ok(around.data.unwrap_or_default())
    }
}
