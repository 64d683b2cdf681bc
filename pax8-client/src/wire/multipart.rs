//! Files in requests: `multipart/form-data`.

use bytes::Bytes;
use http::header;
use provider_core::{Error, Result};
use provider_http::RequestSpec;

/// A file to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileUpload {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// What is in it.
    pub content: Bytes,
}

impl FileUpload {
    /// A file of this name and media type.
    #[must_use]
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), content: content.into() }
    }

    /// A PDF, the only type that Pax8 shows.
    #[must_use]
    pub fn pdf(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(name, "application/pdf", content)
    }
}

/// Adds the files under one field name, repeated.
pub(crate) fn multipart(spec: RequestSpec, field: &str, files: &[FileUpload]) -> Result<RequestSpec> {
    let Some(boundary) = boundary(files) else {
        return Err(Error::invalid_input(field, "no boundary was found that the files do not hold"));
    };
    let mut body = Vec::new();
    for file in files {
        if [&file.name, &file.content_type].iter().any(|text| text.contains(['"', '\r', '\n'])) {
            return Err(Error::invalid_input(field, "a file's name or type holds quotes or line breaks"));
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            file.name, file.content_type
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Ok(spec.body(body, "multipart/form-data").header(header::CONTENT_TYPE, &content_type))
}

fn boundary(files: &[FileUpload]) -> Option<String> {
    (0..64_u32).map(|n| format!("pax8-client-part-{n:02}")).find(|candidate| {
        files
            .iter()
            .all(|file| !file.content.windows(candidate.len()).any(|window| window == candidate.as_bytes()))
    })
}
