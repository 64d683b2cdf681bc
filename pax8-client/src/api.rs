//! The endpoints, by resource. Each method names its endpoint.

mod companies;
mod contacts;
mod endpoints;
mod invoices;
mod orders;
mod products;
mod provisioning;
mod quote_attachments;
mod quote_preferences;
mod quotes;
mod subscriptions;
mod usage;
mod vendor_usage;
mod webhooks;

pub use companies::{Companies, CompanyFilter};
pub use contacts::Contacts;
pub use endpoints::ENDPOINTS;
pub use invoices::{DraftItemFilter, InvoiceFilter, Invoices};
pub use orders::Orders;
pub use products::{ProductFilter, Products};
pub use provider_http::Endpoint;
pub use provisioning::Provisioning;
pub use quote_attachments::QuoteAttachments;
pub use quote_preferences::QuotePreferencesHandle;
pub use quotes::{QuoteFilter, QuoteList, Quotes};
pub use subscriptions::{SubscriptionFilter, Subscriptions};
pub use usage::{Usage, UsageSummaryFilter};
pub use vendor_usage::{BillingMonth, UsageOf, VendorUsage};
pub use webhooks::{TopicFilter, WebhookFilterBy, WebhookLogFilter, Webhooks};

pub use crate::wire::multipart::FileUpload;
pub use crate::wire::sort::{
    CompanyField, InvoiceField, ProductField, QuoteField, Sort, SubscriptionField, UsageSummaryField,
};
