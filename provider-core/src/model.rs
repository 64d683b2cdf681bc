//! The common models: what every distributor's records are turned into.
//!
//! `Option` means that the provider did not say. Statuses and kinds are open: a value that this version
//! does not know arrives as `Other` and is written back as it came. Decimals are written as strings.

mod address;
mod customer;
mod invoice;
mod order;
mod product;
mod subscription;
mod usage;

use serde::{Deserialize, Serialize};

pub use address::{Address, Contact, ContactRole, ContactRoleKind};
pub use customer::{Customer, CustomerStatus, DistributorFlags, Tenant};
pub use invoice::{Invoice, InvoiceKind, InvoiceLine, InvoiceLineKind, InvoiceSide, InvoiceStatus};
pub use order::{NewOrder, NewOrderLine, Order, OrderLine, OrderStatus, Parent};
pub use product::{Offer, PriceTier, Product, ProductKind};
pub use subscription::{NextTerm, Subscription, SubscriptionProduct, SubscriptionStatus};
pub use usage::{UsageKind, UsageRecord};

pub use crate::id::{
    ContactId, CustomerId, InvoiceId, InvoiceLineId, InvoiceProfileId, OfferId, OrderId, OrganizationId,
    ProductId, SubscriptionId, UsageId,
};
pub use crate::iso::{Country, Currency, UnknownCode};
pub use crate::patch::Patch;
pub use crate::period::Period;
pub use crate::price::{Denomination, Price, PricePer};
pub use crate::raw::Raw;
pub use crate::term::{BillingCycle, ParseTermError, Term};

use crate::capability::EntityKind;

/// How much of a record the distributor sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Detail {
    /// The row of a listing; `get` may know more.
    #[default]
    Summary,
    /// Everything the distributor tells.
    Full,
}

/// A record that a provider lists.
pub trait Entity: Clone + std::fmt::Debug + Send + Sync + Serialize + Unpin + 'static {
    /// Which kind it is.
    const KIND: EntityKind;

    /// The members that change without the record being another: how much of it was sent, its own JSON, the time
    /// of the last change. What compares records leaves them out.
    const VOLATILE: &[&str] = &["detail", "raw", "updated_at"];

    /// Its id, which tells it apart from others of its kind; `None` where the distributor gives none.
    fn identity(&self) -> Option<&str>;

    /// Its own JSON, where it was asked for.
    fn raw(&self) -> Option<&Raw>;

    /// Keeps its own JSON.
    fn keep_raw(&mut self, raw: Raw);
}

macro_rules! entities {
    ($($name:ident => $kind:ident, |$this:ident| $id:expr;)+) => {$(
        impl Entity for $name {
            const KIND: EntityKind = EntityKind::$kind;

            fn identity(&self) -> Option<&str> {
                let $this = self;
                $id
            }

            fn raw(&self) -> Option<&Raw> {
                self.raw.as_ref()
            }

            fn keep_raw(&mut self, raw: Raw) {
                self.raw = Some(raw);
            }
        }
    )+};
}

entities! {
    Customer => Customer, |c| Some(c.id.as_str());
    Product => Product, |p| Some(p.id.as_str());
    Subscription => Subscription, |s| Some(s.id.as_str());
    Order => Order, |o| Some(o.id.as_str());
    Invoice => Invoice, |i| Some(i.id.as_str());
    InvoiceLine => InvoiceLine, |l| l.id.as_ref().map(crate::id::InvoiceLineId::as_str);
    UsageRecord => Usage, |u| u.id.as_ref().map(crate::id::UsageId::as_str);
}

#[cfg(feature = "schema")]
crate::open_enum::open_enum_schema!(
    ContactRoleKind,
    CustomerStatus,
    InvoiceKind,
    InvoiceLineKind,
    InvoiceStatus,
    OrderStatus,
    ProductKind,
    SubscriptionStatus,
    UsageKind,
);
