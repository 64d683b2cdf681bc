//! Orders as they are read.

mod write;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Id, ResourceName};
use crate::wire::{is_secret_name, record, words};

pub use write::{AddOnWrite, OrderItemWrite, OrderWrite};

words! {
    /// The state of an order.
    OrderStatus {
        New = "NEW",
        Confirmed = "CONFIRMED",
        OnHold = "ON_HOLD",
        InProgress = "IN_PROGRESS",
        Completed = "COMPLETED",
        Error = "ERROR",
        Canceled = "CANCELED" | "CANCELLED",
    }
    /// What an order item does.
    OrderAction {
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

record! {
    /// An order: a purchase, or a change of subscriptions. Answering 200 only means that it was taken.
    Order {
        /// `accounts/{account}/customers/{customer}/orders/{order}`.
        name: text,
        /// Its id; see [`Order::id`].
        order_id: id,
        /// The account.
        account_id: id,
        /// The customer; see [`Order::customer`].
        customer_id: id,
        /// The caller's reference, or the cart it came from.
        reference_id: text,
        /// Its name.
        display_name: text,
        /// Who ordered.
        user_id: id,
        /// Who ordered, by name.
        user_name: text,
        /// Who ordered, by address.
        user_email: text,
        /// Its state.
        status: one(OrderStatus),
        /// ISO 4217 code of the total.
        currency_code: text,
        /// The total.
        total: num,
        /// The cart it came from.
        cart_id: id,
        /// What went wrong after it was taken.
        errors: many(OrderError),
        /// Its items.
        order_items: many(OrderItem),
        /// What to tell support.
        provisioning_info: one(ProvisioningInfo),
        /// When it was created.
        create_time: moment,
        /// When it last changed.
        update_time: moment,
        /// When it shall be carried out.
        scheduled_at: moment,
    }

    /// One item of an order.
    OrderItem {
        /// Its resource name.
        name: text,
        /// The caller's reference.
        reference_id: text,
        /// The cart item it came from.
        cart_item_id: id,
        /// What it does.
        action: one(OrderAction),
        /// The provider's subscription id; appears once a purchase is provisioned.
        resource_id: text,
        /// Product of the catalogue.
        product_id: text,
        /// SKU of the catalogue.
        sku_id: text,
        /// Plan of the catalogue.
        plan_id: text,
        /// Seats: the resulting total.
        quantity: num,
        /// The provider's code, such as `AZURE`.
        provider_name: text,
        /// Recurring price of a unit.
        price: num,
        /// Recurring cost of a unit; in answers to a checkout.
        cost: num,
        /// Price times quantity; in answers to a checkout.
        sub_total: num,
        /// ISO 4217 code; in answers to a checkout.
        currency_code: text,
        /// Its state; has words of its own.
        status: text,
        /// The customer's purchase order number.
        #[serde(rename = "endCustomerPO", alias = "endCustomerPo")]
        end_customer_po: text,
        /// The reseller's purchase order number.
        #[serde(rename = "resellerPO", alias = "resellerPo")]
        reseller_po: text,
        /// Further notes.
        additional_information: text,
        /// What it is provisioned with. A new Microsoft tenant's administrator is among it.
        attributes: many(Attribute),
        /// What the catalogue adds to it.
        catalog_attributes: many(Attribute),
        /// Add-ons.
        add_ons: many(OrderAddOn),
        /// What went wrong.
        errors: many(OrderError),
        /// What to tell support.
        provisioning_info: one(ProvisioningInfo),
        /// The product's name.
        product_name: text,
        /// The SKU's name.
        sku_name: text,
        /// The plan's name.
        plan_name: text,
        /// Whether a promotion applies.
        is_eligible_for_promo: flag,
        /// Country of the product's owner.
        product_owner_country_code: text,
        /// When it was created.
        create_time: moment,
        /// When it last changed.
        update_time: moment,
    }

    /// An add-on of an order item.
    OrderAddOn {
        /// Its id within the item.
        id: id,
        /// Add-on of the catalogue.
        add_on_id: text,
        /// Plan of the catalogue.
        plan_id: text,
        /// What is done with it.
        action: one(OrderAction),
        /// Seats.
        quantity: num,
    }

    /// What went wrong after an order was taken.
    OrderError {
        /// The provider's or the platform's code.
        code: text,
        /// Why.
        detail: text,
        /// Who says so.
        source_name: text,
        /// Where in the order, such as `/orderItems/0`.
        instance_path: text,
    }

    /// What to tell support.
    ProvisioningInfo {
        /// The process.
        process_id: text,
        /// Its name.
        process_name: text,
        /// Further details.
        details: json,
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
        self.order_id.clone().or_else(named)
    }

    /// The customer's id, from `customerId` or the resource name.
    #[must_use]
    pub fn customer(&self) -> Option<Id> {
        let named = || ResourceName::new(self.name.as_deref()?).id_of("customers").map(Id::from);
        self.customer_id.clone().or_else(named)
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
