//! Ids: opaque, the distributor's own, one type per noun.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A composite id joins its parts with `/`, the entity's own id last.
const SEPARATOR: char = '/';

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the distributor's id.
            #[must_use]
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// Joins the parts of a composite id; the entity's own id comes last.
            #[must_use]
            pub fn composite<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
                let joined = parts.into_iter().collect::<Vec<_>>().join("/");
                Self(joined.into())
            }

            /// The whole text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The parts of a composite id; one part for a plain one.
            pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
                self.0.split(SEPARATOR)
            }

            /// The entity's own id: the last part.
            #[must_use]
            pub fn own(&self) -> &str {
                self.0.rsplit(SEPARATOR).next().unwrap_or_default()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &*self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self::new(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(id: &str) -> Result<Self, Self::Err> {
                Ok(Self::new(id))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::text::read(deserializer, |id| Self::new(id))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "x-ref": crate::schema::reference(stringify!($name)) })
            }
        }
    )+};
}

ids! {
    /// A customer. Crayon: the customer tenant's `Id`; Pax8: the company's UUID; ION: the last segment
    /// of the customer's resource name.
    CustomerId;
    /// A product. Crayon: the agreement product's `UniqueId`; Pax8: the UUID; ION: the catalog id.
    ProductId;
    /// What an order names to buy a product at one price, term and billing cycle.
    OfferId;
    /// A subscription. ION's detail call needs the customer too, so its id is `customer/subscription`.
    SubscriptionId;
    /// An order. Composite where the distributor's detail call needs the customer.
    OrderId;
    /// An invoice, statement or draft.
    InvoiceId;
    /// One line of an invoice.
    InvoiceLineId;
    /// One usage record.
    UsageId;
    /// A contact person of a customer.
    ContactId;
    /// The organization, on the partner's side, that owns a customer.
    OrganizationId;
    /// What invoices for a customer are grouped by at the distributor.
    InvoiceProfileId;
}
