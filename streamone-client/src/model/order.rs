//! Orders as they are read.

mod write;

use std::fmt;

use provider_core::model::Raw;
use provider_core::{open_enum, records};
use provider_http::Keys;
use provider_http::decode::member;
use serde::{Deserialize, Serialize};

use super::id::named;
use super::{Id, Json, ResourceName};
use crate::wire::envelope::Entry;
use crate::wire::is_secret_name;

pub use write::{AddOnWrite, OrderItemWrite, OrderWrite};

open_enum! {
    /// The status of an order.
    pub enum OrderStatus {
        New = "NEW",
        Confirmed = "CONFIRMED",
        OnHold = "ON_HOLD",
        InProgress = "IN_PROGRESS",
        Completed = "COMPLETED",
        Error = "ERROR",
        Canceled = "CANCELED" | "CANCELLED",
    }

    /// What an order item does.
    pub enum OrderAction {
        Create = "CREATE",
        Update = "UPDATE",
    }
}

impl OrderStatus {
    /// True when it will not change any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Error | Self::Canceled)
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// An order: a purchase, or a change of subscriptions. Answering 200 only means that it was taken.
    pub struct Order {
        /// `accounts/{account}/customers/{customer}/orders/{order}`.
        pub name: Option<String>,
        /// Its id; see [`Order::id`].
        pub order_id: Option<Id>,
        /// The account.
        pub account_id: Option<Id>,
        /// The customer; see [`Order::customer`].
        pub customer_id: Option<Id>,
        /// The caller's reference, or the cart it came from.
        pub reference_id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Who ordered.
        pub user_id: Option<Id>,
        /// Who ordered, by name.
        pub user_name: Option<String>,
        /// Who ordered, by address.
        pub user_email: Option<String>,
        /// Its status.
        pub status: Option<OrderStatus>,
        /// ISO 4217 code of the total.
        pub currency_code: Option<String>,
        /// The total.
        pub total: Option<Decimal>,
        /// The cart it came from.
        pub cart_id: Option<Id>,
        /// What went wrong after it was taken.
        pub errors: Vec<OrderError>,
        /// Its items.
        pub order_items: Vec<OrderItem>,
        /// What to tell support.
        pub provisioning_info: Option<ProvisioningInfo>,
        /// When it was created.
        pub create_time: Option<DateTime>,
        /// When it last changed.
        pub update_time: Option<DateTime>,
        /// When it shall be carried out.
        pub scheduled_at: Option<DateTime>,
    }

    /// One item of an order.
    pub struct OrderItem {
        /// Its resource name.
        pub name: Option<String>,
        /// The caller's reference.
        pub reference_id: Option<String>,
        /// The cart item it came from.
        pub cart_item_id: Option<Id>,
        /// What it does.
        pub action: Option<OrderAction>,
        /// The provider's subscription id; appears once a purchase is provisioned.
        pub resource_id: Option<String>,
        /// Product of the catalog.
        pub product_id: Option<String>,
        /// SKU of the catalog.
        pub sku_id: Option<String>,
        /// Plan of the catalog.
        pub plan_id: Option<String>,
        /// Seats: the resulting total.
        pub quantity: Option<Decimal>,
        /// The provider's code, such as `AZURE`.
        pub provider_name: Option<String>,
        /// Recurring price of a unit.
        pub price: Option<Decimal>,
        /// Recurring cost of a unit; in answers to a checkout.
        pub cost: Option<Decimal>,
        /// Price times quantity; in answers to a checkout.
        pub sub_total: Option<Decimal>,
        /// ISO 4217 code; in answers to a checkout.
        pub currency_code: Option<String>,
        /// Its status; has words of its own.
        pub status: Option<String>,
        /// The customer's purchase order number.
        #[serde(rename = "endCustomerPO", alias = "endCustomerPo")]
        pub end_customer_po: Option<String>,
        /// The reseller's purchase order number.
        #[serde(rename = "resellerPO", alias = "resellerPo")]
        pub reseller_po: Option<String>,
        /// Further notes.
        pub additional_information: Option<String>,
        /// What it is provisioned with. A new Microsoft tenant's administrator is among it.
        pub attributes: Vec<Attribute>,
        /// What the catalog adds to it.
        pub catalog_attributes: Vec<Attribute>,
        /// Add-ons.
        pub add_ons: Vec<OrderAddOn>,
        /// What went wrong.
        pub errors: Vec<OrderError>,
        /// What to tell support.
        pub provisioning_info: Option<ProvisioningInfo>,
        /// The product's name.
        pub product_name: Option<String>,
        /// The SKU's name.
        pub sku_name: Option<String>,
        /// The plan's name.
        pub plan_name: Option<String>,
        /// Whether a promotion applies.
        pub is_eligible_for_promo: Option<bool>,
        /// Country of the product's owner.
        pub product_owner_country_code: Option<String>,
        /// When it was created.
        pub create_time: Option<DateTime>,
        /// When it last changed.
        pub update_time: Option<DateTime>,
    }

    /// An add-on of an order item.
    pub struct OrderAddOn {
        /// Its id within the item.
        pub id: Option<Id>,
        /// Add-on of the catalog.
        pub add_on_id: Option<String>,
        /// Plan of the catalog.
        pub plan_id: Option<String>,
        /// What is done with it.
        pub action: Option<OrderAction>,
        /// Seats.
        pub quantity: Option<Decimal>,
    }

    /// What went wrong after an order was taken.
    pub struct OrderError {
        /// The provider's or the platform's code.
        pub code: Option<String>,
        /// Why.
        pub detail: Option<String>,
        /// Who says so.
        pub source_name: Option<String>,
        /// Where in the order, such as `/orderItems/0`.
        pub instance_path: Option<String>,
    }

    /// What to tell support.
    pub struct ProvisioningInfo {
        /// The process.
        pub process_id: Option<String>,
        /// Its name.
        pub process_name: Option<String>,
        /// Further details.
        pub details: Option<Json>,
    }
}

impl Entry for Order {
    const NAME: &'static str = "orders";

    fn own_id(record: &Raw) -> Option<String> {
        member(record, "orderId", Keys::Exact).or_else(|| named(record, "orders"))
    }
}

impl Order {
    /// The order's id, from `orderId` or the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let named = || {
            let name = ResourceName::new(self.name.as_deref()?);
            name.id_of("orders").or_else(|| name.own()).map(Id::from)
        };
        self.order_id.clone().filter(Id::is_set).or_else(named)
    }

    /// The customer's id, from `customerId` or the resource name.
    #[must_use]
    pub fn customer(&self) -> Option<Id> {
        let named = || ResourceName::new(self.name.as_deref()?).id_of("customers").map(Id::from);
        self.customer_id.clone().filter(Id::is_set).or_else(named)
    }
}

/// A name and a value; values are always texts. `Debug` blanks the values of credentials.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Attribute {
    /// An attribute.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if is_secret_name(&self.name) { "***" } else { &self.value };
        write!(f, "{}={value:?}", self.name)
    }
}
