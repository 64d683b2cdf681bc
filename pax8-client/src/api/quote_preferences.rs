//! What new quotes begin with.

use provider_core::Result;
use provider_http::{Endpoint, RequestSpec, endpoints};
use serde_json::json;

use crate::client::Pax8Client;
use crate::model::{Attachment, QuotePreferences, UpdateQuotePreferences};

endpoints! {
    client: Pax8Client;

    /// What new quotes begin with.
    QuotePreferencesHandle as quote_preferences {
        /// The preferences.
        get "/v2/quote-preferences" => get() -> record QuotePreferences;
        /// Replaces the preferences. The answer has no attachments.
        put "/v2/quote-preferences" => update() body(preferences: &UpdateQuotePreferences) -> record QuotePreferences;
        /// Removes a file.
        delete "/v2/quote-preferences/attachments/{attachmentId}" => remove_attachment(id: &str = "attachmentId") -> nothing ();
    }
}

const ADD_ATTACHMENTS: Endpoint =
    Endpoint::new("post", "/v2/quote-preferences/attachments", "quote_preferences().add_attachments");

/// Endpoints whose bodies the table of endpoints cannot express.
pub(super) const BESIDE: &[Endpoint] = &[ADD_ATTACHMENTS];

impl QuotePreferencesHandle {
    /// Adds files of the library.
    ///
    /// `post /v2/quote-preferences/attachments`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn add_attachments(&self, ids: &[&str]) -> Result<Vec<Attachment>> {
        let spec = RequestSpec::post(ADD_ATTACHMENTS.path).json(&json!({ "attachments": ids }))?;
        self.client.record(spec, &self.call).await
    }
}
