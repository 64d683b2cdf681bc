//! Files that arrive inside JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provider_core::{Error, ErrorKind, Result};

use super::{BillingFile, BillingStatement};

/// A file that arrived inside JSON and was written out whole.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DownloadedFile {
    /// What it belongs to.
    pub billing_statement: Option<BillingStatement>,
    /// Its name.
    pub file_name: Option<String>,
    /// How many bytes were written.
    pub bytes: u64,
    /// True when the service split the file and packed the parts, whatever form was asked for.
    pub zip: bool,
}

impl BillingFile {
    /// The bytes of the file.
    ///
    /// # Errors
    /// `Decode` when they are missing or not base64.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let data = self.data.as_deref().unwrap_or_default();
        if data.is_empty() {
            return Err(Error::new(ErrorKind::Decode, "Data: the file is empty").for_read());
        }
        STANDARD.decode(data).map_err(|error| {
            Error::new(ErrorKind::Decode, "Data: is not base64").for_read().with_source(error)
        })
    }

    /// True when the service split the file and packed the parts, whatever form was asked for.
    #[must_use]
    pub fn is_zip(&self) -> bool {
        let named = self.file_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with(".zip"));
        // Every zip begins with the letters PK, which are UE in base64.
        named || self.data.as_deref().is_some_and(|data| data.starts_with("UEs"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_file_is_decoded_and_zips_are_recognised() {
        let file: BillingFile =
            serde_json::from_str(r#"{"FileName":"reconciliation.csv","Data":"UGVyaW9kLEFtb3VudAo="}"#)
                .unwrap();
        assert_eq!(file.bytes().unwrap(), b"Period,Amount\n");
        assert!(!file.is_zip());
        let mut zip = file.clone();
        zip.data = Some(STANDARD.encode(b"PK\x03\x04"));
        assert!(zip.is_zip());
        zip.data = Some("***".to_owned());
        assert_eq!(zip.bytes().unwrap_err().kind(), ErrorKind::Decode);
        zip.data = None;
        assert!(zip.bytes().is_err());
    }
}
