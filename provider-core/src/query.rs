//! What to list, and how.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Delivery, Error, ErrorKind, Result, Violation};
use crate::id::{CustomerId, InvoiceId, OrganizationId, ProductId, SubscriptionId};
use crate::model::{
    Customer, CustomerStatus, Entity, Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceStatus, Order,
    OrderStatus, Product, Subscription, SubscriptionStatus, UsageRecord,
};
use crate::period::Period;

/// Whether a person waits for a call or a background job: which calls go first when the distributor's rate
/// limit is scarce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Priority {
    /// A person waits: the call goes first, and an outage is an error after a few attempts.
    #[default]
    Interactive,
    /// A background job: interactive calls go first, and a read is retried through an outage until its deadline.
    /// Every page of a [`Listing`](crate::Listing) but the first is read so.
    Bulk,
}

/// How to read: the same for every query and every `get`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Keep each record's own JSON, with known secrets blanked.
    pub raw: bool,
    /// How long one call (one page, one `get`) may take at most, retries and waiting included. `None`:
    /// the provider's default, 120 s, to which a background read's wait for its turn at the account's own limit
    /// does not count.
    pub deadline: Option<Duration>,
    /// Whether a person waits for it or a background job.
    pub priority: Priority,
}

impl ReadOptions {
    /// Keeps each record's own JSON.
    #[must_use]
    pub fn raw(mut self, keep: bool) -> Self {
        self.raw = keep;
        self
    }

    /// Bounds how long one call may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets which calls go first.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }
}

