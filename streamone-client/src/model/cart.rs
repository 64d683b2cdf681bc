//! Carts: another way to order. One order does the same with one call.

use provider_core::{open_enum, records};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Attribute, Id, Money, ResourceName};
use crate::wire::envelope::Entry;

open_enum! {
    /// The status of a cart.
    pub enum CartStatus {
        Unspecified = "CART_STATUS_UNSPECIFIED",
        Open = "OPEN",
        SavedForLater = "SAVED_FOR_LATER",
        CheckedOut = "CHECKED_OUT",
        Quote = "QUOTE",
    }

    /// The status of a cart item.
    pub enum CartItemStatus {
        Unspecified = "CART_ITEM_STATUS_UNSPECIFIED",
        Draft = "DRAFT",
        Pending = "PENDING",
        Active = "ACTIVE",
    }

    /// How a cart is paid.
    pub enum PaymentType {
        Offline = "OFFLINE",
        CreditCard = "CREDIT_CARD",
    }

    /// The billing cycle of a cart item.
    pub enum CartPeriod {
        Unspecified = "BILLING_PERIOD_UNSPECIFIED",
        Minute = "MINUTE",
        Hour = "HOUR",
        Day = "DAY",
        Week = "WEEK",
        Month = "MONTH",
        Quarter = "QUARTER",
        Year = "YEAR",
        OneTime = "ONE_TIME",
    }

    /// What came of checking an item out.
    pub enum CheckedOut {
        Unspecified = "UNSPECIFIED",
        Success = "SUCCESS",
        Failed = "FAILED",
    }

    /// Whether an item is a product or an add-on.
    pub enum ProductRole {
        Unspecified = "UNSPECIFIED_PRODUCT_TYPE",
        Product = "PRODUCT",
        AddOn = "ADDON",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A cart.
    pub struct Cart {
        /// `customers/{customer}/carts/{cart}`.
        pub name: Option<String>,
        /// Its name.
        pub cart_display_name: Option<String>,
        /// Whose it is.
        pub user_name: Option<String>,
        /// How it is paid.
        pub payment: Option<CartPayment>,
        /// Its status.
        pub status: Option<CartStatus>,
        /// ISO 4217 code.
        pub currency_code: Option<String>,
        /// How many items it has; of single reads.
        pub total_items: Option<i64>,
    }

    /// One item of a cart.
    pub struct CartItem {
        /// `customers/{customer}/carts/{cart}/cartItems/{item}`.
        pub name: Option<String>,
        /// The cart.
        pub cart_name: Option<String>,
        /// Whose it is.
        pub user_name: Option<String>,
        /// Its title.
        pub title: Option<String>,
        /// The plan.
        pub plan_name: Option<String>,
        /// The billing cycle.
        pub period: Option<CartPeriod>,
        /// Its status.
        pub status: Option<CartItemStatus>,
        /// How it is paid.
        pub payment: Option<CartPayment>,
        /// Seats.
        pub quantity: Option<Decimal>,
        /// The one-time price.
        pub upfront_price: Option<Money>,
        /// The recurring price.
        pub recurring_price: Option<Money>,
        /// Its add-on.
        pub add_ons: Option<CartAddOn>,
        /// ISO 4217 code.
        pub currency_code: Option<String>,
        /// How it may be paid.
        pub payment_spec: Option<PaymentSpec>,
        /// The uid of its terms.
        pub term_uid: Option<String>,
        /// What came of checking it out.
        pub checked_out: Option<CheckedOut>,
        /// The seller.
        pub owner_id: Option<Id>,
        /// Whether it is a product or an add-on.
        pub product_type: Option<ProductRole>,
    }

    /// An add-on of a cart item.
    pub struct CartAddOn {
        /// The plan.
        pub plan_id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Seats.
        pub quantity: Option<Decimal>,
        /// How many may be bought.
        pub quantity_spec: Option<QuantitySpec>,
        /// The one-time price.
        pub upfront_price: Option<Money>,
        /// The recurring price.
        pub recurring_price: Option<Money>,
    }

    /// How many may be bought.
    pub struct QuantitySpec {
        /// At least.
        pub min_quantity: Option<Decimal>,
        /// At most.
        pub max_quantity: Option<Decimal>,
    }

    /// How an item may be paid.
    pub struct PaymentSpec {
        /// By invoice.
        pub offline_allowed: Option<bool>,
        /// By card.
        pub credit_cards_allowed: Option<bool>,
        /// Not to be changed.
        pub immutable: Option<bool>,
    }
}

records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// How a cart or an item is paid.
    pub struct CartPayment {
        /// The kind of payment.
        pub payment_type: Option<PaymentType>,
        /// The card.
        pub credit_card_name: Option<String>,
    }
}

impl Entry for Cart {
    const NAME: &'static str = "carts";
}

impl Cart {
    /// The cart's id, from the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let name = ResourceName::new(self.name.as_deref()?);
        name.id_of("carts").or_else(|| name.own()).map(Id::from)
    }
}

impl Entry for CartItem {
    const NAME: &'static str = "cartitems";
}

impl CartItem {
    /// The item's id, from the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let name = ResourceName::new(self.name.as_deref()?);
        name.id_of("cartItems").or_else(|| name.own()).map(Id::from)
    }
}

records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]
    #![numbers]

    /// A cart to be made or changed. What is `None` is not sent.
    pub struct CartWrite {
        /// Its name.
        pub cart_display_name: Option<String>,
        /// Whose it is.
        pub user_name: Option<String>,
        /// How it is paid.
        pub payment: Option<CartPayment>,
        /// Its status; needed for a new one.
        pub status: Option<CartStatus>,
        /// ISO 4217 code.
        pub currency_code: Option<String>,
    }

    /// A cart item to be made or changed. What is `None` is not sent.
    pub struct CartItemWrite {
        /// The plan. The form of its name is not documented: take it from what the service answers.
        pub plan_name: Option<String>,
        /// How it is paid.
        pub payment: Option<CartPayment>,
        /// Seats.
        pub quantity: Option<u32>,
        /// Its add-on.
        pub add_ons: Option<CartAddOnWrite>,
    }

    /// The add-on of a [`CartItemWrite`].
    #[derive(PartialEq, Eq)]
    pub struct CartAddOnWrite {
        /// The plan.
        pub plan_id: String,
        /// Its name.
        pub display_name: String,
        /// The item it belongs to.
        pub parent: Option<String>,
        /// That item's identifier.
        pub parent_identifier: Option<String>,
    }
}

/// Turns a cart into an order.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Checkout {
    /// The total that was shown, so that a price change is noticed.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "provider_core::wire::number::option::serialize"
    )]
    pub total_calculated_value: Option<Decimal>,
    /// What each item is provisioned with.
    pub provision_data: Vec<ProvisionData>,
}

provider_http::setters! {
    Checkout {
        /// The total that was shown, so that a price change is noticed.
        pub total_calculated_value: Option<Decimal>,
        /// What each item is provisioned with.
        pub provision_data: Vec<ProvisionData>,
    }
}

/// What one item of a cart is provisioned with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProvisionData {
    /// The item.
    pub cart_item_id: i64,
    /// Names and values.
    pub attributes: Vec<Attribute>,
}

impl ProvisionData {
    /// What this item is provisioned with.
    #[must_use]
    pub fn new(cart_item_id: i64, attributes: Vec<Attribute>) -> Self {
        Self { cart_item_id, attributes }
    }
}
