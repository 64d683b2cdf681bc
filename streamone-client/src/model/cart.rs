//! Carts: another way to order. One order does the same with one call.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Attribute, Id, Money, ResourceName};
use crate::wire::{record, words};

words! {
    /// The state of a cart.
    CartStatus {
        Unspecified = "CART_STATUS_UNSPECIFIED",
        Open = "OPEN",
        SavedForLater = "SAVED_FOR_LATER",
        CheckedOut = "CHECKED_OUT",
        Quote = "QUOTE",
    }
    /// The state of a cart item.
    CartItemStatus {
        Unspecified = "CART_ITEM_STATUS_UNSPECIFIED",
        Draft = "DRAFT",
        Pending = "PENDING",
        Active = "ACTIVE",
    }
    /// How a cart is paid.
    PaymentType {
        Offline = "OFFLINE",
        CreditCard = "CREDIT_CARD",
    }
    /// How often a cart item is billed.
    CartPeriod {
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
    CheckedOut {
        Unspecified = "UNSPECIFIED",
        Success = "SUCCESS",
        Failed = "FAILED",
    }
    /// Whether an item is a product or an add-on.
    ProductRole {
        Unspecified = "UNSPECIFIED_PRODUCT_TYPE",
        Product = "PRODUCT",
        AddOn = "ADDON",
    }
}

record! {
    /// A cart.
    Cart {
        /// `customers/{customer}/carts/{cart}`.
        name: text,
        /// Its name.
        cart_display_name: text,
        /// Whose it is.
        user_name: text,
        /// How it is paid.
        payment: one(CartPayment),
        /// Its state.
        status: one(CartStatus),
        /// ISO 4217 code.
        currency_code: text,
        /// How many items it has; of single reads.
        total_items: count,
    }

    /// How a cart or an item is paid.
    CartPayment {
        /// The kind of payment.
        payment_type: one(PaymentType),
        /// The card.
        credit_card_name: text,
    }

    /// One item of a cart.
    CartItem {
        /// `customers/{customer}/carts/{cart}/cartItems/{item}`.
        name: text,
        /// The cart.
        cart_name: text,
        /// Whose it is.
        user_name: text,
        /// Its title.
        title: text,
        /// The plan.
        plan_name: text,
        /// How often it is billed.
        period: one(CartPeriod),
        /// Its state.
        status: one(CartItemStatus),
        /// How it is paid.
        payment: one(CartPayment),
        /// Seats.
        quantity: num,
        /// What is paid once.
        upfront_price: one(Money),
        /// What is paid again and again.
        recurring_price: one(Money),
        /// Its add-on.
        add_ons: one(CartAddOn),
        /// ISO 4217 code.
        currency_code: text,
        /// How it may be paid.
        payment_spec: one(PaymentSpec),
        /// The uid of its terms.
        term_uid: text,
        /// What came of checking it out.
        checked_out: one(CheckedOut),
        /// The seller.
        owner_id: id,
        /// Whether it is a product or an add-on.
        product_type: one(ProductRole),
    }

    /// An add-on of a cart item.
    CartAddOn {
        /// The plan.
        plan_id: text,
        /// Its name.
        display_name: text,
        /// Seats.
        quantity: num,
        /// How many may be bought.
        quantity_spec: one(QuantitySpec),
        /// What is paid once.
        upfront_price: one(Money),
        /// What is paid again and again.
        recurring_price: one(Money),
    }

    /// How many may be bought.
    QuantitySpec {
        /// At least.
        min_quantity: num,
        /// At most.
        max_quantity: num,
    }

    /// How an item may be paid.
    PaymentSpec {
        /// By invoice.
        offline_allowed: flag,
        /// By card.
        credit_cards_allowed: flag,
        /// Not to be changed.
        immutable: flag,
    }
}

impl Cart {
    /// The cart's id, from the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let name = ResourceName::new(self.name.as_deref()?);
        name.id_of("carts").or_else(|| name.own()).map(Id::from)
    }
}

impl CartItem {
    /// The item's id, from the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let name = ResourceName::new(self.name.as_deref()?);
        name.id_of("cartItems").or_else(|| name.own()).map(Id::from)
    }
}

/// A cart to be made or changed. What is `None` is not sent.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CartWrite {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart_display_name: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// How it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<CartPayment>,
    /// Its state; needed for a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CartStatus>,
    /// ISO 4217 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<String>,
}

/// A cart item to be made or changed. What is `None` is not sent.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CartItemWrite {
    /// The plan. The form of its name is not documented: take it from what the service answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// How it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<CartPayment>,
    /// Seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// Its add-on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_ons: Option<CartAddOnWrite>,
}

/// The add-on of a [`CartItemWrite`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CartAddOnWrite {
    /// The plan.
    pub plan_id: String,
    /// Its name.
    pub display_name: String,
    /// The item it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// That item's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_identifier: Option<String>,
}

/// Turns a cart into an order.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Checkout {
    /// The total that was shown, so that a price change is noticed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "json_number")]
    pub total_calculated_value: Option<Decimal>,
    /// What each item is provisioned with.
    pub provision_data: Vec<ProvisionData>,
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

/// As a JSON number with all its digits, which a float could not hold.
#[allow(clippy::ref_option, reason = "the signature is serde's")]
fn json_number<S: serde::Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
    let text = value.unwrap_or_default().to_string();
    let number = serde_json::value::RawValue::from_string(text).map_err(serde::ser::Error::custom)?;
    number.serialize(s)
}
