//! Files on quotes and in the partner's library.

use bytes::Bytes;
use provider_core::Result;
use provider_http::{CallOptions, Endpoint, RequestSpec, endpoints};
use serde::Serialize;

use crate::client::Pax8Client;
use crate::model::{Attachment, AttachmentUpdate};
use crate::wire::multipart::{FileUpload, multipart};

endpoints! {
    client: Pax8Client;

    /// Files on quotes and in the partner's library.
    QuoteAttachments as quote_attachments {
        /// All files of a quote as a ZIP: `downloadZip=true`.
        get "/v2/quotes/{quoteId}/attachments" => download_all(quote: &str = "quoteId") -> zip Bytes;
        /// Renames and sorts the files of a quote.
        put "/v2/quotes/{quoteId}/attachments" => update(quote: &str = "quoteId") body(updates: &[AttachmentUpdate]) -> record Vec<Attachment>;
        /// What is known of a file.
        get "/v2/quotes/{quoteId}/attachments/{attachmentId}" => get(quote: &str = "quoteId", id: &str = "attachmentId") -> record Attachment;
        /// The PDF: `download=true`.
        get "/v2/quotes/{quoteId}/attachments/{attachmentId}" => download(quote: &str = "quoteId", id: &str = "attachmentId") -> pdf Bytes;
        /// Removes a file of a quote.
        delete "/v2/quotes/{quoteId}/attachments/{attachmentId}" => delete(quote: &str = "quoteId", id: &str = "attachmentId") -> nothing ();
        /// The files of the library.
        get "/v2/quote-attachments" => library() -> record Vec<Attachment>;
        /// Renames and sorts the files of the library.
        put "/v2/quote-attachments" => update_library() body(updates: &[AttachmentUpdate]) -> record Vec<Attachment>;
        /// What is known of a file of the library.
        get "/v2/quote-attachments/{attachmentId}" => get_from_library(id: &str = "attachmentId") -> record Attachment;
        /// The PDF: `download=true`.
        get "/v2/quote-attachments/{attachmentId}" => download_from_library(id: &str = "attachmentId") -> pdf Bytes;
        /// Removes a file of the library.
        delete "/v2/quote-attachments/{attachmentId}" => delete_from_library(id: &str = "attachmentId") -> nothing ();
    }
}

const ADD: Endpoint = Endpoint::new("post", "/v2/quotes/{quoteId}/attachments", "quote_attachments().add");
const ADD_FROM_LIBRARY: Endpoint =
    Endpoint::new("post", "/v2/quotes/{quoteId}/attachments/shared", "quote_attachments().add_from_library");
const ADD_TO_LIBRARY: Endpoint =
    Endpoint::new("post", "/v2/quote-attachments", "quote_attachments().add_to_library");
const COPY_TO_LIBRARY: Endpoint =
    Endpoint::new("post", "/v2/quote-attachments/shared", "quote_attachments().copy_to_library");
const REPLACE_IN_LIBRARY: Endpoint =
    Endpoint::new("patch", "/v2/quote-attachments/{attachmentId}", "quote_attachments().replace_in_library");

/// Endpoints whose bodies the table of endpoints cannot express.
pub(super) const BESIDE: &[Endpoint] =
    &[ADD, ADD_FROM_LIBRARY, ADD_TO_LIBRARY, COPY_TO_LIBRARY, REPLACE_IN_LIBRARY];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Copy<'a> {
    attachment_id: &'a str,
}

fn copies<'a>(ids: &[&'a str]) -> Vec<Copy<'a>> {
    ids.iter().map(|attachment_id| Copy { attachment_id }).collect()
}

impl QuoteAttachments {
    /// Puts files on a quote.
    ///
    /// `post /v2/quotes/{quoteId}/attachments`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn add(&self, quote: &str, files: &[FileUpload]) -> Result<Vec<Attachment>> {
        let spec = multipart(RequestSpec::post(ADD.path).path("quoteId", quote), "attachments", files)?;
        self.client.record(spec, &self.call).await
    }

    /// Puts files of the library on a quote.
    ///
    /// `post /v2/quotes/{quoteId}/attachments/shared`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn add_from_library(&self, quote: &str, ids: &[&str]) -> Result<Vec<Attachment>> {
        let spec = RequestSpec::post(ADD_FROM_LIBRARY.path).path("quoteId", quote).json(&copies(ids))?;
        self.client.record(spec, &self.call).await
    }

    /// Puts files into the library.
    ///
    /// `post /v2/quote-attachments`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn add_to_library(&self, files: &[FileUpload]) -> Result<Vec<Attachment>> {
        let spec = multipart(RequestSpec::post(ADD_TO_LIBRARY.path), "attachments", files)?;
        self.client.record(spec, &self.call).await
    }

    /// Copies files of quotes into the library.
    ///
    /// `post /v2/quote-attachments/shared`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn copy_to_library(&self, ids: &[&str]) -> Result<Vec<Attachment>> {
        let spec = RequestSpec::post(COPY_TO_LIBRARY.path).json(&copies(ids))?;
        self.client.record(spec, &self.call).await
    }

    /// Replaces a file of the library.
    ///
    /// `patch /v2/quote-attachments/{attachmentId}`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn replace_in_library(&self, id: &str, file: &FileUpload) -> Result<Attachment> {
        let spec = RequestSpec::patch(REPLACE_IN_LIBRARY.path).path("attachmentId", id);
        let spec = multipart(spec, "attachment", std::slice::from_ref(file))?;
        self.client.record(spec, &self.call).await
    }
}

impl Pax8Client {
    async fn zip(&self, spec: RequestSpec, call: &CallOptions) -> Result<Bytes> {
        Ok(self.send(spec.query("downloadZip", true).accept("application/zip"), call).await?.bytes)
    }

    async fn pdf(&self, spec: RequestSpec, call: &CallOptions) -> Result<Bytes> {
        Ok(self.send(spec.query("download", true).accept("application/pdf"), call).await?.bytes)
    }
}
