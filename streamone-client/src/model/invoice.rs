//! Invoices of v1. Their full list of members is not documented: what is not known stays
//! in `extra`.

use std::fmt;

use secrecy::SecretString;
use serde::Deserialize;

use super::Id;
use crate::wire::record;

record! {
    /// An invoice of v1.
    Invoice {
        /// Its id.
        id: id,
        /// The printed number.
        number: id,
        /// The first day it covers.
        billing_start_date: day,
        /// The last day it covers.
        billing_end_date: day,
        /// The total.
        total: num,
        /// Exchange rates, as a text or a list.
        currency_rates: json,
        /// What was used; its form is not documented.
        cloud_used: json,
        /// Such as `open`.
        status: text,
        /// Its lines, where asked for.
        lines: many(InvoiceLine),
    }

    /// A line of an invoice, of which only the cloud provider is documented.
    InvoiceLine {
        /// The cloud provider: 30 is Microsoft, 1 is AWS.
        cloud_provider_id: id,
    }
}

/// Where the detailed files of an invoice are.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct InvoiceFiles {
    /// The invoice.
    pub id: Option<Id>,
    /// Signed addresses: whoever has one can read the file. Fetched without credentials, never stored.
    #[serde(deserialize_with = "crate::wire::list")]
    pub detailed_invoice_files_urls: Vec<SecretString>,
}

impl fmt::Debug for InvoiceFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvoiceFiles")
            .field("id", &self.id)
            .field("files", &self.detailed_invoice_files_urls.len())
            .finish()
    }
}
