//! Price books (v1).

use provider_core::Result;
use provider_http::RequestSpec;
use serde::Deserialize;

use super::handle;
use crate::model::PriceBook;
use crate::wire::envelope;

handle! {
    /// Price books. They need an API key.
    PriceBooks
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Envelope {
    success: Option<bool>,
    message: Option<String>,
    data: PriceBook,
}

impl PriceBooks<'_> {
    /// One price book: `GET /price-books/{id}`. Known from one source only; what it has beside what is
    /// known, [`request_v1`](crate::StreamOneClient::request_v1) answers.
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` without an API key; whatever the call ends in.
    pub async fn get(&self, price_book: &str) -> Result<PriceBook> {
        let spec = RequestSpec::get("/api/v1/price-books/{priceBookId}").path("priceBookId", price_book);
        let answer = self.client.send_v1(spec, &self.call).await?;
        let envelope: Envelope = answer.json()?;
        envelope::check(&answer, envelope.success, envelope.message.as_deref())?;
        Ok(envelope.data)
    }
}
