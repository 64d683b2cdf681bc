//! The endpoints as methods on handles, one file for each group.

mod billing_reports;
mod carts;
mod catalog;
mod customers;
mod endpoints;
mod invoices;
mod legacy_customers;
mod orders;
mod price_books;
mod products;
mod reports;
mod subscriptions;
mod templates;
mod tokens;

pub use billing_reports::{BillingProvider, BillingReportFilter, BillingReports};
pub use carts::{CartFilter, Carts};
pub use catalog::Catalog;
pub use customers::{CustomerFilter, Customers};
pub use endpoints::ENDPOINTS;
pub use invoices::{GenerateInvoices, Invoices, InvoicesOf};
pub use legacy_customers::LegacyCustomers;
pub use orders::{ANY_CUSTOMER, OrderFilter, OrderSort, Orders};
pub use price_books::PriceBooks;
pub use products::{ProductFilter, ProductRole as ClientRole, ProductView, Products};
pub use reports::Reports;
pub use subscriptions::{SubscriptionFilter, Subscriptions};
pub use templates::Templates;
pub use tokens::{TokenHealth, Tokens};

pub use provider_http::Endpoint;

pub use crate::wire::envelope::{Listed, OffsetPage, TokenPage};
pub use crate::wire::legacy::{LegacyFilter, Modifier};
