//! The filters of a plan, as the queries of providers.

use std::collections::BTreeMap;

use provider_core::query::Priority;
use provider_core::schema::{self, FieldType};
use provider_core::{
    CustomerQuery, EntityKind, InvoiceLineQuery, InvoiceQuery, OrderQuery, ProductQuery, SubscriptionQuery,
    UsageQuery,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a plan says about a listing.
pub(crate) type Filters = BTreeMap<String, Value>;

/// A filter that cannot be used: its name, and why.
pub(crate) type Misused = (String, String);

fn read<T: DeserializeOwned + Serialize>(kind: EntityKind, name: &str, value: &Value) -> Result<T, Misused> {
    let misused = |why: String| (name.to_owned(), why);
    let read: T = serde_json::from_value(value.clone()).map_err(|error| misused(error.to_string()))?;
    // A word that nobody says lists nothing, and says that this is all.
    let said = serde_json::to_value(&read).unwrap_or_default();
    match (said.as_str(), words(kind, name)) {
        (Some(said), Some(known)) if !known.iter().any(|word| word == said) => {
            Err(misused(format!("`{said}` is no {name} that is known; there is {}", known.join(", "))))
        }
        _ => Ok(read),
    }
}

/// The words that a filter takes, where it takes words. Lines are filtered by the kind of their document.
fn words(kind: EntityKind, name: &str) -> Option<Vec<String>> {
    let of = if kind == EntityKind::InvoiceLine { EntityKind::Invoice } else { kind };
    match schema::path(of, &name.parse().ok()?) {
        Ok(FieldType::Word(words)) => Some(words),
        _ => None,
    }
}

macro_rules! queries {
    ($($function:ident -> $query:ident, $kind:ident { $($name:ident),* ; $($flag:ident),* })+) => {
        $(
            /// The query that a plan's filters make.
            pub(crate) fn $function(filters: &Filters) -> Result<$query, Misused> {
                let mut query = $query::default().priority(Priority::Bulk);
                for (name, value) in filters {
                    match name.as_str() {
                        $(stringify!($name) => query.$name = Some(read(EntityKind::$kind, name, value)?),)*
                        $(stringify!($flag) => query.$flag = read(EntityKind::$kind, name, value)?,)*
                        _ => {
                            let known: &[&str] = &[$(stringify!($name),)* $(stringify!($flag),)*];
                            let message = format!("is no filter of these records; there is {}", known.join(", "));
                            return Err((name.clone(), message));
                        }
                    }
                }
                Ok(query)
            }
        )+

        /// Whether every filter is one of this kind's.
        pub(crate) fn check(kind: EntityKind, filters: &Filters) -> Result<(), Misused> {
            match kind {
                $(EntityKind::$kind => $function(filters).map(drop),)+
                _ => Ok(()),
            }
        }
    };
}

queries! {
    customers -> CustomerQuery, Customer {
        status, organization, search, name, external_id, domain; with_contacts
    }
    products -> ProductQuery, Product { vendor, search, sku, customer, organization; with_offers }
    subscriptions -> SubscriptionQuery, Subscription {
        customer, product, status, organization, vendor_subscription_id, search;
    }
    orders -> OrderQuery, Order { customer, status, reference; }
    invoices -> InvoiceQuery, Invoice { kind, side, status, customer, organization; }
    invoice_lines -> InvoiceLineQuery, InvoiceLine { kind, customer; }
    usage -> UsageQuery, Usage { customer, subscription, organization; }
}
