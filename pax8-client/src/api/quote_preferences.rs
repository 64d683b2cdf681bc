//! What new quotes begin with.

use provider_core::Result;
use provider_http::RequestSpec;

use super::handle;
use crate::auth::Audience;
use crate::model::{Attachment, QuotePreferences, UpdateQuotePreferences};

handle! {
    /// What new quotes begin with.
    QuotePreferencesHandle
}

const PREFERENCES: &str = "/v2/quote-preferences";

impl QuotePreferencesHandle<'_> {
    /// `GET /v2/quote-preferences`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn get(&self) -> Result<QuotePreferences> {
        self.client.record(Audience::Partner, RequestSpec::get(PREFERENCES), &self.call).await
    }

    /// `PUT /v2/quote-preferences`: the answer has no attachments.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update(&self, preferences: &UpdateQuotePreferences) -> Result<QuotePreferences> {
        let spec = RequestSpec::put(PREFERENCES).json(preferences)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `POST /v2/quote-preferences/attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_attachments(&self, ids: &[&str]) -> Result<Vec<Attachment>> {
        let spec = RequestSpec::post("/v2/quote-preferences/attachments")
            .json(&serde_json::json!({ "attachments": ids }))?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `DELETE /v2/quote-preferences/attachments/{attachmentId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn remove_attachment(&self, id: &str) -> Result<()> {
        let spec =
            RequestSpec::delete("/v2/quote-preferences/attachments/{attachmentId}").path("attachmentId", id);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }
}