/// What all queries have in common.
pub trait Query: Clone + std::fmt::Debug + Send + Sync + Serialize + 'static {
    /// What it lists.
    type Item: Entity;

    /// How to read.
    fn options(&self) -> &ReadOptions;

    /// The names of the filters that are set.
    fn set_fields(&self) -> Vec<&'static str>;

    /// Refuses every filter that is set and not named: a filter that the distributor would ignore must
    /// not be dropped, or a caller acts on records it excluded.
    ///
    /// # Errors
    /// `InvalidInput`, `NotSent`, with a violation for each filter that is not honoured.
    fn only(&self, honoured: &[&str]) -> Result<()> {
        let ignored: Vec<_> =
            self.set_fields().into_iter().filter(|field| !honoured.contains(field)).collect();
        if ignored.is_empty() {
            return Ok(());
        }
        let kind = <Self::Item as Entity>::KIND;
        let message = format!("{} cannot be filtered by {} here", kind.plural(), ignored.join(", "));
        Err(Error::new(ErrorKind::InvalidInput, message)
            .with_delivery(Delivery::NotSent)
            .with_operation(crate::Operation::List(kind))
            .with_violations(ignored.into_iter().map(|f| Violation::new(f, "this filter is not supported"))))
    }

    /// The part of the query that decides which records come, as stable text. Cursors and resume points
    /// belong to it.
    fn identity(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Declares a query: builder methods for its filters, and for the read options.
macro_rules! queries {
    ($(
        $(#[$meta:meta])*
        $name:ident lists $item:ident {
            $( $(#[$fmeta:meta])* $field:ident : $type:ty => $builder:ident($arg:ty) ),* $(,)?
            ; $( $(#[$flag_meta:meta])* flag $flag:ident ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$fmeta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>, )*
            $( $(#[$flag_meta])* pub $flag: bool, )*
            /// How to read.
            #[serde(skip)]
            pub options: ReadOptions,
        }

        impl $name {
            $( $(#[$fmeta])* #[must_use] pub fn $builder(mut self, value: $arg) -> Self {
                self.$field = Some(value.into());
                self
            } )*

            $( $(#[$flag_meta])* #[must_use] pub fn $flag(mut self, wanted: bool) -> Self {
                self.$flag = wanted;
                self
            } )*

            /// Keeps each record's own JSON.
            #[must_use]
            pub fn raw(mut self, keep: bool) -> Self {
                self.options.raw = keep;
                self
            }

            /// Bounds how long one page may take.
            #[must_use]
            pub fn deadline(mut self, deadline: Duration) -> Self {
                self.options.deadline = Some(deadline);
                self
            }

            /// Sets which calls go first.
            #[must_use]
            pub fn priority(mut self, priority: Priority) -> Self {
                self.options.priority = priority;
                self
            }

            /// Refuses every filter that is set and not named; see [`Query::only`].
            ///
            /// # Errors
            /// `InvalidInput`, with a violation for each filter that is not honoured.
            pub fn only(&self, honoured: &[&str]) -> Result<()> {
                Query::only(self, honoured)
            }
        }

        impl Query for $name {
            type Item = $item;

            fn options(&self) -> &ReadOptions {
                &self.options
            }

            fn set_fields(&self) -> Vec<&'static str> {
                #[allow(unused_mut, reason = "a query may have no filters")]
                let mut fields = Vec::new();
                $( if self.$field.is_some() { fields.push(stringify!($field)); } )*
                $( if self.$flag { fields.push(stringify!($flag)); } )*
                fields
            }
        }
    )+};
}

queries! {
    /// Which customers.
    CustomerQuery lists Customer {
        /// Only in this state.
        status: CustomerStatus => status(CustomerStatus),
        /// Only of this organization of the partner.
        organization: OrganizationId => organization(impl Into<OrganizationId>),
        /// Only those that the distributor's own search finds.
        search: String => search(impl Into<String>),
        /// Only with exactly this name.
        name: String => name(impl Into<String>),
        /// Only with this key of the partner.
        external_id: String => external_id(impl Into<String>),
        /// Only with this tenant domain.
        domain: String => domain(impl Into<String>),
        ;
        /// With contact persons, where that costs a call more per customer.
        flag with_contacts
    }

    /// Which products.
    ProductQuery lists Product {
        /// Only of this vendor.
        vendor: String => vendor(impl Into<String>),
        /// Only those that the distributor's own search finds.
        search: String => search(impl Into<String>),
        /// Only with this SKU.
        sku: String => sku(impl Into<String>),
        /// Only as this customer may buy them, at its prices.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only of this organization of the partner.
        organization: OrganizationId => organization(impl Into<OrganizationId>),
        ;
        /// With prices and terms, where that costs calls more per product.
        flag with_offers
    }

    /// Which subscriptions.
    SubscriptionQuery lists Subscription {
        /// Only of this customer.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only of this product.
        product: ProductId => product(impl Into<ProductId>),
        /// Only in this state.
        status: SubscriptionStatus => status(SubscriptionStatus),
        /// Only of this organization of the partner.
        organization: OrganizationId => organization(impl Into<OrganizationId>),
        /// Only with this id at the vendor.
        vendor_subscription_id: String => vendor_subscription_id(impl Into<String>),
        /// Only those that the distributor's own search finds.
        search: String => search(impl Into<String>),
        ;
    }

    /// Which orders.
    OrderQuery lists Order {
        /// Only of this customer.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only in this state.
        status: OrderStatus => status(OrderStatus),
        /// Only with this reference of the partner.
        reference: String => reference(impl Into<String>),
        ;
    }

    /// Which invoices, statements and drafts.
    InvoiceQuery lists Invoice {
        /// Only of this kind.
        kind: InvoiceKind => kind(InvoiceKind),
        /// Only what the partner owes, or only what its customers owe.
        side: InvoiceSide => side(InvoiceSide),
        /// Only in this state.
        status: InvoiceStatus => status(InvoiceStatus),
        /// Only for this customer.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only of this organization of the partner.
        organization: OrganizationId => organization(impl Into<OrganizationId>),
        /// Only issued on or after this day.
        issued_from: NaiveDate => issued_from(NaiveDate),
        /// Only issued before this day.
        issued_before: NaiveDate => issued_before(NaiveDate),
        ;
    }

    /// Which invoice lines. Most distributors list them per document only: set `invoice`.
    InvoiceLineQuery lists InvoiceLine {
        /// Only of this document.
        invoice: InvoiceId => invoice(impl Into<InvoiceId>),
        /// Only for this customer.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only of documents of this kind.
        kind: InvoiceKind => kind(InvoiceKind),
        ;
    }

    /// Which usage.
    UsageQuery lists UsageRecord {
        /// Only of this customer.
        customer: CustomerId => customer(impl Into<CustomerId>),
        /// Only on this subscription.
        subscription: SubscriptionId => subscription(impl Into<SubscriptionId>),
        /// Only of this organization of the partner.
        organization: OrganizationId => organization(impl Into<OrganizationId>),
        /// Only in this period.
        period: Period => period(Period),
        ;
    }
}

impl UsageQuery {
    /// Only from this moment up to, not including, that one.
    ///
    /// # Errors
    /// `InvalidInput` when it ends before it starts.
    pub fn between(self, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self> {
        Ok(self.period(Period::new(start, end)?))
    }
}
