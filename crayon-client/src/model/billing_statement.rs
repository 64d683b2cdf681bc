//! Billing statements: what will be or was invoiced, and the files that tell it in full.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use provider_core::{Error, ErrorKind, Result};

use super::{Money, ObjectReference, ProvisionType};
use crate::wire::Paging;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A billing statement: the amounts of an invoice profile in a month, by kind of provision. The invoice is what is
    /// owed: never add the two.
    pub struct BillingStatement {
        /// Its id.
        pub id: i64,
        /// What statements of one month, currency and kind share.
        pub group_id: Option<i64>,
        /// The total the partner pays.
        pub total_sales_price: Option<Money>,
        /// The invoice profile.
        pub invoice_profile: Option<ObjectReference>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// The first day.
        pub start_date: Option<Moment>,
        /// The first day after it.
        pub end_date: Option<Moment>,
        /// What kind of provision.
        pub provision_type: Option<ProvisionType>,
        /// The order it shares with the invoice.
        pub order_id: Option<String>,
    }

    /// A file in a JSON answer.
    pub struct BillingFile {
        /// What it belongs to.
        pub billing_statement: Option<BillingStatement>,
        /// Its name: a split file ends in `.zip` whatever was asked for.
        pub file_name: Option<String>,
        /// Its bytes in base64.
        pub data: Option<String>,
    }
}

numeric_enum! {
    /// How billing statements are sorted.
    pub enum BillingStatementSortBy {
        /// Not specified.
        None = 0,
        /// By creation.
        Created = 1,
        /// By period.
        Period = 2,
    }
}

provider_http::query! {
    /// Which statements are listed.
    pub struct BillingStatementFilter paged(Paging) {
        /// Of this organization: required.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this invoice profile.
        pub invoice_profile_id: Option<i64> = "InvoiceProfileId",
        /// Of this kind.
        pub provision_type: Option<ProvisionType> = "ProvisionType",
        /// From this time on.
        pub from: Option<DateTime<Utc>> = "From",
        /// Up to this time.
        pub to: Option<DateTime<Utc>> = "To",
    }
}

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
