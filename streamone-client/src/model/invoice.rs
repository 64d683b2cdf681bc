//! Invoices of v1. Their full list of members is not documented: what is not known is in the raw JSON.

use std::fmt;

use provider_core::records;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Id, Json};
use crate::wire::envelope::Entry;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// An invoice of v1.
    pub struct Invoice {
        /// Its id.
        pub id: Option<Id>,
        /// The printed number.
        pub number: Option<Id>,
        /// The first day it covers.
        pub billing_start_date: Option<Moment>,
        /// The last day it covers.
        pub billing_end_date: Option<Moment>,
        /// The total.
        pub total: Option<Decimal>,
        /// ISO 4217 code of the total. Neither name is documented.
        pub currency: Option<Json>,
        /// ISO 4217 code of the total. Neither name is documented.
        pub currency_code: Option<Json>,
        /// The customer. The name is not documented.
        pub customer_id: Option<Json>,
        /// Exchange rates, as a text or a list.
        pub currency_rates: Option<Json>,
        /// What was used; its form is not documented.
        pub cloud_used: Option<Json>,
        /// Such as `open`.
        pub status: Option<String>,
        /// Its lines, where asked for.
        pub lines: Vec<InvoiceLine>,
    }

    /// A line of an invoice, of which only the cloud provider is documented.
    pub struct InvoiceLine {
        /// The cloud provider: 30 is Microsoft, 1 is AWS.
        pub cloud_provider_id: Option<Id>,
    }
}

impl Entry for Invoice {
    const NAME: &'static str = "invoice";
}

/// Where the detailed files of an invoice are.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct InvoiceFiles {
    /// The invoice.
    pub id: Option<Id>,
    /// Signed addresses: whoever has one can read the file. Fetched without credentials, never stored.
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    pub detailed_invoice_files_urls: Vec<SecretString>,
}

impl Entry for InvoiceFiles {
    const NAME: &'static str = "invoice";
}

impl fmt::Debug for InvoiceFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvoiceFiles")
            .field("id", &self.id)
            .field("files", &self.detailed_invoice_files_urls.len())
            .finish()
    }
}
