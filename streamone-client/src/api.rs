//! The endpoints as methods on handles, one file for each group.

mod billing_reports;
mod carts;
mod catalogue;
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

pub use billing_reports::{BillingProvider, BillingReports, BillingScope};
pub use carts::{CartFilter, Carts};
pub use catalogue::Catalogue;
pub use customers::{CustomerFilter, Customers};
pub use endpoints::{ENDPOINTS, Endpoint};
pub use invoices::{GenerateInvoices, InvoiceSide, Invoices};
pub use legacy_customers::LegacyCustomers;
pub use orders::{OrderFilter, OrderSort, Orders};
pub use price_books::PriceBooks;
pub use products::{ProductFilter, ProductRole as ClientRole, ProductView, Products};
pub use reports::{CacheRefresh, Reports};
pub use subscriptions::{SubscriptionFilter, Subscriptions};
pub use templates::Templates;
pub use tokens::{TokenHealth, Tokens};

pub use crate::wire::envelope::{Listed, OffsetPage, TokenPage};
pub use crate::wire::legacy::{LegacyFilter, Modifier};

/// Declares a handle: a group of endpoints on a client, with the options of its calls.
macro_rules! handle {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name<'a> {
            client: &'a $crate::StreamOneClient,
            call: ::provider_http::CallOptions,
        }

        impl<'a> $name<'a> {
            pub(crate) fn new(client: &'a $crate::StreamOneClient) -> Self {
                Self { client, call: ::provider_http::CallOptions::default() }
            }

            /// Sets deadline and priority of the calls that follow.
            #[must_use]
            pub fn with(mut self, call: impl Into<::provider_http::CallOptions>) -> Self {
                self.call = call.into();
                self
            }
        }
    };
}

pub(crate) use handle;
