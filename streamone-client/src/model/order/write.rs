//! Orders as they are written.

use serde::Serialize;

use super::{Attribute, OrderAction};

/// An order to be placed: purchases (`CREATE`) and changes (`UPDATE`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderWrite {
    /// The caller's reference, by which a lost order is found again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Its items; at least one.
    pub order_items: Vec<OrderItemWrite>,
}

/// One item of an order to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderItemWrite {
    /// The caller's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
    /// What it does.
    pub action: OrderAction,
    /// The provider's subscription id: needed for `UPDATE`, not allowed for `CREATE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Product of the catalog.
    pub product_id: String,
    /// SKU of the catalog.
    pub sku_id: String,
    /// Plan of the catalog.
    pub plan_id: String,
    /// Seats: the resulting total, also where only something else changes.
    pub quantity: u32,
    /// The customer's purchase order number.
    #[serde(rename = "endCustomerPO", skip_serializing_if = "Option::is_none")]
    pub end_customer_po: Option<String>,
    /// The reseller's purchase order number.
    #[serde(rename = "resellerPO", skip_serializing_if = "Option::is_none")]
    pub reseller_po: Option<String>,
    /// What it is provisioned with; may not be empty for `UPDATE`.
    pub attributes: Vec<Attribute>,
    /// Add-ons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_ons: Vec<AddOnWrite>,
}

provider_http::setters! {
    OrderWrite {
        /// The caller's reference, by which a lost order is found again.
        pub reference_id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Its items; at least one.
        pub order_items: Vec<OrderItemWrite>,
    }
}

provider_http::setters! {
    OrderItemWrite {
        /// The caller's reference.
        pub reference_id: Option<String>,
        /// The provider's subscription id: needed for `UPDATE`, not allowed for `CREATE`.
        pub resource_id: Option<String>,
        /// The customer's purchase order number.
        pub end_customer_po: Option<String>,
        /// The reseller's purchase order number.
        pub reseller_po: Option<String>,
        /// What it is provisioned with; may not be empty for `UPDATE`.
        pub attributes: Vec<Attribute>,
        /// Add-ons.
        pub add_ons: Vec<AddOnWrite>,
    }
}

impl OrderItemWrite {
    /// Buys a plan of the catalog.
    #[must_use]
    pub fn create(
        product: impl Into<String>,
        sku: impl Into<String>,
        plan: impl Into<String>,
        quantity: u32,
    ) -> Self {
        Self {
            reference_id: None,
            action: OrderAction::Create,
            resource_id: None,
            product_id: product.into(),
            sku_id: sku.into(),
            plan_id: plan.into(),
            quantity,
            end_customer_po: None,
            reseller_po: None,
            attributes: Vec::new(),
            add_ons: Vec::new(),
        }
    }

    /// Changes the subscription with this provider id.
    #[must_use]
    pub fn update(
        resource: impl Into<String>,
        (product, sku, plan): (&str, &str, &str),
        quantity: u32,
    ) -> Self {
        Self {
            action: OrderAction::Update,
            resource_id: Some(resource.into()),
            attributes: vec![Attribute::new("operations", "updateSubscription")],
            ..Self::create(product, sku, plan, quantity)
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute::new(name, value));
        self
    }
}

/// An add-on of an order item to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AddOnWrite {
    /// Its id within the item.
    pub id: String,
    /// Add-on of the catalog.
    pub add_on_id: String,
    /// Plan of the catalog.
    pub plan_id: String,
    /// What is done with it.
    pub action: OrderAction,
    /// Seats.
    pub quantity: u32,
}

impl AddOnWrite {
    /// An add-on of an item.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        add_on: impl Into<String>,
        plan: impl Into<String>,
        action: OrderAction,
        quantity: u32,
    ) -> Self {
        Self { id: id.into(), add_on_id: add_on.into(), plan_id: plan.into(), action, quantity }
    }
}
