//! The endpoints, by resource. Each method names its endpoint.

mod companies;
mod contacts;
mod endpoints;
mod files;
mod invoices;
mod orders;
mod products;
mod provisioning;
mod quote_attachments;
mod quote_preferences;
mod quotes;
mod sort;
mod subscriptions;
mod usage;
mod vendor_usage;
mod webhooks;

pub use companies::{Companies, CompanyFilter};
pub use contacts::Contacts;
pub use endpoints::{ENDPOINTS, Endpoint, markdown};
pub use files::FileUpload;
pub use invoices::{DraftItemFilter, InvoiceFilter, Invoices};
pub use orders::Orders;
pub use products::{ProductFilter, Products};
pub use provisioning::Provisioning;
pub use quote_attachments::QuoteAttachments;
pub use quote_preferences::QuotePreferencesHandle;
pub use quotes::{QuoteFilter, QuoteList, Quotes};
pub use sort::{
    CompanyField, InvoiceField, ProductField, QuoteField, Sort, SubscriptionField, UsageSummaryField,
};
pub use subscriptions::{SubscriptionFilter, Subscriptions};
pub use usage::{Usage, UsageSummaryFilter};
pub use vendor_usage::{BillingMonth, UsageOf, VendorUsage};
pub use webhooks::{TopicFilter, WebhookFilterBy, WebhookLogFilter, Webhooks};

/// Declares a resource handle: a borrowed client and how its calls are made.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name<'a> {
            client: &'a crate::Pax8Client,
            call: provider_http::CallOptions,
        }

        impl<'a> $name<'a> {
            pub(crate) fn new(client: &'a crate::Pax8Client) -> Self {
                Self { client, call: provider_http::CallOptions::default() }
            }

            /// Sets deadline, priority and strictness of the calls made through this handle.
            #[must_use]
            pub fn with(mut self, call: impl Into<provider_http::CallOptions>) -> Self {
                self.call = call.into();
                self
            }
        }
    };
}

pub(crate) use handle;
