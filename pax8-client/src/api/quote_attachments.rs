//! Files on quotes and in the partner's library.

use bytes::Bytes;
use provider_core::Result;
use provider_http::RequestSpec;
use serde::Serialize;

use super::files::{FileUpload, multipart};
use super::handle;
use crate::auth::Audience;
use crate::model::{Attachment, AttachmentUpdate};

handle! {
    /// Files on quotes and in the partner's library.
    QuoteAttachments
}

const ON_QUOTE: &str = "/v2/quotes/{quoteId}/attachments";
const ONE_ON_QUOTE: &str = "/v2/quotes/{quoteId}/attachments/{attachmentId}";
const LIBRARY: &str = "/v2/quote-attachments";
const ONE_IN_LIBRARY: &str = "/v2/quote-attachments/{attachmentId}";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Copy<'a> {
    attachment_id: &'a str,
}

fn copies<'a>(ids: &[&'a str]) -> Vec<Copy<'a>> {
    ids.iter().map(|attachment_id| Copy { attachment_id }).collect()
}

impl QuoteAttachments<'_> {
    async fn many(&self, spec: RequestSpec) -> Result<Vec<Attachment>> {
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    async fn one(&self, spec: RequestSpec) -> Result<Attachment> {
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    async fn bytes(&self, spec: RequestSpec) -> Result<Bytes> {
        Ok(self.client.send(Audience::Partner, spec, &self.call).await?.bytes)
    }

    async fn nothing(&self, spec: RequestSpec) -> Result<()> {
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `GET /v2/quotes/{quoteId}/attachments?downloadZip=true`: all files of a quote as a ZIP.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn download_all(&self, quote: &str) -> Result<Bytes> {
        let spec = RequestSpec::get(ON_QUOTE).path("quoteId", quote).query("downloadZip", true);
        self.bytes(spec.accept("application/zip")).await
    }

    /// `POST /v2/quotes/{quoteId}/attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add(&self, quote: &str, files: &[FileUpload]) -> Result<Vec<Attachment>> {
        self.many(multipart(RequestSpec::post(ON_QUOTE).path("quoteId", quote), "attachments", files)?).await
    }

    /// `PUT /v2/quotes/{quoteId}/attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update(&self, quote: &str, updates: &[AttachmentUpdate]) -> Result<Vec<Attachment>> {
        self.many(RequestSpec::put(ON_QUOTE).path("quoteId", quote).json(updates)?).await
    }

    /// `POST /v2/quotes/{quoteId}/attachments/shared`: from the library.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_from_library(&self, quote: &str, ids: &[&str]) -> Result<Vec<Attachment>> {
        let spec = RequestSpec::post("/v2/quotes/{quoteId}/attachments/shared").path("quoteId", quote);
        self.many(spec.json(&copies(ids))?).await
    }

    /// `GET /v2/quotes/{quoteId}/attachments/{attachmentId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn get(&self, quote: &str, id: &str) -> Result<Attachment> {
        self.one(RequestSpec::get(ONE_ON_QUOTE).path("quoteId", quote).path("attachmentId", id)).await
    }

    /// `GET /v2/quotes/{quoteId}/attachments/{attachmentId}?download=true`: the PDF.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn download(&self, quote: &str, id: &str) -> Result<Bytes> {
        let spec = RequestSpec::get(ONE_ON_QUOTE).path("quoteId", quote).path("attachmentId", id);
        self.bytes(spec.query("download", true).accept("application/pdf")).await
    }

    /// `DELETE /v2/quotes/{quoteId}/attachments/{attachmentId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete(&self, quote: &str, id: &str) -> Result<()> {
        self.nothing(RequestSpec::delete(ONE_ON_QUOTE).path("quoteId", quote).path("attachmentId", id)).await
    }

    /// `GET /v2/quote-attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn library(&self) -> Result<Vec<Attachment>> {
        self.many(RequestSpec::get(LIBRARY)).await
    }

    /// `POST /v2/quote-attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_to_library(&self, files: &[FileUpload]) -> Result<Vec<Attachment>> {
        self.many(multipart(RequestSpec::post(LIBRARY), "attachments", files)?).await
    }

    /// `PUT /v2/quote-attachments`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn update_library(&self, updates: &[AttachmentUpdate]) -> Result<Vec<Attachment>> {
        self.many(RequestSpec::put(LIBRARY).json(updates)?).await
    }

    /// `POST /v2/quote-attachments/shared`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn copy_to_library(&self, ids: &[&str]) -> Result<Vec<Attachment>> {
        self.many(RequestSpec::post("/v2/quote-attachments/shared").json(&copies(ids))?).await
    }

    /// `GET /v2/quote-attachments/{attachmentId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn get_from_library(&self, id: &str) -> Result<Attachment> {
        self.one(RequestSpec::get(ONE_IN_LIBRARY).path("attachmentId", id)).await
    }

    /// `GET /v2/quote-attachments/{attachmentId}?download=true`: the PDF.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn download_from_library(&self, id: &str) -> Result<Bytes> {
        let spec = RequestSpec::get(ONE_IN_LIBRARY).path("attachmentId", id).query("download", true);
        self.bytes(spec.accept("application/pdf")).await
    }

    /// `PATCH /v2/quote-attachments/{attachmentId}`: replaces the file.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn replace_in_library(&self, id: &str, file: &FileUpload) -> Result<Attachment> {
        let spec = RequestSpec::patch(ONE_IN_LIBRARY).path("attachmentId", id);
        self.one(multipart(spec, "attachment", std::slice::from_ref(file))?).await
    }

    /// `DELETE /v2/quote-attachments/{attachmentId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete_from_library(&self, id: &str) -> Result<()> {
        self.nothing(RequestSpec::delete(ONE_IN_LIBRARY).path("attachmentId", id)).await
    }
}
